"""Values of columns and counterparts as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from anyshore import feel
from anyshore.forms.columns import Kind
from anyshore.web.core import reader
from anyshore.web.core.templatetags import show


def text(value: object, kind: Kind, currency: str = "") -> str:
    """A value as its kind is shown; a dash where there is none."""
    match value:
        case None | []:
            return "–"
        case list():
            return ", ".join(text(one, kind, currency) for one in value)
        case bool():
            return str(show.facts(value))
        case Decimal() | int():
            return show.money(Decimal(value), currency) if kind == "amount" else show.quantity(value)
        case str() if kind != "date":
            return value
        case dict():
            return feel.to_string(value)
        case _:
            return show.date_of(value) if kind == "date" else str(value)


def beside(variables: Mapping[str, Any]) -> dict[str, Any]:
    """The variables of a piece of work with those of who looks at it: ``reader.language`` is ``en`` or ``de``."""
    return {**variables, "reader": {"language": reader.language()}}
