"""From a file to processes ready to run: the file, one process, and what ties its elements together."""
