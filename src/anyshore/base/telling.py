"""What is told to people in tables and sentences, before somebody shows it: on a terminal, say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table.

    Attributes:
        title: above it.
        columns: their headings.
        rows: of each the cells, shown as their text; None as nothing.
        right: numbers of the columns that are aligned right, from 0.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    right: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Reasons:
    """An explanation.

    Attributes:
        lines: its sentences.
        whole: whether all of a long one is shown where there is little room.
    """

    lines: Sequence[str]
    whole: bool = False


Part = Sheet | Reasons | str
