"""A name reduced to what tells it apart: script, diacritics, dots, possessives and written numbers made one."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

_POSSESSIVE = re.compile(r"['’`]s\b", re.IGNORECASE)
_JOINERS = re.compile(r"['’‘`´ʹʺ]")
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
_SPACED = re.compile(r"\b[a-z](?: [a-z])+\b")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_ORDINAL = re.compile(r"\b(\d+)(?:st|nd|rd|th)\b")
_MEETS = re.compile(r"(?<=\d)(?=[a-z])|(?<=[a-z]{2})(?=\d)")
_UNITS = {
    word: number
    for number, words in enumerate(
        [
            "zero",
            "one,first",
            "two,second",
            "three,third",
            "four,fourth",
            "five,fifth",
            "six,sixth",
            "seven,seventh",
            "eight,eighth",
            "nine,ninth",
            "ten,tenth",
            "eleven,eleventh",
            "twelve,twelfth",
            "thirteen,thirteenth",
            "fourteen,fourteenth",
            "fifteen,fifteenth",
            "sixteen,sixteenth",
            "seventeen,seventeenth",
            "eighteen,eighteenth",
            "nineteen,nineteenth",
        ]
    )
    for word in words.split(",")
}
_TENS = {
    word: 10 * number
    for number, words in enumerate(
        [
            "twenty,twentieth",
            "thirty,thirtieth",
            "forty,fortieth",
            "fifty,fiftieth",
            "sixty,sixtieth",
            "seventy,seventieth",
            "eighty,eightieth",
            "ninety,ninetieth",
        ],
        2,
    )
    for word in words.split(",")
}


@lru_cache(maxsize=200_000)
def folded(name: str) -> str:
    """Lower-case words of ASCII letters and digits with one space between.

    ``A.B.C. Company`` and ``ABC Company``, ``Société`` and ``Societe``, ``ООО`` and ``OOO``, ``Forty-Four`` and ``44``
    become the same; what a catalogue kept of a web page (``&#252;``) is read.
    """
    text = unicodedata.normalize("NFKC", html.unescape(name) if "&" in name else name)
    text = _POSSESSIVE.sub("", text)
    text = _INITIALS.sub(lambda found: found.group().replace(".", ""), text)
    text = _JOINERS.sub("", _in_latin(text).replace("&", " and ").replace("%", " percent ").replace("+", " plus "))
    text = _NOT_WORD.sub(" ", text.lower()).strip()
    text = _MEETS.sub(" ", _ORDINAL.sub(r"\1", text))
    text = _SPACED.sub(lambda found: found.group().replace(" ", ""), text)
    return " ".join(_numbers(text.split()))


def _in_latin(text: str) -> str:
    """The text in ASCII letters; umlauts lose their dots, as most lists write them."""
    if text.isascii():
        return text
    # Letters outside Latin are rare where names are many: the table is loaded with the first of them.
    from anyascii import anyascii

    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return anyascii(plain)


def _numbers(words: list[str]) -> list[str]:
    """Written numbers as digits, up to ninety-nine."""
    told: list[str] = []
    tens = 0
    for word, after in pairwise([*words, ""]):
        if word in _TENS and 0 < _UNITS.get(after, 0) < 10:
            tens = _TENS[word]
        elif word in _TENS or word in _UNITS:
            told.append(str(_TENS.get(word) or tens + _UNITS[word]))
            tens = 0
        else:
            told.append(word)
    return told


_SOUNDS = (
    ("tsch", "c"), ("tch", "c"), ("sch", "s"), ("shch", "s"), ("sh", "s"), ("ch", "k"), ("kh", "k"), ("ph", "f"),
    ("th", "t"), ("dh", "d"), ("gh", "g"), ("ck", "k"), ("qu", "k"), ("ks", "x"), ("tz", "z"), ("ts", "z"), ("dj", "j"),
    ("ou", "u"), ("oo", "u"), ("ee", "i"), ("ae", "e"), ("ai", "e"), ("ei", "e"), ("ay", "e"), ("ey", "e"), ("yu", "u"),
    ("iu", "u"), ("ya", "a"), ("ia", "a"), ("yo", "o"), ("iy", "i"), ("yy", "i"), ("q", "k"), ("c", "k"), ("w", "v"),
    ("y", "i"), ("j", "i"),
)  # fmt: skip


@lru_cache(maxsize=200_000)
def sound(word: str) -> str:
    """How a folded word sounds, roughly: spellings that transliterations of one word take give the same."""
    for spelled, heard in _SOUNDS:
        word = word.replace(spelled, heard)
    return "".join(one for one, before in zip(word, " " + word, strict=False) if one != before)
