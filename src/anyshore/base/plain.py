"""Plain data and typed things: dataclasses become the plain values that are kept, and typed things again.

Plain values are FEEL's: None, bool, str, Decimal, Date, list and dict. A dataclass is a dict of its fields.
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from anyshore.base import sizes
from anyshore.base.errors import DataError, Diagnostic, InternalError
from anyshore.base.locations import Location
from anyshore.base.temporal import Date

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


def _to_value(thing: object) -> object:
    match thing:
        case None | bool() | str() | Decimal() | Date():
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
        return {field.name: _field(getattr(thing, field.name)) for field in fields(thing)}
    raise InternalError("plain.no-value", f"A {type(thing).__name__} is no plain value.")


def _field(value: object) -> object:
    """The plain value of a field; what it holds was not seen yet by whoever counted the dataclass."""
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


def _convert(kind: Any, value: object, place: str, problems: list[Diagnostic]) -> object:
    """A value as the type asks for; ``_MISSING`` and a problem where it does not fit."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _union(kind, value, place, problems)
    if origin is Literal:
        return value if value in get_args(kind) else _wrong(f"one of {get_args(kind)}", value, place, problems)
    if origin is tuple:
        return _sequence(get_args(kind)[0], value, place, problems)
    if origin is dict:
        return dict(value) if isinstance(value, Mapping) else _wrong("a context", value, place, problems)
    if is_dataclass(kind) and isinstance(kind, type):
        return _dataclass(kind, value, place, problems)
    return _scalar(kind, value, place, problems)


def _scalar(kind: Any, value: object, place: str, problems: list[Diagnostic]) -> object:
    if kind is object:
        return value
    if kind is date:
        return _date(value, place, problems)
    if kind is int and isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    if kind is Decimal and isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, kind) and not (isinstance(value, bool) and kind is not bool):
        return value
    return _wrong(_WORDS.get(kind, kind.__name__), value, place, problems)


_WORDS = {str: "text", Decimal: "a number", int: "a whole number", bool: "true or false", date: "a date"}


def _union(kind: Any, value: object, place: str, problems: list[Diagnostic]) -> object:
    if value is None and type(None) in get_args(kind):
        return None
    (other,) = (arm for arm in get_args(kind) if arm is not type(None))
    return _convert(other, value, place, problems)


def _sequence(kind: Any, value: object, place: str, problems: list[Diagnostic]) -> object:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return _wrong("a list", value, place, problems)
    # FEEL counts from 1.
    return tuple(_convert(kind, item, f"{place}[{i}]", problems) for i, item in enumerate(value, start=1))


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
    for name, (field, hint_type) in known.items():
        inner = f"{place}.{name}" if place else name
        if name in value:
            made[name] = _convert(hint_type, value[name], inner, problems)
        elif field.default is MISSING and field.default_factory is MISSING:
            _problem("plain.missing-field", f"The field {name!r} is missing.", inner, problems)
    return kind(**made) if len(problems) == before else _MISSING


@cache
def _fields(kind: type[Any]) -> dict[str, tuple[Field[Any], Any]]:
    hints = get_type_hints(kind)
    return {field.name: (field, hints[field.name]) for field in fields(kind)}


def _wrong(expected: str, value: object, place: str, problems: list[Diagnostic]) -> object:
    shown = "null" if value is None else f"{value!r}"[:60]
    _problem("plain.wrong-type", f"Expected is {expected}, found is {shown}.", place, problems)
    return _MISSING


def _problem(code: str, message: str, place: str, problems: list[Diagnostic], hint: str = "") -> None:
    problems.append(Diagnostic(code, message, Location(element=place or None), hint))
