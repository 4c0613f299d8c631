"""How long what is held of people is kept, per engagement and kind of data, and its end."""
