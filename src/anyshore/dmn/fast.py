"""A decision table as one flat Python function, for hot use.

The function takes the inputs, looks each up in its column's index, intersects the sets of rules and finds the value
under the set: the same rules give the same outputs, so a value is computed once per set. Whatever does not fit this
form (a value of another kind, a missing input, an output that is no constant) goes the general way, so the results
are those of :meth:`Model.decide`.

The code is generated from templates of this module; names and values of a model are passed to it, never written in it.
"""

from __future__ import annotations

import datetime
import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal
from typing import Any

from anyshore.base.temporal import Date, DaysDuration, MonthsDuration
from anyshore.dmn.cells import Cell, Cut, Kind
from anyshore.dmn.index import ColumnIndex, build, members

# Above so many rules the table is split by one column, so that sets of rules stay one machine word.
WORD = 60
# A float stands for its shortest decimal; up to here that keeps the order of decimals (15 digits always survive).
EXACT_DIGITS = 15
EXACT_LIMIT = Decimal(10) ** EXACT_DIGITS
HUGE = 1e30
# The largest table from whole numbers straight to rules.
WIDEST = 8192
MAX_VALUES = 200_000
_NEXT = Context(prec=34, Emax=9999, Emin=-9999)


class _Slow:
    """Stands where only the general way knows the answer; intersecting with it raises TypeError."""


SLOW: Any = _Slow()


@dataclass(slots=True)
class Column:
    """A column as the generator wants it.

    Attributes:
        input: position of the input it reads.
        kind: of its values.
        cells: one per rule.
        allowed: what the type of the input admits; other values become null.
        listed: what the column itself admits; other values go the general way.
    """

    input: int
    kind: Kind | None
    cells: list[Cell]
    allowed: list[Cell] = field(default_factory=list)
    listed: list[Cell] = field(default_factory=list)


@dataclass(slots=True)
class Lookup:
    """The tables the generated code reads for one column.

    Attributes:
        direct: the rules by value, for whole numbers from 0 to ``width``.
        integers: the cuts for whole numbers.
        floats: the cuts for floats.
        keys: the cuts for the keys of the kind; decimals, for numbers.
        regions: the rules between the cuts.
        points: the rules by value, for kinds without order.
        other: the rules for a value that no cell names.
        null: the rules for null.
    """

    direct: list[Any]
    width: int
    integers: list[int]
    floats: list[float]
    keys: list[Any]
    regions: list[Any]
    points: dict[object, Any]
    other: Any
    null: Any


def lookup_of(column: Column, rules: Sequence[int], widest: int) -> Lookup:
    """The tables of a column, for some of the rules; ``widest`` limits the direct one."""
    cells = [column.cells[rule] for rule in rules]
    index = build([*cells, *column.allowed, *column.listed], column.kind)
    count = len(cells)
    own = (1 << count) - 1
    allowed = ((1 << len(column.allowed)) - 1) << count
    listed = ((1 << len(column.listed)) - 1) << (count + len(column.allowed))
    null = SLOW if index.null & listed != listed else index.null & own

    def settle(found: int) -> Any:
        if found & listed != listed:
            return SLOW
        return null if found & allowed != allowed else found & own

    regions = [settle(found) for found in index.regions]
    points = {point: settle(found) for point, found in index.points.items()}
    lookup = Lookup(
        [], 0, [], [], [key + after for key, after in index.cuts], regions, points, settle(index.other), null
    )
    if column.kind == "number":
        _numbers(lookup, index, widest)
    return lookup


def _numbers(lookup: Lookup, index: ColumnIndex, widest: int) -> None:
    """The cuts once for each Python type of number. Beyond the limits, and for nan, only the general way rounds as
    FEEL does, and floats whose shortest decimal could stand on the wrong side of a cut go the general way too.
    """
    lookup.regions = [SLOW, *lookup.regions, SLOW]
    limit = 10**30
    lookup.integers = [-limit, *(_whole(cut) for cut in index.cuts), limit]
    exact = all(_survives(key) for key, _ in index.cuts)
    lookup.floats = [-HUGE, *(_float(cut) for cut in index.cuts), HUGE] if exact else []
    lookup.keys = [
        Decimal(-limit),
        *(_NEXT.next_plus(key) if after else key for key, after in index.cuts),
        Decimal(limit),
    ]
    if index.cuts and 0 <= (width := lookup.integers[-2] + 1) <= widest:
        lookup.width = width
        lookup.direct = [lookup.regions[bisect_right(lookup.integers, value)] for value in range(width)]


def _whole(cut: Cut) -> int:
    """The least whole number behind a cut."""
    key, after = cut
    return int(math.floor(key) + 1 if after else math.ceil(key))


def _survives(key: Decimal) -> bool:
    return len(key.normalize(_NEXT).as_tuple().digits) <= EXACT_DIGITS and abs(key) < EXACT_LIMIT


def _float(cut: Cut) -> float:
    value = float(cut[0])
    return math.nextafter(value, math.inf) if cut[1] else value


# ---- code


_NUMBER = """
    t = type({v})
    if t is int: m{i} = T{i}[{v}] if 0 <= {v} < W{i} else M{i}[bisect(I{i}, {v})]
    elif t is float: m{i} = M{i}[bisect(F{i}, {v})]
    elif t is Decimal: m{i} = M{i}[bisect(X{i}[0], {v})]
    elif {v} is None: m{i} = X{i}[1]
    else: return slow({args})"""
_DATE = """
    t = type({v})
    if t is Date or t is date: m{i} = M{i}[bisect(X{i}[0], {v}.year * 10000 + {v}.month * 100 + {v}.day)]
    elif {v} is None: m{i} = X{i}[1]
    else: return slow({args})"""
_DURATION = """
    if type({v}) is {type}: m{i} = M{i}[bisect(X{i}[0], {v}.{key})]
    elif {v} is None: m{i} = X{i}[1]
    else: return slow({args})"""
_STRING = """
    m{i} = P{i}.get({v})
    if m{i} is None:
        if type({v}) is str: m{i} = O{i}
        elif {v} is None: m{i} = X{i}[1]
        else: return slow({args})"""
_BOOLEAN = """
    if {v} is True: m{i} = P{i}.get(True, O{i})
    elif {v} is False: m{i} = P{i}.get(False, O{i})
    elif {v} is None: m{i} = X{i}[1]
    else: return slow({args})"""
_TEMPLATES: dict[Kind, str] = {
    "number": _NUMBER,
    "date": _DATE,
    "days": _DURATION.replace("{type}", "DaysDuration").replace("{key}", "nanoseconds"),
    "months": _DURATION.replace("{type}", "MonthsDuration").replace("{key}", "months"),
    "string": _STRING,
    "boolean": _BOOLEAN,
}
# What the templates read of a column, by its kind; X holds what is rarely wanted.
_LETTERS: dict[Kind, str] = {
    "number": "TWIFMX", "date": "MX", "days": "MX", "months": "MX", "string": "POX", "boolean": "POX",
}  # fmt: skip


def _values(column: Column, lookup: Lookup) -> tuple[Any, ...]:
    """The tables of a column in the order of its letters."""
    rare = (lookup.keys, lookup.null)
    match column.kind:
        case "number":
            return (lookup.direct, lookup.width, lookup.integers, lookup.floats, lookup.regions, rare)
        case "string" | "boolean":
            return (lookup.points, lookup.other, rare)
        case _:
            return (lookup.regions, rare)


@dataclass(slots=True)
class Flat:
    """The generated functions of a table.

    Attributes:
        call: from the inputs to the value.
        rules: from the inputs to the part of the table and the set of its rules; None where it cannot say.
    """

    call: Callable[..., Any]
    rules: Callable[..., Any]


@dataclass(slots=True)
class Part:
    """Some rules of a table with their tables, and the values known by the set of rules that match."""

    rules: list[int]
    tables: tuple[Any, ...]
    values: dict[int, Any]


def generate(
    columns: Sequence[Column],
    names: Sequence[str],
    count: int,
    slow: Callable[..., Any],
    *,
    positional: bool,
    copy: bool,
) -> Flat:
    """Writes and compiles the function of a table.

    Args:
        columns: its columns.
        names: its inputs.
        count: how many rules it has.
        slow: the general way; takes what the function takes.
        positional: whether the function takes the inputs one by one instead of a mapping.
        copy: whether values can change and must be copied for each caller.
    """
    used = [column for column in columns if column.kind is not None]
    split = _split(used, count)
    writer = _Writer(used, names, positional, copy)
    everything = list(range(count))
    space: dict[str, Any] = {
        "bisect": bisect_right, "Decimal": Decimal, "Date": Date, "date": datetime.date,
        "DaysDuration": DaysDuration, "MonthsDuration": MonthsDuration, "slow": slow, "copied": copied,
        "everything": (1 << count) - 1,
    }  # fmt: skip
    space.update({f"K{i}": name for i, name in enumerate(names)})
    if split is None:
        part = Part(everything, (), {})
        for i, column in enumerate(used):
            space.update(_named(i, column, lookup_of(column, everything, WIDEST)))
        space["part"] = part
        space["R"] = part.values
        source = writer.whole()
    else:
        space.update(_named(split, used[split], _split_lookup(used, split, everything)))
        source = writer.divided(split)
    order = ", ".join(space)
    text = f"def make({order}):\n" + "\n".join("  " + line for line in source.splitlines()) + "\n  return call, rules\n"
    scope: dict[str, Any] = {}
    exec(compile(text, "<decision table>", "exec"), scope)  # noqa: S102 - text of this module's templates only
    call, rules = scope["make"](**space)
    return Flat(call, rules)


def _named(i: int, column: Column, lookup: Lookup) -> dict[str, Any]:
    return {f"{letter}{i}": value for letter, value in zip(_letters(column), _values(column, lookup), strict=True)}


def _letters(column: Column) -> str:
    assert column.kind is not None
    return _LETTERS[column.kind]


def _split(columns: Sequence[Column], count: int) -> int | None:
    """The column that leaves the fewest rules on average, where the table is large and it leaves few enough."""
    if count <= WORD or len(columns) < 2:
        return None
    best: tuple[float, int] | None = None
    for i, column in enumerate(columns):
        lookup = lookup_of(column, list(range(count)), 0)
        sets = [s for s in (*lookup.regions, *lookup.points.values(), lookup.other) if isinstance(s, int)]
        if len(sets) < 3:
            continue
        mean = sum(s.bit_count() for s in sets) / len(sets)
        if best is None or mean < best[0]:
            best = mean, i
    return best[1] if best is not None and best[0] <= count / 4 else None


def _split_lookup(columns: Sequence[Column], split: int, rules: list[int]) -> Lookup:
    """The tables of the splitting column, with a part of the table in place of each set of rules."""
    lookup = lookup_of(columns[split], rules, WIDEST)
    parts: dict[int, Any] = {}
    sets = len({found for found in (*lookup.regions, *lookup.points.values()) if isinstance(found, int)})
    widest = WIDEST * 16 // max(sets, 16)

    def part_of(found: Any) -> Any:
        if not isinstance(found, int):
            return SLOW
        if found not in parts:
            chosen = members(found)
            tables: list[Any] = []
            for i, column in enumerate(columns):
                if i != split:
                    tables += _values(column, lookup_of(column, chosen, widest))
            part = Part(chosen, (), {})
            part.tables = (*tables, part.values, part)
            parts[found] = part.tables
        return parts[found]

    lookup.regions = [part_of(found) for found in lookup.regions]
    if lookup.width:
        lookup.direct = [lookup.regions[bisect_right(lookup.integers, value)] for value in range(lookup.width)]
    lookup.points = {point: part_of(found) for point, found in lookup.points.items()}
    lookup.other, lookup.null = part_of(lookup.other), part_of(lookup.null)
    return lookup


class _Writer:
    """Writes the code of a table from the templates."""

    def __init__(self, columns: Sequence[Column], names: Sequence[str], positional: bool, copy: bool) -> None:
        self.columns = columns
        self.variables = [f"v{i}" for i in range(len(names))]
        self.args = ", ".join(self.variables) if positional else "inputs"
        self.reads = [] if positional else [f"    v{i} = inputs[K{i}]" for i in range(len(names))]
        self.returned = "copied({})" if copy else "{}"

    def whole(self) -> str:
        """The two functions of a table that is not split."""
        lookups = "".join(self._lookup(i) for i in range(len(self.columns)))
        found = " & ".join(f"m{i}" for i in range(len(self.columns))) or "everything"
        return self._functions(lookups, f"R[{found}]", f"(part, {found})")

    def divided(self, split: int) -> str:
        """The two functions of a table split by a column."""
        others = [i for i in range(len(self.columns)) if i != split]
        unpack = ", ".join(f"{letter}{i}" for i in others for letter in _letters(self.columns[i]))
        first = self._lookup(split) + f"\n    {unpack}, R, part = m{split}"
        lookups = first + "".join(self._lookup(i) for i in others)
        found = " & ".join(f"m{i}" for i in others)
        return self._functions(lookups, f"R[{found}]", f"(part, {found})")

    def _functions(self, lookups: str, value: str, rules: str) -> str:
        body = "\n".join(line for line in [*self.reads, lookups.strip("\n")] if line)
        indented = body.replace("\n", "\n  ")
        handler = f"    except (KeyError, TypeError, ArithmeticError, AttributeError): return slow({self.args})"
        found = self.returned.format(value)
        call = f"def call({self.args}):\n    try:\n      {indented.lstrip()}\n      return {found}\n{handler}"
        unknown = body.replace(f"return slow({self.args})", "return None")
        return f"{call}\ndef rules({self.args}):\n{unknown}\n    return {rules}\n"

    def _lookup(self, i: int) -> str:
        column = self.columns[i]
        assert column.kind is not None
        return _TEMPLATES[column.kind].format(v=self.variables[column.input], i=i, args=self.args)


def copied(value: Any) -> Any:
    """A copy of a value that shares nothing that can change."""
    if type(value) is dict:
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if type(value) is list else value
