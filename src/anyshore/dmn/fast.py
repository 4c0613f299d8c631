"""A decision table as one flat Python function, for hot use.

The function takes the inputs, looks each up in its column's index and finds the value under what it found there. Where
the columns have few classes of values, every combination of classes has a number, and the value stands under the sum
of the columns' parts of it; else the sets of rules are intersected and the value stands under the set. The same rules
give the same outputs, so a value is computed once. Whatever does not fit this form (a value of another kind, a missing
input, an output that is no constant) goes the general way, so the results are those of :meth:`Model.decide`.

The code is generated from templates of this module; names and values of a model are passed to it, never written in it.
"""

from __future__ import annotations

import ast
import datetime
import math
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal
from types import CodeType
from typing import Any
from zoneinfo import ZoneInfo

from anyshore.base.temporal import NANOS, Date, DateTime, DaysDuration, MonthsDuration, Time
from anyshore.dmn.cells import Cell, Cut, Kind
from anyshore.dmn.index import ColumnIndex, build
from anyshore.feel.values import from_python

# Up to so many combinations of classes are numbered.
NUMBERED = 1 << 17
# A float stands for its shortest decimal; up to here that keeps the order of decimals (15 digits always survive).
EXACT_DIGITS = 15
EXACT_LIMIT = Decimal(10) ** EXACT_DIGITS
HUGE = 1e30
# The tables from whole numbers straight to rules: at least so long, and at most.
NARROWEST, WIDEST = 1024, 8192
MAX_VALUES = 200_000
_NEXT = Context(prec=34, Emax=9999, Emin=-9999)


class _Slow:
    """Stands where only the general way knows the answer; intersecting with it raises TypeError."""


SLOW: Any = _Slow()
UNSEEN: Any = object()


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
        integers: the cuts for whole numbers.
        floats: the cuts for floats.
        keys: the cuts for the keys of the kind; decimals, for numbers.
        regions: the rules between the cuts.
        points: the rules by value, for kinds without order.
        other: the rules for a value that no cell names.
        null: the rules for null.
    """

    integers: list[int]
    floats: list[float]
    keys: list[Any]
    regions: list[Any]
    points: dict[object, Any]
    other: Any
    null: Any

    def sets(self) -> list[int]:
        """The different sets of rules a value can find."""
        found = [*self.regions, *self.points.values(), self.other, self.null]
        return [one for one in dict.fromkeys(found) if one is not SLOW]

    def replace(self, by: dict[int, int]) -> None:
        """Puts something else in place of each set of rules."""
        self.regions = [by.get(found, SLOW) for found in self.regions]
        self.points = {point: by.get(found, SLOW) for point, found in self.points.items()}
        self.other, self.null = by.get(self.other, SLOW), by.get(self.null, SLOW)


def lookup_of(column: Column, *, quiet: bool = False) -> Lookup:
    """The tables of a column, but for the direct one; ``quiet`` as for ``generate``."""
    cells = column.cells
    index = build([*cells, *column.allowed, *column.listed], column.kind)
    count = len(cells)
    own = (1 << count) - 1
    allowed = ((1 << len(column.allowed)) - 1) << count
    listed = ((1 << len(column.listed)) - 1) << (count + len(column.allowed))
    null = SLOW if quiet or index.null & listed != listed else index.null & own

    def settle(found: int) -> Any:
        if found & listed != listed:
            return SLOW
        return null if found & allowed != allowed else found & own

    regions = [settle(found) for found in index.regions]
    points = {point: settle(found) for point, found in index.points.items()}
    lookup = Lookup([], [], [key + after for key, after in index.cuts], regions, points, settle(index.other), null)
    if column.kind == "number":
        _numbers(lookup, index)
    return lookup


def _numbers(lookup: Lookup, index: ColumnIndex) -> None:
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
    if type({v}) is int: m{i} = T{i}[{v}] if {v} < W{i} and {v} >= 0 else M{i}[bisect(I{i}, {v})]
    elif type({v}) is float: m{i} = M{i}[bisect(F{i}, {v})]
    elif type({v}) is Decimal: m{i} = M{i}[bisect(X{i}[0], {v})]
    elif {v} is None: m{i} = X{i}[1]
    else: return slow({args})"""
_DATE = """
    if type({v}) is date or type({v}) is Date:
        m{i} = M{i}[bisect(X{i}[0], {v}.year * 10000 + {v}.month * 100 + {v}.day)]
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
_MOMENT = """
    if {v} is None: m{i} = X{i}[1]
    else: m{i} = M{i}[bisect(X{i}[0], {key}({v}))]"""
_INSTANTS: dict[Kind, str] = {
    "moment": "moment", "local moment": "local_moment", "time": "time", "local time": "local_time",
}  # fmt: skip
_TEMPLATES: dict[Kind, str] = {
    "number": _NUMBER,
    "date": _DATE,
    "days": _DURATION.replace("{type}", "DaysDuration").replace("{key}", "nanoseconds"),
    "months": _DURATION.replace("{type}", "MonthsDuration").replace("{key}", "months"),
    "string": _STRING,
    "boolean": _BOOLEAN,
    **{kind: _MOMENT.replace("{key}", name) for kind, name in _INSTANTS.items()},
}


def _instant_of(kind: Kind) -> Callable[[Any], int]:
    """From a value, FEEL's or Python's, to its key; raises TypeError for one that is not of the kind."""
    local, of_feel = kind.startswith("local"), DateTime if kind.endswith("moment") else Time
    of_python = datetime.datetime if of_feel is DateTime else datetime.time
    quick = {type(None)} if local else {ZoneInfo}
    epoch = datetime.datetime(1970, 1, 1, tzinfo=None if local else datetime.UTC)

    def instant(value: Any) -> int:
        if type(value) is of_python is datetime.datetime and type(value.tzinfo) in quick:
            since = value - epoch
            return (since.days * 86_400 + since.seconds) * NANOS + since.microseconds * 1000
        if type(value) is of_python:
            value = from_python(value)
        if type(value) is not of_feel or value.is_local is not local:
            raise TypeError(f"no {kind}")
        return value.instant

    return instant


def _tables(i: int, column: Column, lookup: Lookup) -> dict[str, Any]:
    """What the templates read of a column, by name; X holds what is rarely wanted."""
    tables: dict[str, Any] = {"X": (lookup.keys, lookup.null)}
    match column.kind:
        case "number":
            direct = _direct(lookup)
            tables |= {"T": direct, "W": len(direct), "I": lookup.integers, "F": lookup.floats, "M": lookup.regions}
        case "string" | "boolean":
            tables |= {"P": lookup.points, "O": lookup.other}
        case _:
            tables["M"] = lookup.regions
    return {f"{letter}{i}": value for letter, value in tables.items()}


def _direct(lookup: Lookup) -> list[Any]:
    """What is found for each whole number from 0 on, past the last cut if that is not far."""
    last = lookup.integers[-2] if len(lookup.integers) > 2 else 0
    width = max(NARROWEST, last + 1) if last < WIDEST else 0
    return [lookup.regions[bisect_right(lookup.integers, value)] for value in range(width)]


@dataclass(slots=True)
class Flat:
    """The generated functions of a table.

    Attributes:
        call: from the inputs to the value; raises nothing, and goes the general way where ``values`` has no answer.
        key: from the inputs to the key of their value; something else or TypeError where they have none.
        rules: from a key to the set of rules that match.
        values: what the function answers, by key.
    """

    call: Callable[..., Any]
    key: Callable[..., Any]
    rules: Callable[[int], int]
    values: list[Any] | dict[int, Any]


def generate(
    columns: Sequence[Column],
    names: Sequence[str],
    count: int,
    slow: Callable[..., Any],
    *,
    positional: bool,
    copy: bool,
    quiet: bool = False,
) -> Flat:
    """Writes and compiles the function of a table.

    Args:
        columns: its columns.
        names: its inputs.
        count: how many rules it has.
        slow: the general way; takes what the function takes.
        positional: whether the function takes the inputs one by one instead of a mapping.
        copy: whether values can change and must be copied for each caller.
        quiet: whether inputs of which there may be something to report (null, and values their type does not admit)
            go the general way.
    """
    used = [column for column in columns if column.kind is not None]
    lookups = [lookup_of(column, quiet=quiet) for column in used]
    classes = [lookup.sets() for lookup in lookups]
    size = math.prod(map(len, classes))
    numbered = size <= NUMBERED
    if numbered:
        stride = 1
        for lookup, sets in zip(lookups, classes, strict=True):
            lookup.replace({found: number * stride for number, found in enumerate(sets)})
            stride *= len(sets)
    space: dict[str, Any] = {
        "bisect": bisect_right, "Decimal": Decimal, "Date": Date, "date": datetime.date, "DaysDuration": DaysDuration,
        "MonthsDuration": MonthsDuration, "slow": slow, "copied": copied, "unseen": UNSEEN,
        "R": [UNSEEN] * size if numbered else {},
        **{name: _instant_of(kind) for kind, name in _INSTANTS.items()},
    }  # fmt: skip
    space.update({f"K{i}": name for i, name in enumerate(names)})
    for i, (column, lookup) in enumerate(zip(used, lookups, strict=True)):
        space.update(_tables(i, column, lookup))
    source = _source(used, len(names), positional, copy, " + " if numbered else " & ")
    exec(_bound(source, space) if used else source, space)  # noqa: S102 - text of this module's templates only
    everything = (1 << count) - 1
    return Flat(space["call"], space["key"], _decoder(classes, everything) if numbered else int, space["R"])


def _bound(source: str, space: dict[str, Any]) -> CodeType:
    """The compiled source with the tables of the columns as constants of its code.

    A global is looked up by every call, and a call copies what it uses of an enclosing function; a constant is there.
    The compiler takes plain constants only, so each table has a text in its place until the code is made.
    """
    places = {f"\0{name}": value for name, value in space.items() if _TABLE.fullmatch(name)}

    class Places(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            place = f"\0{node.id}"
            return ast.copy_location(ast.Constant(place), node) if place in places else node

    def filled(code: CodeType) -> CodeType:
        constants = (
            filled(one) if isinstance(one, CodeType) else places[one] if isinstance(one, str) and one in places else one
            for one in code.co_consts
        )
        return code.replace(co_consts=tuple(constants))

    return filled(compile(Places().visit(ast.parse(source)), "<decision table>", "exec"))


# Only what is used with an index that is no constant: the compiler would take a letter of the text in its place.
_TABLE = re.compile(r"R|[KPOTWIFM]\d+")


def _decoder(classes: Sequence[Sequence[int]], everything: int) -> Callable[[int], int]:
    """From the number of a combination of classes to the rules they share."""

    def rules(number: int) -> int:
        found = everything
        for sets in classes:
            number, at = divmod(number, len(sets))
            found &= sets[at]
        return found

    return rules


def _source(columns: Sequence[Column], names: int, positional: bool, copy: bool, together: str) -> str:
    """The code of the two functions, from the templates."""
    variables = [f"v{i}" for i in range(names)]
    args = ", ".join(variables) if positional else "inputs"
    lines = [] if positional else [f"    v{i} = inputs[K{i}]" for i in range(names)]
    for i, column in enumerate(columns):
        assert column.kind is not None
        lines.append(_TEMPLATES[column.kind].format(v=variables[column.input], i=i, args=args).strip("\n"))
    body = "\n".join(lines) or "    pass"
    key = together.join(f"m{i}" for i in range(len(columns))) or "0"
    value = "copied(r)" if copy else "r"
    unknown = body.replace(f"return slow({args})", "return None")
    return (
        f"def call({args}):\n  try:\n{body}\n    r = R[{key}]\n    if r is not unseen: return {value}\n"
        f"  except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError): pass\n"
        f"  return slow({args})\n"
        f"def key({args}):\n{unknown}\n    return {key}\n"
    )


def copied(value: Any) -> Any:
    """A copy of a value that shares nothing that can change."""
    if type(value) is dict:
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if type(value) is list else value
