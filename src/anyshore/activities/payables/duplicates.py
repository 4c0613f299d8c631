"""The activity ``payables.find-duplicates``: has this invoice been here before?

The invoice is registered first, under the idempotency key of the job, then compared with those registered before it.
So a repeated job is not its own duplicate, and of two that arrive at once exactly the later is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal

from anyshore.activities.activity import ActivityContext, Record
from anyshore.activities.common import once
from anyshore.activities.common.parties import compact, seller_key
from anyshore.activities.einvoice.model import Invoice
from anyshore.activities.payables import apart
from anyshore.activities.payables.identity import (
    edit_distance_at_most_one,
    grows,
    number_key,
    same_number,
)
from anyshore.base.plain import from_values, to_values

KIND = "invoice"


@dataclass(frozen=True, slots=True)
class DuplicatesInput:
    """What to look for.

    Attributes:
        invoice: the invoice at hand.
        document: name of its document, to show beside a duplicate.
        days: how far apart the dates of two invoices of the same amount may be to be near duplicates.
    """

    invoice: Invoice
    document: str
    days: int = 10


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An earlier invoice that looks like this one.

    Attributes:
        kind: ``exact``: same seller and same number; ``near``: same seller and amount, and close in date or number.
        reason: in words.
        id: key of the earlier invoice.
        document: its document.
        number: BT-1.
        issue_date: BT-2.
        gross: BT-112, without its sign.
        currency: BT-5.
        invoice: identity of the earlier invoice, whichever file it came in.
    """

    kind: Literal["exact", "near"]
    reason: str
    id: str
    document: str
    number: str
    issue_date: date
    gross: Decimal
    currency: str
    invoice: str


@dataclass(frozen=True, slots=True)
class Distinct:
    """An earlier invoice that looks like this one and is no duplicate, as a person has said.

    Attributes:
        number: BT-1 of the earlier invoice.
        reason: how it looks like this one.
        person: who told them apart.
        note: why, in their words.
        on: when, date in UTC.
    """

    number: str
    reason: str
    person: str | None
    note: str
    on: date


@dataclass(frozen=True, slots=True)
class DuplicatesOutcome:
    """What was found.

    Attributes:
        id: key under which this invoice is registered.
        invoice: its identity, whichever file it came in.
        exact: whether an exact duplicate was found.
        near: whether a near duplicate was found.
        duplicates: the earlier invoices, exact ones first.
        distinct: those a person has told apart from it before.
    """

    id: str
    invoice: str
    exact: bool
    near: bool
    duplicates: tuple[Duplicate, ...]
    distinct: tuple[Distinct, ...] = ()


@dataclass(frozen=True, slots=True)
class _Registered:
    """What is kept of an invoice. A negative invoice is a credit note by another name (EN 16931, BT-3)."""

    seller: str
    number: str
    number_key: str
    credit_note: bool
    currency: str
    gross: Decimal
    issue_date: date
    document: str


def find_duplicates(data: DuplicatesInput, context: ActivityContext) -> DuplicatesOutcome:
    """Registers an invoice and finds the earlier ones it could be a duplicate of."""
    mine = _registered(data)
    row, _ = once.put(context, KIND, to_values(mine))
    found = [
        duplicate
        for record in _candidates(mine, context)
        if record.sequence < row.sequence and (duplicate := _compare(mine, record, data.days))
    ]
    found.sort(key=lambda duplicate: duplicate.kind)
    me = _identity(mine)
    distinct = {one.id: said for one in found if (said := _told_apart(me, one, context)) is not None}
    found = [one for one in found if one.id not in distinct]
    kinds = {duplicate.kind for duplicate in found}
    told = tuple(distinct.values())
    return DuplicatesOutcome(row.key, me, "exact" in kinds, "near" in kinds, tuple(found), told)


def _told_apart(me: str, other: Duplicate, context: ActivityContext) -> Distinct | None:
    if other.invoice == me:
        return None  # the same invoice again: nobody can have told it apart from itself
    said = apart.word(me, other.invoice, context)
    if said is None:
        return None
    on = datetime.fromtimestamp(said.at // 1_000_000, UTC).date()
    return Distinct(other.number, other.reason, said.person, said.note, on)


def _identity(one: _Registered) -> str:
    """An invoice by what it says, not by the file it came in."""
    kind = "credit-note" if one.credit_note else "invoice"
    number = " ".join(one.number.split()).casefold()
    return f"{one.seller}|{kind}|{number}|{one.issue_date.isoformat()}|{one.gross.normalize():f} {one.currency}"


def _registered(data: DuplicatesInput) -> _Registered:
    invoice = data.invoice
    return _Registered(
        seller=seller_key(invoice.seller),
        number=invoice.number,
        number_key=number_key(invoice.number),
        credit_note=invoice.is_credit_note != (invoice.totals.gross < 0),
        currency=invoice.currency,
        gross=abs(invoice.totals.gross),
        issue_date=invoice.issue_date,
        document=data.document,
    )


def _candidates(mine: _Registered, context: ActivityContext) -> Iterator[Record]:
    """Rows with the same number or the same amount: two look-ups by equality, whatever the size of the table."""
    records = context.records(KIND)
    by_number = records.find(seller=mine.seller, number_key=mine.number_key)
    by_amount = records.find(seller=mine.seller, currency=mine.currency, gross=mine.gross)
    yield from {record.key: record for record in (*by_number, *by_amount)}.values()


def _compare(mine: _Registered, record: Record, days: int) -> Duplicate | None:
    other = from_values(_Registered, record.data, KIND)
    if mine.credit_note != other.credit_note:
        return None  # a credit note repeats the amounts of the invoice it corrects
    if same_number(mine.number, other.number):
        return _duplicate("exact", "same seller and number", record, other)
    if (mine.currency, mine.gross) != (other.currency, other.gross):
        return None
    slip = edit_distance_at_most_one(compact(mine.number), compact(other.number))
    if slip and not _one_after_the_other(mine, other):
        return _duplicate("near", "same seller and amount, number differs by one slip", record, other)
    apart = abs((mine.issue_date - other.issue_date).days)
    if apart <= days:
        return _duplicate("near", f"same seller and amount, {apart} days apart", record, other)
    return None


def _one_after_the_other(mine: _Registered, other: _Registered) -> bool:
    """Whether the numbers grow with the dates, as those of a rent or a subscription do: R-101 in May, R-102 in June."""
    first, then = sorted((mine, other), key=lambda one: one.issue_date)
    return first.issue_date < then.issue_date and grows(first.number, then.number)


def _duplicate(kind: Literal["exact", "near"], reason: str, record: Record, other: _Registered) -> Duplicate:
    return Duplicate(
        kind, reason, record.key, other.document, other.number, other.issue_date, other.gross, other.currency,
        _identity(other),
    )  # fmt: skip
