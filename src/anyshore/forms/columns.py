"""Columns: what a queue shows of each piece of work, and how such values are ordered and searched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from anyshore import feel
from anyshore.base.errors import FeelError
from anyshore.base.temporal import Date, DateTime
from anyshore.forms.texts import Texts

Kind = Literal["text", "number", "amount", "date", "yes-no"]
"""What a value is shown as."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a queue.

    Attributes:
        id: unique in its form.
        title: its heading.
        of: FEEL over the variables of the work.
        kind: how it is shown.
        currency: of an ``amount``: FEEL that gives its ISO 4217 code; None where none is shown.
    """

    id: str
    title: Texts
    of: feel.Expression
    kind: Kind = "text"
    currency: feel.Expression | None = None

    def value(self, variables: Mapping[str, object]) -> object:
        """What stands in the column; None where there is nothing, or the expression exceeds its budget."""
        return value(self.of, variables)

    def currency_of(self, variables: Mapping[str, object]) -> str:
        """The currency of the amount."""
        found = None if self.currency is None else value(self.currency, variables)
        return found if isinstance(found, str) else ""


def value(expression: feel.Expression, variables: Mapping[str, object]) -> object:
    """The value of an expression that only shows something: what cannot be computed is not there."""
    try:
        return expression.evaluate(variables)
    except FeelError:
        return None


def order(shown: object) -> tuple[int, int, Decimal, str]:
    """A key by which values of one column are sorted: what is not there comes last, numbers before texts."""
    match shown:
        case None:
            return (1, 0, Decimal(0), "")
        case bool():
            return (0, 0, Decimal(int(shown)), "")
        case Decimal() | int():
            return (0, 0, Decimal(shown), "")
        case Date() | DateTime():
            return (0, 1, Decimal(0), str(shown))
        case _:
            return (0, 1, Decimal(0), str(shown).casefold())
