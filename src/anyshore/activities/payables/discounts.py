"""Cash discounts (Skonto) an invoice offers, in the notation of XRechnung (BR-DE-18) within the payment terms (BT-20).

``#SKONTO#TAGE=14#PROZENT=2.00#BASISBETRAG=1000.00#``: within 14 days of the invoice 2 % of 1,000.00. Terms in any other
words are for people: nothing is taken off by a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from anyshore.activities.common import money
from anyshore.activities.einvoice.model import Invoice

_TERM = re.compile(
    r"^#SKONTO#TAGE=(?P<days>\d{1,3})#PROZENT=(?P<percent>\d{1,2}\.\d{2})(?:#BASISBETRAG=(?P<base>-?\d{1,15}\.\d{2}))?#\s*$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Discount:
    """What may be taken off where the payment is in time.

    Attributes:
        until: last day of payment.
        percent: of the base.
        amount: in the currency of the invoice, rounded half up to the cent; negative on a credit note.
    """

    until: date
    percent: Decimal
    amount: Decimal


def discounts(invoice: Invoice) -> tuple[Discount, ...]:
    """The discounts of an invoice, the earliest first; none where the terms name none in that notation."""
    return tuple(sorted(_found(invoice), key=lambda one: (one.until, -one.percent)))


def best(found: tuple[Discount, ...], day: date) -> Discount | None:
    """The largest discount of those that a payment on that day still earns."""
    earned = [one for one in found if day <= one.until]
    return max(earned, key=lambda one: abs(one.amount), default=None)


def _found(invoice: Invoice) -> Iterator[Discount]:
    for term in _TERM.finditer(invoice.payment_terms or ""):
        percent = Decimal(term["percent"])
        base = Decimal(term["base"]) if term["base"] else invoice.totals.due
        # A percentage of a base that is not what is due would take off more than was offered.
        base = min(base, invoice.totals.due)
        amount = money.divide(money.multiply(base, percent), Decimal(100), 2) or Decimal(0)
        if amount > 0:
            amount = money.signed(amount, negative=invoice.is_credit_note)
            yield Discount(invoice.issue_date + timedelta(days=int(term["days"])), percent, amount)
