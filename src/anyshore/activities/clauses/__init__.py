"""Clauses of contracts that lawyers marked: reference data with which a run without people is played."""
