"""Training of a client's staff: who has to learn what by when, seats, tests, certificates."""
