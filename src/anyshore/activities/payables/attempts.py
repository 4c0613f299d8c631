"""What was done to pay a posting: payments ordered at the bank, and those of them that failed."""

from __future__ import annotations

from anyshore.activities.activity import ActivityContext, Record

PAYMENT = "payment"
"""A payment that was ordered at the bank, of one posting."""
REJECTED = "payment-rejected"
PAID = "payment-settled"


def attempts(posting: str, context: ActivityContext) -> tuple[int, Record | None]:
    """How often a payment of a posting was ordered and rejected, and the payment that was not."""
    rejected = context.records(REJECTED)
    number = 0
    while True:
        row = context.records(PAYMENT).get(payment_key(posting, number))
        if row is None or rejected.get(row.key) is None:
            return number, row
        number += 1


def payment_key(posting: str, attempt: int) -> str:
    """Key of a payment: a rejected one is ordered anew under another."""
    return f"{posting}|{attempt}"
