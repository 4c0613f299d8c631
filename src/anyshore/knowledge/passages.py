"""Texts cut into passages: sentences and list items of a contract, with their original offsets."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SHORTEST = 40  # characters; shorter pieces (numbers, headings) go with what follows
_LONGEST = 1500
_BLANK_LINE = re.compile(r"\n[ \t\r\f]*\n")
_END = re.compile(r"(?<=[.;:?!])[\"”’)]*\s+(?=[\"“‘(\[]?[A-Z0-9(])|\n[ \t\r\f]*\n\s*")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"“])(?:[A-Za-z]|\d+|[ivxIVX]+|Inc|Corp|Co|Ltd|No|Nos|Sec|Art|Mr|Mrs|Ms|Dr|St|vs|v|e\.g|i\.e|approx|Exh|"
    r"U\.S|Nr|Abs|bzw|ca|etc)\.$"
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a text: original offsets, end exclusive, and its words."""

    start: int
    end: int
    text: str


def passages(text: str) -> list[Passage]:
    """The passages of a text in their order; together they hold every word of it."""
    found: list[Passage] = []
    start = 0
    for boundary in _END.finditer(text):
        piece = text[start : boundary.start()]
        paragraph = _BLANK_LINE.search(boundary.group()) is not None
        if len(piece.strip()) < _SHORTEST or (not paragraph and _ABBREVIATION.search(piece[-12:])):
            continue
        found += _cut(text, start, boundary.start())
        start = boundary.end()
    found += _cut(text, start, len(text))
    return found


def _cut(text: str, start: int, end: int) -> list[Passage]:
    """A piece without outer blanks, cut at blanks where it is too long."""
    found = []
    while start < end:
        stop = end
        if end - start > _LONGEST:
            blank = text.rfind(" ", start + _LONGEST // 2, start + _LONGEST)
            stop = blank if blank > start else start + _LONGEST
        piece = text[start:stop]
        words = piece.strip()
        if words:
            first = start + len(piece) - len(piece.lstrip())
            found.append(Passage(first, first + len(words), words))
        start = stop
    return found
