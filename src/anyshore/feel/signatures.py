"""What a row of a table of built-in functions is, and how a call finds its row and fits its arguments.

A row names its parameters with their kinds; arguments are checked and converted here, so the functions themselves
get what they ask for. What does not fit makes the call null, with the reason. Source: DMN 1.5, 10.3.4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from anyshore.base.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from anyshore.feel import types
from anyshore.feel.run import Raw, Run
from anyshore.feel.types import ANY, FeelType
from anyshore.feel.values import Function, Parameter, Range

_MIDNIGHT = Time(0, 0, 0, 0, 0)
_LEFT_OUT = object()
_REMEMBERED = 20


class BuiltinFunction(Function):
    """A built-in function, with all its rows."""

    __slots__ = ("choices", "direct", "rows")

    rows: tuple[Row, ...]
    direct: dict[int, Direct]
    choices: dict[tuple[int, tuple[str, ...] | None], tuple[Row, ...]]

    def invoke(self, run: Run, rows: Sequence[Row], arguments: list[object], names: tuple[str, ...] | None) -> object:
        """Call the first of some rows the arguments fit, as they are if possible, else converted."""
        first: tuple[P, object] | None = None
        for convert in (False, True):
            for row in rows:
                fitted = row.fit(row.order(arguments, names), convert)
                if isinstance(fitted, list):
                    return row.body(run, *fitted)
                first = fitted if convert and first is None else first
        assert first is not None
        parameter, value = first
        template = "the argument “{}” of {}() is {}, not {}"
        return run.none(
            run.place, "feel.arguments", template, Raw(parameter.name), Raw(self.name), value, Raw(parameter.wanted)
        )


@dataclass(frozen=True, slots=True)
class Kind:
    """What an argument may be: the Python types of its values, for speed, and its name in messages."""

    name: str
    python: frozenset[type]
    feel: FeelType = ANY


def _kind(feel: FeelType, *python: type) -> Kind:
    return Kind(str(feel), frozenset(python), feel)


NUMBER = _kind(types.NUMBER, Decimal)
STRING = _kind(types.STRING, str)
BOOLEAN = _kind(types.BOOLEAN, bool)
DATE = _kind(types.DATE, Date)
TIME = _kind(types.TIME, Time)
DATE_AND_TIME = _kind(types.DATE_AND_TIME, DateTime)
DAYS_DURATION = _kind(types.DAYS_DURATION, DaysDuration)
MONTHS_DURATION = _kind(types.MONTHS_DURATION, MonthsDuration)
LIST = _kind(types.ANY_LIST, list)
CONTEXT = _kind(types.ANY_CONTEXT, dict)
RANGE = _kind(types.ANY_RANGE, Range)
FUNCTION = _kind(types.ANY_FUNCTION, Function, BuiltinFunction)
ANYTHING = Kind("anything", frozenset())
NOT_NULL = Kind(
    "a value",
    frozenset(
        (
            Decimal,
            str,
            bool,
            Date,
            Time,
            DateTime,
            DaysDuration,
            MonthsDuration,
            list,
            dict,
            Range,
            Function,
            BuiltinFunction,
        )
    ),
)
DAY = Kind("date or date and time", frozenset((Date, DateTime)))
CLOCK = Kind("time or date and time", frozenset((Time, DateTime)))
DURATION = Kind("duration", frozenset((DaysDuration, MonthsDuration)))
POINT = Kind(
    "a value that can be compared",
    frozenset((Decimal, str, Date, Time, DateTime, DaysDuration, MonthsDuration)),
)


@dataclass(frozen=True, slots=True)
class P:
    """A parameter of a row.

    Attributes:
        name: for named arguments.
        kind: what it takes.
        optional: whether it may be left out.
        nullable: whether null is as good as left out; the function then gets None.
    """

    name: str
    kind: Kind = ANYTHING
    optional: bool = False
    nullable: bool = False

    @property
    def wanted(self) -> str:
        """Its kind, in words."""
        return self.kind.name

    def fits(self, value: object) -> bool:
        """Whether a value can be used as it is."""
        accepted = self.kind.python
        return not accepted or type(value) in accepted or (value is None and self.nullable)

    def convert(self, value: object) -> tuple[object, bool]:
        """The value after the implicit conversions, and whether it fits then."""
        accepted = self.kind.python
        if list in accepted and value is not None and not isinstance(value, list):
            return [value], True
        if isinstance(value, list) and len(value) == 1 and type(value[0]) in accepted:
            return value[0], True
        if isinstance(value, Date) and DateTime in accepted:
            return DateTime(value, _MIDNIGHT), True
        return None, False


@dataclass(frozen=True, slots=True)
class Row:
    """One form of a built-in function.

    Attributes:
        name: as FEEL writes it.
        parameters: in order.
        body: called with the run and one argument per parameter (None for one left out); a parameter that takes all
            the rest gets a list.
        result: type of what it gives.
        many: ``elements`` if the list may also be given as arguments, as in ``sum(1, 2)``; ``rest`` if the last
            parameter takes all further arguments, as in ``append(list, 1, 2)``.
    """

    name: str
    parameters: tuple[P, ...]
    body: Callable[..., object]
    result: FeelType = ANY
    many: Literal["", "elements", "rest"] = ""

    def takes(self, count: int, names: tuple[str, ...] | None) -> bool:
        """Whether a call with that many arguments, or with those names, can be of this form."""
        if names is not None:
            known = {parameter.name for parameter in self.parameters}
            # Parameters not named are null (10.3.2.13.5), so a required one fails later, with a better message.
            return known.issuperset(names) and len(set(names)) == len(names)
        if self.many == "elements":
            return count >= 1
        required_count = sum(not parameter.optional for parameter in self.parameters)
        return required_count <= count and (self.many == "rest" or count <= len(self.parameters))

    def names_in_order(self, names: tuple[str, ...]) -> bool:
        """Whether some of its parameters' names are written in the order of the parameters."""
        own = [parameter.name for parameter in self.parameters]
        return [name for name in own if name in names] == list(names)

    def order(self, arguments: list[object], names: tuple[str, ...] | None) -> list[object]:
        """One argument per parameter."""
        size = len(self.parameters)
        if names is not None:
            given = dict(zip(names, arguments, strict=True))
            ordered = [given.get(one.name, _LEFT_OUT if one.optional else None) for one in self.parameters]
            if self.many == "rest" and not isinstance(ordered[-1], list):
                ordered[-1] = [ordered[-1]]
            return ordered
        if self.many == "elements":
            return [arguments] if len(arguments) > 1 else list(arguments)
        if self.many == "rest":
            return [*arguments[: size - 1], arguments[size - 1 :]]
        return arguments

    def fit(self, arguments: list[object], convert: bool) -> list[object] | tuple[P, object]:
        """The arguments, all fitting, or the first parameter one does not fit, with that one."""
        missing = len(self.parameters) - len(arguments)
        fitted = [*arguments, *([_LEFT_OUT] * missing)]
        for at, parameter in enumerate(self.parameters):
            value = fitted[at]
            if value is _LEFT_OUT:
                fitted[at] = None
            elif not parameter.fits(value):
                fitted[at], fits = parameter.convert(value) if convert else (None, False)
                if not fits:
                    return parameter, value
        return fitted


Direct = tuple[Callable[..., object], tuple[frozenset[type], ...], tuple[None, ...]]
"""A function, what its arguments are where nothing needs to be converted, and what stands for those left out."""


def direct(function: BuiltinFunction, row: Row, count: int) -> Direct:
    """What calls a row with so many arguments by position, where all fit as they are."""
    found = function.direct.get(count)
    if found is None:
        given = row.parameters[:count]
        kinds = tuple(
            one.kind.python | {type(None)} if one.nullable and one.kind.python else one.kind.python for one in given
        )
        if row.many and (row.many == "rest" or count != 1):
            kinds = (_NEVER,) * count
        found = row.body, kinds, (None,) * (len(row.parameters) - count)
        if count < _REMEMBERED:
            function.direct[count] = found
    return found


_NEVER: frozenset[type] = frozenset((type,))


def choose(function: BuiltinFunction, count: int, names: tuple[str, ...] | None) -> tuple[Sequence[Row], str]:
    """The rows a call can be of, or why there is none."""
    rows = function.choices.get((count, names))
    if rows is None:
        rows = tuple(row for row in function.rows if row.takes(count, names))
        if names is not None and len(rows) > 1:
            # Forms that differ in the order of their parameters only, as of before(), are told by the order written.
            rows = tuple(sorted(rows, key=lambda row: not row.names_in_order(names)))
        if names is None and count < _REMEMBERED:
            function.choices[count, names] = rows
    if rows:
        return rows, ""
    forms = " or ".join(
        f"{function.name}({', '.join(p.name + ('?' if p.optional else '') for p in row.parameters)})"
        for row in function.rows
    )
    return (), f"the arguments do not fit {forms}"


def functions(rows: Iterable[Row]) -> Mapping[str, BuiltinFunction]:
    """The functions by name; rows of one name are its forms, the first that fits is called."""
    by_name: dict[str, list[Row]] = {}
    for row in rows:
        by_name.setdefault(row.name, []).append(row)
    return {name: _function(name, tuple(group)) for name, group in by_name.items()}


def _function(name: str, rows: tuple[Row, ...]) -> BuiltinFunction:
    first = rows[0]

    def body(run: Run, arguments: Sequence[object]) -> object:
        return made.invoke(run, rows, list(arguments), None)

    parameters = tuple(Parameter(one.name, one.kind.feel) for one in first.parameters)
    made = BuiltinFunction(name, parameters, body, first.result)
    object.__setattr__(made, "rows", rows)
    object.__setattr__(made, "choices", {})
    object.__setattr__(made, "direct", {})
    return made
