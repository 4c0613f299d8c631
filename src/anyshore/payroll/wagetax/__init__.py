"""Wage tax by the published flow chart of a year, exact to the letter of ``java.math.BigDecimal``."""

from anyshore.payroll.wagetax.columns import compute_columns
from anyshore.payroll.wagetax.reading import Chart, WageTaxError, read, valid_from
from anyshore.payroll.wagetax.wagetax import Step, WageTax

__all__ = ["Chart", "Step", "WageTax", "WageTaxError", "compute_columns", "read", "valid_from"]
