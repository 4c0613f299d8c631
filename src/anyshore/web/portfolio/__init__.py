"""Sourcing: which activities go out, as which kind, to which shore."""
