"""Page furniture: running headers, footers and page numbers that stand between the lines of a text and are not of it.

A sentence that runs over a page goes on behind them, and who quotes it leaves them out. A line is furniture only where
it shows itself as such, because a figure on a line of its own may be the fee:

- at the edge of a page of a PDF, the same line on three pages, figures apart;
- in a text, the same line three times, far apart, in a paragraph of nothing else; at form feeds twice is enough;
- a line with nothing but a page number, one of three or more that count on by one, or at a form feed;
- at the edge of a page of a PDF, its own number and how many pages there are (``Page 1 of 2``);
- what the layout of a PDF sets apart: footnotes and their marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from anyshore.knowledge.documents import Source

_LINE = re.compile(r"[^\n\f]+")
_PAGE = re.compile(r"\W*(?:page|seite)\b.*", re.IGNORECASE)
_NUMBER_ONLY = re.compile(
    r"[-–—\s]*(?:page|seite|[A-Z]-)?\s*(\d{1,4})(?:\s*(?:of|von|/)\s*\d{1,4})?[-–—\s]*", re.IGNORECASE
)
_FIGURES = re.compile(r"\d+")
_LEAST = 3  # times a line stands there
_LONGEST = 150  # characters of a running header
_LETTERS = 7  # of a running header: ``(c)`` and ``Clause`` come again for other reasons
_APART = 800  # characters from one running line of a text to the next, at least
_BLOCK = 3  # lines of a header or footer, at most
_EDGE = 2  # lines at each end of a page of a PDF


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with words.

    Attributes:
        start: offset in the text.
        end: offset after it.
        words: the line, its blanks single.
        block: number of its paragraph: lines without a blank line or a form feed between them.
        fed: whether a form feed stands beside the paragraph.
    """

    start: int
    end: int
    words: str
    block: int
    fed: bool

    @property
    def pattern(self) -> str:
        return _FIGURES.sub("#", self.words)

    @property
    def figures(self) -> list[int]:
        return [int(figure[:9]) for figure in _FIGURES.findall(self.words)]

    @property
    def numbered(self) -> bool:
        return _NUMBER_ONLY.fullmatch(self.words) is not None


def furniture(source: Source) -> list[tuple[int, int]]:
    """The (start, end) of every line that is page furniture, and of what is set apart, in order; none overlap."""
    blocks = list(_blocks(source.text))
    short = [line for block in blocks if len(block) <= _BLOCK for line in block]
    alone = {line for line in short if line.numbered and line.fed}
    alone |= set(_counting(line for line in short if line.numbered))
    alone |= _running(short, _APART)
    found = {line for block in blocks if alone.issuperset(block) for line in block}
    lines = [line for block in blocks for line in block]
    found |= set(_counting(line for line in lines if line.numbered and _PAGE.match(line.words)))
    edges = list(_edges(source, lines)) if len(source.pages) > 1 else []
    found |= {line for line in edges if line.numbered and line.figures == _place(source, line)}
    if len(source.pages) >= _LEAST:
        found |= _running(edges, 0)
        found |= set(_counting(line for line in edges if line.numbered))
    whole = [(line.start, line.end) for line in found]
    within = [(a, b) for a, b in source.asides if not any(start < b and a < end for start, end in whole)]
    return sorted([*whole, *within])


def _place(source: Source, line: _Line) -> list[int]:
    """The number of a line's page, and that of all pages."""
    return [source.page_at(line.start)[0], len(source.pages)]


def _blocks(text: str) -> Iterator[list[_Line]]:
    """The paragraphs of a text."""
    rows: list[list[tuple[int, int, str]]] = []
    fed: list[int] = []
    before = 0
    for found in _LINE.finditer(text):
        words = " ".join(found.group().split())
        if not words:
            continue
        gap = text[before : found.start()]
        if "\f" in gap:
            fed.append(len(rows))
        if not rows or gap.count("\n") > 1 or "\f" in gap:
            rows.append([])
        rows[-1].append((*found.span(), words))
        before = found.end()
    if "\f" in text[before:]:
        fed.append(len(rows))
    beside = {number for at in fed for number in (at - 1, at)}
    for number, row in enumerate(rows):
        yield [_Line(*line, number, number in beside) for line in row]


def _edges(source: Source, lines: list[_Line]) -> Iterator[_Line]:
    """The first and last lines of every page."""
    for _, page in groupby(lines, key=lambda line: source.page_at(line.start)[0]):
        inside = list(page)
        yield from inside if len(inside) <= 2 * _EDGE else [*inside[:_EDGE], *inside[-_EDGE:]]


def _counting(lines: Iterable[_Line]) -> Iterator[_Line]:
    """The lines that are part of a row of page numbers: each one more than the one before."""
    rows: dict[int, list[list[_Line]]] = {}
    for line in lines:
        number = line.figures[0]
        begun = rows.get(number - 1)
        rows.setdefault(number, []).append([*(begun.pop(0) if begun else ()), line])
    for ending in rows.values():
        for row in ending:
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
    if len(same) < (2 if all(line.fed for line in same) else _LEAST) or any(
        b.start - a.end < apart for a, b in pairwise(same)
    ):
        return False
    return all(
        sum(one != other for one, other in zip(a.figures, b.figures, strict=True)) <= 1
        and sum(b.figures) - sum(a.figures) in (0, 1, 2)
        for a, b in pairwise(same)
    )
