"""Organisations, people, roles, engagements as the line between tenants, and the audit of changes."""
