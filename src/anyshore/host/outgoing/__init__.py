"""The one way out: every connection to another machine is checked where it is made, and bounded in time and size."""
