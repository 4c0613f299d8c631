"""Stored states of earlier versions, and what makes them."""
