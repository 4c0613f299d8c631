"""Ageing and the figures of the trade: DSO, best possible DSO, average days delinquent, collection effectiveness."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from anyshore.activities.common import money

BOUNDS = (0, 30, 60, 90)
"""Days overdue up to which a class of ageing reaches; the first is what is not due."""
_PLACES = 4


@dataclass(frozen=True, slots=True)
class Dated:
    """An invoice with its days.

    Attributes:
        amount: what is open of it, or what it was issued for, as the figure asks.
        issued: day of the invoice.
        due: day on which it is to be paid.
        settled: day of payment; none while it is open.
    """

    amount: Decimal
    issued: date
    due: date
    settled: date | None = None


def days_to_settle(one: Dated) -> int | None:
    """Days from the invoice to payment; none while it is open."""
    return None if one.settled is None else (one.settled - one.issued).days


def days_late(one: Dated, on: date) -> int:
    """Days after the due date on which it was paid, or stands open on a day; never negative."""
    return max(((one.settled or on) - one.due).days, 0)


def is_open(one: Dated, on: date) -> bool:
    """Whether an invoice was issued and not paid at the end of a day."""
    return one.issued <= on and (one.settled is None or one.settled > on)


@dataclass(frozen=True, slots=True)
class Class:
    """A class of ageing: what is overdue from one number of days to another.

    Attributes:
        first: least days overdue; none for what is not due.
        last: most; none for the last class.
        count: invoices.
        amount: their sum.
    """

    first: int | None
    last: int | None
    count: int
    amount: Decimal


def ageing(invoices: Iterable[Dated], on: date, bounds: Sequence[int] = BOUNDS) -> tuple[Class, ...]:
    """What is open at the end of a day, by days past the due date. Due today is not overdue."""
    found: list[list[Decimal]] = [[] for _ in range(len(bounds) + 1)]
    for one in invoices:
        if is_open(one, on):
            late = (on - one.due).days
            place = next((number for number, bound in enumerate(bounds) if late <= bound), len(bounds))
            found[place].append(one.amount)
    classes = []
    for place, amounts in enumerate(found):
        first = None if place == 0 else bounds[place - 1] + 1
        last = bounds[place] if place < len(bounds) else None
        classes.append(Class(first, last, len(amounts), money.add(*amounts)))
    return tuple(classes)


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a period.

    Attributes:
        opening: receivables at its beginning.
        closing: at its end.
        current: of them not yet due.
        sales: invoiced in it on credit.
        days: of the period.
        dso: days sales outstanding = receivables / sales × days.
        best_dso: best possible DSO = not yet due / sales × days.
        delinquent: average days delinquent = DSO − best possible DSO.
        effectiveness: collection effectiveness index in percent = (opening + sales − closing) / (opening + sales −
            current) × 100.
    """

    opening: Decimal
    closing: Decimal
    current: Decimal
    sales: Decimal
    days: int
    dso: Decimal | None
    best_dso: Decimal | None
    delinquent: Decimal | None
    effectiveness: Decimal | None


def figures(invoices: Sequence[Dated], first: date, last: date) -> Figures:
    """The figures of a period.

    Args:
        invoices: with the amounts they were issued for.
        first: first day of the period.
        last: last one.
    """
    before = date.fromordinal(first.toordinal() - 1)
    opening = money.add(*(one.amount for one in invoices if is_open(one, before)))
    held = [one for one in invoices if is_open(one, last)]
    closing = money.add(*(one.amount for one in held))
    current = money.add(*(one.amount for one in held if one.due >= last))
    sales = money.add(*(one.amount for one in invoices if first <= one.issued <= last))
    days = (last - first).days + 1
    dso = money.divide(money.multiply(closing, Decimal(days)), sales, _PLACES)
    best = money.divide(money.multiply(current, Decimal(days)), sales, _PLACES)
    collected = money.subtract(money.add(opening, sales), closing)
    collectable = money.subtract(money.add(opening, sales), current)
    delinquent = None if dso is None or best is None else money.subtract(dso, best)
    return Figures(
        opening, closing, current, sales, days, dso, best, delinquent,
        money.divide(money.multiply(collected, Decimal(100)), collectable, _PLACES),
    )  # fmt: skip
