"""Whether a case comes true: what months cost against the plan, benefits so far, and whether the decision would flip.

The plan of a month is a twelfth of the year of the median case it lies in. What the months show (volume, price per
item, credits) takes the place of what was assumed, and the case is looked at again with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anyshore.base.decimals import CONTEXT
from anyshore.base.errors import DataError
from anyshore.sourcing.business_case.bridge import Bridge, Line, bridge
from anyshore.sourcing.business_case.case import Case
from anyshore.sourcing.business_case.cash import median_flows
from anyshore.sourcing.business_case.distributions import fixed

_MONTHS = 12
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Month:
    """What a month showed of an activity at the site it went to.

    Attributes:
        first: its first day.
        items: done in it.
        fees: paid for them, before credits, in the provider's money.
        credits: taken off, in the client's money.
        hours: worked; None where nobody counts them.
        exchange: the client's money for one of the provider's.
    """

    first: date
    items: Decimal
    fees: Decimal
    credits: Decimal = _ZERO
    hours: Decimal | None = None
    exchange: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Kept:
    """A month against the case.

    Attributes:
        first: its first day.
        bridge: from planned to actual cost.
        planned_benefit: baseline less planned cost.
        benefit: baseline of what was done, less what it cost.
    """

    first: date
    bridge: Bridge
    planned_benefit: Decimal
    benefit: Decimal


@dataclass(frozen=True, slots=True)
class Tracked:
    """How a case comes true.

    Attributes:
        activity: the activity.
        site: where it went.
        months: in order.
        planned_benefit: of all months.
        benefit: likewise.
        expected_npv: of the site, from the case as decided.
        revised_npv: of the site, with what the months show.
        best_then: the site that was best by the case, or ``keep``.
        best_now: the site that would be chosen today, or ``keep``.
        flips: whether that is another, or the site it went to no longer pays.
    """

    activity: str
    site: str
    months: tuple[Kept, ...]
    planned_benefit: Decimal
    benefit: Decimal
    expected_npv: float
    revised_npv: float
    best_then: str
    best_now: str
    flips: bool

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "activity": self.activity, "site": self.site,
            "months": [
                {"month": one.first.strftime("%Y-%m"), "planned": str(one.bridge.planned),
                 "steps": {name: str(step) for name, step in one.bridge.steps.items()},
                 "actual": str(one.bridge.actual), "planned_benefit": str(one.planned_benefit),
                 "benefit": str(one.benefit)}
                for one in self.months
            ],
            "planned_benefit": str(self.planned_benefit), "benefit": str(self.benefit),
            "expected_npv": round(self.expected_npv, 2), "revised_npv": round(self.revised_npv, 2),
            "best_then": self.best_then, "best_now": self.best_now, "flips": self.flips,
        }  # fmt: skip


KEEP = "keep"


def track(case: Case, activity: str, site: str, months: Sequence[Month]) -> Tracked:
    """Compares months with the case.

    Raises:
        DataError: the case has no such activity or site, there is no month, or one lies outside its years.
    """
    if activity not in case.activities or site not in case.sites:
        hint = f"Activities: {', '.join(case.activities)}; sites: {', '.join(case.sites)}."
        raise DataError("business.unknown", f"The case has no {activity!r} at {site!r}.", hint=hint)
    if not months:
        raise DataError("business.months", "There is no month to compare.", hint="Give at least one.")
    kept = tuple(_kept(case, activity, site, one) for one in sorted(months, key=lambda one: one.first))
    number = case.sites.index(site)
    before = median_flows(case, activity).npv(case.frame.discount)[0]
    after = median_flows(_revised(case, activity, site, months), activity).npv(case.frame.discount)[0]
    # The one-off cost of the site it went to is spent: only what is still to come counts for or against it.
    to_come = after.copy()
    to_come[number] += case.of(activity, site, "one-off cost").median
    best_then, best_now = _best(case, before), _best(case, to_come)
    return Tracked(
        activity, site, kept, _total(one.planned_benefit for one in kept), _total(one.benefit for one in kept),
        float(before[number]), float(after[number]), best_then, best_now,
        best_now != best_then or bool(to_come[number] <= 0),
    )  # fmt: skip


def _best(case: Case, values: NDArray[np.float64]) -> str:
    best = int(values.argmax())
    return case.sites[best] if values[best] > 0 else KEEP


def planned(case: Case, activity: str, site: str, first: date) -> tuple[Line, Decimal]:
    """The plan of a month: its line, and the client's own cost per item.

    Raises:
        DataError: the month lies outside the years of the case.
    """
    year = (first.year - case.frame.start.year) * _MONTHS + first.month - case.frame.start.month
    if not 0 <= year < case.frame.years * _MONTHS:
        message = f"{first:%Y-%m} lies outside the years of the case, which begins in {case.frame.start:%Y-%m}."
        raise DataError("business.months", message, hint="Compare months of the case.")
    year //= _MONTHS
    value = {name: case.of(activity, site, name).median for name in _PLANNED}
    items = value["baseline volume"] * (1 + value["volume growth"]) ** year / _MONTHS
    inflation = (1 + value["price inflation"]) ** year
    exchange = (1 + value["currency drift"]) ** (year + 1)
    priced = value["price per item"]
    work, price = (1.0, priced) if priced else (value["hours per item"], value["rate"])
    own = value["baseline unit cost"] * (1 + value["baseline inflation"]) ** year
    figures = map(_decimal, (items, work, price * inflation, exchange))
    return Line(f"{activity} · {site}", *figures), _decimal(own)


_PLANNED = (
    "baseline volume", "baseline unit cost", "baseline inflation", "volume growth", "price per item", "price inflation",
    "hours per item", "rate", "currency drift",
)  # fmt: skip


def _kept(case: Case, activity: str, site: str, month: Month) -> Kept:
    line, own = planned(case, activity, site, month.first)
    # Where hours are not counted, an item is one unit of work on both sides, and what it takes is part of its price.
    if month.hours is None or case.of(activity, site, "price per item").median:
        line = Line(line.key, line.items, Decimal(1), CONTEXT.multiply(line.work, line.price), line.exchange)
        work = Decimal(1)
    else:
        work = _ratio(month.hours, month.items)
    units = month.items if work == 1 else month.hours or _ZERO
    price = _ratio(month.fees, units) if units else line.price
    actual = Line(line.key, month.items, work, price, month.exchange, month.credits)
    found = bridge([line], [actual])
    before, after = (_cents(CONTEXT.multiply(items, own)) for items in (line.items, month.items))
    return Kept(month.first, found, before - found.planned, after - found.actual)


def _revised(case: Case, activity: str, site: str, months: Sequence[Month]) -> Case:
    """The case with the volume and the price per item the months show, credits taken off."""
    items = _total(one.items for one in months)
    paid = _total(CONTEXT.subtract(CONTEXT.multiply(one.fees, one.exchange), one.credits) for one in months)
    per_year = float(items) * _MONTHS / len(months)
    source = f"{len(months)} months of the ledger"
    found = case.with_row((activity, "", "baseline volume"), fixed(per_year, source))
    if items:
        price = fixed(float(_ratio(paid, items)), source)
        found = found.with_row((activity, site, "price per item"), price)
    return found


def _ratio(one: Decimal, other: Decimal) -> Decimal:
    return CONTEXT.divide(one, other) if other else _ZERO


def _decimal(value: float) -> Decimal:
    return Decimal(repr(value))


def _cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP, CONTEXT)


def _total(values: Iterable[Decimal]) -> Decimal:
    return reduce(CONTEXT.add, values, _ZERO)
