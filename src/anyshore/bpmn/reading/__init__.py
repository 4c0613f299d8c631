"""From XML to the model: ``definitions`` reads a file, the other rooms read what several elements share."""
