"""How far a source is trusted: reliability A to F, credibility 1 to 6, and which sources are one voice.

The two scales are those of the Admiralty system as NATO's doctrine for intelligence has it (AJP-2.1, annex): the letter
judges who says it, the digit what is said. F and 6 say that nobody can judge, not that it is the worst. *Confirmed by
other sources* (1) takes a second voice: two newspapers that print one press release are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from anyshore.base.errors import DataError
from anyshore.base.locations import Location

RELIABILITY = {
    "A": "completely reliable", "B": "usually reliable", "C": "fairly reliable", "D": "not usually reliable",
    "E": "unreliable", "F": "reliability cannot be judged",
}  # fmt: skip
CREDIBILITY = {
    1: "confirmed by other sources", 2: "probably true", 3: "possibly true", 4: "doubtful", 5: "improbable",
    6: "truth cannot be judged",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade.

    Attributes:
        reliability: of the source, A to F.
        credibility: of what it says, 1 to 6.
    """

    reliability: str
    credibility: int

    @property
    def words(self) -> str:
        """Both in words."""
        return f"{RELIABILITY[self.reliability]}, {CREDIBILITY[self.credibility]}"

    def __str__(self) -> str:
        return f"{self.reliability}{self.credibility}"


def grade(text: str, source: str = "") -> Grade:
    """The grade of a text such as ``B2``.

    Raises:
        DataError: it is none.
    """
    found = re.fullmatch(r"\s*([A-Fa-f])\s*-?\s*([1-6])\s*", text)
    if found is None:
        message = f"{text!r} is no grade of a source."
        hint = "Write reliability and credibility, from A1 to F6."
        raise DataError("source.grade", message, Location(element=source or None), hint)
    return Grade(found[1].upper(), int(found[2]))


def voices(origins: Mapping[str, str], sources: Iterable[str]) -> frozenset[str]:
    """The independent voices among sources: each followed to where it has what it says from.

    Args:
        origins: of a source, what it repeats: another source, or a name both have in common; empty for its own.
        sources: those asked about.

    Raises:
        DataError: sources repeat each other in a ring.
    """
    found = set()
    for source in sources:
        at, way = source, [source]
        while following := origins.get(at, ""):
            if following in way:
                message = f"The sources repeat each other: {' → '.join([*way, following])}."
                raise DataError("source.circular", message, Location(element=source), "Leave the first one without.")
            at = following
            way.append(at)
        found.add(at)
    return frozenset(found)
