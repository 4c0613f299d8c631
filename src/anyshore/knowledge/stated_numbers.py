"""Numbers as reports print them: in a cell of a table, or in a sentence.

Brackets around a number make it negative; currency signs, blanks and raised footnote marks do not belong to it; a
percent sign or the word behind it (thousand, million, billion) is kept beside it. A dash alone, and an empty cell, are
no number: what a report means by one is for its reader to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

SCALES = {
    "thousand": Decimal(1_000), "million": Decimal(1_000_000), "billion": Decimal(1_000_000_000),
    "trillion": Decimal(1_000_000_000_000),
}  # fmt: skip
SCALES |= {f"{word}s": factor for word, factor in SCALES.items()} | {"bn": SCALES["billion"], "mn": SCALES["million"]}
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_SIGN = "[-\u2010-\u2015\u2212]"
NUMBER = re.compile(
    rf"(?P<open>\(\s*)?(?P<sign>{_SIGN}\s?)?(?:[$€£¥]|US\$|RMB|EUR|USD|GBP)?\s*(?P<late>{_SIGN}\s?)?(?P<inner>\(\s*)?"
    rf"(?P<digits>{_DIGITS})\s*(?P<percent>%|percent\b|per cent\b)?\s*(?P<close>\))?\s*(?P<after>%)?"
    rf"(?:\s*(?P<scale>{'|'.join(sorted(SCALES, key=len, reverse=True))})\b)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class StatedNumber:
    """A number where it is printed.

    Attributes:
        text: as printed.
        value: what is printed, brackets and sign applied; a percent as printed (5 for 5 %), a scale not applied.
        percent: whether a percent sign or word stands with it.
        scale: the word behind it in small letters; may be empty.
        start: where it begins in its text.
        end: where it ends.
    """

    text: str
    value: Decimal
    percent: bool
    scale: str
    start: int
    end: int

    @property
    def full(self) -> Decimal:
        """The value with percent and scale applied: 0.05 for 5 %, 60,300,000 for 60.3 million."""
        value = self.value * SCALES.get(self.scale, Decimal(1))
        return value / 100 if self.percent else value


def numbers(text: str) -> Iterator[StatedNumber]:
    """The numbers of a text, in its order; those within words and codes (``Q4``, ``b1-2``) are none."""
    for found in NUMBER.finditer(text):
        start, end = found.start("digits"), found.end("digits")
        if start and (text[start - 1].isalnum() or text[start - 1] == "_"):
            continue
        if end < len(text) and text[end].isalpha() and found["scale"] is None and found["percent"] is None:
            continue
        yield _stated(found)


def number_in_cell(text: str) -> StatedNumber | None:
    """The number a cell of a table holds; None where it holds none, several, or words as well."""
    bare = re.sub(r"(?<=[\d)%])\s*(?:\(\w\)|\[\w{1,2}\]|[*†‡])+\s*$", "", text.strip())  # footnote marks behind it
    found = NUMBER.fullmatch(bare)
    return _stated(found) if found else None


def _stated(found: re.Match[str]) -> StatedNumber:
    bracketed = bool((found["open"] or found["inner"]) and found["close"])
    # Where no bracket opened it, a closing one belongs to the sentence.
    text = found[0] if bracketed or not found["close"] else found[0].partition(")")[0]
    text = text if bracketed or not found["open"] else text.replace("(", "", 1)
    value = Decimal(found["digits"].replace(",", ""))
    negative = bracketed or bool(found["sign"] or found["late"])
    before = found.string[: found.start()].rstrip()
    if found["sign"] and not bracketed and before[-1:].isalnum():  # a dash between two numbers: 2018-2019
        negative = False
    percent = bool(found["percent"] or (found["after"] and bracketed) or (found["after"] and not found["close"]))
    scale = (found["scale"] or "").lower() if bracketed or not found["close"] else ""
    return StatedNumber(text.strip(), -value if negative else value, percent, scale, found.start(), found.end())
