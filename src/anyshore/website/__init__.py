"""Websites as a crawler sees them: addresses, and what may be looked at."""
