"""What a source says of something, as an interval: the digits printed bound what can be meant.

*EUR 1.2 million* means anything that rounds to it, 1,150,000 to 1,250,000; *1,200,000 EUR* means 1,200,000 to half a
euro. *About 1,200,000* counts its trailing zeros as places nobody measured; *more than 500* is open above. A day, a
month and a year are intervals of days in the same way. Currencies are never converted.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

_INFINITE = Decimal("Infinity")
_THOUSAND, _MILLION, _BILLION = Decimal(1_000), Decimal(1_000_000), Decimal(1_000_000_000)
_SCALES = {
    "thousand": _THOUSAND, "thousands": _THOUSAND, "tsd": _THOUSAND, "tausend": _THOUSAND,
    "million": _MILLION, "millions": _MILLION, "mn": _MILLION, "mio": _MILLION, "millionen": _MILLION,
    "billion": _BILLION, "billions": _BILLION, "bn": _BILLION, "mrd": _BILLION, "milliarde": _BILLION,
    "milliarden": _BILLION,
}  # fmt: skip
_SHORT_SCALES = {"k": _THOUSAND, "m": _MILLION, "b": _BILLION}
"""Scales beside a currency only: 120 m are metres, EUR 120m are millions."""
_GERMAN = frozenset(
    {
        "tsd",
        "tausend",
        "mio",
        "millionen",
        "mrd",
        "milliarde",
        "milliarden",
        "teur",
        "prozent",
        "mitarbeiter",
        "mitarbeitende",
        "beschäftigte",
    }
)
_CURRENCIES = {"€": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "us$": "USD", "£": "GBP", "sfr": "CHF"}
_SCALED_CURRENCIES = {"teur": ("EUR", _THOUSAND), "keur": ("EUR", _THOUSAND), "meur": ("EUR", _MILLION)}
_ISO = frozenset({
    "EUR", "USD", "GBP", "CHF", "JPY", "CNY", "INR", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "CAD", "AUD", "NZD",
    "BRL", "ZAR", "SGD", "HKD", "KRW",
})  # fmt: skip
_PEOPLE = frozenset({
    "employees", "employee", "people", "person", "persons", "staff", "mitarbeiter", "mitarbeitende", "beschäftigte",
})  # fmt: skip
_UNITS = {
    "%": ("%", Decimal(1)), "percent": ("%", Decimal(1)), "prozent": ("%", Decimal(1)), "t": ("kg", _THOUSAND),
    "tonnes": ("kg", _THOUSAND), "tonne": ("kg", _THOUSAND), "tonnen": ("kg", _THOUSAND), "kg": ("kg", Decimal(1)),
    "kwh": ("kWh", Decimal(1)), "mwh": ("kWh", _THOUSAND), "gwh": ("kWh", _MILLION),
}  # fmt: skip
_ABOUT = frozenset({
    "about", "around", "approximately", "approx", "circa", "ca", "roughly", "some", "nearly", "almost", "rund",
    "etwa", "knapp",
})  # fmt: skip
_ABOVE = re.compile(r"\b(?:more than|over|above|at least|mehr als|über|mindestens)\b|^\s*[>≥]", re.IGNORECASE)
_BELOW = re.compile(
    r"\b(?:less than|fewer than|under|below|up to|at most|weniger als|unter|bis zu|höchstens)\b|^\s*[<≤]", re.IGNORECASE
)
_DIGITS = r"\d+(?:[.,\u00a0\u202f' ]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)?"
_NUMBER = re.compile(_DIGITS)
_RANGE = re.compile(rf"({_DIGITS})\s*(?:-|–|to|bis)\s*({_DIGITS})")
_WORD = re.compile(r"us\$|[€$£%]|[^\W\d_]+", re.IGNORECASE)
_NEGATIVE = re.compile(r"^\s*[-\u2212\u2013(]|\b(?:loss of|minus)\b|[€$£]\s*[-\u2212]\s*\d|\b[A-Z]{3}\s+[-\u2212]\s*\d")
_MONTH_NAMES = {
    name: number
    for number, names in enumerate(
        [
            "january jan januar", "february feb februar", "march mar märz", "april apr", "may mai", "june jun juni",
            "july jul juli", "august aug", "september sep sept", "october oct oktober okt", "november nov",
            "december dec dezember dez",
        ],
        1,
    )
    for name in names.split()
}  # fmt: skip
_YEARS = (1000, 2200)


@dataclass(frozen=True, slots=True)
class Stated:
    """A value as an interval.

    Attributes:
        text: as it was written.
        low: the least that can be meant, in the unit.
        high: the most; equal to ``low`` where nothing is rounded.
        unit: ISO 4217 of a currency, ``%``, ``people``, ``day`` (days since 0001-01-01), another word, ``""`` where
            none is written, or ``text`` for words.
        words: of a text, in small letters; empty for a number.
    """

    text: str
    low: Decimal
    high: Decimal
    unit: str
    words: frozenset[str] = frozenset()

    @property
    def shown(self) -> str:
        """The interval in words, for a table of contradictions."""
        if self.words:
            return self.text
        if self.unit == "day":
            return f"{date.fromordinal(int(self.low))} to {date.fromordinal(int(self.high) - 1)}"
        return f"{_plain(self.low)} to {_plain(self.high)} {self.unit}".strip()


def read(text: str) -> Stated:
    """What is written in a cell: a date, a number with its unit, or else words."""
    bare = text.strip()
    days = days_of(bare)
    if days is not None and not re.fullmatch(r"\d{4}", bare):
        return Stated(bare, Decimal(days[0]), Decimal(days[1]), "day")
    found = list(_NUMBER.finditer(bare))
    among = _RANGE.search(bare)
    if not found or len(found) > (2 if among else 1) or _is_prose(bare):
        return Stated(bare, Decimal(0), Decimal(0), "text", frozenset(re.findall(r"\w+", bare.casefold())))
    unit, factor, german, about = _words(_NUMBER.sub(" ", bare))
    numbers = [_number(one[0], german, about) for one in found]
    low, high = min(one[0] for one in numbers) * factor, max(one[1] for one in numbers) * factor
    if _NEGATIVE.search(bare):
        low, high = -high, -low
    if _ABOVE.search(bare):
        high = _INFINITE
    elif _BELOW.search(bare):
        low = -_INFINITE
    return Stated(bare, low, high, unit)


def _is_prose(text: str) -> bool:
    """Whether a text with a number in it is a name or sentence (*Building 12, Hafenstrasse*) and no quantity."""
    known = {*_SCALES, *_SHORT_SCALES, *_CURRENCIES, *_UNITS, *_ABOUT, *_SCALED_CURRENCIES}
    bare = _BELOW.sub(" ", _ABOVE.sub(" ", text))
    words = [one.casefold() for one in _WORD.findall(bare)]
    other = [one for one in words if one not in known and one.upper() not in _ISO]
    return len(other) > 2  # a unit of up to two words: "square metres", "loss of"


def _words(text: str) -> tuple[str, Decimal, bool, bool]:
    """(unit, factor, whether German, whether rounded) from the words around a number."""
    unit, factor, german, about = "", Decimal(1), False, False
    rest: list[str] = []
    for word in _WORD.findall(_BELOW.sub(" ", _ABOVE.sub(" ", text))):
        small = word.casefold()
        german = german or small in _GERMAN
        if small in _ABOUT:
            about = True
        elif small in _SCALED_CURRENCIES:
            unit, scale = _SCALED_CURRENCIES[small]
            factor *= scale
        elif small in _CURRENCIES or word.upper() in _ISO:
            unit = _CURRENCIES.get(small, word.upper())
        elif small in _SCALES:
            factor *= _SCALES[small]
        elif small in _UNITS:
            unit, scale = _UNITS[small]
            factor *= scale
        elif small not in {"loss", "of", "minus", "to", "bis", "per", "cent"}:
            rest.append(small)
    if "cent" in text.casefold() and "per" in text.casefold():
        unit = "%"
    if unit in _ISO:
        for word in rest:
            factor *= _SHORT_SCALES.get(word, Decimal(1))
    if not unit and rest:
        unit = "people" if set(rest) & _PEOPLE else " ".join(rest)
    return unit, factor, german, about


def _number(text: str, german: bool, about: bool) -> tuple[Decimal, Decimal]:
    """The interval of a number: half a unit of its last printed place to both sides."""
    bare = re.sub(r"[\u00a0\u202f' ]", "", text)
    marks = [one for one in bare if one in ".,"]
    if len(set(marks)) == 2:
        bare = bare.replace(marks[0], "").replace(",", ".")
    elif len(marks) > 1:
        bare = bare.replace(marks[0], "")
    elif marks:
        grouping = "." if german else ","
        three = re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", bare) is not None
        bare = bare.replace(marks[0], "") if three and marks[0] == grouping else bare.replace(",", ".")
    value = Decimal(bare)
    exponent = value.as_tuple().exponent
    place = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    if about and "." not in bare:
        place = Decimal(10) ** (len(bare) - len(bare.rstrip("0"))) if value else place
    return value - place / 2, value + place / 2


def days_of(text: str) -> tuple[int, int] | None:
    """The days of a date, month, quarter, half or year: (first, day after the last) as ordinals; None for another text.

    Read are ``2025``, ``FY2025``, ``Q3 2025``, ``H1 2025``, ``2025-03``, ``2025-03-31``, ``31.03.2025``,
    ``31 March 2025``, ``March 31, 2025``, ``March 2025``, and two of them with ``/`` or *to* between.
    """
    parts = re.split(r"\s*/\s*|\s+(?:to|bis)\s+", text.strip())
    if len(parts) == 2:
        first, last = days_of(parts[0]), days_of(parts[1])
        return None if first is None or last is None or last[1] <= first[0] else (first[0], last[1])
    try:
        return _days(text.strip())
    except ValueError:  # the 31st of June
        return None


def _days(text: str) -> tuple[int, int] | None:
    if found := re.fullmatch(r"(?:FY|year|Geschäftsjahr|fiscal year)?\s*(\d{4})", text, re.IGNORECASE):
        year = int(found[1])
        return _months(year, 1, 12) if _YEARS[0] <= year <= _YEARS[1] else None
    if found := re.fullmatch(r"([QH])([1-4])[\s/-]*(\d{4})", text, re.IGNORECASE):
        length = 3 if found[1] in "Qq" else 6
        first = (int(found[2]) - 1) * length + 1
        return _months(int(found[3]), first, length) if first <= 12 else None
    if found := re.fullmatch(r"(\d{4})-(\d\d)(?:-(\d\d))?", text):
        return _day(int(found[1]), int(found[2]), int(found[3]) if found[3] else None)
    if found := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text):
        return _day(int(found[3]), int(found[2]), int(found[1]))
    if found := re.fullmatch(r"(?:(\d{1,2})\.?\s+)?([^\W\d]+)\.?\s+(?:(\d{1,2}),\s*)?(\d{4})", text):
        month = _MONTH_NAMES.get(found[2].casefold())
        day = found[1] or found[3]
        return None if month is None else _day(int(found[4]), month, int(day) if day else None)
    return None


def _day(year: int, month: int, day: int | None) -> tuple[int, int]:
    if day is None:
        return _months(year, month, 1)
    at = date(year, month, day).toordinal()
    return at, at + 1


def _months(year: int, first: int, count: int) -> tuple[int, int]:
    last = first + count - 1
    if not 1 <= last <= 12:
        raise ValueError(last)
    return date(year, first, 1).toordinal(), date(year, last, calendar.monthrange(year, last)[1]).toordinal() + 1


def _plain(value: Decimal) -> str:
    if not value.is_finite():
        return "open"
    return f"{value:,.2f}".rstrip("0").rstrip(".")
