"""Where the words of a quotation stand in a reduced text: place by place, whole words first, within bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from anyshore.knowledge.canonical import DASH, DASHES, JOINED, Canonical
from anyshore.knowledge.figures import cut_figure

MOST_LOOKS = 50_000  # places looked at for one quotation; more means that it says next to nothing
_LEADING = re.compile(rf"[{re.escape(DASHES)}][^\S\n]?\Z")
_TRAILING = re.compile(rf"\A[^\S\n]?[{re.escape(DASHES)}]")
_CLAUSE_NUMBER = re.compile(r"(?:\A|[\n\f])[^\S\n]*\d{1,3}(?:\.\d{1,3}){1,4}\.?\Z")
"""At the beginning of a line: files that set it apart by a tab give it without a blank."""
_CLAUSE_REACH = 40  # characters before a place in which its clause number stands
_LOOK = 32  # characters compared for the cost of one look
MOST_CHAINS = 1_000  # places of a quotation with omissions
_WHOLE_WORDS = 3  # that must stand beside a cut word for the slip to be forgiven
_MANY_WORDS = 5  # … where more than one letter was lost before
_LONGEST_LOSS = 40  # characters of a cut word
_MOST_CUT = 1000  # places looked at for whole words, where none holds them
_TURNING = frozenset(
    {
        "ab", "an", "anti", "counter", "de", "dis", "ex", "extra", "il", "im", "in", "ir", "mal", "mis", "non", "over",
        "post", "pre", "sub", "super", "un", "under",
    }
)  # fmt: skip
"""What can stand before a word and turn its meaning; never a slip of the hand."""


@dataclass(frozen=True, slots=True)
class Place:
    """An occurrence in canonical positions, with its original offsets."""

    start: int
    end: int
    original: tuple[int, int]
    adjusted: bool = False


@dataclass(slots=True)
class Looks:
    """How many more places may be looked at."""

    left: int = MOST_LOOKS


@dataclass(slots=True)
class Seeker:
    """Finds one piece of a quotation in a text.

    Attributes:
        text: the source.
        wanted: the piece.
        beside: whole words of the whole quotation, a cut one at an end apart.
        original: the source as it stands, in which a place must cut no figure.
        looks: shared by the pieces of a quotation.
        whole: whether the piece stands there in whole words; else places that cut a word are adjusted.
        cut: whether it stands there only as part of a word.
        figure: the first figure of the source that a place would cut; empty where none would.
    """

    text: Canonical
    wanted: Canonical
    beside: int
    original: str
    looks: Looks = field(default_factory=Looks)
    whole: bool = field(init=False)
    cut: bool = field(init=False, default=False)
    figure: str = field(init=False, default="")
    first: Place | None = field(init=False)

    def __post_init__(self) -> None:
        self.whole = True
        self.first = next(self.places(), None)
        if self.first is None and self.cut:
            self.whole = False
            self.first = next(self.places(), None)

    def places(self, start: int = 0) -> Iterator[Place]:
        """The acceptable places from a position on, in their order."""
        cuts = 0
        for place in self._occurrences(start):
            begins, digit = self.text.cuts_word(place.start), self.original[place.original[0] - 1].isdigit()
            if not (begins and not (digit and self._behind_clause_number(place))) and not self.text.cuts_word(
                place.end
            ):
                if self.whole and self._cuts_no_figure(place):
                    yield place
                continue
            self.cut = True
            if self.whole:
                continue
            cuts += 1
            if cuts > _MOST_CUT:
                return
            wide = self._adjusted(place)
            if wide is not None and wide.start >= start and self._cuts_no_figure(wide):
                yield wide

    def _behind_clause_number(self, place: Place) -> bool:
        """Whether a place begins behind a clause number that touches its clause (``5.1This``): no word is cut there."""
        start = place.original[0]
        before = self.original[max(start - _CLAUSE_REACH, 0) : start]
        return _CLAUSE_NUMBER.search(before) is not None

    def _occurrences(self, start: int) -> Iterator[Place]:
        """Every place where characters and gaps agree."""
        text, wanted = self.text, self.wanted
        length = len(wanted.text)
        gaps = wanted.gaps(0, length)
        leads, trails = wanted.reading(0) & DASH, wanted.reading(length) & DASH
        at = text.text.find(wanted.text, start)
        while at >= 0 and self.looks.left > 0:
            self.looks.left -= 1 + length // _LOOK
            dashed = (not leads or text.reading(at) & DASH) and (not trails or text.reading(at + length) & DASH)
            if dashed and first_gap_difference(text.gaps(at, at + length), gaps) is None:
                start, end = text.starts[at], text.ends[at + length - 1]
                start -= len(_signs(_LEADING, self.original[max(start - 2, 0) : start])) if leads else 0
                end += len(_signs(_TRAILING, self.original[end : end + 2])) if trails else 0
                yield Place(at, at + length, (start, end))
            at = text.text.find(wanted.text, at + 1)

    def _cuts_no_figure(self, place: Place) -> bool:
        figure = cut_figure(self.original, *place.original)
        self.figure = self.figure or " ".join((figure or "").split())
        return figure is None

    def _adjusted(self, place: Place) -> Place | None:
        """A place that cuts words at its ends, adjusted to whole words; none where that changes what is said.

        Marked passages often lose or gain letters at their ends to a slip of the hand. Forgiven are letters lost
        before that do not turn the word (the *un* of *unable* does), any letters lost after, and a fragment gained
        after a full stop; never a figure, and only beside whole words.
        """
        text = self.text
        start, end = place.start, place.end
        numbered = self._behind_clause_number(place)
        while not numbered and text.cuts_word(start) and place.start - start < _LONGEST_LOSS:
            start -= 1
        while text.cuts_word(end) and end - place.end < _LONGEST_LOSS:
            end += 1
        if (not numbered and text.cuts_word(start)) or text.cuts_word(end):
            return None
        before, after = text.text[start : place.start].strip("0"), text.text[place.end : end]
        beside = self.beside - bool(before and after)
        if before and not _slipped(before, beside):
            return None
        if after and beside < _WHOLE_WORDS:
            return None
        if any(map(str.isdigit, after)):
            last = place.start + max(at for at in self.wanted.breaks if at < len(self.wanted.text))
            if text.text[last - 1] not in ".;:":
                return None
            end = last
        return Place(start, end, (text.starts[start], text.ends[end - 1]), True)


def _signs(form: re.Pattern[str], beside: str) -> str:
    """The dash right beside a place, which its quotation has, too."""
    found = form.search(beside)
    return found.group() if found else ""


def _slipped(before: str, beside: int) -> bool:
    """Whether letters lost before a word are a slip of the hand."""
    if any(map(str.isdigit, before)) or before.casefold() in _TURNING:
        return False
    return beside >= (_WHOLE_WORDS if len(before) == 1 else _MANY_WORDS)


def chains(seekers: Sequence[Seeker]) -> list[list[Place]]:
    """The pieces one after the other, each as near as it can be to the one before; in order of their beginnings."""
    found: list[list[Place]] = []
    nearest: list[Place | None] = [seeker.first for seeker in seekers]
    for first in seekers[0].places():
        chain = [first]
        for number, seeker in enumerate(seekers[1:], 1):
            near = nearest[number]
            if near is not None and near.start < chain[-1].end:
                # Chains only move on: what stood too early for this one is too early for all that follow.
                near = nearest[number] = next(seeker.places(chain[-1].end), None)
            if near is None:
                return found
            chain.append(near)
        found.append(chain)
        if len(found) == MOST_CHAINS:
            break
    return found


def first_gap_difference(here: dict[int, int], there: dict[int, int]) -> int | None:
    """Where two texts with the same characters first differ in what stands between them; None if nowhere."""
    if here == there:
        return None
    differing = (at for at in here.keys() | there.keys() if not here.get(at, JOINED) & there.get(at, JOINED))
    return min(differing, default=None)
