"""Functions of booleans, and sameness. Source: DMN 1.5, 10.3.4.2, 10.3.4.10 (``is``)."""

from __future__ import annotations

from anyshore.feel import types
from anyshore.feel.run import Run
from anyshore.feel.signatures import ANYTHING, BOOLEAN, P, Row


def negation(run: Run, negand: bool) -> bool:
    """``not(negand)``; null of anything but a boolean."""
    return not negand


def same(run: Run, value1: object, value2: object) -> bool:
    """``is(value1, value2)``: of one kind and the same in every part, so 10:00Z is not 11:00+01:00."""
    if type(value1) is not type(value2):
        return False
    if isinstance(value1, list) and isinstance(value2, list):
        run.spend(len(value1))
        return len(value1) == len(value2) and all(same(run, a, b) for a, b in zip(value1, value2, strict=True))
    if isinstance(value1, dict) and isinstance(value2, dict):
        run.spend(len(value1))
        return value1.keys() == value2.keys() and all(same(run, value1[key], value2[key]) for key in value1)
    return value1 == value2


ROWS = (
    Row("not", (P("negand", BOOLEAN),), negation, types.BOOLEAN),
    Row("is", (P("value1", ANYTHING), P("value2", ANYTHING)), same, types.BOOLEAN),
)
