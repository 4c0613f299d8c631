"""The numbers of a data analysis, to known digits: summaries, variance, linear and nonlinear least squares."""
