"""Learning: tests by which agents win their certificates, certificates anybody can check, who knows what."""
