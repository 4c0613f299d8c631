"""Statistics of samples by their design, with errors by linearisation or replicate weights."""
