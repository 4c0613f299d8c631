"""The command ``anyshore``. A file per group of commands."""
