"""Processes and cases: their pages, the plan of a case, its findings, their sources, and signing."""
