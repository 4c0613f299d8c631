"""The legal form in a company's name: which kind it is of, and what of the name is left without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from anyshore.entities.folding import folded

GENERIC = frozenset(
    ["company", "co", "corporation", "corp", "group", "holding", "holdings", "the", "and", "und", "et", "und", "y"]
)
"""Words that say that something is a company and not which one."""
_CUT = 5
"""Letters of the last word of a form that must be left where a field was too short for the name."""
_LEAST_CUT = 3
"""Words of a form that may be cut off: shorter ones would be anything."""


@dataclass(frozen=True, slots=True)
class Formed:
    """A name taken apart: the words that tell it apart, and the kinds of legal form it states."""

    words: tuple[str, ...]
    kinds: frozenset[str]


@cache
def _forms() -> dict[tuple[str, ...], str]:
    text = resources.files("anyshore.entities").joinpath("legal_forms.txt").read_text(encoding="utf-8")
    forms: dict[tuple[str, ...], str] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            kind, _, spellings = line.partition(":")
            forms |= {tuple(folded(one).split()): kind for one in spellings.split("|")}
    return forms


@cache
def _longest() -> int:
    return max(map(len, _forms()))


def taken_apart(words: Sequence[str]) -> Formed:
    """Takes forms and generic words off both ends, the longest form first; at least one word of the name stays."""
    left = list(words)
    kinds: set[str] = set()
    changed = True
    while changed and len(left) > 1:
        changed = False
        for end in (True, False):
            size, kind = _form_at(left, end)
            if size and size < len(left):
                left = left[:-size] if end else left[size:]
                kinds |= {kind} if kind else set()
                changed = True
    return Formed(tuple(left), frozenset(kinds))


def _form_at(words: list[str], end: bool) -> tuple[int, str]:
    """Words of the form at an end of a name, and its kind; 0 where none stands there."""
    for size in range(min(_longest(), len(words) - 1), 0, -1):
        found = tuple(words[-size:] if end else words[:size])
        if found in _forms():
            return size, _forms()[found]
        if end and size >= _LEAST_CUT and len(found[-1]) >= _CUT:
            cut = [
                kind for form, kind in _forms().items() if form[:-1] == found[:-1] and form[-1].startswith(found[-1])
            ]
            if cut:
                return size, cut[0]
    edge = words[-1 if end else 0]
    return (1, "") if edge in GENERIC else (0, "")
