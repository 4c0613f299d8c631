"""Units of measure that can be converted into each other (UN/ECE Recommendation 20)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from anyshore.activities.common import money

PLACES = 10
"""Decimal places of a quantity or a price that is converted into another unit."""

# Unit code: the unit it is counted in here, and how many of those it is. Packages (XBX and the like) hold as many as
# the seller likes: they are their own unit.
_PIECES = {
    "H87": 1,
    "C62": 1,
    "EA": 1,
    "PCE": 1,
    "NAR": 1,
    "XPP": 1,
    "PR": 2,
    "DZN": 12,
    "CEN": 100,
    "GRO": 144,
    "MIL": 1000,
}
_UNITS: dict[str, tuple[str, Fraction]] = {
    **{code: ("piece", Fraction(number)) for code, number in _PIECES.items()},
    "KGM": ("kilogram", Fraction(1)),
    "GRM": ("kilogram", Fraction(1, 1000)),
    "MGM": ("kilogram", Fraction(1, 1_000_000)),
    "TNE": ("kilogram", Fraction(1000)),
    "DTN": ("kilogram", Fraction(100)),
    "MTR": ("metre", Fraction(1)),
    "MMT": ("metre", Fraction(1, 1000)),
    "CMT": ("metre", Fraction(1, 100)),
    "DMT": ("metre", Fraction(1, 10)),
    "KMT": ("metre", Fraction(1000)),
    "MTK": ("square metre", Fraction(1)),
    "CMK": ("square metre", Fraction(1, 10_000)),
    "HAR": ("square metre", Fraction(10_000)),
    "MTQ": ("litre", Fraction(1000)),
    "LTR": ("litre", Fraction(1)),
    "DLT": ("litre", Fraction(1, 10)),
    "CLT": ("litre", Fraction(1, 100)),
    "MLT": ("litre", Fraction(1, 1000)),
    "HLT": ("litre", Fraction(100)),
    "HUR": ("second", Fraction(3600)),
    "MIN": ("second", Fraction(60)),
    "SEC": ("second", Fraction(1)),
    "KWH": ("kilowatt hour", Fraction(1)),
    "MWH": ("kilowatt hour", Fraction(1000)),
    "WHR": ("kilowatt hour", Fraction(1, 1000)),
}
_WORDS = {
    "st": "H87", "stk": "H87", "stck": "H87", "stück": "H87", "stueck": "H87",
    "pcs": "H87", "pc": "H87", "piece": "H87",
    "pieces": "H87",
    "kg": "KGM", "g": "GRM", "t": "TNE", "m": "MTR", "cm": "CMT", "mm": "MMT", "km": "KMT", "m2": "MTK",
    "m²": "MTK", "m3": "MTQ", "m³": "MTQ", "l": "LTR", "ml": "MLT", "h": "HUR", "std": "HUR", "hours": "HUR",
    "min": "MIN",
    "kwh": "KWH",
}  # fmt: skip
"""What people write in lists of orders instead of a code."""


def factor(unit: str | None, other: str | None) -> Fraction | None:
    """How many of the other unit one of the unit is; none where they cannot be converted.

    A unit that is not given is taken to be the other one.
    """
    if not unit or not other:
        return Fraction(1)
    one, two = _code(unit), _code(other)
    if one == two:
        return Fraction(1)
    if one not in _UNITS or two not in _UNITS or _UNITS[one][0] != _UNITS[two][0]:
        return None
    return _UNITS[one][1] / _UNITS[two][1]


class Packed(Protocol):
    """What counts in a unit, and may come in packages of its own."""

    @property
    def unit(self) -> str | None:
        """What it is counted in."""

    @property
    def package(self) -> str | None:
        """What it is packed in."""

    @property
    def package_quantity(self) -> Decimal | None:
        """How many units a package holds."""


def line_factor(unit: str | None, line: Packed) -> Fraction | None:
    """How many units of a line one of a unit is, its own package included; none where they cannot be converted."""
    found = factor(unit, line.unit)
    if found is not None or not (unit and line.package and line.package_quantity):
        return found
    packages = factor(unit, line.package)
    return None if packages is None else packages * Fraction(line.package_quantity)


def times(number: Decimal, ratio: Fraction) -> Decimal:
    """A product with a ratio of units; rounded half up to 10 places where it goes on for ever."""
    product = money.multiply(number, Decimal(ratio.numerator))
    if ratio.denominator == 1:
        return product
    return money.divide(product, Decimal(ratio.denominator), PLACES) or Decimal(0)


def _code(unit: str) -> str:
    word = unit.strip().rstrip(".").casefold()
    return _WORDS.get(word, unit.strip().upper())
