"""Contracts, service levels, invoices: what was promised, delivered and billed."""
