"""Bank statements read and proved, and their lines matched with open items."""
