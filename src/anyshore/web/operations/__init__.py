"""Looking after what runs: what is stuck, tried again, on hold, or left behind by a newer version."""
