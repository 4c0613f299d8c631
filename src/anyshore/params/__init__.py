"""Dated parameters with their source: rates, thresholds and tables of law and contract.

``marked`` reads YAML with the place of every key, ``shapes`` checks it against a JSON Schema; other floors use both
for their own files.
"""

from anyshore.params.parameters import DatedValue, Parameter, Parameters, ParamsError, loads, read, schema

__all__ = ["DatedValue", "Parameter", "Parameters", "ParamsError", "loads", "read", "schema"]
