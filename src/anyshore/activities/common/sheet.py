"""What an activity gives to be shown as a sheet: figures in columns, each opened to what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Texts = Mapping[str, str]
"""A text by language."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a sheet.

    Attributes:
        title: what it is.
        cells: a value per column; None: nothing is known, or it has none.
        formula: how the first was computed; empty: it cannot be opened.
        law: what the formula rests on.
        operands: what it was computed from, a text each.
    """

    title: Texts
    cells: tuple[object, ...]
    formula: str = ""
    law: str = ""
    operands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under a title."""

    title: Texts
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: a title per column, its sections, and what else has to be said."""

    columns: tuple[Texts, ...]
    sections: tuple[Section, ...]
    notes: tuple[Texts, ...] = ()


def both(text: str) -> Texts:
    """A text that is the same in both languages: a number, a name."""
    return {"en": text, "de": text}
