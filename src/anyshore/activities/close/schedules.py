"""What a close enters by itself: accruals that reverse, deferrals over months, depreciation of fixed assets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from anyshore.activities.close.journal import Entry, Line
from anyshore.activities.common import money
from anyshore.base.temporal import days_in_month


def month_end(day: date) -> date:
    """The last day of the month of a day."""
    return date(day.year, day.month, days_in_month(day.year, day.month))


def months_between(first: date, last: date) -> int:
    """How many months there are from the month of one day to that of another, both counted."""
    return (last.year - first.year) * 12 + last.month - first.month + 1


def accrual(
    name: str, day: date, debit: str, credit: str, amount: Decimal, currency: str, text: str
) -> tuple[Entry, Entry]:
    """An accrual at the end of a month, and its reversal on the first day of the next.

    Args:
        name: id of the accrual; the reversal has ``-R`` behind it.
        day: in the month.
        debit: account of the expense or receivable.
        credit: account of the accrued liability or income.
        amount: positive.
        currency: ISO 4217.
        text: what it is for.
    """
    end = month_end(day)
    there = (Line(debit, amount, currency), Line(credit, -amount, currency))
    back = (Line(debit, -amount, currency), Line(credit, amount, currency))
    return (
        Entry(name, end, there, text, "accrual"),
        Entry(f"{name}-R", end + timedelta(1), back, text, "reversal", name, "automatic reversal of an accrual"),
    )  # fmt: skip


def shares(amount: Decimal, months: int) -> list[Decimal]:
    """An amount in equal shares of whole cents; what rounding leaves is in the last."""
    share = money.divide(amount, Decimal(months), 2) or Decimal(0)
    return [*([share] * (months - 1)), money.subtract(amount, money.multiply(share, Decimal(months - 1)))]


def deferral(
    name: str, first: date, last: date, asset: str, expense: str, amount: Decimal, currency: str, text: str
) -> list[Entry]:
    """What was paid before its time (§ 250 HGB), carried to expense month by month from the first month to the last."""
    months = months_between(first, last)
    made = []
    day = month_end(first)
    for number, share in enumerate(shares(amount, months), start=1):
        lines = (Line(expense, share, currency), Line(asset, -share, currency))
        made.append(Entry(f"{name}-{number}", day, lines, text, "accrual"))
        day = month_end(day + timedelta(1))
    return made


@dataclass(frozen=True, slots=True)
class Asset:
    """A fixed asset.

    Attributes:
        id: of the register.
        name: what it is.
        acquired: day from which it is written off.
        cost: of acquisition.
        months: of its useful life.
        account: of the asset.
        expense: account of depreciation.
        residual: what it is worth at the end.
        sold: day on which it left.
        currency: ISO 4217.
    """

    id: str
    name: str
    acquired: date
    cost: Decimal
    months: int
    account: str
    expense: str
    residual: Decimal = Decimal(0)
    sold: date | None = None
    currency: str = "EUR"


def written_off(asset: Asset, until: date) -> Decimal:
    """Depreciation in equal parts up to the end of a month, the month of acquisition counted (§ 7 (1) sentence 4 EStG).

    Each month's part is the difference of two rounded sums, so that nothing is lost over the years. The month in which
    an asset leaves counts.
    """
    end = min(until, asset.sold) if asset.sold else until
    months = min(max(months_between(asset.acquired, end), 0), asset.months)
    base = money.subtract(asset.cost, asset.residual)
    return money.divide(money.multiply(base, Decimal(months)), Decimal(asset.months), 2) or Decimal(0)


def depreciation(asset: Asset, month: date) -> Entry | None:
    """The depreciation of an asset in a month; none where there is none."""
    end = month_end(month)
    before = written_off(asset, date(month.year, month.month, 1) - timedelta(1))
    amount = money.subtract(written_off(asset, end), before)
    if amount <= 0:
        return None
    lines = (Line(asset.expense, amount, asset.currency), Line(asset.account, -amount, asset.currency))
    return Entry(f"AfA-{asset.id}-{end:%Y-%m}", end, lines, asset.name, "depreciation")


@dataclass(frozen=True, slots=True)
class Held:
    """A row of the register of fixed assets at the end of a day: cost, written off, book value."""

    asset: Asset
    cost: Decimal
    written_off: Decimal
    book_value: Decimal


def register(assets: Iterable[Asset], on: date) -> list[Held]:
    """The assets held at the end of a day (Anlagenspiegel, § 284 (3) HGB)."""
    rows = []
    for asset in assets:
        if asset.acquired <= on and (asset.sold is None or asset.sold > on):
            off = written_off(asset, on)
            rows.append(Held(asset, asset.cost, off, money.subtract(asset.cost, off)))
    return rows
