"""Document review: families, threads, duplicates, batches, codes, production sets and privilege logs."""
