"""Values as text: as ``string()`` gives them, and as literals that can be read back."""

from __future__ import annotations

from decimal import Decimal

from anyshore.base.decimals import plain
from anyshore.base.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from anyshore.feel.lexer import tokenize
from anyshore.feel.values import Function, Range

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def to_string(value: object) -> str:
    """The value as ``string()`` gives it: a string is itself, times are ISO 8601."""
    if isinstance(value, str):
        return value
    if isinstance(value, (Date, Time, DateTime, DaysDuration, MonthsDuration)):
        return str(value)
    return format_value(value)


def format_value(value: object) -> str:
    """The value as a FEEL literal: reading it back gives an equal value (functions excepted)."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case Decimal():
            return plain(value)
        case str():
            return f'"{value.translate(_ESCAPES)}"'
        case list():
            return f"[{', '.join(map(format_value, value))}]"
        case dict():
            return f"{{{', '.join(f'{_key(key)}: {format_value(item)}' for key, item in value.items())}}}"
        case Range():
            return _range(value)
        case Function():
            return f"function({', '.join(parameter.name for parameter in value.parameters)})"
    return f'@"{value}"'


def _key(key: str) -> str:
    tokens = tokenize(key)
    if set(tokens.kinds[:-1]) == {"name"} and " ".join(tokens.texts[:-1]) == key:
        return key
    return f'"{key.translate(_ESCAPES)}"'


def _range(value: Range) -> str:
    if value.operator:
        end = value.end if value.operator in ("<", "<=") else value.start
        return f"({value.operator} {format_value(end)})"
    opening = "[" if value.start_included else "("
    closing = "]" if value.end_included else ")"
    return f"{opening}{format_value(value.start)}..{format_value(value.end)}{closing}"
