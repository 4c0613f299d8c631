"""Quotations and their places: a quote that does not stand in its source is refused.

Forgiven are differences that change no word: spaces and line ends, hyphenation at line ends, typographic quotation
marks, dashes and ligatures, and parts left out under a mark (``…``, ``...``, ``[...]``, ``<omitted>``). Case, words,
figures and their order are not. Offsets always refer to the original text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from anyshore.knowledge.canonical import DASH, JOINED, Canonical, canonical
from anyshore.knowledge.documents import Source

_OMISSION = re.compile(
    r"""< \s? (?:omitted|\.{3}|…) \s? > | \[ \s? (?:…|\.{3,}|\.\s\.\s\.|omitted) \s? \] | \( \s? (?:…|\.{3}) \s? \)
      | …+ | \.{3,} | \.\s\.\s\.(?:\s\.)?""",
    re.VERBOSE | re.IGNORECASE,
)
_SEED = 16  # characters of a quote that make its neighbourhood in the source worth showing
_WHOLE_WORDS = 3  # that must stand beside a cut word for the slip to be forgiven
_LONGEST_LOSS = 40  # characters of a cut word
_MOST_CUT = 1000  # places looked at for whole words, where none holds them
_EXCERPT = 60  # characters shown on each side of a difference

RefusalCode = Literal["quote.empty", "quote.not-found", "quote.cuts-a-word", "quote.out-of-order"]


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
        code: ``quote.empty``, ``quote.not-found``, ``quote.cuts-a-word`` or ``quote.out-of-order``.
        message: one sentence for the author.
        nearest: where it comes closest, if anywhere.
    """

    code: RefusalCode
    message: str
    nearest: NearestMiss | None = None


class SourceIndex:
    """A source made ready for many quotes."""

    __slots__ = ("canonical", "source")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.canonical: Canonical = canonical(source.text)


def anchor(source: Source | SourceIndex, quote: str, *, in_order: bool = True) -> list[Span] | Refusal:
    """All places where a quote stands in a source, in their order, or why there is none.

    Args:
        source: the source; for many quotes give a :class:`SourceIndex`, built once.
        quote: what its author claims the source says.
        in_order: whether the parts around marked omissions must follow each other as in the source.

    Returns:
        One span per place; more than one means that the quote is ambiguous and its author must choose.
    """
    index = source if isinstance(source, SourceIndex) else SourceIndex(source)
    wanted = canonical(quote)
    if len(wanted.text) < 2 and not any(map(str.isalnum, wanted.text)):
        return Refusal("quote.empty", "the quote holds no word")
    places, cut = _acceptable(index.canonical, wanted)
    if places:
        return [_span(index, [place]) for place in places]
    pieces = [canonical(piece) for piece in _OMISSION.split(quote) if any(map(str.isalnum, piece))]
    if not pieces or (len(pieces) == 1 and pieces[0].text == wanted.text):
        return _refusal(index, quote, wanted, cut)
    return _anchor_pieces(index, quote, pieces, in_order)


def anchor_all(source: Source, quotes: Iterable[str]) -> list[list[Span] | Refusal]:
    """:func:`anchor` for many quotes of one source."""
    index = SourceIndex(source)
    return [anchor(index, quote) for quote in quotes]


def holds(source: Source, span: Span) -> bool:
    """Whether a span still is what the source says at that place (same document, same words, right page)."""
    inside = all(0 <= start < end <= len(source.text) for start, end in span.parts)
    if span.document != source.hash or not span.parts or not inside:
        return False
    if (span.start, span.end) != (span.parts[0][0], span.parts[-1][1]) or source.page_at(span.start)[0] != span.page:
        return False
    return span.quote == _quoted(source, span.parts)


@dataclass(frozen=True, slots=True)
class _Place:
    """An occurrence in canonical positions, with its original offsets."""

    start: int
    end: int
    original: tuple[int, int]
    adjusted: bool = False


def _acceptable(text: Canonical, wanted: Canonical) -> tuple[list[_Place], bool]:
    """The places that hold whole words, else those that can be adjusted to that; and whether any cut a word."""
    places = _occurrences(text, wanted)
    whole = [place for place in places if not text.cuts_word(place.start) and not text.cuts_word(place.end)]
    if whole or not places:
        return whole, False
    return [wide for place in places[:_MOST_CUT] if (wide := _adjusted(text, place, wanted)) is not None], True


def _adjusted(text: Canonical, place: _Place, wanted: Canonical) -> _Place | None:
    """A place that cuts words at its ends, adjusted to whole words; none where that changes what is said.

    Marked passages often lose or gain letters at their ends to a slip of the hand. Forgiven are one letter lost before
    (more could be the *un* of *unable*), any letters lost after, and a fragment gained after a full stop; never a
    figure, and only beside three whole words.
    """
    start, end = place.start, place.end
    while text.cuts_word(start) and place.start - start < _LONGEST_LOSS:
        start -= 1
    while text.cuts_word(end) and end - place.end < _LONGEST_LOSS:
        end += 1
    if text.cuts_word(start) or text.cuts_word(end):
        return None
    before, after = text.text[start : place.start], text.text[place.end : end]
    whole_words = sum(1 for at in wanted.breaks if 0 < at < len(wanted.text)) - bool(before.strip("0") and after)
    if before.strip("0") and (len(before) > 1 or before.isdigit() or whole_words < _WHOLE_WORDS):
        return None
    if after and whole_words < _WHOLE_WORDS:
        return None
    if any(map(str.isdigit, after)):
        last = place.start + max(at for at in wanted.breaks if at < len(wanted.text))
        if text.text[last - 1] != ".":
            return None
        end = last
    return _Place(start, end, (text.starts[start], text.ends[end - 1]), True)


def _occurrences(text: Canonical, wanted: Canonical) -> list[_Place]:
    """Every place where characters and gaps agree."""
    length = len(wanted.text)
    gaps = wanted.gaps(0, length)
    leads, trails = wanted.reading(0) & DASH, wanted.reading(length) & DASH
    found = []
    for at in _finds(text.text, wanted.text):
        if (leads and not text.reading(at) & DASH) or (trails and not text.reading(at + length) & DASH):
            continue
        if _first_gap_difference(text.gaps(at, at + length), gaps) is None:
            found.append(_Place(at, at + length, (text.starts[at], text.ends[at + length - 1])))
    return found


def _finds(text: str, wanted: str) -> Iterator[int]:
    at = text.find(wanted)
    while at >= 0:
        yield at
        at = text.find(wanted, at + 1)


def _first_gap_difference(here: dict[int, int], there: dict[int, int]) -> int | None:
    if here == there:
        return None
    differing = (at for at in here.keys() | there.keys() if not here.get(at, JOINED) & there.get(at, JOINED))
    return min(differing, default=None)


def _anchor_pieces(index: SourceIndex, quote: str, pieces: list[Canonical], in_order: bool) -> list[Span] | Refusal:
    """A quote with omissions: its pieces in order, each place as tight as it can be."""
    found = []
    for piece in pieces:
        places, cut = _acceptable(index.canonical, piece)
        if not places:
            return _refusal(index, quote, piece, cut)
        found.append(places)
    chains = [chain for place in found[0] if (chain := _follow(place, found[1:])) is not None]
    if not chains and not in_order:
        return [_span(index, sorted((places[0] for places in found), key=lambda place: place.start))]
    if not chains:
        return Refusal("quote.out-of-order", "all parts of the quote stand in the source, but not in this order")
    # Of the chains with the same end only the one that starts last is a place of its own.
    tight = {chain[-1].end: chain for chain in chains}
    return [_span(index, chain) for chain in tight.values()]


def _follow(first: _Place, rest: list[list[_Place]]) -> list[_Place] | None:
    chain = [first]
    for places in rest:
        # Places stand in ascending order: the first that begins after the chain is the nearest.
        at = bisect_left(places, chain[-1].end, key=lambda place: place.start)
        if at == len(places):
            return None
        chain.append(places[at])
    return chain


def _span(index: SourceIndex, chain: list[_Place]) -> Span:
    parts = tuple(place.original for place in chain)
    page, _ = index.source.page_at(parts[0][0])
    adjusted = any(place.adjusted for place in chain)
    return Span(index.source.hash, parts[0][0], parts[-1][1], page, _quoted(index.source, parts), parts, adjusted)


def _quoted(source: Source, parts: tuple[tuple[int, int], ...]) -> str:
    return " […] ".join(source.text[start:end] for start, end in parts)


def _refusal(index: SourceIndex, quote: str, wanted: Canonical, cut: bool) -> Refusal:
    if cut:
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
    low, high, place = 0, len(wanted.text), 0
    while low < high:
        middle = (low + high + 1) // 2
        at = text.text.find(wanted.text[:middle])
        if at < 0:
            high = middle - 1
        else:
            low, place = middle, at
    differs = _first_gap_difference(text.gaps(place, place + low), wanted.gaps(0, low))
    return 0, place, low if differs is None else differs


def _grown(text: Canonical, wanted: Canonical, seed: int) -> tuple[int, int, int]:
    """(position in the quote, in the source, length) of the common block around a seed of the quote."""
    there = text.text.find(wanted.text[seed : seed + _SEED])
    if there < 0:
        return seed, 0, 0
    left = 0
    while left < min(seed, there) and wanted.text[seed - left - 1] == text.text[there - left - 1]:
        left += 1
    right = 0
    limit = min(len(wanted.text) - seed, len(text.text) - there)
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
