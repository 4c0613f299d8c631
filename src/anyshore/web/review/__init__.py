"""Blinded review: two experts answer the same questions apart, a third decides where they differ."""
