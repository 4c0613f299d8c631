"""What arrives: starting work, receipts, reference data, channels."""
