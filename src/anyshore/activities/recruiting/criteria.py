"""What a vacancy asks for: criteria given as such, or found in the text of an advertisement by its headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from anyshore.activities.recruiting import words

TITLE, MUST, MAY, DUTY, NONE = "title", "must", "may", "duty", "none"
WEIGHTS = {TITLE: 1.0, MUST: 1.0, MAY: 0.5, DUTY: 1.0}
"""What is to be done counts as what must be brought, a may half; what an advertisement says of its company, nothing."""
_BULLET = re.compile(r"\n+|(?<=[.!?;])\s+(?=[A-ZÄÖÜ•*-])|\s+[•*–-]\s+")
_COMPANY = r"\b(?P<company>(?:About|Über)(?: (?:die |the )?[A-ZÄÖÜ][\w&.-]*){1,5})(?=\s*:)"
"""The heading above what a company says of itself."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing a vacancy asks for.

    Attributes:
        kind: ``title``, ``must``, ``may`` or ``duty``.
        text: as it is written.
    """

    kind: str
    text: str

    @property
    def weight(self) -> float:
        """What a word of it counts."""
        return WEIGHTS[self.kind]


def of(title: str, description: str = "", must: Sequence[str] = (), may: Sequence[str] = ()) -> tuple[Criterion, ...]:
    """The criteria of a vacancy: those given, and those its description names.

    Args:
        title: of the vacancy.
        description: text of the advertisement.
        must: what an applicant must bring.
        may: what would be welcome.
    """
    given = [Criterion(TITLE, title), *(Criterion(MUST, one) for one in must), *(Criterion(MAY, one) for one in may)]
    return tuple(one for one in (*given, *_of_text(description)) if one.text.strip())


def _of_text(text: str) -> Iterator[Criterion]:
    for kind, part in parts(text):
        if kind == NONE:
            continue
        for sentence in _BULLET.split(part):
            cleaned = sentence.strip(" \t:-–•*.")
            if any(True for _ in words.words(cleaned)):
                yield Criterion(kind, cleaned)


def parts(text: str) -> Iterator[tuple[str, str]]:
    """The parts of an advertisement, each with its kind: what its heading says; before the first one, duties.

    A heading begins with a capital, and a colon, a dash or a new line follows; or it stands at the end of a sentence.
    """
    kind, at = DUTY, 0
    for found in _pattern().finditer(text):
        written = found[0]
        company = found["company"] is not None
        if not company and (not written[0].isupper() or not _is_heading(text, found.end(), written)):
            continue
        yield kind, text[at : found.start()]
        kind, at = NONE if company else _kinds()[words.letters(written)], found.end()
    yield kind, text[at:]


def _is_heading(text: str, end: int, written: str) -> bool:
    """Whether what stands at a place is a heading: not a part of a sentence that goes on in small letters."""
    after = text[end : end + 4]
    if re.match(r"\s*(?:[:–?(-]|\n|$)", after):
        return True
    several = " " in written
    return several and re.match(r"\s+(?:[A-ZÄÖÜ\d•*])", after) is not None


@cache
def _kinds() -> dict[str, str]:
    return {words.letters(one): kind for kind, names in words.known()["parts"].items() for one in names}


@cache
def _pattern() -> re.Pattern[str]:
    names = sorted((one for names in words.known()["parts"].values() for one in names), key=len, reverse=True)
    headings = "|".join(r"[\s-]+".join(map(re.escape, one.split())) for one in names)
    return re.compile(rf"{_COMPANY}|\b(?i:{headings})(?!\w)")
