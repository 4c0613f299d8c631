"""What compiled expressions call of texts: XPath's functions of strings and its regular expressions."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Any

from anyshore.activities.einvoice.xpath.arithmetic import rounded
from anyshore.activities.einvoice.xpath.nodes import Node
from anyshore.activities.einvoice.xpath.values import Day, RuleError


def spaced(said: str) -> str:
    """``normalize-space()``."""
    return " ".join(said.split()) if said.isascii() else " ".join(part for part in re.split("[ \t\r\n]+", said) if part)


def part(said: str, start: Any, length: Any = math.inf) -> str:
    """``substring()``."""
    first = float(rounded(start)) if start is not None else math.nan
    end = first + float(rounded(length)) if length != math.inf else math.inf
    if type(start) is int and (length == math.inf or type(length) is int):
        return said[max(start - 1, 0) : None if length == math.inf else max(start - 1 + length, 0)]
    return "".join(one for position, one in enumerate(said, 1) if first <= position < end)


def before(said: str, sign: str) -> str:
    """``substring-before()``."""
    return said.partition(sign)[0] if sign and sign in said else ""


def after(said: str, sign: str) -> str:
    """``substring-after()``."""
    return said.partition(sign)[2] if sign else said


def translated(said: str, old: str, new: str) -> str:
    """``translate()``."""
    table: dict[int, str | None] = {}
    for position, one in enumerate(old):
        table.setdefault(ord(one), new[position] if position < len(new) else None)
    return said.translate(table)


_OTHERWISE = re.compile(r"\(\?|\[[^\]]*[\[$]|-\[|[*+?}]\+|\\[^dsnrt.*+?|(){}\[\]\\^$-]")
"""What means something else in Python's regular expressions, or nothing."""


@lru_cache(maxsize=256)
def _pattern(said: str) -> re.Pattern[str]:
    """A regular expression of XPath in Python's. XML has no white space but XPath's four kinds within ASCII."""
    if _OTHERWISE.search(said):
        raise RuleError(f"a regular expression that is not read: {said}")
    return re.compile(re.sub(r"(?<!\\)\$", r"\\Z", said), re.ASCII)


def matched(said: str, pattern: str) -> bool:
    """``matches()``."""
    return _pattern(pattern).search(_simple(said)) is not None


def split(said: str, pattern: str) -> list[str]:
    """``tokenize()``."""
    if not said:
        return []
    found = _pattern(pattern)
    if found.match("") is not None:
        raise RuleError("a separator that matches nothing")
    parts, at = [], 0
    for match in found.finditer(_simple(said)):
        parts.append(said[at : match.start()])
        at = match.end()
    return [*parts, said[at:]]


def replaced(said: str, pattern: str, by: str) -> str:
    """``replace()``."""
    if "$" in by or "\\" in by or _pattern(pattern).match("") is not None:
        raise RuleError("a replacement that is not made here")
    return _pattern(pattern).sub(by, _simple(said))


def _simple(said: str) -> str:
    """A text on which the two kinds of regular expressions agree: decimal digits of other scripts, line ends."""
    if not said.isascii() and any(one.isdigit() and not one.isascii() for one in said):
        raise RuleError("digits of another script")
    if "\r" in said:
        raise RuleError("a carriage return, which the dot of regular expressions takes differently")
    return said


def text_item(one: Any) -> str:
    """An item of ``string-join()``."""
    if type(one) is Node:
        return one.text
    if isinstance(one, str) and type(one) is not Day:
        return one
    raise RuleError("no string")
