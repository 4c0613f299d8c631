"""A decision table as regions of its input space: where no rule matches, where several do, which rules never can.

Each column is cut into the regions its cells cannot tell apart; a table is then a product of few regions, searched
with sets of rules. Cells only FEEL can evaluate count as perhaps matching, so nothing is reported on their account.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from anyshore.base.temporal import Date, DaysDuration, MonthsDuration
from anyshore.dmn.cells import KEYS, Cell, Cut, Kind
from anyshore.dmn.index import bits, build

BUDGET = 200_000
ANYTHING: object = object()
EXAMPLE_WORDS = ("something else", "anything else", "another word")


@dataclass(slots=True)
class Region:
    """Values of a column its cells cannot tell apart: an example of them (``ANYTHING`` where every value is one) and
    the rules they match.
    """

    example: object
    rules: int


@dataclass(slots=True)
class Space:
    """The regions of a table.

    Attributes:
        columns: the regions of each input column.
        everything: the set of all rules.
        doubtful: rules with a cell only FEEL can evaluate.
    """

    columns: list[list[Region]]
    everything: int
    doubtful: int
    _spent: int = field(default=0)

    def gaps(self, most: int) -> Iterator[list[object]]:
        """An input for each gap, at most so many; neighbouring gaps that differ in no rule count as one."""
        return self._uncovered(self.columns, self.everything, most)

    def overlaps(self) -> Iterator[tuple[int, int, list[object]]]:
        """Pairs of rules that can match together, with an input both match."""
        count = self.everything.bit_length()
        meeting = [self.everything & ~self.doubtful] * count
        for column in self.columns:
            together = [0] * count
            for region in column:
                rest = region.rules
                while rest:
                    low = rest & -rest
                    together[low.bit_length() - 1] |= region.rules
                    rest ^= low
            meeting = [a & b for a, b in zip(meeting, together, strict=True)]
        for rule in range(count):
            others = meeting[rule] >> (rule + 1) << (rule + 1)
            if self.doubtful >> rule & 1:
                continue
            while others:
                low = others & -others
                others ^= low
                other = low.bit_length() - 1
                both = 1 << rule | low
                yield rule, other, [next(r.example for r in c if r.rules & both == both) for c in self.columns]

    def never(self) -> list[int]:
        """Rules no input can match."""
        possible = self.everything
        for column in self.columns:
            seen = 0
            for region in column:
                seen |= region.rules
            possible &= seen
        return [rule for rule in range(self.everything.bit_length()) if not possible >> rule & 1]

    def hidden(self, rule: int, before: int) -> bool:
        """Whether other rules, all sure, match wherever this one does."""
        own = [[r for r in column if r.rules >> rule & 1] for column in self.columns]
        return all(own) and next(self._uncovered(own, before & ~self.doubtful, 1), None) is None

    def _uncovered(self, columns: Sequence[list[Region]], rules: int, most: int) -> Iterator[list[object]]:
        """Inputs that match none of some rules. Depth first; a set of rules met before at a column adds nothing."""
        seen: set[tuple[int, int]] = set()
        found = 0
        stack: list[tuple[int, int, list[object]]] = [(0, rules, [])]
        spent = 0
        while stack and found < most and spent < BUDGET:
            depth, left, path = stack.pop()
            spent += 1
            if not left:
                found += 1
                yield path + [column[0].example for column in columns[depth:]]
                continue
            if depth == len(columns) or (depth, left) in seen:
                continue
            seen.add((depth, left))
            groups: dict[int, Region] = {}
            for region in columns[depth]:
                groups.setdefault(region.rules & left, region)
            stack += [(depth + 1, rest, [*path, region.example]) for rest, region in reversed(groups.items())]


def space_of(columns: Sequence[tuple[list[Cell], list[Cell], Kind | None]], count: int) -> Space:
    """The regions of a table.

    Args:
        columns: for each input column its cells, the cells of what it allows, and the kind its type names.
        count: how many rules there are.
    """
    doubtful = bits(
        rule
        for cells, _, kind in columns
        for rule, cell in enumerate(cells)
        if not cell.known or (cell.kind is not None and kind is not None and cell.kind != kind)
    )
    everything = (1 << count) - 1
    return Space([_regions(cells, allowed, kind, everything) for cells, allowed, kind in columns], everything, doubtful)


def _regions(cells: list[Cell], allowed: list[Cell], kind: Kind | None, everything: int) -> list[Region]:
    index = build([*cells, *allowed], kind)
    names_null = any(cell.names_null for cell in cells)
    if index.kind is None and not names_null:
        return [Region(ANYTHING, everything)]
    wanted = ((1 << len(allowed)) - 1) << len(cells)
    found: list[tuple[object, int]]
    if index.kind is None:
        found = [(EXAMPLE_WORDS[0], index.other)]
    elif index.kind in KEYS:
        cuts = index.cuts
        found = [
            (_between(index.kind, cuts[i - 1] if i else None, cuts[i] if i < len(cuts) else None), rules)
            for i, rules in enumerate(index.regions)
        ]
    elif index.kind == "boolean":
        found = [(value, index.points.get(value, index.other)) for value in (True, False)]
    else:
        found = list(index.points.items())
        found.append((next((w for w in EXAMPLE_WORDS if w not in index.points), "…"), index.other))
    # An empty stretch between neighbouring keys has no example: no date lies between two days.
    found = [(example, rules) for example, rules in found if example is not None]
    if names_null:
        # Elsewhere null stands for an input that was not given, which is told when it happens.
        found.append((None, index.null))
    regions: dict[int, Region] = {}
    for example, rules in found:
        if rules & wanted == wanted:
            regions.setdefault(rules & everything, Region(example, rules & everything))
    return list(regions.values()) or [Region(ANYTHING, 0)]


def _between(kind: Kind, low: Cut | None, high: Cut | None) -> object:
    """A plain value between two cuts, or nothing where there is none."""
    if kind == "number":
        return _number_between(low, high)
    key = _key_between(kind, low, high)
    return None if key is None else _UNKEYS[kind](key)


def _number_between(low: Cut | None, high: Cut | None) -> Decimal:
    if low is None:
        return Decimal(0) if high is None else high[0] - 1 if not high[1] else high[0]
    if not low[1]:
        return Decimal(low[0])
    if high is None or low[0] + 1 < high[0] or (low[0] + 1 == high[0] and high[1]):
        return Decimal(low[0] + 1)
    return Decimal((low[0] + high[0]) / 2)


def _key_between(kind: Kind, low: Cut | None, high: Cut | None) -> Any:
    following = _following(kind)
    if low is None:
        if high is None:
            return following(None)
        return high[0] if high[1] else _preceding(kind, high[0])
    key = following(low[0]) if low[1] else low[0]
    return key if high is None or (key, 0) < high else None


def _following(kind: Kind) -> Any:
    def date(key: int | None) -> int:
        return 20_250_101 if key is None else KEYS["date"](_date(key).plus_days(1))

    return date if kind == "date" else lambda key: 0 if key is None else key + 1


def _preceding(kind: Kind, key: int) -> int:
    return int(KEYS["date"](_date(key).plus_days(-1))) if kind == "date" else key - 1


def _date(key: int) -> Date:
    return Date(key // 10_000, key // 100 % 100, key % 100)


_UNKEYS: dict[Kind, Any] = {"date": _date, "days": DaysDuration, "months": MonthsDuration}
