"""Rows that were decided many at a time: what is kept of them, their queues, and how one becomes an instance."""
