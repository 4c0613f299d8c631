"""Activities on financial reports: reading one with its sums, and valuing the company behind it."""
