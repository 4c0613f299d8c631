"""Reproducible analyses in running work."""
