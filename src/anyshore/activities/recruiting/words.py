"""Words as applications and vacancies are compared by: tokens, their families, and what says nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

# Names of techniques keep their signs: C#, C++, .NET, Node.js, T-SQL.
_WORD = re.compile(r"\.?[^\W_]+(?:[-.][^\W\d_][^\W_]*)*[#+]{0,2}")
_VERSION = re.compile(r"^([^\W\d_]{2,})[\d.]+$")
_ENDINGS = (
    "ations", "ation", "ments", "ment", "ings", "ing", "ungen", "ung", "heiten", "heit", "keiten", "keit", "ers", "er",
    "ors", "or", "ies", "ied", "ed", "es", "en", "em", "s", "e", "y", "n",
)  # fmt: skip
"""Endings of English and German words, longest first where one ends another."""
_STEM = 4
"""Letters of a word that stay at least."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word in a text.

    Attributes:
        family: what stands for it and its relatives.
        text: as it is written.
        start: offset of its first character.
        end: offset behind its last.
    """

    family: str
    text: str
    start: int
    end: int


@cache
def known() -> dict[str, Any]:
    """The words of ``words.yaml``."""
    found = yaml.safe_load(files(__package__).joinpath("words.yaml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


@cache
def _stop() -> frozenset[str]:
    return frozenset(str(one) for one in known()["stop"])


@cache
def _families() -> dict[str, str]:
    found: dict[str, str] = {}
    for one in known()["families"]:
        for member in one:
            found.setdefault(stem(member), stem(one[0]))
    return found


@cache
def family(word: str) -> str:
    """What stands for a word: the head of its family, or its stem; empty for one that says nothing."""
    small = word.casefold().strip(".") if not word.startswith(".") else word.casefold()
    if small in _stop() or small.replace(".", "").replace("-", "").isdigit():
        return ""
    if small not in _families() and (version := _VERSION.match(small)):
        small = version[1]  # HTML5 is HTML
    return _families().get(stem(small), stem(small))


def stem(word: str) -> str:
    """A word without its ending: ``developing`` and ``developer`` are one, as ``Entwicklung`` and ``Entwickler``."""
    if not word.isalpha():
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM and not word.endswith("ss"):
            return word.removesuffix(ending)
    return word


def words(text: str, start: int = 0, end: int | None = None) -> Iterator[Word]:
    """The words of a text that say something, in order."""
    for found in _WORD.finditer(text, start, len(text) if end is None else end):
        token = found[0]
        for part, at in _parts(token, found.start()):
            if name := family(part):
                yield Word(name, part, at, at + len(part))


def language(texts: Iterable[str]) -> str:
    """The language of texts by their small words: ``en`` or ``de``; German where they do not say."""
    said = Counter(one for text in texts for one in letters(text).split())
    weight = {tag: sum(said[str(one)] for one in some) for tag, some in known()["spoken"].items()}
    return "en" if weight["en"] > weight["de"] else "de"


def _parts(token: str, at: int) -> Iterator[tuple[str, int]]:
    """The parts of a word with hyphens, unless it is known as a whole."""
    if "-" not in token or token.casefold() in _families():
        yield token, at
        return
    for piece in token.split("-"):
        yield piece, at
        at += len(piece) + 1


def letters(text: str) -> str:
    """A heading as it is looked up: small, letters and single blanks only."""
    return " ".join(re.sub(r"[^\w']|_", " ", text.casefold()).split())
