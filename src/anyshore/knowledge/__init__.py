"""What makes judgement work trustworthy: sources, claims, reviews, forecasts, walls, matching and deliverables.

Everything here is a pure function over plain data: no clock, no I/O, no randomness but a seed handed in.
"""
