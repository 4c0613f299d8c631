"""Types as values: what ``instance of``, item definitions and the static checker speak about.

Source: DMN 1.5, 10.3.2.1 (lattice), 10.3.2.9 (conformance, implicit conversions), grammar rule 54.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from anyshore.base.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from anyshore.feel.values import Function, Range

if TYPE_CHECKING:
    from anyshore.feel.run import Run


@dataclass(frozen=True, slots=True)
class FeelType:
    """A type of FEEL. The simple ones are the constants of this module.

    Attributes:
        name: as FEEL writes it.
    """

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, init=False)
class ListType(FeelType):
    """``list<element>``."""

    element: FeelType

    def __init__(self, element: FeelType) -> None:
        object.__setattr__(self, "name", f"list<{element}>")
        object.__setattr__(self, "element", element)


@dataclass(frozen=True, slots=True, init=False)
class ContextType(FeelType):
    """``context<name: type, …>``: a context with at least these entries."""

    entries: tuple[tuple[str, FeelType], ...]

    def __init__(self, entries: Mapping[str, FeelType] | tuple[tuple[str, FeelType], ...] = ()) -> None:
        pairs = tuple(entries.items()) if isinstance(entries, Mapping) else tuple(entries)
        text = ", ".join(f"{key}: {value}" for key, value in pairs)
        object.__setattr__(self, "name", f"context<{text}>" if text else "context")
        object.__setattr__(self, "entries", pairs)

    def entry(self, name: str) -> FeelType | None:
        """The type of an entry, or None if the type says nothing of it."""
        return next((of for key, of in self.entries if key == name), None)


_LONGEST_NAME = 10_000


def context_type(entries: Mapping[str, FeelType]) -> FeelType:
    """The type of a context; of one whose type is too long to be written, only that it is one.

    One entry's type may stand in those of many others, so that it can grow without bound.
    """
    if sum(len(key) + len(kind.name) + 4 for key, kind in entries.items()) > _LONGEST_NAME:
        return ANY_CONTEXT
    return ContextType(entries)


@dataclass(frozen=True, slots=True, init=False)
class RangeType(FeelType):
    """``range<of>``."""

    of: FeelType

    def __init__(self, of: FeelType) -> None:
        object.__setattr__(self, "name", f"range<{of}>")
        object.__setattr__(self, "of", of)


@dataclass(frozen=True, slots=True, init=False)
class FunctionType(FeelType):
    """``function<parameter, …> -> result``."""

    parameters: tuple[FeelType, ...]
    result: FeelType

    def __init__(self, parameters: tuple[FeelType, ...], result: FeelType) -> None:
        object.__setattr__(self, "name", f"function<{', '.join(map(str, parameters))}> -> {result}")
        object.__setattr__(self, "parameters", parameters)
        object.__setattr__(self, "result", result)


@dataclass(frozen=True, slots=True)
class NamedType(FeelType):
    """A type the model defines under a name, not looked up yet."""


ANY = FeelType("Any")
NULL = FeelType("Null")
NUMBER = FeelType("number")
STRING = FeelType("string")
BOOLEAN = FeelType("boolean")
DATE = FeelType("date")
TIME = FeelType("time")
DATE_AND_TIME = FeelType("date and time")
DAYS_DURATION = FeelType("days and time duration")
MONTHS_DURATION = FeelType("years and months duration")
ANY_LIST = ListType(ANY)
ANY_CONTEXT = ContextType()
ANY_RANGE = RangeType(ANY)
# Any function at all: `instance_of` asks nothing of its parameters.
ANY_FUNCTION = FeelType("function")

SIMPLE_TYPES: Mapping[str, FeelType] = {
    "Any": ANY, "any": ANY, "Null": NULL, "number": NUMBER, "string": STRING, "boolean": BOOLEAN, "date": DATE,
    "time": TIME, "date and time": DATE_AND_TIME, "dateTime": DATE_AND_TIME,
    "days and time duration": DAYS_DURATION, "dayTimeDuration": DAYS_DURATION,
    "years and months duration": MONTHS_DURATION, "yearMonthDuration": MONTHS_DURATION,
    "list": ANY_LIST, "context": ANY_CONTEXT, "range": ANY_RANGE, "function": ANY_FUNCTION,
}  # fmt: skip

_OF_PYTHON: Mapping[type, FeelType] = {
    Decimal: NUMBER, str: STRING, bool: BOOLEAN, Date: DATE, Time: TIME, DateTime: DATE_AND_TIME,
    DaysDuration: DAYS_DURATION, MonthsDuration: MONTHS_DURATION, type(None): NULL,
}  # fmt: skip


def type_of(value: object) -> FeelType:
    """The most special type a value has."""
    return _type_of(value, {})


def _type_of(value: object, seen: dict[int, FeelType]) -> FeelType:
    simple = _OF_PYTHON.get(type(value))
    if simple is not None:
        return simple
    if id(value) in seen:
        return seen[id(value)]
    kind: FeelType = ANY
    if isinstance(value, list):
        kind = ListType(join_all([_type_of(item, seen) for item in value]))
    elif isinstance(value, dict):
        kind = context_type({key: _type_of(item, seen) for key, item in value.items()})
    elif isinstance(value, Range):
        kind = RangeType(_type_of(value.start if value.start is not None else value.end, seen))
    elif isinstance(value, Function):
        kind = function_type(value)
    seen[id(value)] = kind
    return kind


def function_type(function: Function) -> FunctionType:
    """The type of a function value; a parameter or result without a written type is Any."""
    parameters = tuple(_as_type(parameter.type) for parameter in function.parameters)
    result = function.inferred() if function.result is None and function.inferred is not None else function.result
    return FunctionType(parameters, _as_type(result))


def _as_type(found: object) -> FeelType:
    return found if isinstance(found, FeelType) else ANY


def join_all(types: Iterable[FeelType]) -> FeelType:
    """The most special type all of some types conform to; Null if there are none."""
    result: FeelType | None = None
    for one in types:
        result = one if result is None else join(result, one)
    return result or NULL


def join(left: FeelType, right: FeelType) -> FeelType:
    """The more general of two types, or Any where neither is."""
    if conforms(left, right):
        return right
    return left if conforms(right, left) else ANY


def conforms(kind: FeelType, to: FeelType) -> bool:
    """Whether every value of a type is a value of another (10.3.2.9.3). Null conforms to every type."""
    if to is ANY or kind == to or kind is NULL:
        return True
    match to:
        case ListType(element=element):
            return isinstance(kind, ListType) and conforms(kind.element, element)
        case RangeType(of=of):
            return isinstance(kind, RangeType) and conforms(kind.of, of)
        case ContextType(entries=entries):
            return isinstance(kind, ContextType) and all(
                (own := kind.entry(name)) is not None and conforms(own, wanted) for name, wanted in entries
            )
        case FunctionType(parameters=parameters, result=result):
            return (
                isinstance(kind, FunctionType)
                and len(kind.parameters) == len(parameters)
                and all(conforms(theirs, own) for own, theirs in zip(kind.parameters, parameters, strict=True))
                and conforms(kind.result, result)
            )
    return to is ANY_FUNCTION and isinstance(kind, FunctionType)


def instance_of(value: object, kind: FeelType, run: Run | None = None) -> bool:
    """``value instance of kind``: null is an instance of Null only, but may stand inside lists and contexts."""
    return has_type(value, kind, None, run) if value is not None else kind is NULL


def has_type(value: object, kind: FeelType, seen: set[tuple[int, int]] | None = None, run: Run | None = None) -> bool:
    """Whether a value may stand where a type is wanted; null always may. What it looks at is taken from a run's budget.

    Args:
        value: a FEEL value.
        kind: the type.
        seen: parts and types known to fit.
        run: whose budget it is.
    """
    # Lists and contexts found to fit are remembered, as one value may stand in many places.
    if value is None or kind is ANY:
        return True
    simple = _OF_PYTHON.get(type(value))
    if simple is not None:
        return simple is kind
    if isinstance(kind, (ListType, ContextType, RangeType)):
        pair = (id(value), id(kind))
        if seen is None:
            seen = set()
        elif pair in seen:
            return True
        fits = _container_fits(value, kind, seen, run)
        if fits:
            seen.add(pair)
        return fits
    return isinstance(value, Function) and conforms(function_type(value), kind)


def _container_fits(
    value: object, kind: ListType | ContextType | RangeType, seen: set[tuple[int, int]], run: Run | None
) -> bool:
    if isinstance(kind, RangeType):
        return isinstance(value, Range) and all(has_type(end, kind.of, seen, run) for end in value.parts())
    if isinstance(kind, ListType):
        element = kind.element
        if not isinstance(value, list) or element is ANY:
            return isinstance(value, list)
        if run is not None:
            run.spend(len(value))
        return all(has_type(item, element, seen, run) for item in value)
    if run is not None:
        run.spend(len(kind.entries))
    return isinstance(value, dict) and all(
        name in value and has_type(value[name], wanted, seen, run) for name, wanted in kind.entries
    )


_MIDNIGHT = Time(0, 0, 0, 0, 0)


def coerce(value: object, kind: FeelType, run: Run | None = None) -> tuple[object, bool]:
    """A value made to fit a type by the implicit conversions (10.3.2.9.4), and whether it does.

    A list of one element fits its element's type, a single value a list's, a date is its midnight in UTC. What does
    not fit becomes null. What it looks at is taken from a run's budget.
    """
    if has_type(value, kind, None, run):
        return value, True
    if isinstance(kind, ListType):
        item, fits = (value, False) if isinstance(value, list) else coerce(value, kind.element, run)
        return ([item], True) if fits else (None, False)
    if isinstance(value, list) and len(value) == 1 and not isinstance(value[0], list):
        return coerce(value[0], kind, run)  # one list is taken off, not one within another
    if kind is DATE_AND_TIME and isinstance(value, Date):
        return DateTime(value, _MIDNIGHT), True
    if isinstance(kind, FunctionType) and isinstance(value, Function):
        return _as_declared(value, kind)
    return None, False


def _as_declared(function: Function, kind: FunctionType) -> tuple[Function | None, bool]:
    """A function as one of a wanted type, where it declares no types that say otherwise.

    What it does not declare may be anything (10.3.2.9.2), so it is held to the wanted result when it is called.
    """
    found = function_type(function)
    parameters = len(found.parameters) == len(kind.parameters) and all(
        conforms(theirs, own) for own, theirs in zip(found.parameters, kind.parameters, strict=True)
    )
    if not parameters or function.result is not None or found.result is not ANY:
        return None, False
    return Function(function.name, function.parameters, function.body, kind.result, function.inferred), True


def resolve(kind: FeelType, types: Mapping[str, FeelType]) -> FeelType:
    """A type with the names the model defines put in.

    Raises:
        KeyError: a name is defined neither by FEEL nor by ``types``; the argument is the name.
    """
    match kind:
        case NamedType(name=name):
            return types[name]
        case ListType(element=element):
            return ListType(resolve(element, types))
        case RangeType(of=of):
            return RangeType(resolve(of, types))
        case ContextType(entries=entries):
            return ContextType(tuple((name, resolve(of, types)) for name, of in entries))
        case FunctionType(parameters=parameters, result=result):
            return FunctionType(tuple(resolve(one, types) for one in parameters), resolve(result, types))
    return kind
