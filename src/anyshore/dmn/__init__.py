"""Decision models (DMN 1.1 to 1.5): read, check, decide, explain, write back."""

from anyshore.dmn.check import check
from anyshore.dmn.compiled import CompiledDecision
from anyshore.dmn.model import Model, read
from anyshore.dmn.results import Explanation, FiredRule, Result, TableTrace
from anyshore.dmn.writer import write

__all__ = [
    "CompiledDecision",
    "Explanation",
    "FiredRule",
    "Model",
    "Result",
    "TableTrace",
    "check",
    "read",
    "write",
]
