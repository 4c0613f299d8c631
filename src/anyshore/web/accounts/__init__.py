"""Who comes in: sign-in, second factors, links, tokens, sessions, and what is noted of all that."""
