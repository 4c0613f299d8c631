"""Numbers as people and spreadsheets of any country write them, and what tells how a column writes them.

``1.234,56`` and ``1,234.56`` say themselves which sign is the decimal one; ``1.234`` does not. Such a numeral is
``open`` until something else in its column has told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

Decimals = Literal["", ",", "."]
"""The decimal sign; empty where nothing tells it."""

MAX_DIGITS = 34
_BLANKS = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009\u2007\u2002\u2003", " ") | dict.fromkeys("−–‐‑", "-"))
_CURRENCIES = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF "
    "CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL "
    "HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD "
    "MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG "
    "QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD "
    "TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL"
)
_CODES = frozenset(_CURRENCIES.split())
_SIGNS = {
    "€": ("EUR",), "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "CLP", "COP", "ARS"),
    "US$": ("USD",), "C$": ("CAD",), "A$": ("AUD",), "£": ("GBP", "EGP"), "¥": ("JPY", "CNY"), "₹": ("INR",),
    "Rs": ("INR", "PKR", "LKR", "NPR"), "Rs.": ("INR", "PKR", "LKR", "NPR"), "₽": ("RUB",), "₺": ("TRY",),
    "₴": ("UAH",), "₪": ("ILS",), "₩": ("KRW",), "₱": ("PHP",), "₫": ("VND",), "฿": ("THB",), "R$": ("BRL",),
    "Fr.": ("CHF",), "Fr": ("CHF",), "SFr.": ("CHF",), "sFr.": ("CHF",), "kr": ("SEK", "NOK", "DKK", "ISK"),
    "kr.": ("DKK", "ISK"), "Kč": ("CZK",), "zł": ("PLN",), "Ft": ("HUF",), "lei": ("RON",), "лв": ("BGN",),
    "лв.": ("BGN",), "Euro": ("EUR",), "euro": ("EUR",),
}  # fmt: skip
_MONEY = re.compile(
    r"(?P<before>[^\d\s,.'’()+-][^\d\s,'’()+-]*)?\s*(?P<body>.*?)\s*(?P<after>[^\d\s.,'’()+-][^\d\s,'’()+-]*)?",
    re.DOTALL,
)
_GROUPED = re.compile(r"\d{1,3}(?:([ '’])\d{3})(?:\1\d{3})*(?P<rest>[.,]\d+)?", re.ASCII)
_OPEN = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_WRITTEN: tuple[tuple[str, Decimals], ...] = (
    (r"\d+", ""),
    (r"\d*,\d+", ","),
    (r"\d*\.\d+", "."),
    (r"\d{1,3}(?:\.\d{3})+,\d+", ","),
    (r"\d{1,3}(?:,\d{3})+\.\d+", "."),
    (r"\d{1,3}(?:\.\d{3}){2,}", ","),
    (r"\d{1,3}(?:,\d{3}){2,}", "."),
    (r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?", "."),  # lakh and crore of India
)
_FORMS = tuple((re.compile(form, re.ASCII), sign) for form, sign in _WRITTEN)
_SCIENTIFIC = re.compile(r"(\d)(?:([.,])(\d+))?[eE]([+-]?\d{1,3})", re.ASCII)
_SHORTENED = re.compile(r"[+-]?\d(?:[.,]\d{1,6})?E\+\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as it is written.

    Attributes:
        body: digits and signs, groups of blanks and apostrophes taken out.
        negative: whether it is below zero.
        percent: whether a percent sign follows.
        currency: its sign or code, or empty.
        decimal: its decimal sign where the form tells it; empty where there is none.
        open: whether it may be some thousands or a number with three decimals.
    """

    body: str
    negative: bool
    percent: bool
    currency: str
    decimal: Decimals
    open: bool

    def value(self, decimal: Decimals = "") -> Decimal:
        """The number.

        Args:
            decimal: the decimal sign of its column; needed where the numeral is open.
        """
        sign = decimal if self.open else self.decimal
        text = self.body
        if sign:
            text = text.replace("." if sign == "," else ",", "").replace(",", ".")
        found = Decimal(text)
        return -found if self.negative else found


@lru_cache(1 << 14)
def numeral(text: str, unit: str = "") -> Numeral | None:
    """What is written, or None where it is no number or has more digits than are kept (34).

    Signs stand before or behind (``5-``) or are brackets; a currency and the unit of the column may stand beside.

    Args:
        text: of the cell.
        unit: of its column, which may stand behind the number: ``12,5 h``.
    """
    text = text.translate(_BLANKS).strip()
    negative = text.startswith("(") and text.endswith(")")
    if negative:
        text = text[1:-1].strip()
    text, below = _sign(text)
    percent = text.endswith("%")
    if percent:
        text = text[:-1].rstrip()
    if unit and not percent and len(text) > len(unit) and text[-len(unit) :].casefold() == unit.casefold():
        text = text[: -len(unit)].rstrip() if not text[-len(unit) - 1].isalpha() else text
    text, currency = _currency(text)
    text, again = _sign(text)
    if currency is None or negative + below + again > 1:
        return None
    shape = _shape(text)
    if shape is None or not _fits(shape[0]):
        return None
    body, decimal, is_open = shape
    return Numeral(body, bool(negative or below or again), percent, currency, decimal, is_open)


def is_shortened(text: str) -> bool:
    """Whether a spreadsheet has shortened a long number (``1,23457E+11``), so that digits are lost."""
    found = _SCIENTIFIC.fullmatch(text.strip().lstrip("+-"))
    return bool(found and _SHORTENED.fullmatch(text.strip()) and int(found[4]) > len(found[3] or ""))


def currencies(sign: str) -> tuple[str, ...]:
    """The codes (ISO 4217) a sign or code may stand for; none where it is no currency."""
    return (sign,) if sign in _CODES else _SIGNS.get(sign, ())


def _sign(text: str) -> tuple[str, bool]:
    """The text without its sign, and whether that is a minus."""
    if text[:1] in ("+", "-"):
        return text[1:].lstrip(), text[0] == "-"
    if text.endswith("-"):
        return text[:-1].rstrip(), True
    return text, False


def _currency(text: str) -> tuple[str, str | None]:
    """The text without its currency, and that; None where what stands beside the number is no currency, or two are."""
    found = _MONEY.fullmatch(text)
    if found is None:
        return text, ""
    named = [sign for sign in (found["before"], found["after"]) if sign]
    if any(not currencies(sign) for sign in named) or len(named) > 1:
        return text, None if not _SCIENTIFIC.fullmatch(text) else ""
    return (found["body"], named[0]) if named else (text, "")


def _shape(text: str) -> tuple[str, Decimals, bool] | None:
    """Digits and signs without groups, the decimal sign the form tells, and whether it is open."""
    if _OPEN.fullmatch(text):
        return text, "", True
    grouped = _GROUPED.fullmatch(text)
    if grouped:
        rest = grouped["rest"] or ""
        digits = re.sub(r"\D", "", text[: len(text) - len(rest)])
        return digits + rest, "," if rest[:1] == "," else "." if rest else "", False
    for form, sign in _FORMS:
        if form.fullmatch(text):
            return text, sign, False
    found = _SCIENTIFIC.fullmatch(text)
    if found and not is_shortened(text):
        return text, "," if found[2] == "," else "." if found[2] else "", False
    return None


def _fits(body: str) -> bool:
    digits, _, exponent = body.lower().partition("e")
    return sum(map(str.isdigit, digits)) <= MAX_DIGITS and abs(int(exponent or 0)) <= MAX_DIGITS
