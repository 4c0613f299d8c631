"""Calls of customers: what came before, what is kept of one, which are listened to."""
