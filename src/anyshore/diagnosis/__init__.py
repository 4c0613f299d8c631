"""Why something does not work: causes and what they lead to as a Bayesian network, asked exactly."""
