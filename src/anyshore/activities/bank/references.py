"""References of payments: creditor references with check digits, and the words and numbers of a text.

Sources: ISO 11649 (``RF``), SIX Interbank Clearing (QR-reference and the ISR reference before it: 27 digits, modulo 10
recursive), EPC (``NOTPROVIDED`` for an end-to-end identification that nobody gave).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from anyshore.activities.common.parties import compact
from anyshore.base.iban import mod97

_RF = re.compile(r"RF(?!0[01]|99)[0-9]{2}[A-Z0-9]{1,21}")
"""Check digits run from 02 to 98, as an IBAN's do: 00, 01 and 99 leave the remainders of 97, 98 and 02."""
_WORD = re.compile(r"[^\W_]+")
_RUN = re.compile(r"\d+|[^\W\d_]+")
_MODULO_10 = (0, 9, 4, 6, 8, 2, 7, 1, 3, 5)
_NOT_GIVEN = frozenset({"notprovided", "nonref", "notgiven", "none", "eref"})
_JOINED = 7
"""Most neighbouring words that may be one reference: 25 characters of RF are printed as 7 groups."""
_LONGEST = 35
"""Most characters of a reference (ISO 20022, Max35Text)."""


def structured(text: str) -> str | None:
    """A creditor reference in one notation, where its check digits are right; else none."""
    plain = compact(text).upper()
    if _RF.fullmatch(plain) and mod97(plain[4:] + plain[:4]) == 1:
        return f"RF:{plain[4:].lstrip('0')}"
    if plain.isascii() and plain.isdigit() and len(plain) in (26, 27) and is_modulo_10(plain):
        return f"QRR:{plain.lstrip('0')}"
    return None


def is_modulo_10(digits: str) -> bool:
    """Whether the last digit checks the others (modulo 10, recursive); nothing but zeros is no reference."""
    carry = 0
    for digit in digits[:-1]:
        carry = _MODULO_10[(carry + int(digit)) % 10]
    return (10 - carry) % 10 == int(digits[-1]) and digits.strip("0") != ""


def end_to_end(text: str) -> str | None:
    """An end-to-end identification in one notation; none where nobody gave one."""
    plain = compact(text)
    return plain if plain and plain not in _NOT_GIVEN else None


def words(text: str) -> list[str]:
    """The words of a text without case: runs of letters and digits."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def keys(text: str) -> tuple[str, ...]:
    """What a reference or number is found by in a text: all of it, and the digits of a number behind letters.

    ``INV/2019/00001`` is found as ``inv201900001`` and as ``201900001``; a key has three digits at least, and one of
    digits alone five, so that no house number, day or year is taken for a reference.
    """
    whole = "".join(words(text))
    if sum(map(str.isdigit, whole)) < 3:
        return ()
    found = [whole] if not whole.isdigit() or len(whole) >= 5 else []
    digits = "".join(run for run in _RUN.findall(whole) if run.isdigit())
    if digits != whole and len(digits) >= 5 and whole.endswith(digits[-3:]) and not re.search(r"\d[^\W\d_]+\d", whole):
        found.append(digits)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of a text that could be a key, and the characters it spans."""

    key: str
    start: int
    end: int

    def within(self, other: Found) -> bool:
        """Whether it is a part of another piece."""
        return (
            other.start <= self.start and self.end <= other.end and (self.start, self.end) != (other.start, other.end)
        )


def candidates(text: str) -> Iterator[Found]:
    """Everything in a text that could be a key: neighbouring words joined, and neighbouring numbers joined."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    found = list(_WORD.finditer(folded))
    yield from _joins(found)
    runs = list(_RUN.finditer(folded))
    if len(runs) != len(found):
        for group in _numbers(runs):
            yield from _joins(group)


def _joins(found: Sequence[re.Match[str]]) -> Iterator[Found]:
    for place, first in enumerate(found):
        joined = ""
        for word in found[place : place + _JOINED]:
            joined += word[0]
            if len(joined) > _LONGEST:
                break
            yield Found(joined, first.start(), word.end())


def _numbers(runs: Sequence[re.Match[str]]) -> Iterator[list[re.Match[str]]]:
    """The groups of numbers that stand beside each other, without a letter between."""
    group: list[re.Match[str]] = []
    for run in runs:
        if run[0].isdigit():
            group.append(run)
        elif group:
            yield group
            group = []
    if group:
        yield group


def telling(text: str) -> frozenset[str]:
    """The words of a reference that could tell it from others: with digits, of three characters, and no year."""
    return frozenset(
        word
        for word in words(text)
        if len(word) >= 3 and any(map(str.isdigit, word)) and not re.fullmatch(r"(19|20)\d\d", word)
    )
