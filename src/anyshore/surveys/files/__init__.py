"""Survey files: what was asked and what was answered, from Triple-S and SPSS, and back into them."""
