"""Text reduced to what a quotation must get right, with the way back to the original offsets.

Letters, digits and punctuation stay, case included. Between them stand gaps: spaces, line ends, dashes and
invisible characters. A gap has one or more readings (:data:`JOINED`, :data:`SPACE`, :data:`DASH`); two texts
agree where the characters are equal and every pair of gaps shares a reading. So a hyphen at a line end reads as
hyphen or as nothing, and ``now here`` never agrees with ``nowhere``.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

JOINED, SPACE, DASH = 1, 2, 4

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_SOFT = "\u00ad"
_KEPT = re.compile(rf"[^\s{re.escape(DASHES)}{_INVISIBLE}]+")
_DASH = re.compile(rf"[{re.escape(DASHES)}]")
_LINE_END_HYPHEN = re.compile(r"[-\u2010\u2011\u00ad][ \t]*(?:\r\n|[\n\r\f\v\u2028\u2029])\s*")
# Characters that become several, or several that become one; everything else maps one to one.
_CLUSTER = re.compile(r"[\ufb00-\ufb06\u2026]|_{4,}|[^\u0300-\u036f][\u0300-\u036f]+")
_BLANK = "___"  # a line to write on, however long
_SAME = {"\u037e": ";", "\u0387": "·", "\u2126": "Ω", "\u212a": "K", "\u212b": "Å"}
"""Characters that Unicode holds to be the same as others (canonical singletons); fonts of PDFs confuse them."""
_ONE_TO_ONE = str.maketrans(dict.fromkeys("“”„‟″«»＂", '"') | dict.fromkeys("‘’‚‛′´`ʼ＇", "'") | _SAME)
_SIGNS = frozenset("%‰$€£¥§")
"""What belongs to a figure and is compared with it."""
_SEPARATOR = re.compile(r"[.,:/'’·]")


@dataclass(frozen=True, slots=True)
class Canonical:
    """The reduced text.

    Attributes:
        text: the kept characters.
        starts: original offset of each kept character.
        ends: original end offset of each kept character.
        breaks: ascending positions in ``text`` with a gap before them (``len(text)`` for a gap at the end).
        readings: for each break, the readings of its gap as bits.
    """

    text: str
    starts: array[int]
    ends: array[int]
    breaks: array[int]
    readings: array[int]

    def reading(self, position: int) -> int:
        """The readings of the gap before a position; no gap reads as joined."""
        index = bisect_left(self.breaks, position)
        return self.readings[index] if index < len(self.breaks) and self.breaks[index] == position else JOINED

    def gaps(self, start: int, end: int) -> dict[int, int]:
        """The gaps strictly inside ``start`` … ``end``: distance from ``start`` → readings."""
        first, last = bisect_left(self.breaks, start + 1), bisect_left(self.breaks, end)
        return {self.breaks[index] - start: self.readings[index] for index in range(first, last)}

    def cuts_word(self, position: int) -> bool:
        """Whether a quotation that starts or ends here cuts a word or a number in two."""
        if position <= 0 or position >= len(self.text) or self.reading(position) != JOINED:
            return False
        if _loose(self.text, position):
            return False
        # A full stop or comma belongs to a number only where figures touch it on both sides.
        if self.text[position] in ".,":
            return self.reading(position + 1) == JOINED
        return self.text[position - 1] not in ".," or self.reading(position - 1) == JOINED


def canonical(original: str, *, without: Sequence[tuple[int, int]] = ()) -> Canonical:
    """Reduces a text; one pass, about 5 MB a second.

    Args:
        original: the text.
        without: (start, end) of whole lines that are passed over, in order.
    """
    pieces: list[str] = []
    starts, ends = array("I"), array("I")
    gaps: list[tuple[int, str]] = []
    at = 0
    gap = ""
    for start, end in (*without, (len(original), len(original))):
        for run in _KEPT.finditer(original, at, start):
            gap += original[at : run.start()]
            if gap:
                gaps.append((len(starts), gap))
            pieces.append(_fold(run.group(), run.start(), starts, ends))
            at, gap = run.end(), ""
        gap += original[at:start]
        at = end
    if gap:
        gaps.append((len(starts), gap))
    text = "".join(pieces)
    breaks = array("I", (position for position, _ in gaps))
    readings = array("B", (_readings(text, position, between) for position, between in gaps))
    return Canonical(text, starts, ends, breaks, readings)


def lettered(original: str, *, without: Sequence[tuple[int, int]] = ()) -> Canonical:
    """The letters and digits of a text, with what belongs to its figures; every other gap reads as blank or nothing.

    For quotes that were taken from another reading of the document, which sets blanks and punctuation otherwise. What
    stands between two figures (``1,000``, ``10 0``, ``3-5``) and a minus before one are kept.
    """
    pieces: list[str] = []
    starts, ends, breaks, readings = array("I"), array("I"), array("I"), array("B")
    at = 0
    gap = 0
    for start, end in (*without, (len(original), len(original))):
        for place in range(at, start):
            character = unicodedata.normalize("NFKC", original[place]).translate(_ONE_TO_ONE)
            kept = "".join(one for one in character if one.isalnum() or one in _SIGNS)
            if not kept:
                gap += 1
                continue
            between = original[place - gap : place] if gap else ""
            if kept[0].isdigit() and between and (sign := _before_figure(pieces, between)):
                pieces.append(sign)
                starts.append(place - gap)
                ends.append(place)
            elif gap and starts:
                breaks.append(len(starts))
                readings.append(SPACE | JOINED)
            gap = 0
            pieces += kept
            starts.extend([place] * len(kept))
            ends.extend([place + 1] * len(kept))
        gap += end - start
        at = end
    if gap and starts:
        breaks.append(len(starts))
        readings.append(SPACE | JOINED)
    return Canonical("".join(pieces), starts, ends, breaks, readings)


def _before_figure(pieces: Sequence[str], between: str) -> str:
    """What between the last character and a figure belongs to the figures."""
    plain = re.sub(rf"[{_INVISIBLE}]", "", between)
    if pieces and pieces[-1].isdigit():
        found = _SEPARATOR.search(plain) or _DASH.search(plain)
        return ("-" if found.group() in DASHES else found.group()) if found else " "
    return "-" if plain[-1:] and plain[-1] in DASHES and (len(plain) > 1 and plain[-2].isspace()) else ""


def _fold(run: str, start: int, starts: array[int], ends: array[int]) -> str:
    """Typographic variants to one form; fills the offsets of the characters that come out."""
    if (run.isascii() and _BLANK not in run) or not _CLUSTER.search(run):
        starts.extend(range(start, start + len(run)))
        ends.extend(range(start + 1, start + len(run) + 1))
        return run.translate(_ONE_TO_ONE)
    out = []
    at = 0
    while at < len(run):
        cluster = _CLUSTER.match(run, at)
        piece = cluster.group() if cluster else run[at]
        # NFKC only for ligatures and the ellipsis: elsewhere it changes meaning (10² would become 102).
        if piece.startswith(_BLANK):
            folded = _BLANK
        else:
            folded = unicodedata.normalize("NFKC" if len(piece) == 1 and cluster else "NFC", piece)
        out.append(folded)
        starts.extend([start + at] * len(folded))
        ends.extend([start + at + len(piece)] * len(folded))
        at += len(piece)
    return "".join(out).translate(_ONE_TO_ONE)


def _readings(text: str, position: int, gap: str) -> int:
    """What a gap can be read as, given its neighbours."""
    if gap.isspace():
        return SPACE | JOINED if _loose(text, position) else SPACE
    between_letters = 0 < position < len(text) and text[position - 1].isalpha() and text[position].isalpha()
    line_end = _LINE_END_HYPHEN.fullmatch(gap) is not None
    if _DASH.search(gap):
        return DASH | JOINED if line_end and between_letters else DASH
    visible = gap.replace(_SOFT, "")
    if not visible or (line_end and between_letters):
        reading = JOINED
    elif any(character.isspace() for character in visible):
        reading = SPACE | JOINED if _loose(text, position) else SPACE
    else:
        reading = SPACE | JOINED
    # Many PDFs give the hyphen of *long-term*, too, as a soft one.
    return reading | DASH if _SOFT in gap else reading


def _loose(text: str, position: int) -> bool:
    """Whether a blank before this position changes nothing: at punctuation, but not inside a number."""
    if position <= 0 or position >= len(text):
        return True
    left, right = text[position - 1], text[position]
    if left.isalnum() and right.isalnum():
        return False
    if left.isdigit() and right in ".,":
        return not text[position + 1 : position + 2].isdigit()
    if left in ".," and right.isdigit():
        return not text[max(position - 2, 0) : position - 1].isdigit()
    return True
