"""What compiled expressions call: values of XPath 2.0 as plain Python values, their truth, texts and casts.

An item is a ``Node``, ``Untyped`` (what a node without schema is worth), ``str``, ``bool``, ``int``, ``Decimal``,
``float`` (a double) or ``Day``; a sequence is a list. Whatever XPath calls an error is raised, whatever this does not
say exactly too: the document is then left to the XSLT processor.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Sequence
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any

from anyshore.activities.einvoice.xpath.nodes import Node

Items = Sequence[Any]

EXACT = Context(prec=400, traps=[Inexact, InvalidOperation])
"""Sums and products of decimals are exact in XSLT processors; what is not exact within this is left to them."""


class RuleError(ArithmeticError):
    """What XPath calls an error, or what is not said here."""


class Untyped(str):
    """The value of a node, which takes the type of what it is compared with."""

    __slots__ = ()


class Day(str):
    """A date without time zone, in its canonical text, whose order is that of the days."""

    __slots__ = ()


def atoms(items: Items) -> list[Any]:
    """The values of a sequence."""
    return [Untyped(one.text) if type(one) is Node else one for one in items]


def truth(items: Items) -> bool:
    """The effective boolean value."""
    if not items:
        return False
    first = items[0]
    if type(first) is Node:
        return True
    if len(items) > 1:
        raise RuleError("several values are neither true nor false")
    return truth_of(first)


def truth_of(value: Any) -> bool:
    """The effective boolean value of one value, or of none."""
    if value is None or type(value) is Day:
        if value is None:
            return False
        raise RuleError("a date is neither true nor false")
    return bool(value) and value == value  # a number that is none is false


def text(items: Items) -> str:
    """A sequence where a string or none is expected."""
    if not items:
        return ""
    if len(items) > 1:
        raise RuleError("several values for one string")
    one = items[0]
    if type(one) is Node:
        return one.text
    if isinstance(one, str) and type(one) is not Day:
        return one
    raise RuleError("no string")


def text_needed(items: Items) -> str:
    """A sequence where a string is expected."""
    if not items:
        raise RuleError("no value for a string")
    return text(items)


def written(items: Items) -> str:
    """``string()`` of a sequence."""
    if not items:
        return ""
    if len(items) > 1:
        raise RuleError("several values for one string")
    return written_one(items[0])


def written_one(one: Any) -> str:
    """One item as text."""
    if type(one) is Node:
        return one.text
    if isinstance(one, str):
        return str(one)
    if isinstance(one, bool):
        return "true" if one else "false"
    if isinstance(one, int):
        return str(one)
    if isinstance(one, Decimal):
        return _plain(one)
    if isinstance(one, float) and one == int(one) and abs(one) < 1_000_000:
        return str(int(one)) if one or math.copysign(1, one) > 0 else "-0"
    raise RuleError("a number whose text is not written here")


def _plain(number: Decimal) -> str:
    found = format(number, "f")
    return (found.rstrip("0").rstrip(".") if "." in found else found) or "0"


def joined(items: Items) -> str:
    """A sequence as ``xsl:value-of`` writes it."""
    return " ".join(written_one(one) for one in items)


_DOUBLE = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\Z", re.ASCII)

_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)\Z", re.ASCII)

_INTEGER = re.compile(r"[+-]?\d+\Z", re.ASCII)

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)\Z", re.ASCII)

BOOLEANS = {"true": True, "1": True, "false": False, "0": False}

SPACES = " \t\r\n"


def double(said: str) -> float:
    """A text as ``xs:double``."""
    said = said.strip(SPACES)
    if _DOUBLE.match(said) is None:
        if said in ("INF", "-INF", "NaN"):
            return float(said.lower())
        raise RuleError(f"{said} is no number")
    return float(said)


def number(items: Items) -> float:
    """``number()``."""
    if not items:
        return math.nan
    if len(items) > 1:
        raise RuleError("several values for a number")
    one = items[0]
    said = one.text if isinstance(one, Node) else one
    if isinstance(said, str):
        try:
            return double(said)
        except RuleError:
            return math.nan
    return float(said)


def decimal(items: Items) -> Decimal | int | None:
    """``xs:decimal()``."""
    one = at_most_one(items)
    if one is None or type(one) is Decimal or type(one) is int:
        return one
    if isinstance(one, float):
        if not math.isfinite(one):
            raise RuleError("no decimal")
        return Decimal(one)
    if isinstance(one, bool):
        return int(one)
    said = one.strip(SPACES)
    if _DECIMAL.match(said) is None:
        raise RuleError(f"{said} is no decimal")
    return Decimal(said)


def integer(items: Items) -> int | None:
    """``xs:integer()``."""
    one = at_most_one(items)
    if one is None or type(one) is int:
        return one
    if isinstance(one, (float, Decimal)):
        return int(one)
    said = str(one).strip(SPACES)
    if isinstance(one, bool) or _INTEGER.match(said) is None:
        raise RuleError(f"{said} is no integer")
    return int(said)


def date(items: Items) -> Day | None:
    """``xs:date()``."""
    one = at_most_one(items)
    if one is None or type(one) is Day:
        return one
    if not isinstance(one, str):
        raise RuleError("no date")
    found = _DATE.match(one.strip(SPACES))
    if found is None:
        raise RuleError("a date that is none, or with a time zone")
    try:
        return Day(datetime.date(int(found[1]), int(found[2]), int(found[3])).isoformat())
    except ValueError as problem:
        raise RuleError("no date") from problem


def string(items: Items) -> str | None:
    """``xs:string()``."""
    return None if not items else written(items)


def boolean(items: Items) -> bool | None:
    """``xs:boolean()`` of a text."""
    one = at_most_one(items)
    if one is None or isinstance(one, bool):
        return one
    found = BOOLEANS.get(one.strip(SPACES)) if isinstance(one, str) else None
    if found is None:
        raise RuleError("neither true nor false")
    return found


CASTS: dict[str, Callable[[Items], Any]] = {
    "xs:decimal": decimal, "xs:integer": integer, "xs:date": date, "xs:string": string,
    "xs:boolean": boolean,
    "xs:double": lambda items: None if not items else _cast_double(items),
}  # fmt: skip


def _cast_double(items: Items) -> float:
    one = at_most_one(items)
    return double(one) if isinstance(one, str) else float(one)


def castable(name: str, items: Items, empty: bool) -> bool:  # as XPath's own question mark
    """``castable as``."""
    found = atoms(items)
    if len(found) != 1:
        return empty and not found
    try:
        CASTS[name](found)
    except RuleError:
        if name == "xs:date":
            raise  # one with a time zone would be one
        return False
    return True


def at_most_one(items: Items) -> Any:
    """The value of a sequence of one; none of an empty one."""
    if not items:
        return None
    if len(items) > 1:
        raise RuleError("several values for one")
    one = items[0]
    return Untyped(one.text) if type(one) is Node else one


def one_decimal(items: Items) -> Any:
    """A sequence where a decimal is expected."""
    one = at_most_one(items)
    if one is None or isinstance(one, (bool, float)) or (isinstance(one, str) and type(one) is not Untyped):
        raise RuleError("no decimal")
    return decimal([one])


def needed(value: Any) -> Any:
    """A value where there must be one."""
    if value is None:
        raise RuleError("no value")
    return value
