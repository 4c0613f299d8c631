"""Whether two names of companies mean the same one, word by word, with what speaks for and against.

A company's name is a few words, each of which can tell it apart from its neighbour: *CON Traffic* and *PRO Traffic* are
nine letters of ten alike, and two companies. So words are aligned and each pair is explained: the same, another
spelling of the same sound, an abbreviation, initials. What is left over on one side speaks against, unless it is a
place. A legal form of another kind speaks against; the same form in another language does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from anyshore.entities.folding import folded, sound
from anyshore.entities.legal_forms import GENERIC, taken_apart
from anyshore.entities.places import PLACES

_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_ALIASES = re.compile(r"\s*/\s*|\b(?:a\.?k\.?a\.?|f\.?k\.?a\.?|formerly|doing business as|d/?b/?a)\b\.?", re.IGNORECASE)
_SMALL = frozenset(
    [
        "of",
        "the",
        "and",
        "for",
        "in",
        "on",
        "at",
        "de",
        "du",
        "des",
        "la",
        "le",
        "les",
        "der",
        "die",
        "das",
        "von",
        "und",
        "et",
        "y",
        "e",
        "di",
        "da",
        "do",
        "dos",
        "del",
    ]
)
_SHORT = {
    "intl": "international", "int": "international", "natl": "national", "mfg": "manufacturing", "bros": "brothers",
    "assn": "association", "assoc": "associates", "dept": "department", "dev": "development", "eng": "engineering",
    "engr": "engineering", "govt": "government", "ind": "industries", "inds": "industries", "inst": "institute",
    "lab": "laboratory", "labs": "laboratories", "mgmt": "management", "mgt": "management", "mktg": "marketing",
    "pharm": "pharmaceuticals", "pharma": "pharmaceuticals", "serv": "services", "svc": "service", "svcs": "services",
    "sys": "systems", "tech": "technology", "techs": "technologies", "telecom": "telecommunications",
    "transp": "transport", "univ": "university", "fin": "financial", "ins": "insurance", "hosp": "hospital",
    "comm": "communications", "elec": "electric", "equip": "equipment", "exch": "exchange", "ctr": "center",
    "centre": "center", "st": "saint", "mt": "mount", "ft": "fort", "gebr": "gebrueder", "ges": "gesellschaft",
}  # fmt: skip
_VOWELS = frozenset("aeiou")
_LEAST_SPELLED = 5
"""Letters of a word of which one may be spelt otherwise; a shorter word with another letter is another word."""
_LEAST_INITIALS = 3
_SAME = 0.8
"""Weight of the words that agree in that of all words, at least."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What was found about two names.

    Attributes:
        same: whether they mean one company.
        score: between 0 and 1: the weight of what agrees, 0 where something rules it out.
        reasons_for: what agrees, one line each.
        reasons_against: what differs, one line each; of two that are the same, what was not held against them.
    """

    same: bool
    score: float
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]


@dataclass(slots=True)
class _Evidence:
    agreeing: float = 0.0
    differing: float = 0.0
    ruled_out: bool = False
    spelled: bool = False
    good: list[str] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Name:
    words: tuple[str, ...]
    kinds: frozenset[str]
    aside: tuple[str, ...]


def compare(one: str, other: str) -> Compared:
    """Compares two names; where one gives several (``A/B``, ``A formerly B``), the best of their pairs counts."""
    pairs = [(a, b) for a in _aliases(one) for b in _aliases(other)]
    found = [_compared(a, b) for a, b in pairs]
    return max(found, key=lambda each: (each.same, each.score), default=Compared(False, 0.0, (), ("no name",)))


def _aliases(name: str) -> list[str]:
    whole = [part for part in _ALIASES.split(name) if len(folded(part)) > _LEAST_INITIALS]
    return [name, *whole] if len(whole) > 1 else [name]


@lru_cache(maxsize=100_000)
def _taken(name: str) -> _Name:
    aside = tuple(word for inner in _BRACKETS.findall(name) for word in folded(inner).split())
    bare = folded(_BRACKETS.sub(" ", name)).split()
    formed = taken_apart(bare or folded(name).split())
    inner = taken_apart(aside) if bare and len(aside) > 1 else None
    kinds = formed.kinds | (inner.kinds if inner else frozenset())
    return _Name(tuple(_SHORT.get(word, word) for word in formed.words), kinds, aside if bare else ())


def _compared(one: str, other: str) -> Compared:
    a, b = _taken(one), _taken(other)
    if not a.words or not b.words:
        return Compared(False, 0.0, (), ("no word to compare",))
    found = _Evidence()
    _forms(a, b, found)
    if "".join(a.words) == "".join(b.words):
        found.good.append(f"the same name: {' '.join(a.words)}")
        found.agreeing = 1.0
    else:
        _align(list(a.words), list(b.words), found)
    for words, others in ((a.aside, b), (b.aside, a)):
        for word in words:
            if word not in others.aside and word not in others.words:
                found.bad.append(f"{word!r} stands in brackets on one side only")
    total = found.agreeing + found.differing
    score = 0.0 if found.ruled_out or not total else found.agreeing / total
    return Compared(score >= _SAME, score, tuple(found.good), tuple(found.bad))


def _forms(a: _Name, b: _Name, found: _Evidence) -> None:
    if a.kinds and b.kinds and not a.kinds & b.kinds:
        found.ruled_out = True
        found.bad.append(f"another legal form: {', '.join(sorted(a.kinds))} and {', '.join(sorted(b.kinds))}")
    elif a.kinds & b.kinds:
        found.good.append(f"legal form of one kind: {', '.join(sorted(a.kinds & b.kinds))}")


def _align(a: list[str], b: list[str], found: _Evidence) -> None:
    """Takes out the pairs of words that agree, the surest way first; what is left differs."""
    for how, words in (("the same word", _equal), ("written together", _joined), ("initials", _initials)):
        _take(a, b, how, words, found)
        _take(b, a, how, words, found)
    for word in list(a):
        like = next((one for one in b if _spelled_alike(word, one)), None)
        if like is not None:
            a.remove(word)
            b.remove(like)
            found.agreeing += 0.95 * _weight(word)
            found.good.append(f"spelt otherwise: {word} and {like}")
    one_sided = not (set(a) - _SMALL - GENERIC) or not (set(b) - _SMALL - GENERIC)
    for word in [*a, *b]:
        if word in PLACES and one_sided and found.agreeing:
            found.bad.append(f"the place {word!r} is named on one side only")
        elif word in _SMALL or word in GENERIC:
            found.differing += 0.05
        else:
            found.differing += _weight(word)
            found.ruled_out = found.ruled_out or one_sided or _tells_apart(word)
            found.bad.append(f"{word!r} has no counterpart")
    if a and b and not one_sided:
        found.ruled_out = True


def _take(a: list[str], b: list[str], how: str, match: object, found: _Evidence) -> None:
    assert callable(match)
    while True:
        pair = match(a, b)
        if pair is None:
            return
        ours, theirs = pair
        found.agreeing += sum(map(_weight, ours))
        found.good.append(f"{how}: {' '.join(ours)}" + ("" if ours == theirs else f" and {' '.join(theirs)}"))
        for word in ours:
            a.remove(word)
        for word in theirs:
            b.remove(word)


_Pair = tuple[tuple[str, ...], tuple[str, ...]]


def _equal(a: list[str], b: list[str]) -> _Pair | None:
    word = next((one for one in a if one in b), None)
    return None if word is None else ((word,), (word,))


def _joined(a: list[str], b: list[str]) -> _Pair | None:
    return next((((first, second), (first + second,)) for first, second in pairwise(a) if first + second in b), None)


def _initials(a: list[str], b: list[str]) -> _Pair | None:
    """A word of one that is the first letters of words of the other: *PLA*, *People's Liberation Army*."""
    for word in b:
        if _LEAST_INITIALS <= len(word) <= len(a):
            for start in range(len(a) - len(word) + 1):
                run = a[start : start + len(word)]
                if "".join(one[0] for one in run) == word and not set(run) & _SMALL:
                    return tuple(run), (word,)
            long = [one for one in a if one not in _SMALL]
            if "".join(one[0] for one in long) == word:
                return tuple(long), (word,)
    return None


def _weight(word: str) -> float:
    return 0.2 if word in _SMALL or word in GENERIC else 1.0


def _tells_apart(word: str) -> bool:
    return any(map(str.isdigit, word))


@lru_cache(maxsize=100_000)
def _spelled_alike(one: str, other: str) -> bool:
    """Whether two words are one, spelt otherwise: a vowel, a letter doubled, lost or turned, or one sound.

    One consonant for another makes another word (*missiles*, *missives*).
    """
    if any(map(str.isdigit, one + other)) or min(len(one), len(other)) < _LEAST_SPELLED:
        return False
    a, b = sound(one), sound(other)
    if a == b:
        return True
    if one[0] != other[0] and a[:1] != b[:1]:
        return False
    # Loaded with the first names compared: most of the product compares none.
    from rapidfuzz.distance import OSA

    most = 1 if max(len(one), len(other)) < 2 * _LEAST_SPELLED else 2
    if OSA.distance(a, b) > most:
        return False
    return _skeleton(a) == _skeleton(b) or _one_lost(a, b) or sorted(a) == sorted(b)


def _skeleton(word: str) -> str:
    return "".join(one for one in word if one not in _VOWELS)


def _one_lost(one: str, other: str) -> bool:
    """Whether the longer has a letter more than the shorter, and is the same without it."""
    short, long = sorted((one, other), key=len)
    if len(long) != len(short) + 1 or len(short) < _LEAST_SPELLED + 1:
        return False
    return any(long[:at] + long[at + 1 :] == short for at in range(1, len(long)))
