"""Receivables: what is owed and since when, what interest it bears, who is reminded how, what payments settle."""
