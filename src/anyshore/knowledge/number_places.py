"""Where a number stands in the tables and paragraphs of a report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from anyshore.knowledge.stated_numbers import StatedNumber, numbers


@dataclass(frozen=True, slots=True)
class Place:
    """A number in a report.

    Attributes:
        kind: ``cell`` or ``text``.
        number: as it stands there.
        row: of the table, from 0; of a text, which paragraph.
        column: of the table, from 0; -1 in a text.
        match: ``exact``, or ``sign`` where the report shows it with the other sign.
    """

    kind: Literal["cell", "text"]
    number: StatedNumber
    row: int
    column: int
    match: Literal["exact", "sign"]


class NumberIndex:
    """The numbers of a report by their size, for finding where one stands.

    Args:
        table: rows of cells; may be empty.
        paragraphs: texts.
    """

    def __init__(self, table: Sequence[Sequence[str]], paragraphs: Sequence[str]) -> None:
        self._found: dict[Decimal, list[tuple[Literal["cell", "text"], int, int, StatedNumber]]] = {}
        for row, cells in enumerate(table):
            for column, cell in enumerate(cells):
                for one in numbers(cell):
                    self._found.setdefault(abs(one.value), []).append(("cell", row, column, one))
        for number, text in enumerate(paragraphs):
            for one in numbers(text):
                self._found.setdefault(abs(one.value), []).append(("text", number, -1, one))

    def places(self, value: Decimal) -> list[Place]:
        """Where a number stands, the places that show its sign first, cells before texts.

        Args:
            value: as printed: 5 for 5 %, 60.3 for 60.3 million.
        """
        found = [
            Place(kind, one, row, column, "exact" if one.value == value else "sign")
            for kind, row, column, one in self._found.get(abs(value), ())
        ]
        return sorted(found, key=lambda place: (place.match, place.kind))
