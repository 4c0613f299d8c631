"""From a name in English or German, with the jargon of the trade, to plain English words of work.

The words are data: ``data/glossary_de.csv`` (German → English), ``data/glossary_en.csv`` (jargon and abbreviations →
plain words) and ``data/cues.csv`` (words that tell rule work from judgement work). A user's own folder may stand in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from math import log
from pathlib import Path

from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.tables import open_sheet

DATA = Path(__file__).parent / "data"
_TOKEN = re.compile(r"[^\W_]+(?:[-/&'’][^\W_]+)*")
_PLAIN = re.compile(r"[^\W_]+")
_FOLD = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_GERMAN_ENDINGS = (
    "esten", "ungen", "tes", "ten", "ter", "ern", "est", "em", "er", "en", "es", "te", "st", "e", "n", "s", "t",
)  # fmt: skip
_ENGLISH_ENDINGS = ("ations", "ation", "ings", "ing", "ed", "es", "s", "e")
_ENDINGS = frozenset({"", *_GERMAN_ENDINGS})
_LONE_HEAD = 6  # letters a head must have to stand for a compound whose front is not known
_LINKS = ("", "s", "es", "n", "en", "er", "e")
_SHORTEST_PART = 3
_CAPITALS_UP_TO = 3  # an abbreviation of up to so many letters counts in capitals only: "IT" is not "it"


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that leans to a kind.

    Attributes:
        term: as it stands in the table.
        leans: ``rule`` or ``judgement``.
        weight: how strongly, 1 or 2.
    """

    term: str
    leans: str
    weight: int


@dataclass(frozen=True, slots=True)
class Plain:
    """A name in plain English words.

    Attributes:
        words: lower case, in the order of the name.
        language: ``en`` or ``de``.
        cues: the cues found in it, in order.
    """

    words: tuple[str, ...]
    language: str
    cues: tuple[Cue, ...]

    @property
    def lean(self) -> float:
        """The cues as one number: above 0 judgement, below 0 rules; log of their weights with one added to each."""
        sums = {"rule": 1, "judgement": 1}
        for cue in self.cues:
            sums[cue.leans] += cue.weight
        return log(sums["judgement"] / sums["rule"])


def tokens(text: str) -> list[str]:
    """The words of an English text, lower case."""
    return _PLAIN.findall(text.lower())


class Glossary:
    """The tables of words, read once.

    Args:
        folder: where the three tables stand.
        english: words that are certainly English: what tells the language of a name.
    """

    def __init__(self, folder: Path = DATA, english: Iterable[str] = ()) -> None:
        self._english = frozenset(english)
        german = _pairs(folder / "glossary_de.csv")
        self._german = german
        self._stems: dict[str, str] = {}
        self._folded: dict[str, str] = {}
        for term, plain in german.items():
            self._folded.setdefault(term.translate(_FOLD), plain)
            self._stems.setdefault(_german_stem(term), plain)
        phrases = {term: plain for term, plain in german.items() if " " in term}
        self._phrases = {tuple(map(_german_stem, term.split())): plain for term, plain in phrases.items()}
        jargon = _pairs(folder / "glossary_en.csv")
        self._jargon = {tuple(_TOKEN.findall(term)): plain for term, plain in jargon.items()}
        self._cues: dict[tuple[str, ...], Cue] = {}
        for row in rows(folder / "cues.csv"):
            cue = Cue(row["term"], row["leans"], int(row["weight"]))
            self._cues.setdefault(tuple(_english_stem(word) for word in _PLAIN.findall(cue.term)), cue)
        self._parts: dict[str, str | None] = {}

    def plain(self, name: str) -> Plain:
        """The plain words of a name."""
        written = _TOKEN.findall(name)
        language = self._language(written)
        if language == "de":
            written = self._translated(written)
        words = tuple(tokens(" ".join(self._spelled_out(written))))
        return Plain(words, language, self._cues_of(words))

    def _language(self, written: list[str]) -> str:
        german = english = 0.0
        for token in (token.lower() for token in written):
            known = token in self._german or (token not in self._english and self._german_word(token) is not None)
            german += known + any(letter in "äöüß" for letter in token)
            english += token in self._english or (token,) in self._jargon
        return "de" if german > english else "en"

    def _translated(self, written: list[str]) -> list[str]:
        out: list[str] = []
        stems = [_german_stem(token.lower()) for token in written]
        at = 0
        while at < len(written):
            size = next((n for n in (3, 2) if tuple(stems[at : at + n]) in self._phrases), 1)
            if size > 1:
                out.append(self._phrases[tuple(stems[at : at + size])])
            else:
                token = written[at]
                found = self._german_word(token.lower())
                if found is None and "-" in token:
                    out += self._translated(token.split("-"))
                else:
                    out.append(token if found is None else found)
            at += size
        return " ".join(out).split()

    def _german_word(self, token: str) -> str | None:
        """A German word in English: as it stands, by its stem, or by the parts of a compound."""
        if token not in self._parts:
            self._parts[token] = self._looked_up(token)
        return self._parts[token]

    def _looked_up(self, token: str) -> str | None:
        if token in self._german:
            return self._german[token]
        found = self._inflected(token)
        if found is not None or token in self._english or len(token) < 2 * _SHORTEST_PART:
            return found
        if "ge" in token[:6]:  # a participle: geprüft, abgeglichen
            bare = self._inflected(token.replace("ge", "", 1))
            if bare is not None:
                return bare
        return self._compound(token)

    def _inflected(self, token: str) -> str | None:
        """By its form without an ending, the shortest ending first, else by its stem."""
        folded = token.translate(_FOLD)
        bare = [folded[: len(folded) - size] for size in range(4) if len(folded) - size >= _SHORTEST_PART]
        ends = {folded[len(folded) - size :] for size in range(4)}
        for form in bare:
            if form in self._folded and folded[len(form) :] in (ends & _ENDINGS):
                return self._folded[form]
        return self._stems.get(_german_stem(token)) if len(folded) > _SHORTEST_PART else None

    def _compound(self, token: str) -> str | None:
        """The longest known head with a known front, else the longest known head."""
        alone: str | None = None
        for cut in range(_SHORTEST_PART, len(token) - _SHORTEST_PART + 1):
            head = self._inflected(token[cut:])
            if head is None:
                continue
            front = token[:cut]
            for link in _LINKS:
                if front.endswith(link) and len(front) - len(link) >= _SHORTEST_PART:
                    found = self._german_word(front[: len(front) - len(link)])
                    if found is not None:
                        return f"{found} {head}"
            alone = alone or (head if len(token) - cut >= _LONE_HEAD else None)
        return alone

    def _spelled_out(self, written: list[str]) -> list[str]:
        """Jargon followed by what it means."""
        out: list[str] = []
        at = 0
        while at < len(written):
            for size in (3, 2, 1):
                part = written[at : at + size]
                plain = self._jargon.get(tuple(word.lower() for word in part)) if len(part) == size else None
                if plain and (size > 1 or len(part[0]) > _CAPITALS_UP_TO or part[0].isupper()):
                    out += [*(part if len(" ".join(part)) > _CAPITALS_UP_TO else ()), plain]
                    break
            else:
                size = 1
                out.append(written[at])
            at += size
        return out

    def _cues_of(self, words: tuple[str, ...]) -> tuple[Cue, ...]:
        stems = [_english_stem(word) for word in words]
        found: dict[str, Cue] = {}
        at = 0
        while at < len(stems):
            for size in (3, 2, 1):
                cue = self._cues.get(tuple(stems[at : at + size])) if at + size <= len(stems) else None
                if cue is not None:
                    found.setdefault(cue.term, cue)
                    break
            else:
                size = 1
            at += size
        return tuple(found.values())


@cache
def _german_stem(word: str) -> str:
    folded = word.lower().translate(_FOLD)
    for ending in _GERMAN_ENDINGS:
        if folded.endswith(ending) and len(folded) - len(ending) >= _SHORTEST_PART:
            return folded[: -len(ending)] + ("ung" if ending == "ungen" else "")
    return folded


@cache
def _english_stem(word: str) -> str:
    word = re.sub(r"is(e|es|ed|ing|ation)$", r"iz\1", word) if len(word) > 6 else word
    word = re.sub(r"ys(e|es|ed|ing)$", r"yz\1", word)
    if word.endswith("ies"):
        return word[:-3] + "y"
    for ending in _ENGLISH_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_PART:
            return word[: -len(ending)]
    return word


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a table with one row of headers, every cell as text; empty ones are empty texts.

    Raises:
        DataError: the table cannot be read, or a row of it.
    """
    sheet = open_sheet(path)
    problems: list[Diagnostic] = []
    lines = sheet.lines(problems)
    header = [str(cell) for cell in next(lines).cells]
    for line in lines:
        cells = ["" if cell is None else str(cell) for cell in line.cells]
        yield dict(zip_longest(header, cells[: len(header)], fillvalue=""))
    if problems:
        raise DataError.of(problems)


def _pairs(path: Path) -> dict[str, str]:
    return {row["term"].lower(): row["plain"] for row in rows(path)}
