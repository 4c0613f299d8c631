"""Who reads a page: the one place that asks for the language of a request."""

from __future__ import annotations

from typing import Literal

from django.utils.translation import get_language

Language = Literal["en", "de"]


def language() -> Language:
    """The language the reader is shown, of those the texts of packs, terms and findings are written in."""
    return "de" if (get_language() or "en").startswith("de") else "en"
