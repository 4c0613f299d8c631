"""What a program may send to a service: a JSON Schema in its pack.

The keywords are those of ``params.shapes``, all of which are checked; ``format: date`` reads a text as a date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from anyshore.base.errors import Diagnostic
from anyshore.base.locations import Location
from anyshore.params import shapes
from anyshore.params.marked import Document


@dataclass(frozen=True, slots=True)
class Payload:
    """See ``host.parcels.Payload``.

    Attributes:
        schema: of an object.
    """

    schema: Mapping[str, Any]

    @property
    def names(self) -> tuple[str, ...]:
        """The values it describes."""
        return tuple(self.schema.get("properties", {}))

    def read(self, values: Mapping[str, Any], name: str) -> tuple[dict[str, Any], list[Diagnostic]]:
        """The values, numbers exact and dates read, and what does not fit."""
        typed = _typed(dict(values), self.schema)
        problems = shapes.check(Document(typed, name), self.schema)
        return typed, [replace(one, location=Location(name, one.location.element)) for one in problems]


def _typed(value: Any, schema: Any) -> Any:
    """A value as YAML would have read it: exact numbers, and dates where the schema expects them."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, Mapping):
        inner = schema.get("properties", {})
        return {str(key): _typed(item, inner.get(key, {})) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_typed(item, schema.get("items", {})) for item in value]
    if isinstance(value, str) and schema.get("format") == "date":
        try:
            return date.fromisoformat(value) if len(value) == 10 else value
        except ValueError:
            return value
    return value
