"""Service packs: what can be delivered, and the diagrams of what runs."""
