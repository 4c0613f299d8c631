"""``words:`` of a pack: what the words of its models are called, in both languages, on pages and in reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from anyshore.packs.expressions import Reader
from anyshore.runtime.reports import Report, Texts

SECTION = "words"


@dataclass(frozen=True, slots=True)
class Words:
    """What the ids of a pack are called.

    Attributes:
        texts: by word, then by language.
    """

    texts: Mapping[str, Texts] = field(default_factory=dict)

    def say(self, word: str, language: str) -> str:
        """What a word is called; the word itself where the pack does not say."""
        return self.texts.get(word, {}).get(language) or word


def read(reader: Reader, report: Report) -> Words:
    """The words of a pack: those of the section, and the titles of its outcomes and reasons."""
    given = reader.value((SECTION,)) or {}
    return Words({**report.outcomes, **report.reasons, **given})
