"""Page furniture: running headers, footers and page numbers that stand between the lines of a text and are not of it.

A sentence that runs over a page goes on behind them, and who quotes it leaves them out. A line is furniture only where
it shows itself as such, because a figure on a line of its own may be the fee:

- at the edge of a page of a PDF, the same line on three pages, figures apart;
- in a text, the same line three times, far apart, as a paragraph of its own or at a form feed;
- a line with nothing but a page number, one of three or more that count on by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from anyshore.knowledge.documents import Source

_LINE = re.compile(r"[^\n\f]+")
_NUMBER_ONLY = re.compile(
    r"[-–—\s]*(?:page|seite|[A-Z]-)?\s*(\d{1,4})(?:\s*(?:of|von|/)\s*\d{1,4})?[-–—\s]*", re.IGNORECASE
)
_FIGURES = re.compile(r"\d+")
_LEAST = 3  # times a line stands there
_LONGEST = 150  # characters of a running header
_LETTERS = 7  # of a running header: ``(c)`` and ``Clause`` come again for other reasons
_APART = 800  # characters from one running line of a text to the next, at least
_EDGE = 2  # lines at each end of a page of a PDF


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    words: str
    alone: bool

    @property
    def pattern(self) -> str:
        return _FIGURES.sub("#", self.words)

    @property
    def figures(self) -> list[int]:
        return [int(figure[:9]) for figure in _FIGURES.findall(self.words)]


def furniture(source: Source) -> list[tuple[int, int]]:
    """The (start, end) of every line that is page furniture, in order."""
    text = source.text
    lines = list(_lines(text))
    numbers = [line for line in lines if line.alone and _NUMBER_ONLY.fullmatch(line.words)]
    found = set(_counting(numbers))
    if len(source.pages) >= _LEAST:
        edges = list(_edges(source, lines))
        found |= _running(edges, 0)
        found |= set(_counting([line for line in edges if _NUMBER_ONLY.fullmatch(line.words)]))
    found |= _running([line for line in lines if line.alone], _APART)
    return sorted((line.start, line.end) for line in found)


def _lines(text: str) -> Iterator[_Line]:
    """The lines with words; ``alone`` where a blank line, a form feed or an end of the text is on both sides."""
    for found in _LINE.finditer(text):
        words = " ".join(found.group().split())
        if words:
            start, end = found.span()
            alone = _gap(text, start, -1) and _gap(text, end, 1)
            yield _Line(start, end, words, alone)


def _gap(text: str, at: int, step: int) -> bool:
    """Whether nothing but blanks and at least two line ends, or a form feed, stands beside a line."""
    ends = 0
    while True:
        at = at - 1 if step < 0 else at
        if not 0 <= at < len(text):
            return True
        character = text[at]
        if character == "\f":
            return True
        if not character.isspace():
            return False
        ends += character == "\n"
        if ends == 2:
            return True
        at = at + 1 if step > 0 else at


def _edges(source: Source, lines: list[_Line]) -> Iterator[_Line]:
    """The first and last lines of every page."""
    for _, page in groupby(lines, key=lambda line: source.page_at(line.start)[0]):
        inside = list(page)
        yield from inside if len(inside) <= 2 * _EDGE else [*inside[:_EDGE], *inside[-_EDGE:]]


def _counting(lines: Iterable[_Line]) -> Iterator[_Line]:
    """The lines that are part of a row of page numbers: each one more than the one before."""
    rows: dict[int, list[_Line]] = {}
    ended: list[list[_Line]] = []
    for line in lines:
        number = line.figures[0]
        if number in rows:
            ended.append(rows[number])
        rows[number] = [*rows.pop(number - 1, ()), line]
    for row in (*ended, *rows.values()):
        if len(row) >= _LEAST:
            yield from row


def _running(lines: Iterable[_Line], apart: int) -> set[_Line]:
    """The lines that come again and again, their figures the same or counting the pages."""
    by_pattern: dict[str, list[_Line]] = {}
    for line in lines:
        if len(line.words) <= _LONGEST and sum(map(str.isalpha, line.words)) >= _LETTERS:
            by_pattern.setdefault(line.pattern, []).append(line)
    return {line for same in by_pattern.values() for line in same if _runs(same, apart)}


def _runs(same: list[_Line], apart: int) -> bool:
    if len(same) < _LEAST or any(b.start - a.end < apart for a, b in pairwise(same)):
        return False
    return all(
        sum(one != other for one, other in zip(a.figures, b.figures, strict=True)) <= 1
        and sum(b.figures) - sum(a.figures) in (0, 1, 2)
        for a, b in pairwise(same)
    )
