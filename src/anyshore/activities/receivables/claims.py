"""Debts: what is owed, when its debtor is in default, and what a payment settles.

Sources: §§ 193, 286, 288, 289, 366, 367 BGB.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from anyshore.activities.common import money
from anyshore.activities.common.workdays import next_open
from anyshore.activities.receivables import interest, law
from anyshore.activities.receivables.law import BaseRates


@dataclass(frozen=True, slots=True)
class Debt:
    """An invoice that is owed.

    Attributes:
        id: unique, the number of the invoice.
        customer: who owes it.
        amount: of the invoice, in ``currency``.
        issued: day of the invoice.
        due: day on which it is to be paid.
        received: day on which the customer got it; the day of the invoice where left out.
        consumer: whether the customer is a consumer (§ 13 BGB).
        payment_claim: whether it is paid for goods or services (Entgeltforderung).
        due_by_calendar: whether the contract fixes the day by the calendar (§ 286 (2) no. 1); a day that the invoice
            alone names is none.
        notice: whether the invoice tells a consumer of the thirty days (§ 286 (3)).
        refused: day on which the customer refused payment for good (§ 286 (2) no. 3).
        secured: whether the debt is secured.
        place: where it is to be paid from, whose holidays count (§§ 193, 269, 270 (4) BGB), as ``DE-BY``.
    """

    id: str
    customer: str
    amount: Decimal
    issued: date
    due: date
    currency: str = "EUR"
    received: date | None = None
    consumer: bool = False
    payment_claim: bool = True
    due_by_calendar: bool = False
    notice: bool = False
    refused: date | None = None
    secured: bool = False
    place: str = "DE"

    @property
    def business(self) -> bool:
        """Whether nine points and the lump sum apply."""
        return self.payment_claim and not self.consumer


@dataclass(frozen=True, slots=True)
class Default:
    """When and by what a debtor came into default.

    Attributes:
        on: the day that brings it; interest runs from the next (§ 187 (1) BGB).
        by: ``calendar``, ``refusal``, ``thirty days`` or ``reminder``.
    """

    on: date
    by: Literal["calendar", "refusal", "thirty days", "reminder"]


def default(debt: Debt, reminded: Iterable[date] = ()) -> Default | None:
    """When the debtor is in default; none where nothing brings it.

    A day on which payment is to be made moves to the next that is no Saturday, Sunday or public holiday (§ 193 BGB), be
    it fixed by the calendar or the end of the thirty days.

    Args:
        debt: what is owed.
        reminded: days on which a reminder arrived. One that comes before the debt is due brings nothing.
    """
    found: list[Default] = []
    if debt.due_by_calendar:
        found.append(Default(next_open(debt.due, debt.place), "calendar"))
    if debt.refused is not None:
        found.append(Default(max(debt.refused, debt.due), "refusal"))
    if debt.payment_claim and (not debt.consumer or debt.notice):
        after = max(debt.due, debt.received or debt.issued) + timedelta(law.default_after())
        found.append(Default(next_open(after, debt.place), "thirty days"))
    late = [day for day in reminded if day > debt.due]
    if late:
        found.append(Default(min(late), "reminder"))
    return min(found, key=lambda one: one.on, default=None)


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment.

    Attributes:
        day: of receipt.
        amount: positive.
        purpose: ids of the debts the customer named (§ 366 (1)), in that order.
    """

    day: date
    amount: Decimal
    purpose: tuple[str, ...] = ()


@dataclass(slots=True)
class Account:
    """What became of a debt.

    Attributes:
        debt: the debt.
        default: when its debtor came into default.
        principal: what is open of it.
        costs: what is open of fees, the lump sum and legal costs.
        interest_paid: what was paid on interest.
        history: from which day on which principal bears interest.
    """

    debt: Debt
    default: Default | None
    principal: Decimal
    costs: Decimal = Decimal(0)
    interest_paid: Decimal = Decimal(0)
    history: list[tuple[date, Decimal]] = field(default_factory=list)

    @classmethod
    def of(cls, debt: Debt, reminded: Iterable[date] = (), costs: Decimal = Decimal(0)) -> Account:
        """A debt of which nothing is paid."""
        found = default(debt, reminded)
        history = [(found.on + timedelta(1), debt.amount)] if found else []
        return cls(debt, found, debt.amount, costs, history=history)

    def interest(self, until: date, rates: BaseRates | None = None) -> interest.Interest:
        """All interest up to a day, paid or not.

        Raises:
            ParamsError: there is no base rate for a day.
        """
        points = law.surcharge(self.debt.issued, business=self.debt.business)
        return interest.of(self.history, until, points, rates or law.base_rates())

    def open_interest(self, until: date, rates: BaseRates | None = None) -> Decimal:
        """Interest up to a day that is not paid."""
        return max(money.subtract(self.interest(until, rates).amount, self.interest_paid), Decimal(0))

    def take(self, day: date, amount: Decimal, rates: BaseRates | None = None) -> Decimal:
        """Takes a payment: costs first, then interest, then principal (§ 367 (1) BGB). Gives what is left of it."""
        for part in ("costs", "interest", "principal"):
            owed = {"costs": self.costs, "principal": self.principal}.get(part, Decimal(0))
            owed = self.open_interest(day, rates) if part == "interest" else owed
            paid = min(amount, owed)
            amount = money.subtract(amount, paid)
            if part == "costs":
                self.costs = money.subtract(self.costs, paid)
            elif part == "interest":
                self.interest_paid = money.add(self.interest_paid, paid)
            elif paid:
                self.principal = money.subtract(self.principal, paid)
                self._lower(day)
        return amount

    def _lower(self, day: date) -> None:
        """From the day after a payment on, the smaller principal bears interest."""
        if self.history:
            start = max(day + timedelta(1), self.history[0][0])
            kept = [(first, amount) for first, amount in self.history if first < start]
            self.history = [*kept, (start, self.principal)]


def lump_sum(debt: Debt, *, defaulted: bool, legal_costs: Decimal = Decimal(0)) -> Decimal:
    """The lump sum of 40 EUR as far as it is owed beside legal costs, against which it is set off (§ 288 (5) BGB)."""
    if not defaulted or debt.currency != "EUR":
        return Decimal(0)
    return max(money.subtract(law.lump_sum(debt.issued, business=debt.business), legal_costs), Decimal(0))


def settle(accounts: Sequence[Account], payment: Payment, rates: BaseRates | None = None) -> Decimal:
    """Divides a payment between debts and takes it from them; gives what is left over.

    What the customer named comes first (§ 366 (1)). Then, as § 366 (2) has it: what is due, of it what is less secured,
    of it what burdens the debtor more (the higher interest), of it the older; between equals in proportion.
    """
    left = payment.amount
    named = [one for name in payment.purpose for one in accounts if one.debt.id == name]
    for one in named:
        left = one.take(payment.day, left, rates)
    rest = sorted((one for one in accounts if one not in named), key=lambda one: _rank(one, payment.day))
    place = 0
    while left > 0 and place < len(rest):
        equal = [one for one in rest[place:] if _rank(one, payment.day) == _rank(rest[place], payment.day)]
        left = _divide(equal, payment.day, left, rates)
        place += len(equal)
    return left


def _rank(one: Account, day: date) -> tuple[bool, bool, Decimal, date]:
    debt = one.debt
    burden = law.surcharge(debt.issued, business=debt.business) if one.default and one.default.on < day else Decimal(0)
    return debt.due > day, debt.secured, -burden, debt.due


def _divide(equal: Sequence[Account], day: date, amount: Decimal, rates: BaseRates | None) -> Decimal:
    """Divides an amount between equal debts in proportion; the last one gets what rounding leaves."""
    owed = [money.add(one.costs, one.open_interest(day, rates), one.principal) for one in equal]
    total = money.add(*owed)
    if amount >= total:
        for one, part in zip(equal, owed, strict=True):
            one.take(day, part, rates)
        return money.subtract(amount, total)
    left = amount
    for place, (one, part) in enumerate(zip(equal, owed, strict=True)):
        share = money.divide(money.multiply(amount, part), total, 2) or Decimal(0)
        share = left if place == len(equal) - 1 else min(share, left)
        left = money.add(money.subtract(left, share), one.take(day, share, rates))
    return left
