"""Texts of forms by language."""

from __future__ import annotations

Texts = dict[str, str]
"""A text by language: ``en`` always, ``de`` where given."""


def text(texts: Texts, language: str) -> str:
    """A text in the language asked for, or in English."""
    return texts.get(language) or texts.get("en", "")
