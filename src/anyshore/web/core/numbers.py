"""Whole numbers that somebody sent: keys of rows, sheets of lists, lengths."""

from __future__ import annotations

DIGITS = 18
"""Of the largest number that is read: what every database keeps as the key of a row."""


def whole(text: object) -> int | None:
    """The number of a text of ASCII digits; None where it is none, or has more digits than anything here."""
    plain = str(text)
    return int(plain) if len(plain) <= DIGITS and plain.isascii() and plain.isdigit() else None
