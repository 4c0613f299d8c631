"""Names of what arrives, as they are kept and shown."""

from __future__ import annotations

import hashlib

MAX_NAME = 300
"""Characters of a name that are kept."""


def shown(name: str, most: int = MAX_NAME) -> str:
    """A name as text that can be kept and shown.

    Bytes that are no text, and what cannot be printed, are written with a backslash; one that is too long ends in a
    part of its digest, so that two stay two.
    """
    if name.isprintable() and len(name) <= most:
        return name
    text = "".join(c if c.isprintable() else _escaped(c) for c in name)
    if len(text) <= most:
        return text
    return f"{text[: most - 10]}…{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _escaped(character: str) -> str:
    """A byte that is no text stands in the name as a lone surrogate (PEP 383)."""
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode-escape").decode()
