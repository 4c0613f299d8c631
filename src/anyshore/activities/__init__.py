"""What an automatic task can do: a package per family, and one table of all activities."""
