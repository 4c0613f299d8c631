"""Long lists, a sheet at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from anyshore.web.core.numbers import DIGITS, whole

SIZE = 25
"""Rows on a sheet of a page: few enough that looking at it costs the same however many there are."""

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


def sheet(rows: QuerySet[Any] | Sequence[Any], number: str | int | None = 1, size: int = SIZE) -> Sheet:
    """One sheet of a list, without counting the rest; the first where the number is none."""
    at = place(number)
    found = list(rows[(at - 1) * size : at * size + 1])
    return Sheet(found[:size], at, len(found) > size)


def place(number: str | int | None) -> int:
    """Which sheet is asked for, from 1; the first where it is none."""
    text = str(number or "")
    asked = whole(text) if len(text) <= DIGITS or not (text.isascii() and text.isdigit()) else LAST
    return min(asked or 1, LAST)
