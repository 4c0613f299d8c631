"""Quotations and their places: a quote that does not stand in its source is refused.

Forgiven are differences that change no word: spaces and line ends, hyphenation at line ends, typographic quotation
marks, dashes and ligatures, page furniture in between, and parts left out under a mark (``…``, ``...``, ``[...]``,
``<omitted>``). Case, words, figures and their order are not. Offsets always refer to the original text. The time is
bounded whatever the quote: at most ``MOST_LOOKS`` places are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from anyshore.knowledge.canonical import Canonical, canonical, lettered
from anyshore.knowledge.documents import Source
from anyshore.knowledge.furniture import furniture
from anyshore.knowledge.seeking import Looks, Place, Seeker, chains, first_gap_difference

_OMISSION = re.compile(
    r"""< \s? (?:om+it+ed|\.{3}|…) \s? > | \[ \s? (?:…|\.{3,}|\.\s\.\s\.|om+it+ed) \s? \]
      | \( \s? (?:…|\.{3}|om+it+ed) \s? \)
      | …+ | \.{3,} | \.\s\.\s\.(?:\s\.)?""",
    re.VERBOSE | re.IGNORECASE,
)
_SEED = 16  # characters of a quote that make its neighbourhood in the source worth showing
_MOST_PARTS = 100  # parts of a quote between marked omissions
_MOST_COMMON = 2_000  # characters compared for a nearest miss, to each side
_LEAST_LETTERS = 12  # letters and digits of a quote that they alone can place
_EXCERPT = 60  # characters shown on each side of a difference

RefusalCode = Literal[
    "quote.empty",
    "quote.not-found",
    "quote.cuts-a-word",
    "quote.cuts-a-figure",
    "quote.out-of-order",
    "quote.too-many-parts",
]


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a source that is quoted.

    Attributes:
        document: hash of the source.
        start: original offset of the first quoted character, from 0.
        end: original offset after the last quoted character.
        page: page of ``start``, from 1.
        quote: the words as they stand in the source; ``[…]`` between parts.
        parts: (start, end) of each quoted part; more than one where the quote leaves something out.
        adjusted: the quote began or ended inside a word; the span holds whole words.
    """

    document: str
    start: int
    end: int
    page: int
    quote: str
    parts: tuple[tuple[int, int], ...]
    adjusted: bool = False


def span_values(span: Span) -> dict[str, Any]:
    """A span as plain data, the one form in which it is kept."""
    return {"document": span.document, "page": span.page, "quote": span.quote, "parts": [list(p) for p in span.parts]}


def span_of(data: Mapping[str, Any]) -> Span:
    """The span of plain data; numbers may be of any kind, as a variable of a case holds decimals."""
    parts = tuple((int(start), int(end)) for start, end in data["parts"])
    return Span(data["document"], parts[0][0], parts[-1][1], int(data["page"]), data["quote"], parts)


@dataclass(frozen=True, slots=True)
class NearestMiss:
    """Where a refused quote comes closest to its source, and where it begins to differ.

    Attributes:
        quote_offset: offset in the quote of the first difference.
        source_offset: original offset in the source of the first difference.
        page: page of that offset, from 1.
        common: the words both have, beside the difference.
        quote_says: how the quote goes on there.
        source_says: how the source goes on there.
        side: whether the common words stand before or after the difference.
    """

    quote_offset: int
    source_offset: int
    page: int
    common: str
    quote_says: str
    source_says: str
    side: Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a quote cannot be evidence.

    Attributes:
        code: ``quote.empty``, ``quote.not-found``, ``quote.cuts-a-word``, ``quote.cuts-a-figure``,
            ``quote.out-of-order`` or ``quote.too-many-parts``.
        message: one sentence for the author.
        nearest: where it comes closest, if anywhere.
    """

    code: RefusalCode
    message: str
    nearest: NearestMiss | None = None


class SourceIndex:
    """A source made ready for many quotes."""

    __slots__ = ("_body", "_furniture", "_lettered", "canonical", "source")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.canonical: Canonical = canonical(source.text)
        self._furniture: list[tuple[int, int]] | None = None
        self._body: Canonical | None = None
        self._lettered: Canonical | None = None

    @property
    def furniture(self) -> list[tuple[int, int]]:
        """The lines of the source that are page furniture, found when first asked for."""
        if self._furniture is None:
            self._furniture = furniture(self.source)
        return self._furniture

    @property
    def body(self) -> Canonical | None:
        """The text without its page furniture; None where it has none."""
        if self._body is None and self.furniture:
            self._body = canonical(self.source.text, without=self.furniture)
        return self._body

    @property
    def lettered(self) -> Canonical:
        """The letters and digits of the text without its page furniture."""
        if self._lettered is None:
            self._lettered = lettered(self.source.text, without=self.furniture)
        return self._lettered


def anchor(
    source: Source | SourceIndex, quote: str, *, in_order: bool = True, by_letters: bool = False
) -> list[Span] | Refusal:
    """All places where a quote stands in a source, in their order, or why there is none.

    Args:
        source: the source; for many quotes give a :class:`SourceIndex`, built once.
        quote: what its author claims the source says.
        in_order: whether the parts around marked omissions must follow each other as in the source.
        by_letters: whether, where the quote does not stand there as it is, its letters, digits and figures decide: for
            quotes taken from another reading of the document, which sets blanks and punctuation otherwise.

    Returns:
        One span per place; more than one means that the quote is ambiguous and its author must choose. Of a quote
        that stands in very many places, the first of them.
    """
    index = source if isinstance(source, SourceIndex) else SourceIndex(source)
    wanted = canonical(quote)
    if len(wanted.text) < 2 and not any(map(str.isalnum, wanted.text)):
        return Refusal("quote.empty", "the quote holds no word")
    parts = [part for part in _OMISSION.split(quote) if any(map(str.isalnum, part))]
    if len(parts) > _MOST_PARTS:
        return Refusal("quote.too-many-parts", f"the quote leaves something out more than {_MOST_PARTS} times")
    pieces = [canonical(part) for part in parts]
    if len(pieces) == 1 and pieces[0].text == wanted.text:
        pieces = []
    found = _anchor(index, index.canonical, wanted, pieces, in_order)
    if isinstance(found, _Missing) and index.body is not None:
        behind = _anchor(index, index.body, wanted, pieces, in_order)
        found = found if isinstance(behind, _Missing) else behind
    if by_letters and isinstance(found, _Missing):
        wanted, pieces = lettered(quote), [lettered(part) for part in parts] if pieces else []
        if len(wanted.text) >= _LEAST_LETTERS:
            loosely = _anchor(index, index.lettered, wanted, pieces, in_order)
            found = found if isinstance(loosely, _Missing) else loosely
    return _refusal(index, quote, found) if isinstance(found, _Missing) else found


def holds(source: Source, span: Span) -> bool:
    """Whether a span still is what the source says at that place (same document, same words, right page)."""
    inside = all(0 <= start < end <= len(source.text) for start, end in span.parts)
    if span.document != source.hash or not span.parts or not inside:
        return False
    if (span.start, span.end) != (span.parts[0][0], span.parts[-1][1]) or source.page_at(span.start)[0] != span.page:
        return False
    return span.quote == _quoted(source, span.parts)


@dataclass(frozen=True, slots=True)
class _Missing:
    """What of a quote is not there: a piece, and whether as part of a word or figure it is; none in the wrong order."""

    piece: Canonical | None = None
    cut: bool = False
    figure: str = ""


def _anchor(
    index: SourceIndex, text: Canonical, wanted: Canonical, pieces: list[Canonical], in_order: bool
) -> list[Span] | _Missing:
    """A quote in the whole text or its body: as it is, or else its pieces."""
    looks = Looks()
    whole = Seeker(text, wanted, _words([wanted]), index.source.text, looks)
    if whole.first is not None:
        return [_span(index, text, [place]) for place in whole.places()]
    if not pieces:
        return _Missing(wanted, whole.cut, whole.figure)
    words = _words(pieces)
    seekers = []
    for piece in pieces:
        seekers.append(Seeker(text, piece, words, index.source.text, looks))
        if seekers[-1].first is None:
            return _Missing(piece, seekers[-1].cut, seekers[-1].figure)
    ordered = chains(seekers)
    if ordered:
        # Of the chains with the same end only the one that starts last is a place of its own.
        return [_span(index, text, chain) for chain in {chain[-1].end: chain for chain in ordered}.values()]
    if in_order:
        return _Missing()
    scattered = [seeker.first for seeker in seekers if seeker.first is not None]
    return [_span(index, text, sorted(scattered, key=lambda place: place.start))]


def _words(pieces: Sequence[Canonical]) -> int:
    """The words of a quote, one at an end apart that may be cut."""
    inside = sum(1 for piece in pieces for at in piece.breaks if 0 < at < len(piece.text))
    return inside + len(pieces) - 1


def _span(index: SourceIndex, text: Canonical, chain: Sequence[Place]) -> Span:
    parts = tuple(place.original for place in chain)
    if text is not index.canonical:
        parts = tuple(part for place in parts for part in _without(index, *place))
    page, _ = index.source.page_at(parts[0][0])
    adjusted = any(place.adjusted for place in chain)
    return Span(index.source.hash, parts[0][0], parts[-1][1], page, _quoted(index.source, parts), parts, adjusted)


def _without(index: SourceIndex, start: int, end: int) -> list[tuple[int, int]]:
    """A part of the source cut where page furniture stands in it."""
    edges = [start]
    for begin, stop in index.furniture:
        if start < begin and stop < end:
            edges += [begin, stop]
    edges.append(end)
    found = []
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        words = index.source.text[a:b]
        if words.strip():
            found.append((a + len(words) - len(words.lstrip()), b - len(words) + len(words.rstrip())))
    return found


def _quoted(source: Source, parts: tuple[tuple[int, int], ...]) -> str:
    return " […] ".join(source.text[start:end] for start, end in parts)


def _refusal(index: SourceIndex, quote: str, missing: _Missing) -> Refusal:
    wanted = missing.piece
    if wanted is None:
        return Refusal("quote.out-of-order", "all parts of the quote stand in the source, but not in this order")
    if missing.figure:
        return Refusal(
            "quote.cuts-a-figure", f"the quote begins or ends inside “{missing.figure}”: quote all of it, or none of it"
        )
    if missing.cut:
        return Refusal("quote.cuts-a-word", "the quote stands there only as part of a longer word or number")
    nearest = _nearest(index, quote, wanted)
    if nearest is None:
        return Refusal("quote.not-found", "nothing like the quote stands in the source")
    relation = "after" if nearest.side == "before" else "before"
    return Refusal(
        "quote.not-found",
        f"the quote differs from the source {relation} “{nearest.common}”: "
        f"the quote says “{nearest.quote_says}”, the source “{nearest.source_says}” (page {nearest.page})",
        nearest,
    )


def _nearest(index: SourceIndex, quote: str, wanted: Canonical) -> NearestMiss | None:
    """The longest part both have, found from its beginning and from seeds along the quote."""
    text = index.canonical
    best = _longest_prefix(text, wanted)
    if best[2] < min(_SEED, len(wanted.text)):
        step = max(4, len(wanted.text) // 12)
        seeds = range(step, len(wanted.text) - _SEED + 1, step)
        best = max((best, *(_grown(text, wanted, seed) for seed in seeds)), key=lambda block: block[2])
    at, there, length = best
    if length < min(_SEED, max(len(wanted.text) // 2, 4)):
        return None
    return _describe(index, quote, wanted, at, there, length)


def _longest_prefix(text: Canonical, wanted: Canonical) -> tuple[int, int, int]:
    """(0, position in the source, length) of the longest beginning of the quote found there, gaps included."""
    low, high, place = 0, min(len(wanted.text), _MOST_COMMON), 0
    while low < high:
        middle = (low + high + 1) // 2
        at = text.text.find(wanted.text[:middle])
        if at < 0:
            high = middle - 1
        else:
            low, place = middle, at
    if low == _MOST_COMMON:
        pairs = enumerate(zip(wanted.text, text.text[place:], strict=False))
        low = next((at for at, (one, other) in pairs if one != other), min(len(wanted.text), len(text.text) - place))
    differs = first_gap_difference(text.gaps(place, place + low), wanted.gaps(0, low))
    return 0, place, low if differs is None else differs


def _grown(text: Canonical, wanted: Canonical, seed: int) -> tuple[int, int, int]:
    """(position in the quote, in the source, length) of the common block around a seed of the quote."""
    there = text.text.find(wanted.text[seed : seed + _SEED])
    if there < 0:
        return seed, 0, 0
    left = 0
    while left < min(seed, there, _MOST_COMMON) and wanted.text[seed - left - 1] == text.text[there - left - 1]:
        left += 1
    right = 0
    limit = min(len(wanted.text) - seed, len(text.text) - there, _MOST_COMMON)
    while right < limit and wanted.text[seed + right] == text.text[there + right]:
        right += 1
    return seed - left, there - left, left + right


def _describe(index: SourceIndex, quote: str, wanted: Canonical, at: int, there: int, length: int) -> NearestMiss:
    """The block in words. ``wanted`` may be one piece of the quote: its offset is added."""
    text, original = index.canonical, index.source.text
    block_start, block_end = text.starts[there], text.ends[there + length - 1]
    shift = 0 if len(wanted.starts) == len(canonical(quote).starts) else _piece_offset(quote, wanted)
    if at == 0:
        quote_at = wanted.ends[length - 1] + shift
        return NearestMiss(
            quote_at, block_end, index.source.page_at(block_end)[0],
            _line(original[max(block_end - _EXCERPT, block_start) : block_end]),
            _line(quote[quote_at : quote_at + _EXCERPT]), _line(original[block_end : block_end + _EXCERPT]), "before",
        )  # fmt: skip
    quote_at = wanted.starts[at] + shift
    return NearestMiss(
        quote_at, block_start, index.source.page_at(block_start)[0],
        _line(original[block_start : min(block_start + _EXCERPT, block_end)]),
        _line(quote[max(quote_at - _EXCERPT, 0) : quote_at]),
        _line(original[max(block_start - _EXCERPT, 0) : block_start]), "after",
    )  # fmt: skip


def _piece_offset(quote: str, wanted: Canonical) -> int:
    """Where a piece starts in its quote: pieces are cut at the marks, so they stand there unchanged."""
    start = 0
    for mark in _OMISSION.finditer(quote):
        if canonical(quote[start : mark.start()]).text == wanted.text:
            return start
        start = mark.end()
    return start


def _line(text: str) -> str:
    return " ".join(text.split())
