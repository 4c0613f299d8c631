"""A text in both languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A reason, a question or another text in both languages."""

    en: str
    de: str

    def say(self, lang: str) -> str:
        """In a language."""
        return self.de if lang == "de" else self.en

    def as_dict(self) -> dict[str, str]:
        """As plain data."""
        return {"en": self.en, "de": self.de}
