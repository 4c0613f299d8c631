"""Question banks and tests: what is asked, how it is drawn and marked, and what the answers say of the questions."""
