"""What technical support does by itself: names incidents, ranks causes, finds known errors, keeps problems."""
