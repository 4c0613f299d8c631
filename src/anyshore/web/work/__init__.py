"""Queues, forms, cases: where agents and experts do their work."""
