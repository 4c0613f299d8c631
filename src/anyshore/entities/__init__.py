"""Whether two names mean one company, and two records one thing: with the evidence for and against."""
