"""What experts do together: blinded review, comments, checkpoints, document review, forecasts, staffing of cases."""
