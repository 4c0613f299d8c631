"""Invoices and corrections as they stand in the ledger, and entries that came after the document of their month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anyshore.terms.months import Month

DOCUMENTS = ("invoice.issued", "invoice.corrected")
"""Entry types that bill a month."""


_DIGITS = 4


def serial(engagement: str, place: int) -> str:
    """The number of a document: its place among all of its engagement, from 1."""
    return f"{engagement}-{place:0{_DIGITS}}"


def place_of(engagement: str, number: str) -> int | None:
    """The place a number of ours names; None where it is written otherwise."""
    digits = number.removeprefix(f"{engagement}-")
    if len(digits) == len(number) or not (digits.isascii() and digits.isdigit()):
        return None
    return int(digits) if serial(engagement, int(digits)) == number else None


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice or a correction in the ledger.

    Attributes:
        type: one of ``DOCUMENTS``.
        number: its own number.
        month: the month it bills.
        sequence: its ledger entry.
        at: when it was issued, microseconds since 1970 UTC.
        data: what the entry records.
    """

    type: str
    number: str
    month: Month
    sequence: int
    at: int
    data: Mapping[str, Any]

    @property
    def corrects(self) -> bool:
        """Whether it is a correction."""
        return self.type == "invoice.corrected"


@dataclass(frozen=True, slots=True)
class Late:
    """An entry of a case that was written after a document of its month, or of a later one.

    Attributes:
        sequence, at, type, instance, reference: as in the entry.
        line: its line in the export; None outside of one.
    """

    sequence: int
    at: int
    type: str
    instance: str
    reference: str
    line: int | None = None
