"""Plain data as the YAML people read: a line per value, short lists in one line, quotes only where they are needed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from anyshore.params import marked

_SIMPLE = re.compile(r"[^\W_][\w ./()+–’äöüÄÖÜß-]*")
"""Texts that no YAML reader takes for anything else, unless they look like a number, a date or a word of YAML."""
_UNSEEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
"""Characters YAML takes only as escapes (YAML 1.2, 5.1), or for breaks of lines."""


def written(data: dict[str, Any]) -> str:
    """A mapping as YAML."""
    return "".join(f"{line}\n" for line in _mapping(data))


def _mapping(data: dict[str, Any]) -> Iterator[str]:
    for name, value in data.items():
        key = _scalar(str(name))
        if isinstance(value, dict) and value:
            yield f"{key}:"
            yield from (f"  {line}" for line in _mapping(value))
        elif isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
            yield f"{key}:"
            yield from (f"  {line}" for line in _sequence(value))
        else:
            yield f"{key}: {_flow(value)}"


def _sequence(items: list[Any]) -> Iterator[str]:
    for one in items:
        if isinstance(one, dict) and one:
            first, *rest = _mapping(one)
            yield f"- {first}"
            yield from (f"  {line}" for line in rest)
        else:
            yield f"- {_flow(one)}"


def _flow(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_scalar(str(name))}: {_flow(one)}' for name, one in value.items())}}}"
    return _scalar(value)


def _scalar(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case str():
            plain = _SIMPLE.fullmatch(value) and value == value.strip() and marked.scalar(value) == value
            return value if plain else _UNSEEN.sub(_escape, json.dumps(value, ensure_ascii=False))
    return str(value)


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
