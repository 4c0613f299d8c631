"""Entries of the general ledger: what every posting is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from anyshore.activities.common import money

KIND = "posting"
"""The table of postings."""

Side = Literal["debit", "credit"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One side of a posting.

    Attributes:
        side: debit or credit.
        account: general ledger account.
        amount: never negative, in the currency of the posting.
        vat_category: of a VAT entry.
        vat_rate: percent, of a VAT entry.
        cost_centre: of the expense entry.
    """

    side: Side
    account: str
    amount: Decimal
    vat_category: str | None = None
    vat_rate: Decimal | None = None
    cost_centre: str | None = None


def entry(
    side: Side,
    account: str,
    amount: Decimal,
    *,
    vat_category: str | None = None,
    vat_rate: Decimal | None = None,
    cost_centre: str | None = None,
) -> Iterator[Entry]:
    """An entry with a positive amount: a negative one goes to the other side, zero needs none."""
    if amount < 0:
        side, amount = ("credit" if side == "debit" else "debit"), amount.copy_negate()
    if amount:
        yield Entry(side, account, amount, vat_category, vat_rate, cost_centre)


def sums(entries: Iterable[Entry]) -> tuple[Decimal, Decimal]:
    """The sums of the debits and of the credits, which a balanced posting has alike."""
    found = list(entries)
    debits = money.add(*(one.amount for one in found if one.side == "debit"))
    return debits, money.add(*(one.amount for one in found if one.side == "credit"))
