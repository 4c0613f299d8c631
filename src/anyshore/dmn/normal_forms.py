"""From the syntax tree of a cell to its normal form, where it has one: comparisons with constants, intervals between
constants, constants, and their negation. Everything else is left to FEEL.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from anyshore.base.temporal import NANOS
from anyshore.dmn.cells import ANY, KEYS, TYPE_OF, UNKNOWN, Cell, Cut, Interval, Kind, complement, kind_of, merge
from anyshore.feel import nodes
from anyshore.feel.types import DATE_AND_TIME, TIME

Constant = Callable[[nodes.Node], tuple[bool, object]]


def normal_form(tests: nodes.UnaryTests, constant: Constant) -> Cell:
    """The normal form of a cell.

    Args:
        tests: its syntax tree.
        constant: tells whether a node is a constant, and its value.
    """
    if not tests.tests:
        return ANY
    atoms = [_atom(test, constant) for test in tests.tests]
    kinds = {atom.kind for atom in atoms if atom.kind is not None}
    if any(not atom.known for atom in atoms) or len(kinds) > 1:
        return UNKNOWN
    kind = next(iter(kinds), None)
    if kind is None:
        return Cell(inverse=tests.negated, null=not tests.negated, names_null=True)
    return _negated(_union(kind, atoms), atoms) if tests.negated else _union(kind, atoms)


class _Atom:
    """One test of a cell. ``null`` is what it says of null: true, false or FEEL's null."""

    __slots__ = ("intervals", "inverse", "kind", "known", "null", "points")

    def __init__(
        self,
        kind: Kind | None = None,
        intervals: tuple[Interval, ...] = (),
        points: frozenset[object] = frozenset(),
        inverse: bool = False,
        null: bool | None = None,
        known: bool = True,
    ) -> None:
        self.kind, self.intervals, self.points = kind, intervals, points
        self.inverse, self.null, self.known = inverse, null, known


_OPAQUE = _Atom(known=False)


def _atom(node: nodes.Node, constant: Constant) -> _Atom:
    match node:
        case nodes.UnaryTest(operator=operator, operand=operand):
            known, value = constant(operand)
            return _comparison(operator, value) if known else _OPAQUE
        case nodes.Interval(start_included=start, low=low_node, high=high_node, end_included=end):
            (known_low, low), (known_high, high) = constant(low_node), constant(high_node)
            kind = kind_of(low)
            if not (known_low and known_high) or kind not in KEYS or kind != kind_of(high):
                return _OPAQUE
            key = KEYS[kind]
            return _Atom(kind, merge([((key(low), 0 if start else 1), (key(high), 1 if end else 0))]))
        case _:
            known, value = constant(node)
            return _comparison("=", value) if known else _OPAQUE


def _comparison(operator: str, value: object) -> _Atom:
    if value is None:
        return _Atom(null=True) if operator == "=" else _OPAQUE
    kind = kind_of(value)
    if kind is None or (kind not in KEYS and operator not in ("=", "!=")):
        return _OPAQUE
    if kind not in KEYS:
        return _Atom(kind, points=frozenset((value,)), inverse=operator == "!=", null=operator == "!=")
    key = KEYS[kind](value)
    before, after = (key, 0), (key, 1)
    match operator:
        case "=":
            return _Atom(kind, (_same(kind, key),), null=False)
        case "!=":
            low, high = _same(kind, key)
            return _Atom(kind, ((None, low), (high, None)), null=True)
        case "<":
            return _Atom(kind, ((None, before),))
        case "<=":
            return _Atom(kind, ((None, after),))
        case ">":
            return _Atom(kind, ((after, None),))
        case ">=":
            return _Atom(kind, ((before, None),))
    return _OPAQUE


def _same(kind: Kind, key: Any) -> tuple[Cut, Cut]:
    """What equals a key: for times a whole second, as their equality looks no closer (10.3.2.3.5)."""
    if TYPE_OF[kind] in (DATE_AND_TIME, TIME):
        second = key // NANOS * NANOS
        return (second, 0), (second + NANOS, 0)
    return (key, 0), (key, 1)


def _null(atoms: list[_Atom]) -> bool | None:
    """FEEL's disjunction of what the tests say of null."""
    if any(atom.null is True for atom in atoms):
        return True
    return None if any(atom.null is None for atom in atoms) else False


def _union(kind: Kind, atoms: list[_Atom]) -> Cell:
    null = _null(atoms) is True
    names_null = any(atom.kind is None for atom in atoms)
    if kind in KEYS:
        return Cell(kind, merge(i for atom in atoms for i in atom.intervals), null=null, names_null=names_null)
    wanted = frozenset(p for atom in atoms if not atom.inverse for p in atom.points)
    refused = [atom.points for atom in atoms if atom.inverse]
    if not refused:
        return Cell(kind, points=wanted, null=null, names_null=names_null)
    # "not a or not b" leaves out only what every part leaves out.
    out = frozenset.intersection(*refused) - wanted
    return Cell(kind, points=out, inverse=True, null=null, names_null=names_null)


def _negated(cell: Cell, atoms: list[_Atom]) -> Cell:
    null = _null(atoms) is False
    if cell.kind in KEYS:
        return replace(cell, intervals=complement(cell.intervals), null=null)
    return replace(cell, inverse=not cell.inverse, null=null)
