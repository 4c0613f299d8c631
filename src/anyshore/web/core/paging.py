"""Long lists, a sheet at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from anyshore.web.core.numbers import DIGITS, whole

SIZE = 25
"""Rows on a sheet of a page: few enough that looking at it costs the same however many there are."""

MOST = 5_000
"""Rows of a list that is taken out as a file."""

LAST = 1_000_000
"""The last sheet anyone may ask for."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Some rows of a list.

    Attributes:
        rows: the rows.
        number: which sheet it is, counted from 1.
        more: whether another one follows.
    """

    rows: list[Any]
    number: int = 1
    more: bool = False

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(slots=True)
class Whole:
    """A list that is taken out as one sheet; ``cut`` where it had more rows than that."""

    cut: bool = field(default=False)


_whole: ContextVar[Whole | None] = ContextVar("_whole", default=None)


@contextmanager
def whole_lists() -> Iterator[Whole]:
    """Within it a sheet is the whole list, up to ``MOST`` rows, whichever sheet is asked for."""
    made = Whole()
    before = _whole.set(made)
    try:
        yield made
    finally:
        _whole.reset(before)


def length(size: int) -> int:
    """How many rows a sheet has: ``size``, or all that are taken out."""
    return size if _whole.get() is None else MOST


def cut(rows: list[Any], number: int, more: bool) -> Sheet:
    """A sheet as it was read, noted where a list is taken out and goes on behind it."""
    taken = _whole.get()
    if taken is not None and more:
        taken.cut = True
    return Sheet(rows, number, more)


def sheet(rows: QuerySet[Any] | Sequence[Any], number: str | int | None = 1, size: int = SIZE) -> Sheet:
    """One sheet of a list, without counting the rest; the first where the number is none."""
    at, size = place(number), length(size)
    found = list(rows[(at - 1) * size : at * size + 1])
    return cut(found[:size], at, len(found) > size)


def place(number: str | int | None) -> int:
    """Which sheet is asked for, from 1; the first where it is none."""
    text = "" if _whole.get() is not None else str(number or "")
    asked = whole(text) if len(text) <= DIGITS or not (text.isascii() and text.isdigit()) else LAST
    return min(asked or 1, LAST)
