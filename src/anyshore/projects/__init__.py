"""Work packages that wait for each other and share scarce teams: checked, scheduled, proved."""
