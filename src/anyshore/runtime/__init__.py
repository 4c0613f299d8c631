"""Definitions and what their records mean to others: the catalogue, call routing, message correlation."""
