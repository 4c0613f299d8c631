"""A country's payroll as data: figures with formulas and laws, dated parameters, and their computation."""

from anyshore.payroll.schemes.computing import Charts, Explanation, Operand, Payslip, chart_of, compute
from anyshore.payroll.schemes.scheme import Scheme, SchemeError, countries, country, load, loads, schema

__all__ = [
    "Charts",
    "Explanation",
    "Operand",
    "Payslip",
    "Scheme",
    "SchemeError",
    "chart_of",
    "compute",
    "countries",
    "country",
    "load",
    "loads",
    "schema",
]
