"""The transformation rules registry of inline XBRL: what a formatted text means, in the form XBRL writes.

A rule is a row: the local name in its registry, and how it reads. The five registries of XBRL International
(2010-04-20 to 2022-02-16) share most rules under old and new names; the rules of the SEC (2015-08-31) stand beside
them. A text that does not fit its rule is no value: it is reported, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

Rule = Callable[[str], str]

_SPACES = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u3000]+")
_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
}  # fmt: skip
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: number for number, word in enumerate(_UNITS.split())}
_SMALL |= {word: 10 * number for number, word in enumerate(_TENS.split(), 2)}
_LARGE = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}


def transform(name: str, text: str) -> str:
    """What a text means under a rule.

    Args:
        name: local name of the rule, for example ``num-dot-decimal``.
        text: as it stands in the document.

    Raises:
        KeyError: there is no such rule here.
        ValueError: the text does not fit the rule.
    """
    return RULES[name](_SPACES.sub(" ", text).strip())


def _number(point: str, groups: str) -> Rule:
    pattern = re.compile(rf"(\d[\d{re.escape(groups)} ]*)?({re.escape(point)}[\d ]+)?")

    def read(text: str) -> str:
        if not text or not pattern.fullmatch(text):
            raise ValueError(f"{text!r} is no number of this format")
        return re.sub(rf"[{re.escape(groups)} ]", "", text.replace(point, "|")).replace("|", ".")

    return read


def _unit_number(text: str) -> str:
    """Whole and fraction parted by the words or signs of a currency: ``5 pounds 20 pence``, ``12 € 50``."""
    found = re.fullmatch(r"(\d[\d., ]*)\D+?(\d{1,2})\D*", text)
    if not found:
        raise ValueError(f"{text!r} is no number with units")
    return f"{re.sub('[^0-9]', '', found[1])}.{found[2]:0>2}"


def _fixed(value: str) -> Rule:
    return lambda _text: value


def _zero_dash(text: str) -> str:
    if not re.fullmatch(r"[-\u058a\u05be\u2010-\u2015\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d]+", text):
        raise ValueError(f"{text!r} is no dash")
    return "0"


def _words(text: str) -> str:
    """A number in English words, or ``no`` and ``none``."""
    if re.fullmatch(r"(?i)no|none", text):
        return "0"
    total = group = 0
    for word in re.sub(r"[-,]| and\b", " ", text.lower()).split():
        if word in _SMALL:
            group += _SMALL[word]
        elif word == "hundred":
            group = (group or 1) * 100
        elif word in _LARGE:
            total, group = total + (group or 1) * _LARGE[word], 0
        elif word not in ("a", "an") or group:
            raise ValueError(f"{text!r} is no number in words")
    return str(total + group)


def _date(order: str) -> Rule:
    """Days, months and years in figures, in an order of ``dmy``; what stands between them does not matter."""

    def read(text: str) -> str:
        parts = dict(zip(order, re.findall(r"\d+", text), strict=False))
        if len(parts) != len(order):
            raise ValueError(f"{text!r} is no date")
        return _iso(parts.get("y"), int(parts["m"]), parts.get("d"))

    return read


def _named(order: str, language: str) -> Rule:
    """A date whose month is a word, or its first letters."""
    months = _MONTHS[language].split()

    def read(text: str) -> str:
        word = next((one for one in re.findall(r"[^\W\d_]{3,}", text.lower())), "")
        month = next((n for n, name in enumerate(months, 1) if word and name.startswith(word[:3]) and
                      (name.startswith(word) or word.startswith(name[:4]))), 0)  # fmt: skip
        figures = re.findall(r"\d+", text)
        rest = order.replace("m", "")
        if not month or len(figures) != len(rest):
            raise ValueError(f"{text!r} is no date")
        parts = dict(zip(rest, figures, strict=True))
        return _iso(parts.get("y"), month, parts.get("d"))

    return read


def _iso(year: str | None, month: int, day: str | None) -> str:
    if not 1 <= month <= 12 or not 1 <= int(day or 1) <= 31:
        raise ValueError(f"there is no day {day} of month {month}")
    shown = "-" if year is None else f"20{year}" if len(year) <= 2 else f"{int(year):04d}"
    return f"{shown}-{month:02d}" if day is None else f"{shown}-{month:02d}-{int(day):02d}"


def _duration(letter: str) -> Rule:
    """A number of years, months, weeks, days or hours, in figures or words."""

    def read(text: str) -> str:
        bare = re.sub(r"(?i)\b(year|month|week|day|hour)s?\b", "", text).strip()
        figure = bare if re.fullmatch(r"\d+(\.\d+)?", bare) else _words(bare)
        whole = Decimal(figure)
        if letter != "Y" or whole == whole.to_integral_value():
            return f"PT{figure}H" if letter == "H" else f"P{figure}{letter}"
        years, months = divmod(round(whole * 12), 12)
        return f"P{years}Y{months}M"

    return read


def _ballot(text: str) -> str:
    signs: Mapping[str, str] = {"☐": "false", "☑": "true", "☒": "true", "&#9744;": "false"}
    if text not in signs:
        raise ValueError(f"{text!r} is no ballot box")
    return signs[text]


def _yes_no(text: str) -> str:
    if text.lower() not in ("yes", "no", "true", "false"):
        raise ValueError(f"{text!r} is neither yes nor no")
    return "true" if text.lower() in ("yes", "true") else "false"


_ORDERS = {
    "day-month-year": "dmy", "month-day-year": "mdy", "year-month-day": "ymd", "day-month": "dm", "month-day": "md",
    "month-year": "my", "year-month": "ym",
}  # fmt: skip


_OLD = {"da": "dk"}
"""What the older registries call a language where they do not call it by its code."""


def _rules() -> dict[str, Rule]:
    dot, comma = _number(".", ",'’"), _number(",", ".'’")
    rules: dict[str, Rule] = {
        "num-dot-decimal": dot, "numdotdecimal": dot, "numcommadot": dot, "numdotdecimalin": dot,
        "num-dot-decimal-apos": dot, "numspacedot": dot,
        "num-comma-decimal": comma, "numcommadecimal": comma, "numdotcomma": comma, "numspacecomma": comma,
        "numcomma": comma, "num-comma-decimal-apos": comma,
        "num-unit-decimal": _unit_number, "numunitdecimal": _unit_number, "numunitdecimalin": _unit_number,
        "fixed-zero": _fixed("0"), "zerodash": _zero_dash, "numdash": _zero_dash,
        "fixed-empty": _fixed(""), "nocontent": _fixed(""),
        "fixed-true": _fixed("true"), "booleantrue": _fixed("true"),
        "fixed-false": _fixed("false"), "booleanfalse": _fixed("false"),
        "numwordsen": _words, "boolballotbox": _ballot, "yesnoballotbox": _ballot, "yesno": _yes_no,
        "duryear": _duration("Y"), "durmonth": _duration("M"), "durweek": _duration("W"),
        "durday": _duration("D"), "durhour": _duration("H"), "durwordsen": _duration("D"),
    }  # fmt: skip
    for shown, order in _ORDERS.items():
        old = "date" + shown.replace("-", "")
        rules[f"date-{shown}"] = rules[old] = _date(order)
        named = shown.replace("month", "monthname")
        for language in _MONTHS:
            rule = _named(order, language)
            rules[f"date-{named}-{language}"] = rules[f"{old}{_OLD.get(language, language)}"] = rule
    first = {
        "dateslashus": "mdy",
        "datedotus": "mdy",
        "dateslasheu": "dmy",
        "datedoteu": "dmy",
        "dateslashmonthdayus": "md",
    }
    rules |= {name: _date(order) for name, order in first.items()}
    rules |= {"datelongus": _named("mdy", "en"), "dateshortus": _named("mdy", "en"), "datelonguk": _named("dmy", "en"),
              "dateshortuk": _named("dmy", "en"), "datelongmonthyear": _named("my", "en")}  # fmt: skip
    return rules


RULES: Mapping[str, Rule] = _rules()
"""Every rule by its local name."""
