"""Sources about a company or sector, and what is stated from them."""
