"""What people say about cases: comments, questions to the client and its answers, notifications."""
