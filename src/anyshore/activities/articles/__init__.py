"""Articles people look things up in: found, proposed in the work, flagged."""
