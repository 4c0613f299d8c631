"""A decision table as regions of its input space: where no rule matches, where several do, which rules never can.

Each column is cut into the regions its cells cannot tell apart; a table is then a product of few regions, searched
with sets of rules. Cells only FEEL can evaluate count as perhaps matching, so nothing is reported on their account.
"""

from __future__ import annotations

import functools
import itertools
import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from anyshore.base.temporal import DAY_NANOS, NANOS, Date, DateTime, DaysDuration, MonthsDuration, Time
from anyshore.dmn.cells import KEYS, Cell, Cut, Kind
from anyshore.dmn.index import ColumnIndex, bits, build, main_kind, members

# So many regions are looked at in search of gaps, and again in search of hidden rules; about a second each.
BUDGET = 4_000_000
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
class Search:
    """How much of a search is left.

    Attributes:
        budget: the regions that may still be looked at.
        whole: whether nothing was left out so far.
    """

    budget: int = field(default_factory=lambda: BUDGET)
    whole: bool = True

    def spend(self, regions: int) -> bool:
        """Whether so many regions may be looked at."""
        self.budget -= regions
        self.whole = self.whole and self.budget >= 0
        return self.budget >= 0


@dataclass(slots=True)
class Space:
    """The regions of a table.

    Attributes:
        subjects: what the columns test, each once.
        columns: the regions of each subject.
        everything: the set of all rules.
        doubtful: rules with a cell only FEEL can evaluate, or of another kind than its column.
    """

    subjects: list[str]
    columns: list[list[Region]]
    everything: int
    doubtful: int

    def gaps(self, search: Search) -> Iterator[list[object]]:
        """An input for each gap; neighbouring gaps that differ in no rule count as one."""
        return _uncovered(self.columns, self.everything, search)

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

    def never(self) -> list[tuple[int, str]]:
        """Rules no input can match, with the subject they find no value of."""
        found = {}
        for subject, column in zip(self.subjects, self.columns, strict=True):
            seen = functools.reduce(operator.or_, (region.rules for region in column), 0)
            found.update(dict.fromkeys(members(self.everything & ~seen), subject))
        return sorted(found.items())

    def hidden(self, stronger: Sequence[int], search: Search) -> list[tuple[int, int | None]]:
        """Rules that match only where stronger ones, all sure, do; with the one that does where one is enough."""
        count = self.everything.bit_length()
        covering = self._covering(count)
        found: list[tuple[int, int | None]] = []
        for rule, before in enumerate(stronger):
            before &= ~self.doubtful
            own = [[r for r in column if r.rules >> rule & 1] for column in self.columns]
            if not before or not all(own):
                continue
            alone = members(covering[rule] & before)
            if alone:
                found.append((rule, alone[0]))
            elif next(_uncovered(own, before, search), None) is None and search.whole:
                found.append((rule, None))
        return found

    def _covering(self, count: int) -> list[int]:
        """For each rule the rules that match wherever it does."""
        covering = [self.everything] * count
        for column in self.columns:
            for region in column:
                for rule in members(region.rules):
                    covering[rule] &= region.rules
        return covering


def _uncovered(columns: Sequence[list[Region]], rules: int, search: Search) -> Iterator[list[object]]:
    """Inputs that match none of some rules. Depth first, the columns first that most rules ask about; a set of rules
    met before at a column adds nothing, and neither does one with a rule that asks about no further column.
    """
    free = [functools.reduce(operator.and_, (region.rules for region in column), rules) for column in columns]
    order = sorted(range(len(columns)), key=lambda column: free[column].bit_count())
    certain = [rules]
    for column in reversed(order):
        certain.append(certain[-1] & free[column])
    certain.reverse()
    seen: set[tuple[int, int]] = set()
    stack: list[tuple[int, int, list[object]]] = [(0, rules, [])]
    while stack:
        depth, left, path = stack.pop()
        if not left:
            rest = (columns[column][0].example for column in order[depth:])
            example = dict(zip(order, [*path, *rest], strict=True))
            yield [example[column] for column in range(len(columns))]
            continue
        if left & certain[depth] or (depth, left) in seen:
            continue
        regions = columns[order[depth]]
        if not search.spend(len(regions)):
            return
        seen.add((depth, left))
        groups: dict[int, Region] = {}
        for region in regions:
            groups.setdefault(region.rules & left, region)
        stack += [(depth + 1, rest, [*path, region.example]) for rest, region in reversed(groups.items())]


def space_of(columns: Sequence[tuple[str, list[Cell], list[Cell], Kind | None]], count: int) -> Space:
    """The regions of a table.

    Args:
        columns: for each input column what it tests, its cells, the cells of what it allows, and the kind its type
            names. Columns that test the same are taken together.
        count: how many rules there are.
    """
    doubtful = 0
    everything = (1 << count) - 1
    blocks: dict[str, list[list[Cell]]] = {}
    limits: dict[str, list[Cell]] = {}
    kinds: dict[str, Kind | None] = {}
    for subject, cells, allowed, kind in columns:
        blocks.setdefault(subject, []).append(cells)
        limits.setdefault(subject, []).extend(allowed)
        kinds[subject] = kinds.get(subject) or kind
    for subject, same in blocks.items():
        kinds[subject] = kind = kinds[subject] or main_kind([*itertools.chain(*same), *limits[subject]])
        for cells in same:
            doubtful |= bits(i for i, cell in enumerate(cells) if not cell.known or cell.kind not in (None, kind))
    regions = [_regions(same, limits[subject], kinds[subject], everything) for subject, same in blocks.items()]
    return Space(list(blocks), regions, everything, doubtful)


def _regions(blocks: list[list[Cell]], allowed: list[Cell], kind: Kind | None, everything: int) -> list[Region]:
    """The regions of what some columns test."""
    count, cells = everything.bit_length(), [cell for block in blocks for cell in block]
    index = build([*cells, *allowed], kind)
    names_null = any(cell.names_null for cell in cells)
    if index.kind is None and not names_null:
        return [Region(ANYTHING, everything)]
    wanted = ((1 << len(allowed)) - 1) << len(cells)
    found = _examples(index)
    if names_null:
        # Elsewhere null stands for an input that was not given, which is told when it happens.
        found.append((None, index.null))
    regions: dict[int, Region] = {}
    for example, rules in found:
        # A value that is not allowed becomes null (10.3.2.9.4), so null is always among what cells are given.
        if example is None or rules & wanted == wanted:
            own = everything
            for block in range(len(blocks)):
                own &= rules >> block * count
            regions.setdefault(own, Region(example, own))
    return list(regions.values()) or [Region(ANYTHING, 0)]


def _examples(index: ColumnIndex) -> list[tuple[object, int]]:
    """A value of each region of an index, and its set. Some stretches hold none: no date lies between two days."""
    if index.kind is None:
        return [(EXAMPLE_WORDS[0], index.other)]
    if index.kind == "boolean":
        return [(value, index.points.get(value, index.other)) for value in (True, False)]
    if index.kind in KEYS:
        cuts = [None, *index.cuts, None]
        values = (_between(index.kind, low, high) for low, high in itertools.pairwise(cuts))
        return [(value, rules) for value, rules in zip(values, index.regions, strict=True) if value is not None]
    named = sorted(index.points.items(), key=lambda item: str(item[0]))
    other = next((word for word in EXAMPLE_WORDS if word not in index.points), "…")
    return [*named, (other, index.other)]


def _between(kind: Kind, low: Cut | None, high: Cut | None) -> object:
    """A plain value between two cuts, or nothing where there is none."""
    if kind == "number":
        return _number_between(low, high)
    for key in _keys_between(kind, low, high):
        try:
            return _UNKEYS[kind](key)
        except ValueError:  # past the calendar, or the day
            continue
    return None


def _number_between(low: Cut | None, high: Cut | None) -> Decimal:
    if low is None:
        return Decimal(0) if high is None else high[0] - 1 if not high[1] else high[0]
    if not low[1]:
        return Decimal(low[0])
    if high is None or low[0] + 1 < high[0] or (low[0] + 1 == high[0] and high[1]):
        return Decimal(low[0] + 1)
    return Decimal((low[0] + high[0]) / 2)


def _keys_between(kind: Kind, low: Cut | None, high: Cut | None) -> Iterator[Any]:
    """Keys between two cuts, the plainest first: that of a bound if it may be, else those a plain step from one."""
    if low is not None and not low[1]:
        yield low[0]
    if high is not None and high[1] and low is None:
        yield high[0]
    if low is None and high is None:
        yield KEYS[kind](_ORDINARY[kind])
    for step in _STEPS.get(kind, _OF_A_DAY):
        key = _moved(kind, low[0], step) if low is not None else high and _moved(kind, high[0], -step)
        if key is not None and (high is None or (key, 0) < high):
            yield key


def _moved(kind: Kind, key: Any, step: int) -> Any:
    if kind != "date":
        return key + step
    try:
        return KEYS["date"](_date(key).plus_days(step))
    except ValueError:
        return None


def _date(key: int) -> Date:
    return Date(key // 10_000, key // 100 % 100, key % 100)


def _time(key: int) -> Time:
    """A time with an offset, far enough from UTC where the instant is of the day before or after."""
    hours = 0 if 0 <= key < DAY_NANOS else 18 if key < 0 else -18
    return Time.from_nanosecond_of_day(key + hours * 3600 * NANOS, hours * 3600)


_ORDINARY: dict[Kind, Any] = {
    "date": Date(2025, 1, 1), "days": DaysDuration(0), "months": MonthsDuration(0),
    "moment": DateTime.parse("2025-01-01T12:00:00Z"), "local moment": DateTime.parse("2025-01-01T12:00:00"),
    "time": Time.parse("12:00:00Z"), "local time": Time.parse("12:00:00"),
}  # fmt: skip
# Nanoseconds: a day, an hour, a minute, a second, a half, one.
_OF_A_DAY = (86_400 * NANOS, 3_600 * NANOS, 60 * NANOS, NANOS, NANOS // 2, 1)
_STEPS: dict[Kind, tuple[int, ...]] = {"date": (1,), "months": (1,)}
_UNKEYS: dict[Kind, Callable[[Any], object]] = {
    "date": _date, "days": DaysDuration, "months": MonthsDuration, "moment": DateTime.from_epoch,
    "local moment": lambda key: DateTime.from_epoch(key, None), "time": _time,
    "local time": Time.from_nanosecond_of_day,
}  # fmt: skip
