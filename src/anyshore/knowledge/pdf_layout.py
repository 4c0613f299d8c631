"""The layout of a page of a PDF, by where its text stands: columns in their order, footnotes and their marks apart.

PDFium gives text in the order in which a file draws it. A file that draws line by line over two columns interleaves
them; such a page is put in order. A page that is drawn in order, and a table, stay as they are. Used by the process
that reads PDFs, so it imports nothing of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

_LEAST_ROWS = 3
"""Rows in which text stands on both sides of a gutter."""
_GUTTER = 0.9
"""Width of a gutter, and of a gap inside a line that may be one, in heights of its text."""
_FULL = 0.6
"""A line of prose fills so much of its column; most lines do."""
_LETTERS, _WORDS = 12, 4
"""Letters and words in a line of prose, at least; a line of a signature has fewer."""
_LABEL = 3.0
"""Width of ``(iii)`` or ``10.`` before an item of a list, in heights, at most."""
_SMALL = 0.92
"""Height of a footnote's text in that of the page's, at most; and of a mark, beside the words it stands at."""
_RAISED = 0.4
"""Height over the bottom of a line at which the ink of a raised figure begins; that of others begins at 0.2."""
_MARK = re.compile(r"\s*\(?(\d{1,3}|[*†‡§]{1,3})\)?\.?\s*")
_UNIT = re.compile(r"(?:\A|[\s\d])(?:[mcdk]?m|ft|in|yd|mi)\Z")
"""What is squared or cubed, and calls no note."""
_NOTE_LINE = re.compile(r"^[^\S\n]*(\d{1,3}|[*†‡§]{1,3})[^\S\n]?[^\W\d_a-zß-ÿ]", re.MULTILINE)
_NOTE = re.compile(r"\s*(\d{1,3}|[*†‡§]{1,3})(?=\D)")
_FOOTER = 2
"""Lines below the footnotes of a page, at most."""
_NOTE_GAP = 2.5
"""Lines of one footnote are nearer to each other than so many of their heights."""


class Box(NamedTuple):
    """Where text stands, in points from the lower left corner."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        """From the bottom to the top."""
        return self.top - self.bottom


class Glyph(NamedTuple):
    """A character of a page.

    Attributes:
        text: the character.
        box: its box at the full height of its font; None where PDFium made it up (blanks, line ends).
        foot: where its ink begins, from below; of figures and signs only.
    """

    text: str
    box: Box | None
    foot: float = 0.0


class Laid(NamedTuple):
    """The text of a page in the order it is read.

    Attributes:
        text: the text.
        asides: (start, end) of footnotes and of their marks in it.
        origins: the glyph each character is of, −1 for one that was put between; None where the text is as PDFium
            gives it.
    """

    text: str
    asides: list[tuple[int, int]]
    origins: list[int] | None = None


@dataclass(slots=True)
class _Piece:
    """Text that stands together in one line: the indices of its glyphs, its words and its box."""

    glyphs: range
    words: str
    box: Box

    @property
    def is_prose(self) -> bool:
        long = len(self.words.split()) >= _WORDS and sum(map(str.isalpha, self.words)) >= _LETTERS
        return long and "__" not in self.words


def may_need_layout(boxes: Sequence[Box], as_drawn: str) -> bool:
    """Whether a page could have columns or footnotes: cheap, so that other pages cost nothing."""
    if any(
        re.search(rf"[^\W\d][.,;:)”\"]?\s?{re.escape(note[1])}(?!\d)", as_drawn)
        for note in _NOTE_LINE.finditer(as_drawn)
    ):
        return True
    rows = [row for row in _rows(boxes) if len(row) > 1]
    wide = sum(any(_is_gutter(a, b) for a, b in pairwise(row)) for row in rows)
    return wide >= _LEAST_ROWS


def _is_gutter(a: Box, b: Box) -> bool:
    wide = max(a.right - a.left, b.right - b.left) > _LETTERS * a.height / 2
    return wide and b.left - a.right > _GUTTER * a.height


def _rows(boxes: Sequence[Box]) -> Iterator[list[Box]]:
    """The boxes of each line of the page, from left to right."""
    row: list[Box] = []
    for box in sorted(boxes, key=lambda one: -(one.top + one.bottom)):
        if row and not _beside(row[0], box):
            yield sorted(row)
            row = []
        row.append(box)
    if row:
        yield sorted(row)


def _beside(one: Box, other: Box) -> bool:
    return min(one.top, other.top) - max(one.bottom, other.bottom) > min(one.height, other.height) / 5


def laid(glyphs: Sequence[Glyph], as_drawn: str) -> Laid:
    """The text of a page in the order it is read.

    Args:
        glyphs: every character, in the order PDFium gives them.
        as_drawn: the text as PDFium gives it, kept where its order is right.
    """
    pieces = list(_pieces(glyphs))
    asides = _asides(glyphs, pieces)
    ordered = _in_columns(pieces)
    if ordered is None:
        if not asides or len(as_drawn) != len(glyphs):
            return Laid(as_drawn, [])
        lines = [range(len(glyphs))]
        end = ""
    else:
        lines = [piece.glyphs for piece in ordered]
        end = "\n"
    return _written(glyphs, lines, end, asides)


def _written(glyphs: Sequence[Glyph], lines: Sequence[range], end: str, asides: Sequence[tuple[int, int]]) -> Laid:
    """The text of glyphs in an order; what is set apart does not touch the words beside it."""
    borders = {edge for start, stop in asides for edge in (start, stop)}
    borders |= {start + _mark_length(glyphs, start, stop) for start, stop in asides}
    parts: list[str] = []
    places: dict[int, int] = {}
    origins: list[int] = []
    for line in lines:
        for index in line:
            text = glyphs[index].text
            if index in borders and parts and not parts[-1].isspace() and not text.isspace():
                parts.append(" ")
                origins.append(-1)
            parts.append(text)
            origins += [index] * len(text)
            places[index] = len(origins)
        parts.append(end)
        origins += [-1] * len(end)
    found = []
    for start, stop in asides:
        if start in places and stop - 1 in places:
            found.append((places[start] - len(glyphs[start].text), places[stop - 1]))
    return Laid("".join(parts), found, origins)


def _mark_length(glyphs: Sequence[Glyph], start: int, stop: int) -> int:
    begins = _NOTE.match("".join(glyphs[index].text or " " for index in range(start, min(stop, start + 8))))
    return begins.end(1) if begins else 0


def _pieces(glyphs: Sequence[Glyph]) -> Iterator[_Piece]:
    """The lines of the page, parted where a gap may be a gutter."""
    begun: list[int] = []
    for index, glyph in enumerate(glyphs):
        if glyph.box is None or glyph.text.isspace():
            continue
        if begun and _parts(glyphs[begun[-1]], glyph):
            yield _piece(glyphs, begun)
            begun = []
        begun.append(index)
    if begun:
        yield _piece(glyphs, begun)


def _parts(last: Glyph, glyph: Glyph) -> bool:
    a, b = last.box, glyph.box
    if a is None or b is None:
        return False
    height = max(a.height, b.height)
    apart = (a.bottom + a.top) / 2 < b.bottom or (a.bottom + a.top) / 2 > b.top
    return apart or b.left - a.right > _GUTTER * height or b.left < a.left - height


def _piece(glyphs: Sequence[Glyph], begun: Sequence[int]) -> _Piece:
    boxes = [box for index in begun if (box := glyphs[index].box) is not None]
    box = Box(min(one.left for one in boxes), min(one.bottom for one in boxes), max(one.right for one in boxes),
              max(one.top for one in boxes))  # fmt: skip
    inside = range(begun[0], begun[-1] + 1)
    return _Piece(inside, "".join(glyphs[index].text for index in inside), box)


# Columns


def _in_columns(pieces: Sequence[_Piece]) -> list[_Piece] | None:
    """The pieces column by column; None where the page has no columns, or its file draws them in order."""
    gutters = _gutters(pieces)
    if not gutters:
        return None
    ordered: list[_Piece] = []
    block: list[_Piece] = []
    for piece in sorted(pieces, key=lambda one: (-round(one.box.bottom + one.box.top), one.box.left)):
        if any(piece.box.left < at < piece.box.right for at in gutters):  # over several columns: a heading, a footer
            ordered += [*_by_column(block, gutters), piece]
            block = []
        else:
            block.append(piece)
    ordered += _by_column(block, gutters)
    sides = [_side(piece, gutters) for piece in pieces]
    returns = sum(b < a for a, b in pairwise(sides))
    return ordered if returns >= _LEAST_ROWS - 1 else None


def _side(piece: _Piece, gutters: Sequence[float]) -> int:
    return sum(piece.box.left > at for at in gutters)


def _by_column(block: Sequence[_Piece], gutters: Sequence[float]) -> list[_Piece]:
    return sorted(block, key=lambda one: (_side(one, gutters), -round(one.box.bottom + one.box.top), one.box.left))


def _gutters(pieces: Sequence[_Piece]) -> list[float]:
    """Where gutters stand: white beside the lines of a column, in row after row."""
    pairs = [pair for row in _in_rows(pieces) for pair in pairwise(row)]
    found: list[float] = []
    for at in sorted({round(other.box.left, 1) - 1.0 for _one, other in pairs}):
        since = found[-1] if found else -1e9
        beside = [
            (one, other) for one, other in pairs
            if since < one.box.left and one.box.right <= at < other.box.left < at + 1.5 * other.box.height
        ]  # fmt: skip
        crossing = sum(one.box.left < at < one.box.right for one in pieces)
        if len(beside) < _LEAST_ROWS or crossing > len(beside):
            continue
        left, right = [one for one, _other in beside], [other for _one, other in beside]
        beside_text = min(map(_width, (left, right))) > _LABEL and (_runs_on(left) or _runs_on(right))
        if (_is_prose(left) and _is_prose(right)) or beside_text:
            found.append(at)
    return found


def _in_rows(pieces: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    row: list[_Piece] = []
    for piece in sorted(pieces, key=lambda one: -(one.box.top + one.box.bottom)):
        if row and not _beside(row[0].box, piece.box):
            yield sorted(row, key=lambda one: one.box.left)
            row = []
        row.append(piece)
    if row:
        yield sorted(row, key=lambda one: one.box.left)


def _width(lines: Sequence[_Piece]) -> float:
    """The mean width of lines, in their heights."""
    return sum((one.box.right - one.box.left) / max(one.box.height, 1e-6) for one in lines) / len(lines)


def _runs_on(lines: Sequence[_Piece]) -> bool:
    """Whether lines are those of one text and not cells of a table: most begin in the midst of a sentence."""
    inside = sum(one.words.lstrip()[:1].islower() for one in lines)
    return _is_prose(lines) and inside > len(lines) / 2


def _is_prose(lines: Sequence[_Piece]) -> bool:
    """Whether lines are those of a column: most are filled, and with words."""
    wide = max(one.box.right for one in lines) - min(one.box.left for one in lines)
    full = [one for one in lines if one.is_prose and one.box.right - one.box.left >= _FULL * wide]
    return len(full) > len(lines) / 2


# Footnotes


def _asides(glyphs: Sequence[Glyph], pieces: Sequence[_Piece]) -> list[tuple[int, int]]:
    """The glyphs of footnotes at the foot of the page and of the marks that call them: (start, end) of indices."""
    marks = list(_marks(glyphs))
    if not marks:
        return []
    usual = sorted(base.height for _text, _start, _end, base in marks)[len(marks) // 2]
    notes: list[tuple[int, int]] = []
    called: set[str] = set()
    lines = sorted(pieces, key=lambda one: -one.box.top)
    before: _Piece | None = None
    notes_end, below = 0.0, 0
    for piece in lines:
        small = _usual(glyphs, piece) <= _SMALL * usual
        begins = _NOTE.match(piece.words)
        mark = next((one for one in marks if begins and one[0] == begins[1] and one[3].bottom > piece.box.top), None)
        goes_on = before is not None and before.box.bottom - piece.box.top < _NOTE_GAP * piece.box.height - usual
        if small and (mark or (before is not None and goes_on)):
            notes.append((piece.glyphs.start, piece.glyphs.stop))
            before, notes_end = piece, piece.box.bottom
            called |= {mark[0]} if mark else set()
        elif notes and piece.box.top < notes_end:
            below += 1
            if below > _FOOTER:  # the page goes on below: it was no foot of the page
                return []
    calls = {text: (start, end) for text, start, end, _base in reversed(marks) if text in called}
    return sorted([*notes, *calls.values()])


def _usual(glyphs: Sequence[Glyph], piece: _Piece) -> float:
    heights = sorted(box.height for index in piece.glyphs if (box := glyphs[index].box) is not None)
    return heights[len(heights) // 2]


def _marks(glyphs: Sequence[Glyph]) -> Iterator[tuple[str, int, int, Box]]:
    """Small raised figures and signs behind a word: (text, start, end, box of the letter before)."""
    drawn = [index for index, glyph in enumerate(glyphs) if glyph.box is not None and not glyph.text.isspace()]
    base: Box | None = None
    begun: list[int] = []
    for index in [*drawn, -1]:
        box = glyphs[index].box if index >= 0 else None
        raised = base is not None and box is not None and _is_raised(glyphs[index], base, begun)
        if raised:
            begun.append(index)
            continue
        if begun and base is not None:
            found = _MARK.fullmatch("".join(glyphs[one].text for one in range(begun[0], begun[-1] + 1)))
            if found and not _UNIT.search("".join(one.text for one in glyphs[max(begun[0] - 4, 0) : begun[0]])):
                yield found[1], begun[0], begun[-1] + 1, base
        begun, base = [], box


def _is_raised(glyph: Glyph, base: Box, begun: Sequence[int]) -> bool:
    if glyph.box is None or not _MARK.fullmatch(glyph.text):
        return False
    near = bool(begun) or abs(glyph.box.left - base.right) < base.height
    return near and base.bottom + _RAISED * base.height < glyph.foot < base.top
