"""How far an invoice is from what was expected, and whether a tolerance lets it pass.

The words and the arithmetic are those of invoice matching in ERP systems (net unit price, price totals, charges and
invoice totals matching): a tolerance is a percentage, an amount, or both, of which either decides; at the tolerance is
inside it; of nothing expected, no percentage is small enough. Nothing is rounded before it is judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from anyshore.activities.common import money

Field = Literal[
    "price", "quantity", "line total", "receipt", "charge", "order total",
    "balance", "discount", "charges", "invoice total",
]  # fmt: skip
"""What is compared: of a line its net price, its quantity, its total over all invoices and what was received of it; a
charge; the total of the order over all invoices; and the totals of an invoice."""
BOTH_WAYS: frozenset[Field] = frozenset({"balance", "discount", "charges", "invoice total"})
"""What should neither be more nor less than expected. Of the others only more is a discrepancy: a lower price, part of
a delivery or of a charge is none."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a value may be from what was expected: either limit decides, without both nothing may differ.

    Attributes:
        percent: of what was expected; no limit where left out.
        amount: in the currency of the order; no limit where left out.
    """

    percent: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Variance:
    """A value beside what was expected.

    Attributes:
        field: what was compared.
        actual: on the invoice, or on all invoices so far.
        expected: by the order or the goods receipts.
        amount: actual less expected.
        percent: the size of the variance in percent of what was expected, rounded half up to 4 places; where nothing
            was expected, all of it is: 100.
        exceeded: whether it is beyond its tolerance.
        tolerance: the tolerance.
        line: of the invoice (BT-126), or the reason of a charge; none of totals.
        order_line: of the order.
    """

    field: Field
    actual: Decimal
    expected: Decimal
    amount: Decimal
    percent: Decimal
    exceeded: bool
    tolerance: Tolerance
    line: str | None = None
    order_line: str | None = None


def compare(
    field: Field,
    actual: Decimal,
    expected: Decimal,
    tolerance: Tolerance,
    at: tuple[str | None, str | None] = (None, None),
    *,
    worth: Decimal = Decimal(1),
) -> Variance:
    """Compares a value with what was expected.

    Args:
        field: what is compared, which says whether less than expected is a discrepancy, too.
        actual: the value.
        expected: what it should be.
        tolerance: how far it may be from it.
        at: the line of the invoice and that of the order.
        worth: what one unit of the values costs, where they are quantities: the amount of a tolerance is money.
    """
    amount = money.subtract(actual, expected)
    size = abs(amount)
    counts = amount > 0 or (amount < 0 and field in BOTH_WAYS)
    return Variance(
        field,
        actual,
        expected,
        amount,
        variance_percent(size, expected),
        counts and _beyond(size, expected, tolerance, worth),
        tolerance,
        *at,
    )


def variance_percent(variance: Decimal, expected: Decimal) -> Decimal:
    """A variance in percent of what was expected, rounded half up to 4 places; where nothing was, all of it is: 100."""
    found = money.percent(variance, expected)
    if found is not None:
        return found
    return Decimal(0) if not variance else Decimal(100).copy_sign(variance)


def _beyond(size: Decimal, expected: Decimal, tolerance: Tolerance, worth: Decimal) -> bool:
    if tolerance.percent is None and tolerance.amount is None:
        return True
    over_percent = tolerance.percent is not None and (
        not expected or money.multiply(size, Decimal(100)) > money.multiply(tolerance.percent, abs(expected))
    )
    over_amount = tolerance.amount is not None and money.multiply(size, worth) > tolerance.amount
    return over_percent or over_amount
