"""Webhooks: the ledger of an engagement told to programs elsewhere, entry by entry, in order, signed."""
