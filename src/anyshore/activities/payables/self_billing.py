"""The activity ``payables.book-settlements``: what is owed for goods received is numbered, stated and booked.

A settlement is claimed under the order and its place among the settlements of that order before it gets a number: of
two runs that settle the same at once one gets it, the other leaves it. So numbers have no gap (§ 14 (4) no. 4 UStG).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from anyshore.activities.activity import ActivityContext, Record
from anyshore.activities.common import money, retention
from anyshore.activities.common.postings import KIND as POSTING
from anyshore.activities.common.postings import Entry, entry
from anyshore.activities.payables.booking import Payee, Posting
from anyshore.activities.payables.lines import Allocation
from anyshore.activities.payables.matching import find_order
from anyshore.activities.payables.receipt_settlement import SETTLED, Settlement, settlement_of
from anyshore.base.plain import to_value, to_values

NUMBER = "settlement-number"


@dataclass(frozen=True, slots=True)
class Accounts:
    """Accounts of the general ledger: of the expense where the supplier has none on record, of VAT, of what is owed."""

    expense: str
    vat: str
    payables: str


@dataclass(frozen=True, slots=True)
class BookInput:
    """What two people approved.

    Attributes:
        day: of issue.
        items: by order.
        accounts: where to.
        series: what numbers begin with.
    """

    day: date
    items: tuple[Settlement, ...]
    accounts: Accounts
    series: str = "GS"


@dataclass(frozen=True, slots=True)
class Stated:
    """A settlement that was booked.

    Attributes:
        number: of the series.
        order: of the order.
        posting: key of its posting.
        gross: with VAT.
        text: what the supplier is sent.
    """

    number: str
    order: str
    posting: str
    gross: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class BookOutcome:
    """What was booked.

    Attributes:
        stated: by order.
        left: orders of which something else is owed by now, or that another run settled.
        total: with VAT.
    """

    stated: tuple[Stated, ...]
    left: tuple[str, ...]
    total: Decimal


def book_settlements(data: BookInput, context: ActivityContext) -> BookOutcome:
    """Books what was approved, each order once, as far as the same is still owed."""
    stated, left = [], []
    for item in data.items:
        claim = _claimed(item, data, context)
        if claim is None:
            left.append(item.order)
            continue
        number = _numbered(str(claim.data["posting"]), data, context)
        posting = _posting(item, number, data)
        row = context.records(POSTING).put_once(str(claim.data["posting"]), to_values(posting))
        stated.append(Stated(number, item.order, row.key, item.gross, text(item, number, data.day, context.client)))
    return BookOutcome(tuple(stated), tuple(left), money.add(*(one.gross for one in stated)))


def _claimed(item: Settlement, data: BookInput, context: ActivityContext) -> Record | None:
    """The claim of a settlement by this job; None where something else is owed by now, or another job has it."""
    records = context.records(SETTLED)
    key, owner = f"{item.order}|{item.place}", context.idempotency_key
    row = records.get(key)
    if row is None:
        order = find_order(item.order, context)
        now = settlement_of(order, item.until, context)[0] if order is not None else None
        if now != item:
            return None
        row = records.put_once(key, {
            "order": item.order, "owner": owner, "posting": f"receipts|{key}", "day": to_value(data.day),
            "allocations": [to_values(one) for one in _allocations(item)],
        })  # fmt: skip
    return row if row.data.get("owner") == owner else None


def _numbered(posting: str, data: BookInput, context: ActivityContext) -> str:
    """The number of a posting in the series of the year: the next one, or the one it has."""
    records, series = context.records(NUMBER), f"{data.series}-{data.day.year}"
    for row in records.find(posting=posting):
        return row.key
    place = len(records.find(series=series)) + 1
    while True:
        row = records.put_once(f"{series}-{place:05}", {"series": series, "posting": posting})
        if row.data.get("posting") == posting:
            return row.key
        place += 1


def _allocations(item: Settlement) -> tuple[Allocation, ...]:
    return tuple(Allocation(line.order_line, line.quantity, line.net) for line in item.lines)


def _posting(item: Settlement, number: str, data: BookInput) -> Posting:
    accounts = data.accounts
    entries: tuple[Entry, ...] = (
        *entry("debit", item.expense_account or accounts.expense, item.net),
        *(
            one
            for tax in item.taxes
            for one in entry("debit", accounts.vat, tax.vat, vat_category="S", vat_rate=tax.rate)
        ),
        *entry("credit", accounts.payables, item.gross),
    )
    return Posting(
        invoice=f"receipts|{item.order}|{item.place}", seller=item.seller, number=number, issue_date=data.day,
        due_date=None, currency="EUR", order=item.order, net=item.net, vat=item.vat, gross=item.gross,
        open_amount=item.gross, entries=entries, allocations=_allocations(item),
        payee=Payee(item.name, item.seller, item.account, number),
        keep_until=retention.keep_until("voucher", data.day),
    )  # fmt: skip


def text(item: Settlement, number: str, day: date, client: str | None) -> str:
    """What the supplier is sent, as far as it is on record: addresses come with the letterhead (§ 14 (4) no. 1 UStG).

    The word for it is the law's (no. 10). It stops being an invoice where the supplier objects (§ 14 (2) sentence 3).
    """
    rows = [
        f"{line.order_line}  {line.description or ''}  {line.quantity:f} {line.unit or ''} x {line.price:f} EUR"
        f" = {line.net:f} EUR, USt {line.vat_rate:f} %"
        for line in item.lines
    ]
    taxes = [f"Netto {one.net:f} EUR, USt {one.rate:f} %: {one.vat:f} EUR" for one in item.taxes]
    return "\n".join(
        [
            f"Gutschrift / self-billed invoice {number}", f"Ausgestellt am / issued {day.isoformat()}",
            f"Leistender / supplier: {item.name}, {item.tax_number}", f"Empfänger / customer: {client or ''}",
            f"Bestellung / order {item.order}; Wareneingänge bis / goods received until {item.until.isoformat()}",
            "", *rows, "", *taxes, f"Gesamt / total: {item.gross:f} EUR, an / to {item.account}",
        ]
    )  # fmt: skip
