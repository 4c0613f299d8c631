"""Anyshore: decide which work goes out, run it to contract, prove and bill what was delivered."""

__version__ = "0.1.0"
