"""Who may work which shift on which day, what the rules of a roster are, and what a plan costs.

The problem is the one of Curtois and Qu 2014 ("Computational results on new staff scheduling benchmark instances"):
rules that must hold are those of a person; what is wanted is weighed in cost: people missing or too many in a shift,
and wishes not met. A roster that goes on from an earlier one and is followed by a later one is assumed: a stretch of
work or of rest that touches the first or the last day may be short.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import gcd

OFF = -1
"""What a day without a shift holds."""

Row = tuple[int, ...]
"""The days of one person: the index of a shift, or ``OFF``."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of shift.

    Attributes:
        name: how it is called.
        minutes: its working time.
        no_next: names of the kinds that may not be worked the day after it.
    """

    name: str
    minutes: int
    no_next: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a roster and the rules for them.

    Attributes:
        name: how they are called.
        most: shifts at most by kind; a kind that is not named may be worked without limit, one with 0 not at all.
        max_minutes: working time at most over the roster.
        min_minutes: working time at least.
        max_run: shifts in a row at most.
        min_run: shifts in a row at least.
        min_rest: days off in a row at least.
        max_weekends: weekends at most in which Saturday or Sunday is worked.
        away: days, from 0, on which they do not work.
    """

    name: str
    most: Mapping[str, int]
    max_minutes: int
    min_minutes: int = 0
    max_run: int = 5
    min_run: int = 1
    min_rest: int = 1
    max_weekends: int = 53
    away: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants of a day, and what it costs not to give it."""

    person: str
    day: int
    kind: str
    weight: int
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Cover:
    """People needed in a shift of a day, and what each one missing, and each one too many, costs."""

    day: int
    kind: str
    people: int
    under: int
    over: int


@dataclass(frozen=True)
class Problem:
    """A roster to be made.

    Attributes:
        days: how many it has.
        kinds: the kinds of shift.
        people: those to be rostered.
        covers: what is needed; a shift of a day that is not named costs nothing, however many work it.
        wishes: what is wanted.
        weekday: the weekday of day 0, 0 for Monday.
    """

    days: int
    kinds: Sequence[Kind]
    people: Sequence[Person]
    covers: Sequence[Cover] = ()
    wishes: Sequence[Wish] = ()
    weekday: int = 0

    @cached_property
    def number(self) -> dict[str, int]:
        """The index of a kind by its name."""
        return {kind.name: index for index, kind in enumerate(self.kinds)}

    @cached_property
    def row(self) -> dict[str, int]:
        """The index of a person by their name."""
        return {person.name: index for index, person in enumerate(self.people)}

    @cached_property
    def unit(self) -> int:
        """The minutes every shift is a multiple of."""
        return gcd(*(kind.minutes for kind in self.kinds)) or 1

    @cached_property
    def before(self) -> tuple[tuple[int, ...], ...]:
        """For every kind the kinds that may stand the day before it."""
        return tuple(
            tuple(index for index, earlier in enumerate(self.kinds) if kind.name not in earlier.no_next)
            for kind in self.kinds
        )

    def saturday(self, day: int) -> bool:
        """Whether a day is a Saturday."""
        return (day + self.weekday) % 7 == 5

    def sunday(self, day: int) -> bool:
        """Whether a day is a Sunday."""
        return (day + self.weekday) % 7 == 6
