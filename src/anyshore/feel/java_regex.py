"""Regular expressions of Java as FEEL's, where both have the same.

Classes like ``\\d`` are of ASCII in Java and of Unicode in XPath, ``\\w`` has no underscore there, and Java's
``matches`` means the whole text. What has no counterpart is refused, never guessed. Source: `java.util.regex.Pattern`
of Java 17; XQuery and XPath Functions and Operators, 5.6.1.
"""

from __future__ import annotations

import re

_CLASSES = {"d": "0-9", "w": "a-zA-Z_0-9", "s": " \t\n\u000b\f\r"}
_PLAIN = frozenset(r"\|.?*+(){}[]-^$/")
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}
_TOKEN = re.compile(
    r"(?P<category>\\[pP]\{[LMNPZSC][a-z]?\})|(?P<escape>\\.)|(?P<group>\((?:\?:)?(?!\?))|(?P<class>\[\^?)"
    r"|(?P<quantifier>(?:[*+?]|\{\d+(?:,\d*)?\})(?P<lazy>\??)(?P<possessive>\+?))|(?P<other>[^\\\[({*+?])",
    re.DOTALL,
)


class NoCounterpart(ValueError):
    """A pattern of Java that means something else in FEEL; the text says which part."""


def whole(pattern: str) -> str:
    """A pattern that matches a text from beginning to end, as Java's ``matches`` does.

    Raises:
        NoCounterpart: it has a part FEEL does not know.
    """
    return f"^(?:{_translated(pattern)})$"


def _translated(pattern: str) -> str:
    found: list[str] = []
    at = 0
    while at < len(pattern):
        match = _TOKEN.match(pattern, at)
        if match is None:
            raise NoCounterpart(f"{pattern[at : at + 3]!r}")
        at = match.end()
        part = match[0]
        if match["class"]:
            inside, at = _class(pattern, at)
            found.append(part + inside)
        elif match["escape"]:
            found.append(_escaped(part[1]))
        elif match["possessive"]:
            raise NoCounterpart(f"the possessive {part!r}")
        elif part in ("^", "$"):
            found.append(part)
        elif part == ".":
            # A dot of Java stops at every end of a line, one of XPath at two of them.
            found.append("[^\n\r\u0085\u2028\u2029]")
        else:
            found.append(part)
    return "".join(found)


def _escaped(sign: str) -> str:
    if sign in _CLASSES:
        return f"[{_CLASSES[sign]}]"
    if sign.lower() in _CLASSES:
        return f"[^{_CLASSES[sign.lower()]}]"
    if sign in _CONTROLS:
        return _CONTROLS[sign]
    if sign in _PLAIN:
        return "/" if sign == "/" else f"\\{sign}"
    if sign.isascii() and sign.isalnum():
        raise NoCounterpart(f"the escape '\\{sign}'")
    return sign


def _class(pattern: str, at: int) -> tuple[str, int]:
    """What stands in brackets, and where it ends."""
    found: list[str] = []
    first = True
    while True:
        if at >= len(pattern):
            raise NoCounterpart("a bracket that is not closed")
        sign = pattern[at]
        if sign == "]" and not first:
            return "".join(found) + "]", at + 1
        if sign in "[]" or pattern.startswith("&&", at):
            raise NoCounterpart(f"{sign!r} within brackets")
        if sign == "\\":
            escaped = pattern[at + 1 : at + 2]
            if escaped in _CLASSES:
                found.append(_CLASSES[escaped])
            elif escaped in _CONTROLS:
                found.append(_CONTROLS[escaped])
            elif not escaped or (escaped.isascii() and escaped.isalnum()):
                raise NoCounterpart(f"the escape '\\{escaped}' within brackets")
            else:
                found.append(f"\\{escaped}" if escaped in _PLAIN else escaped)
            at += 2
        else:
            found.append(f"\\{sign}" if sign in "^-" and _is_plain(pattern, at, first) else sign)
            at += 1
        first = False


def _is_plain(pattern: str, at: int, first: bool) -> bool:
    """Whether a hyphen at either end of brackets, or a hat behind others, stands for itself."""
    return pattern[at] == "^" or first or pattern[at + 1 : at + 2] == "]"
