"""Default interest of § 288 BGB: on the principal only, by the day, with the base rate of each day.

Interest runs from the day after the one that brings default (§ 187 (1) BGB) to the day of payment, which counts. It
never bears interest itself (§ 289 BGB). Amounts are rounded once, at the end of each span of principal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from anyshore.activities.common import money
from anyshore.activities.receivables.law import BaseRates

DayCount = Literal["act/365", "act/act"]
"""A year has 365 days, or in a leap year 366 (taggenau); the law names neither."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days of one rate.

    Attributes:
        first: first day that bears interest.
        last: last one.
        days: how many.
        principal: that bears it.
        percent: base rate and points, in a year.
        amount: not rounded.
    """

    first: date
    last: date
    days: int
    principal: Decimal
    percent: Decimal
    amount: Fraction


@dataclass(frozen=True, slots=True)
class Interest:
    """Interest of a debt.

    Attributes:
        amount: rounded half up to cents.
        spans: how it came about.
        missing_from: first day whose base rate nobody has looked up, from which on nothing is counted; none where all
            are known.
    """

    amount: Decimal
    spans: tuple[Span, ...]
    missing_from: date | None = None


def days(default: date, until: date) -> int:
    """Days that bear interest: from the day after default to the day of payment (§§ 187 (1), 188 (1) BGB)."""
    return max((until - default).days, 0)


def flat(principal: Decimal, percent: Decimal, count: int) -> Decimal:
    """Interest of one rate for a number of days, 365 to the year, rounded half up to cents."""
    return _cents(Fraction(principal) * Fraction(percent) / 100 * count / 365)


def of(
    principal: Sequence[tuple[date, Decimal]],
    until: date,
    points: Decimal,
    rates: BaseRates,
    count: DayCount = "act/365",
) -> Interest:
    """The interest of a debt whose principal changes as it is paid.

    A base rate is announced for a half-year (§ 247 BGB) and never guessed: days after the last one that was looked up
    bear nothing yet, and the first of them is told.

    Args:
        principal: the day from which on an amount bears interest, oldest first: the first is the day after default, the
            next the day after a payment on the principal.
        until: last day.
        points: above the base rate.
        rates: the base rates.
        count: days of a year.

    Raises:
        ParamsError: there is no base rate for a day.
    """
    spans: list[Span] = []
    missing: list[date] = []
    for place, (first, amount) in enumerate(principal):
        last = principal[place + 1][0] - timedelta(1) if place + 1 < len(principal) else until
        last = min(last, until)
        if amount > 0:
            spans += _spans(first, min(last, rates.known_until), amount, points, rates, count)
            missing += [max(first, rates.known_until + timedelta(1))] if first <= last > rates.known_until else []
    total = _cents(sum((span.amount for span in spans), Fraction(0)))
    return Interest(total, tuple(spans), min(missing, default=None))


def _spans(
    first: date, last: date, principal: Decimal, points: Decimal, rates: BaseRates, count: DayCount
) -> Iterable[Span]:
    for begin, end, base in rates.spans(first, last):
        percent = money.add(base, points)
        for start, stop in _years(begin, end) if count == "act/act" else ((begin, end),):
            number = (stop - start).days + 1
            year = 366 if count == "act/act" and _is_leap(start.year) else 365
            amount = Fraction(principal) * Fraction(max(percent, Decimal(0))) / 100 * number / year
            yield Span(start, stop, number, principal, percent, amount)


def _years(first: date, last: date) -> Iterable[tuple[date, date]]:
    while first <= last:
        end = min(date(first.year, 12, 31), last)
        yield first, end
        first = end + timedelta(1)


def _is_leap(year: int) -> bool:
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days == 366


def _cents(amount: Fraction) -> Decimal:
    return money.divide(Decimal(amount.numerator), Decimal(amount.denominator), 2) or Decimal(0)
