"""Languages and how well somebody has them: tags of BCP 47 and the levels of the Common European Framework."""

from __future__ import annotations

import re

LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2", "native")
"""Common European Framework of Reference for Languages (Council of Europe 2001), and mother tongue above it."""


def at_least(level: str, least: str) -> bool:
    """Whether a level is another one or better; a level nobody knows is below all."""
    return level in LEVELS and LEVELS.index(level) >= LEVELS.index(least)


def primary(tag: str) -> str:
    """The language of a tag (BCP 47, RFC 5646 section 2.2.1): ``de`` of ``de-AT``, ``DE`` and ``de_CH``."""
    return tag.strip().replace("_", "-").partition("-")[0].lower()


_FUNCTION_WORDS = {
    "de": "der die das und ist nicht ich sie wir ein eine zu den mit auf für von dem sich auch bei mein kann wie es im",
    "en": "the and is not i you we a to of in with on for it that this my can how have be are was from please when",
    "es": "el la los las y es no yo un una de en con para por que mi puedo cómo se del al su lo pero",
    "fr": "le la les et est pas je vous nous un une de des en avec pour que mon ma peux comment ne du au sur merci",
    "it": "il la le e è non io un una di in con per che mio mia posso come si del della al sono grazie ho gli",
    "nl": "de het en is niet ik u wij een te van in met op voor dat mijn kan hoe zijn er naar ook maar",
    "pl": "i nie jest to na w z do się że mój moja jak czy proszę mogę od po dla ale przez",
    "pt": "o a os as e é não eu um uma de em com para por que meu minha posso como se do da no na obrigado",
}  # fmt: skip
"""The commonest words that carry no subject, by language: a text has many of its own and few of the others."""
_LEAST, _AHEAD = 2, 1.3


def guess(text: str) -> str:
    """The language of a text by its function words; empty where they do not tell, as in a text of three words."""
    words = re.findall(r"[^\W\d_]+", text.lower())[:2000]
    counts = {language: sum(word in known for word in words) for language, known in _KNOWN.items()}
    first, second = sorted(counts, key=lambda one: (-counts[one], one))[:2]
    return first if counts[first] >= _LEAST and counts[first] >= _AHEAD * counts[second] else ""


_KNOWN = {language: frozenset(words.split()) for language, words in _FUNCTION_WORDS.items()}
