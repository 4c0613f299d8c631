"""Queues and work items: where agents and experts do their work."""
