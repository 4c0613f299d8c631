"""Marketing operations by rule: who may be written to and why, how often, and what a test of two versions shows."""
