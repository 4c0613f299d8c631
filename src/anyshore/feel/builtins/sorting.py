"""Sorting by a function. Source: DMN 1.5, 10.3.4.8."""

from __future__ import annotations

from functools import cmp_to_key

from anyshore.feel import types
from anyshore.feel.comparison import order
from anyshore.feel.invoke import apply
from anyshore.feel.run import Run
from anyshore.feel.signatures import FUNCTION, LIST, P, Row
from anyshore.feel.values import Function


class _NoOrderError(Exception):
    """Two elements that cannot be compared."""


def sort(run: Run, items: list[object], precedes: Function | None) -> object:
    """The elements in an order: stable, by ``precedes(a, b)``, or by their own order if there is no function."""
    place = run.place
    if precedes is not None and len(precedes.parameters) != 2:
        return run.fail("the function to sort by takes two arguments")

    def by_function(a: object, b: object) -> int:
        assert precedes is not None
        if apply(run, precedes, [a, b], None, place) is True:
            return -1
        return 1 if apply(run, precedes, [b, a], None, place) is True else 0

    def by_order(a: object, b: object) -> int:
        run.spend()
        sign = order(a, b, run)
        if sign is None:
            raise _NoOrderError
        return sign

    try:
        return sorted(items, key=cmp_to_key(by_order if precedes is None else by_function))
    except _NoOrderError:
        return run.fail("the elements cannot be compared with each other")


ROWS = (Row("sort", (P("list", LIST), P("precedes", FUNCTION, optional=True)), sort, types.ANY_LIST),)
