"""Regular expressions that mean the same in every engine: classes of ASCII, repetition, groups, alternatives.

XPath's ``\\d`` knows the digits of all scripts and Java's ``$`` a last line break, so neither is let through; a pattern
is anchored here to the whole text, and every dialect is asked for that.
"""

from __future__ import annotations

import re

from anyshore.columnar.plan import NotCompiled

_PIECE = re.compile(
    r"""[A-Za-z0-9 _@%&/,:;<>='"~!-]      # a character that means itself
    | \\[.\-+*?()|\[\]^]                  # one that is escaped
    | \[(?:[A-Za-z0-9]-[A-Za-z0-9]|[A-Za-z0-9 _@%&/,:;.+])+-?\]
    | \((?!\?) | \) | \|
    | [?*+](?![?*+]) | \{[0-9]{1,3}(?:,[0-9]{0,3})?\}(?![?*+{])""",
    re.VERBOSE,
)


def whole(pattern: str) -> str:
    """A pattern of XPath that finds something anywhere in a text, as one that describes the whole text.

    Raises:
        NotCompiled: it has parts engines read differently.
    """
    start, end = pattern.startswith("^"), pattern.endswith("$") and not pattern.endswith("\\$")
    inner = pattern[1 if start else 0 : -1 if end else None]
    at = 0
    while at < len(inner):
        piece = _PIECE.match(inner, at)
        if piece is None:
            raise NotCompiled(f"the pattern {pattern} has parts that engines read differently")
        at = piece.end()
    try:
        re.compile(inner)
    except re.error as error:
        raise NotCompiled(f"the pattern {pattern} is none: {error}") from None
    if "|" in inner and (start or end) and not _grouped(inner):
        raise NotCompiled(f"the pattern {pattern} is anchored in one alternative only")
    inner = f"(?:{inner})" if "|" in inner else inner
    # A line break is a character like any other.
    return ("" if start else r"[\s\S]*") + inner + ("" if end else r"[\s\S]*")


def _grouped(inner: str) -> bool:
    """Whether all alternatives stand within groups."""
    depth = 0
    for piece in _PIECE.finditer(inner):
        depth += {"(": 1, ")": -1}.get(piece[0], 0)
        if piece[0] == "|" and depth == 0:
            return False
    return True
