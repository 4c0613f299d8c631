"""Ethical walls around cases: declared, found from interests, lifted, and the proof that nobody came near."""
