"""An index over the cells of a column: from a value to the set of rules whose cell lets it through.

A set of rules is a Python int, bit ``n`` for rule ``n``. Ordered kinds have sorted cuts and a set of rules per region
between them; kinds without order have a dictionary. A table is matched by intersecting the sets of its columns.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from anyshore.dmn.cells import KEYS, Cell, Cut, Kind, kind_of

NO_RULES = 0


@dataclass(slots=True)
class ColumnIndex:
    """The index of one column.

    Attributes:
        kind: the kind of value it answers for; nothing where no cell tests more than null.
        cuts: for ordered kinds, ascending.
        regions: the rules of each region; one more than there are cuts.
        points: for other kinds, the rules by value.
        other: for other kinds and none, the rules for a value that no cell names.
        null: the rules that let null through.
        residual: rules whose cell here only FEEL can evaluate; they are in every set.
    """

    kind: Kind | None
    everything: int
    cuts: list[Cut] = field(default_factory=list)
    regions: list[int] = field(default_factory=list)
    points: dict[object, int] = field(default_factory=dict)
    other: int = NO_RULES
    null: int = NO_RULES
    residual: int = NO_RULES

    def lookup(self, value: object) -> int | None:
        """The rules a value may match, or nothing where the value is of another kind than the column."""
        if value is None:
            return self.null
        if self.kind is None:
            return self.other
        if kind_of(value) != self.kind:
            return None
        if self.kind in KEYS:
            return self.regions[bisect_right(self.cuts, (KEYS[self.kind](value), 0))]
        return self.points.get(value, self.other)


def build(cells: Sequence[Cell], kind: Kind | None = None) -> ColumnIndex:
    """The index of the cells of a column, one per rule; of the kind most of them are where none is given."""
    everything = (1 << len(cells)) - 1
    kind = kind or main_kind(cells)
    residual = bits(i for i, cell in enumerate(cells) if not cell.known or (cell.kind not in (None, kind)))
    index = ColumnIndex(kind, everything, residual=residual)
    index.null = residual | bits(i for i, cell in enumerate(cells) if cell.known and cell.null)
    unbound = residual | bits(i for i, cell in enumerate(cells) if cell.known and cell.kind is None and cell.inverse)
    if kind is None:
        index.other = unbound
        return index
    indexed = [(i, cell) for i, cell in enumerate(cells) if cell.known and cell.kind == kind]
    if kind in KEYS:
        _sweep(index, unbound, indexed)
    else:
        _hash(index, unbound, indexed)
    return index


def bits(rules: Iterable[int]) -> int:
    """A set of rules."""
    found = 0
    for rule in rules:
        found |= 1 << rule
    return found


def members(rules: int) -> list[int]:
    """The rules of a set, in order."""
    found = []
    while rules:
        low = rules & -rules
        found.append(low.bit_length() - 1)
        rules ^= low
    return found


def main_kind(cells: Sequence[Cell]) -> Kind | None:
    """The kind most cells of a column test."""
    counts: dict[Kind, int] = {}
    for cell in cells:
        if cell.known and cell.kind is not None:
            counts[cell.kind] = counts.get(cell.kind, 0) + 1
    if counts:
        return max(counts, key=lambda kind: counts[kind])
    return None


def _sweep(index: ColumnIndex, unbound: int, cells: Sequence[tuple[int, Cell]]) -> None:
    current = unbound
    toggles: dict[Cut, int] = {}
    for rule, cell in cells:
        bit = 1 << rule
        for low, high in cell.intervals:
            if low is None:
                current |= bit
            else:
                toggles[low] = toggles.get(low, 0) ^ bit
            if high is not None:
                toggles[high] = toggles.get(high, 0) ^ bit
    index.cuts = sorted(toggles)
    index.regions = [current]
    for cut in index.cuts:
        current ^= toggles[cut]
        index.regions.append(current)


def _hash(index: ColumnIndex, unbound: int, cells: Sequence[tuple[int, Cell]]) -> None:
    index.other = unbound | bits(rule for rule, cell in cells if cell.inverse)
    changes: dict[object, int] = {}
    for rule, cell in cells:
        for point in cell.points:
            changes[point] = changes.get(point, 0) ^ (1 << rule)
    index.points = {point: index.other ^ change for point, change in changes.items()}
