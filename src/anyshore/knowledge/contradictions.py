"""Statements of sources that cannot both be true, side by side.

Two statements are compared where they are about the same attribute of the same subject, in one unit, and of periods
that can be compared: a *flow* (revenue of a year) only with the same period, a *stock* (people employed) where the
periods overlap, what *lasts* (a founding year, a register number) always. They contradict each other where their
intervals (:mod:`~anyshore.knowledge.stated_values`) have nothing in common, so that another rounding or spelling of one
figure is no contradiction, and euros are never held against dollars.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import combinations

from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.knowledge import stated_values
from anyshore.knowledge.stated_values import Stated


class Kind(StrEnum):
    """How an attribute relates to time."""

    FLOW = "flow"
    STOCK = "stock"
    LASTING = "lasting"


@dataclass(frozen=True, slots=True)
class Statement:
    """What one source says.

    Attributes:
        id: unique among the statements.
        subject: whom or what it is about.
        attribute: what of it.
        value: as the source says it.
        source: the source's name.
        period: when it holds, as :func:`~anyshore.knowledge.stated_values.days_of` reads it; empty where unsaid.
        kind: how it relates to time.
    """

    id: str
    subject: str
    attribute: str
    value: Stated
    source: str
    period: str = ""
    kind: Kind = Kind.LASTING


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Statements of which each contradicts another one.

    Attributes:
        subject: whom they are about.
        attribute: what of it.
        statements: two or more, in their order.
        pairs: ids of the statements that contradict each other.
    """

    subject: str
    attribute: str
    statements: tuple[Statement, ...]
    pairs: tuple[tuple[str, str], ...]


def statement(
    id: str, subject: str, attribute: str, value: str, source: str, period: str = "", kind: str = "lasting"
) -> Statement:
    """A statement from texts.

    Raises:
        DataError: nobody can read the period, a flow has none, or the kind is unknown.
    """
    if kind not in list(Kind):
        hint = f"Kinds are: {', '.join(Kind)}."
        raise DataError("statement.kind", f"{kind!r} is no kind of statement.", Location(element=id), hint)
    if period and stated_values.days_of(period) is None:
        message = f"{period!r} is no period."
        raise DataError("statement.period", message, Location(element=id), "For example 2025, Q3 2025 or 2025-12-31.")
    if kind == Kind.FLOW and not period:
        message = f"The flow {attribute!r} says of no period how much it was."
        raise DataError("statement.period", message, Location(element=id), "Give the period, for example 2025.")
    return Statement(id, subject, attribute, stated_values.read(value), source, period, Kind(kind))


def find(statements: Iterable[Statement]) -> list[Contradiction]:
    """The contradictions, in the order of the first statement of each."""
    groups: dict[tuple[str, str], list[Statement]] = {}
    for one in statements:
        groups.setdefault((_key(one.subject), _key(one.attribute)), []).append(one)
    return [found for group in groups.values() for found in _within(group)]


def _within(group: Sequence[Statement]) -> list[Contradiction]:
    """Contradicting pairs joined where they share a statement."""
    pairs = [(one, other) for one, other in combinations(group, 2) if contradict(one, other)]
    together = {one.id: {one.id} for pair in pairs for one in pair}
    for one, other in pairs:
        joined = together[one.id] | together[other.id]
        for each in joined:
            together[each] = joined
    found, seen = [], set()
    for first in group:
        if first.id in seen or first.id not in together:
            continue
        members = together[first.id]
        seen |= members
        of = tuple(one for one in group if one.id in members)
        said = tuple((one.id, other.id) for one, other in pairs if one.id in members)
        found.append(Contradiction(first.subject, first.attribute, of, said))
    return found


def contradict(one: Statement, other: Statement) -> bool:
    """Whether two statements of the same attribute cannot both be true."""
    if not _same_time(one, other):
        return False
    a, b = _comparable(one.value, other.value)
    if a.unit != b.unit:
        return False
    if a.words or b.words:
        return not (a.words <= b.words or b.words <= a.words)  # a name with and without its title is one name
    # Intervals that only touch share no rounded value: 1.2 and 1.3 million differ though both round 1.25.
    return max(a.low, b.low) >= min(a.high, b.high)


def _same_time(one: Statement, other: Statement) -> bool:
    a, b = stated_values.days_of(one.period), stated_values.days_of(other.period)
    if Kind.FLOW in (one.kind, other.kind):
        return a is not None and a == b
    if a is None or b is None:
        return Kind.STOCK not in (one.kind, other.kind)
    return max(a[0], b[0]) < min(a[1], b[1]) or Kind.STOCK not in (one.kind, other.kind)


def _comparable(a: Stated, b: Stated) -> tuple[Stated, Stated]:
    """Both in one unit where that can be said: a bare year beside a date, a bare count beside people."""
    for one, other, turned in ((a, b, False), (b, a, True)):
        if one.unit:
            continue
        days = stated_values.days_of(one.text)
        if other.unit == "day" and days is not None:
            one = Stated(one.text, Decimal(days[0]), Decimal(days[1]), "day")
        elif other.unit == "people":
            one = Stated(one.text, one.low, one.high, "people")
        else:
            continue
        return (other, one) if turned else (one, other)
    return a, b


def _key(text: str) -> str:
    return " ".join(text.casefold().split())
