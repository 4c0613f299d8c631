"""Who may come near a case and who is on it: walls, interests, the record of accesses, staff."""
