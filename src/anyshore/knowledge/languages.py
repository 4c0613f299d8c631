"""Languages and how well somebody has them: tags of BCP 47 and the levels of the Common European Framework."""

from __future__ import annotations

LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2", "native")
"""Common European Framework of Reference for Languages (Council of Europe 2001), and mother tongue above it."""


def at_least(level: str, least: str) -> bool:
    """Whether a level is another one or better; a level nobody knows is below all."""
    return level in LEVELS and LEVELS.index(level) >= LEVELS.index(least)


def primary(tag: str) -> str:
    """The language of a tag (BCP 47, RFC 5646 section 2.2.1): ``de`` of ``de-AT``, ``DE`` and ``de_CH``."""
    return tag.strip().replace("_", "-").partition("-")[0].lower()
