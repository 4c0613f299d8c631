"""Activities of marketing operations: who may be reached, waves, what comes back, and what a campaign brought."""
