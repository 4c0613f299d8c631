"""Payroll: wage tax by published flow charts, and what a country's folder of formulas and parameters computes."""
