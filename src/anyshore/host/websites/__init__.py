"""Looking at websites: through the one gate alone, in a browser that connects to nothing by itself."""
