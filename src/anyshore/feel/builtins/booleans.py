"""Functions of booleans, and sameness. Source: DMN 1.5, 10.3.4.2, 10.3.4.10 (``is``)."""

from __future__ import annotations

from typing import Any

from anyshore.feel import types
from anyshore.feel.comparison import same_text
from anyshore.feel.run import Run
from anyshore.feel.signatures import ANYTHING, BOOLEAN, P, Row
from anyshore.feel.values import Range


def negation(run: Run, negand: bool) -> bool:
    """``not(negand)``; null of anything but a boolean."""
    return not negand


def same(run: Run, value1: object, value2: object) -> bool:
    """``is(value1, value2)``: of one kind and the same in every part, so 10:00Z is not 11:00+01:00."""
    return _same(run, value1, value2, set())


def _same(run: Run, value1: object, value2: object, known: set[tuple[int, int]]) -> bool:
    """Pairs found the same are remembered: one value may stand in many places."""
    if value1 is value2:
        return True
    if type(value1) is not type(value2):
        return False
    if isinstance(value1, str) and isinstance(value2, str):
        return same_text(value1, value2, run)
    if not isinstance(value1, (list, dict, Range)):
        return value1 == value2
    pair = (id(value1), id(value2))
    if pair not in known and not _same_parts(run, value1, value2, known):
        return False
    known.add(pair)
    return True


def _same_parts(run: Run, one: Any, other: Any, known: set[tuple[int, int]]) -> bool:
    if isinstance(one, Range):
        run.spend()
        written = (one.operator, one.start_included, one.end_included)
        if written != (other.operator, other.start_included, other.end_included):
            return False
        return _same(run, one.start, other.start, known) and _same(run, one.end, other.end, known)
    run.spend(len(one))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(run, one[key], other[key], known) for key in one)
    return len(one) == len(other) and all(_same(run, a, b, known) for a, b in zip(one, other, strict=True))


ROWS = (
    Row("not", (P("negand", BOOLEAN),), negation, types.BOOLEAN),
    Row("is", (P("value1", ANYTHING), P("value2", ANYTHING)), same, types.BOOLEAN),
)
