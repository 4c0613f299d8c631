"""What a filing says: facts, and what each is about. Names are Clark names, ``{namespace}local``.

Source: XBRL 2.1 (2003-12-31 with errata to 2013-02-20), 4.6 to 4.8; XBRL Dimensions 1.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

Decimals = int | Literal["INF"] | None
"""To how many decimal places a value is right; ``INF`` is exactly, None is not said."""


@dataclass(frozen=True, slots=True)
class Period:
    """When a fact holds. Days count whole: ``end`` is the last day of a duration, or the day whose end is meant.

    Attributes:
        start: first day of a duration; None for an instant and for ever.
        end: last day; None for ever.
        times: start and end as written, where one is no midnight.
    """

    start: date | None
    end: date | None
    times: tuple[str, ...] = ()

    @property
    def instant(self) -> bool:
        """Whether it is a point in time."""
        return self.start is None and self.end is not None

    @property
    def days(self) -> int:
        """How many days a duration has; 0 for an instant and for ever."""
        return (self.end - self.start + timedelta(days=1)).days if self.start and self.end else 0

    def __str__(self) -> str:
        if self.end is None:
            return "forever"
        return f"{self.start.isoformat()}/{self.end.isoformat()}" if self.start else self.end.isoformat()


@dataclass(frozen=True, slots=True)
class Dimension:
    """One value of one axis.

    Attributes:
        axis: name of the axis.
        member: name of the member (explicit), or the content of the typed value, canonical XML.
        typed: whether it is a typed value.
        container: ``segment`` or ``scenario``.
    """

    axis: str
    member: str
    typed: bool = False
    container: str = "segment"


@dataclass(frozen=True, slots=True)
class Aspects:
    """What a fact is about beside its concept and unit; equal where two contexts mean the same (XBRL 2.1, 4.10).

    Attributes:
        entity: scheme and identifier of who reports.
        period: when.
        dimensions: sorted by axis.
        other: what else stands in segment and scenario, canonical XML.
    """

    entity: tuple[str, str]
    period: Period
    dimensions: tuple[Dimension, ...] = ()
    other: str = ""

    @property
    def plain(self) -> bool:
        """Whether the fact is about the reporting entity as a whole."""
        return not self.dimensions and not self.other


@dataclass(frozen=True, slots=True)
class Context:
    """A context by its id, with what it means."""

    id: str
    aspects: Aspects


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit by its id: what is multiplied, and what it is divided by; both sorted.

    Two units are the same where ``measures`` are, whatever their ids.
    """

    id: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...] = ()

    @property
    def measures(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What makes it equal to another unit."""
        return self.numerator, self.denominator

    def __str__(self) -> str:
        above, below = ("·".join(local(one) for one in side) for side in self.measures)
        return f"{above}/{below}" if below else above


@dataclass(slots=True)
class Fact:
    """One fact of an instance. Treat it as fixed.

    Attributes:
        concept: name of its concept.
        context: its context.
        unit: its unit; None for what is no number.
        text: content as written; of an inline fact, as its transformation gives it.
        value: the number; None where the fact is nil, or no number.
        nil: whether the filer says that there is no value. Nil is not zero.
        decimals: how exact the value is, also where the filer gave ``precision``.
        id: its id; may be empty.
        order: its place among the facts of the filing, from 0.
        line: line in its file.
        file: name of its file.
        hidden: whether it is in the hidden part of an inline document.
        language: ``xml:lang`` in force; may be empty.
        tuples: names of the tuples around it, outermost first.
    """

    concept: str
    context: Context
    unit: Unit | None
    text: str
    value: Decimal | None
    nil: bool
    decimals: Decimals
    id: str
    order: int
    line: int
    file: str
    hidden: bool = False
    language: str = ""
    tuples: tuple[str, ...] = ()

    @property
    def numeric(self) -> bool:
        """Whether it is a number: it has a unit."""
        return self.unit is not None

    @property
    def aspects(self) -> Aspects:
        """What it is about."""
        return self.context.aspects


@dataclass(frozen=True, slots=True)
class Concept:
    """What a schema says of a concept.

    Attributes:
        name: its name.
        id: its id in the schema.
        type: name of its type.
        period: ``instant``, ``duration`` or empty.
        balance: ``debit``, ``credit`` or empty.
        abstract: whether it has no facts.
        group: its substitution group.
    """

    name: str
    id: str
    type: str
    period: str
    balance: str
    abstract: bool
    group: str


def local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]


def namespace(name: str) -> str:
    """The namespace of a name; may be empty."""
    return name[1:].rpartition("}")[0] if name.startswith("{") else ""
