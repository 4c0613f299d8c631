"""Checks of websites as work: findings followed over runs, availability, updates, declarations."""
