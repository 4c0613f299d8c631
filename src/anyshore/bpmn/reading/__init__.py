"""What the readers of several elements share: references and expressions, triggers, data, loops, the vocabulary."""
