"""Plain data and typed things: dataclasses become the plain values that are kept, and typed things again.

Plain values are FEEL's: None, bool, str, Decimal, Date, DateTime, list and dict. A dataclass is a dict of its fields.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache, partial
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from anyshore.base import sizes
from anyshore.base.errors import DataError, Diagnostic, InternalError
from anyshore.base.locations import Location
from anyshore.base.temporal import Date, DateTime

T = TypeVar("T")
_MISSING = object()


def to_value(thing: object) -> object:
    """The plain value of a dataclass, sequence, mapping, date or scalar.

    Raises:
        InternalError: it holds something that is no plain value, such as a float.
        TooLargeError: it is larger than one document of ours may be.
    """
    sizes.check(thing, sizes.WRITTEN)
    return _to_value(thing)


_AS_THEY_ARE = frozenset({type(None), bool, str, Decimal, Date, DateTime})


def _to_value(thing: object) -> object:
    if type(thing) in _AS_THEY_ARE:
        return thing
    match thing:
        case None | bool() | str() | Decimal() | Date() | DateTime():
            return thing
        case int():
            return Decimal(thing)
        case date():
            return Date(thing.year, thing.month, thing.day)
        case Mapping():
            return {str(name): _to_value(value) for name, value in thing.items()}
        case list() | tuple():
            return [_to_value(item) for item in thing]
    if is_dataclass(thing) and not isinstance(thing, type):
        return {name: _field(getattr(thing, name)) for name in _names(type(thing))}
    raise InternalError("plain.no-value", f"A {type(thing).__name__} is no plain value.")


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _field(value: object) -> object:
    """The plain value of a field; what it holds was not seen yet by whoever counted the dataclass."""
    if type(value) in _AS_THEY_ARE:
        return value
    return to_value(value) if isinstance(value, (list, tuple, Mapping)) else _to_value(value)


def to_values(thing: object) -> dict[str, object]:
    """The plain values of a dataclass, by field."""
    values = to_value(thing)
    if not isinstance(values, dict):
        raise InternalError("plain.no-value", f"A {type(thing).__name__} has no fields.")
    return values


def from_values(kind: type[T], values: Mapping[str, object], place: str = "") -> T:
    """A dataclass made of plain values.

    Args:
        kind: a dataclass.
        values: a value per field; a field with a default can be left out.
        place: what to call the whole in messages, for example the name of an activity.

    Raises:
        DataError: with every field that is missing, unknown or of another type.
    """
    problems: list[Diagnostic] = []
    made = _dataclass(kind, values, place, problems)
    if problems:
        raise DataError.of(problems)
    assert isinstance(made, kind)
    return made


Converter = Callable[[object, str, list[Diagnostic]], object]
"""Makes a plain value what a type asks for; ``_MISSING`` and a problem where it does not fit."""


@cache
def _converter(kind: Any) -> Converter:
    """What converts to a type: the type is looked at once, not with every value."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _union(kind)
    if origin is Literal:
        return partial(_literal, get_args(kind))
    if origin is tuple:
        return partial(_sequence, _converter(get_args(kind)[0]))
    if origin is dict:
        return _context
    if is_dataclass(kind) and isinstance(kind, type) and kind is not DateTime:
        return partial(_dataclass, kind)
    if kind is object:
        return _anything
    return _date if kind is date else partial(_scalar, kind)


def _anything(value: object, _place: str, _problems: list[Diagnostic]) -> object:
    return value


def _literal(known: tuple[object, ...], value: object, place: str, problems: list[Diagnostic]) -> object:
    return value if value in known else _wrong(f"one of {known}", value, place, problems)


def _context(value: object, place: str, problems: list[Diagnostic]) -> object:
    return dict(value) if isinstance(value, Mapping) else _wrong("a context", value, place, problems)


def _scalar(kind: Any, value: object, place: str, problems: list[Diagnostic]) -> object:
    if type(value) is kind:
        return value
    if kind is int and isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    if kind is Decimal and isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, kind) and not (isinstance(value, bool) and kind is not bool):
        return value
    return _wrong(_WORDS.get(kind, kind.__name__), value, place, problems)


_WORDS = {
    str: "text",
    Decimal: "a number",
    int: "a whole number",
    bool: "true or false",
    date: "a date",
    DateTime: "a date and time",
}


def _union(kind: Any) -> Converter:
    arms = get_args(kind)
    (other,) = (arm for arm in arms if arm is not type(None))
    convert = _converter(other)
    return partial(_optional, convert) if type(None) in arms else convert


def _optional(convert: Converter, value: object, place: str, problems: list[Diagnostic]) -> object:
    return None if value is None else convert(value, place, problems)


def _sequence(convert: Converter, value: object, place: str, problems: list[Diagnostic]) -> object:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return _wrong("a list", value, place, problems)
    # FEEL counts from 1.
    return tuple([convert(item, f"{place}[{i}]", problems) for i, item in enumerate(value, start=1)])


def _date(value: object, place: str, problems: list[Diagnostic]) -> object:
    try:
        if isinstance(value, Date):
            return date(value.year, value.month, value.day)
        if isinstance(value, str):
            return date.fromisoformat(value)
    except ValueError:
        return _wrong("a date of the years 1 to 9999", value, place, problems)
    return value if type(value) is date else _wrong("a date", value, place, problems)


def _dataclass(kind: type[Any], value: object, place: str, problems: list[Diagnostic]) -> object:
    if not isinstance(value, Mapping):
        return _wrong("a context", value, place, problems)
    before = len(problems)
    known = _fields(kind)  # type: ignore[arg-type]  # a class is hashable
    for name in value:
        if name not in known:
            hint = f"Known are: {', '.join(known)}."
            _problem("plain.unknown-field", f"There is no field {name!r}.", place, problems, hint)
    made = {}
    for name, (needed, convert) in known.items():
        if name in value:
            made[name] = convert(value[name], f"{place}.{name}" if place else name, problems)
        elif needed:
            inner = f"{place}.{name}" if place else name
            _problem("plain.missing-field", f"The field {name!r} is missing.", inner, problems)
    return kind(**made) if len(problems) == before else _MISSING


@cache
def _fields(kind: type[Any]) -> dict[str, tuple[bool, Converter]]:
    """By name of a field whether it has to be given, and what converts to its type."""
    hints = get_type_hints(kind)
    return {
        field.name: (field.default is MISSING and field.default_factory is MISSING, _converter(hints[field.name]))
        for field in fields(kind)
    }


def _wrong(expected: str, value: object, place: str, problems: list[Diagnostic]) -> object:
    shown = "null" if value is None else f"{value!r}"[:60]
    _problem("plain.wrong-type", f"Expected is {expected}, found is {shown}.", place, problems)
    return _MISSING


def _problem(code: str, message: str, place: str, problems: list[Diagnostic], hint: str = "") -> None:
    problems.append(Diagnostic(code, message, Location(element=place or None), hint))
