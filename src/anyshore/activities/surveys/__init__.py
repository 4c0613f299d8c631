"""Survey files and tables in running work."""
