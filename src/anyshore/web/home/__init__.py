"""Where everybody begins: what to do now, what is at stake, how it goes."""
