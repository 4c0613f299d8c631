"""How points and ranges lie to each other. Source: DMN 1.5, 10.3.4.9, table 78 (Allen's interval algebra).

Every end is a key that orders as the values do and, at one value, by what is included: a start that excludes its value
comes after it, an end that excludes its value before it. An open end is infinite. A point is a range from itself to
itself. The relations are then comparisons of keys.
"""

from __future__ import annotations

from collections.abc import Callable

from anyshore.feel import types
from anyshore.feel.comparison import order
from anyshore.feel.run import Run
from anyshore.feel.signatures import POINT, RANGE, P, Row
from anyshore.feel.values import Range

# (value, step beside it, infinity)
Key = tuple[object, int, int]
Sign = Callable[[Key, Key], int]
Relation = Callable[["Bounds", "Bounds"], bool]


class _NoOrderError(Exception):
    """Two ends that cannot be compared."""


def _compare(left: Key, right: Key) -> int:
    if left[2] or right[2]:
        return left[2] - right[2]
    sign = order(left[0], right[0])
    if sign is None:
        raise _NoOrderError
    return sign or left[1] - right[1]


class Bounds:
    """The two keys of a range or point."""

    __slots__ = ("end", "start")

    def __init__(self, value: object) -> None:
        if isinstance(value, Range):
            self.start = _End((value.start, 0 if value.start_included else 1, 0 if value.start is not None else -1))
            self.end = _End((value.end, 0 if value.end_included else -1, 0 if value.end is not None else 1))
        else:
            self.start = self.end = _End((value, 0, 0))


class _End:
    """A key with Python's comparisons."""

    __slots__ = ("key",)

    def __init__(self, key: Key) -> None:
        self.key = key

    def __lt__(self, other: _End) -> bool:
        return _compare(self.key, other.key) < 0

    def __le__(self, other: _End) -> bool:
        return _compare(self.key, other.key) <= 0

    def is_at(self, other: _End) -> bool:
        """Whether both are the same end, with the same inclusion."""
        return _compare(self.key, other.key) == 0 and (not self.key[2] or self.key[1] == other.key[1])


def _before(a: Bounds, b: Bounds) -> bool:
    return a.end < b.start


def _meets(a: Bounds, b: Bounds) -> bool:
    return a.end.is_at(b.start)


def _overlaps(a: Bounds, b: Bounds) -> bool:
    return b.start <= a.end and a.start <= b.end


def _overlaps_before(a: Bounds, b: Bounds) -> bool:
    return a.start < b.start and b.start <= a.end and a.end <= b.end


def _starts(a: Bounds, b: Bounds) -> bool:
    return a.start.is_at(b.start) and a.end <= b.end


def _finishes(a: Bounds, b: Bounds) -> bool:
    return a.end.is_at(b.end) and b.start <= a.start


def _during(a: Bounds, b: Bounds) -> bool:
    return b.start <= a.start and a.end <= b.end


def _coincides(a: Bounds, b: Bounds) -> bool:
    return a.start.is_at(b.start) and a.end.is_at(b.end)


def _turned(relation: Relation) -> Relation:
    return lambda a, b: relation(b, a)


def _body(relation: Relation) -> Callable[[Run, object, object], object]:
    def relate(run: Run, first: object, second: object) -> object:
        try:
            return relation(Bounds(first), Bounds(second))
        except _NoOrderError:
            return run.fail("{} and {} cannot be compared", first, second)

    return relate


_POINTS = (P("point1", POINT), P("point2", POINT))
_POINT_RANGE = (P("point", POINT), P("range", RANGE))
_RANGE_POINT = (P("range", RANGE), P("point", POINT))
_RANGES = (P("range1", RANGE), P("range2", RANGE))

_RELATIONS: tuple[tuple[str, Relation, tuple[tuple[P, ...], ...]], ...] = (
    ("before", _before, (_POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)),
    ("after", _turned(_before), (_POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)),
    ("meets", _meets, (_RANGES,)),
    ("met by", _turned(_meets), (_RANGES,)),
    ("overlaps", _overlaps, (_RANGES,)),
    ("overlaps before", _overlaps_before, (_RANGES,)),
    ("overlaps after", _turned(_overlaps_before), (_RANGES,)),
    ("finishes", _finishes, (_POINT_RANGE, _RANGES)),
    ("finished by", _turned(_finishes), (_RANGE_POINT, _RANGES)),
    ("includes", _turned(_during), (_RANGE_POINT, _RANGES)),
    ("during", _during, (_POINT_RANGE, _RANGES)),
    ("starts", _starts, (_POINT_RANGE, _RANGES)),
    ("started by", _turned(_starts), (_RANGE_POINT, _RANGES)),
    ("coincides", _coincides, (_POINTS, _RANGES)),
)


def _row(name: str, relation: Relation, parameters: tuple[P, ...]) -> Row:
    # A point that starts or finishes a range is its end; it need not hold more of it.
    at_end = {"starts": _point_starts, "finishes": _point_finishes}.get(name)
    if at_end is not None and parameters is _POINT_RANGE:
        relation = at_end
    turned_end = {"started by": _point_starts, "finished by": _point_finishes}.get(name)
    if turned_end is not None and parameters is _RANGE_POINT:
        relation = _turned(turned_end)
    return Row(name, parameters, _body(relation), types.BOOLEAN)


def _point_starts(point: Bounds, bounds: Bounds) -> bool:
    return point.start.is_at(bounds.start)


def _point_finishes(point: Bounds, bounds: Bounds) -> bool:
    return point.end.is_at(bounds.end)


ROWS = tuple(_row(name, relation, form) for name, relation, forms in _RELATIONS for form in forms)
