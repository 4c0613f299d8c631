"""What is used of a purchase order: by invoices that are booked, and by those that are about to be.

An invoice claims what it takes of an order before it is booked. Claims are rows that only grow and stand in one
sequence, so of two invoices that come at once, in whatever run and worker, exactly the later one sees the other. A
claim of an invoice that goes to a person is released; what a person books counts as booked. What a credit note gives
back counts when it is booked, not before: its claim may be released, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from anyshore.activities.activity import ActivityContext, Record
from anyshore.activities.common import money
from anyshore.activities.common.postings import KIND as POSTING
from anyshore.activities.einvoice.model import Invoice
from anyshore.activities.payables import settlements
from anyshore.activities.payables.identity import invoice_key
from anyshore.activities.payables.lines import Allocation
from anyshore.activities.payables.orders import PurchaseOrder
from anyshore.base.plain import from_values

CLAIM = "order-claim"
RELEASE = "order-release"


@dataclass(frozen=True, slots=True)
class Claim:
    """What one invoice takes of an order, without VAT; negative for a credit note.

    Attributes:
        order: number of the order.
        currency: ISO 4217.
        invoice: key of the invoice.
        net: BT-109.
        down_payment: whether it is an invoice of a down payment.
        allocations: by order line.
        settles: keys of the postings it takes back.
    """

    order: str
    currency: str
    invoice: str
    net: Decimal
    down_payment: bool = False
    allocations: tuple[Allocation, ...] = ()
    settles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """What others took of an order.

    Attributes:
        net: sum of their totals without VAT.
        allocations: what they took of its lines.
        down_payments: how many of them ask for a down payment.
    """

    net: Decimal = Decimal(0)
    allocations: tuple[Allocation, ...] = ()
    down_payments: int = 0


def of_order(
    order: PurchaseOrder,
    invoice: Invoice,
    context: ActivityContext,
    before: int | None = None,
    settles: Iterable[str] = (),
) -> Usage:
    """What invoices but this one took of an order. What was taken back, or is by this one, does not count.

    Args:
        order: the order.
        invoice: the invoice at hand, which does not count.
        context: where postings and claims are.
        before: count the claims only that came before this sequence; all where left out.
        settles: postings that this invoice takes back.
    """
    mine = invoice_key(invoice)
    found = {claim.invoice: claim for claim in _claimed(order, context, before)}
    rows = context.records(POSTING).find(order=order.number, currency=order.currency)
    for row in rows:
        found.pop(str(row.data.get("invoice")), None)
    gone = settlements.reversed_keys(rows) | set(settles)
    booked = [_posted(row) for row in rows if row.key not in gone and not row.data.get("reverses")]
    claimed = map(_taken, found.values())
    counted = [claim for claim in (*booked, *claimed) if claim.invoice != mine]
    return Usage(
        net=money.add(*(claim.net for claim in counted)),
        allocations=tuple(one for claim in counted for one in claim.allocations),
        down_payments=sum(claim.down_payment for claim in counted),
    )


def settled_before(
    order: PurchaseOrder, invoice: Invoice, context: ActivityContext, before: int | None = None
) -> tuple[str, ...]:
    """Postings that other invoices of an order are about to take back."""
    mine = invoice_key(invoice)
    claims = (claim for claim in _claimed(order, context, before) if claim.invoice != mine)
    return tuple(key for claim in claims for key in claim.settles)


def _taken(claim: Claim) -> Claim:
    """A claim without what it gives back."""
    zero = Decimal(0)
    kept = (replace(one, quantity=max(one.quantity, zero), net=max(one.net, zero)) for one in claim.allocations)
    return replace(claim, net=max(claim.net, zero), allocations=tuple(kept))


def _claimed(order: PurchaseOrder, context: ActivityContext, before: int | None) -> Iterator[Claim]:
    released = context.records(RELEASE)
    for row in context.records(CLAIM).find(order=order.number, currency=order.currency):
        if (before is None or row.sequence < before) and released.get(row.key) is None:
            yield from_values(Claim, row.data, CLAIM)


def _posted(row: Record) -> Claim:
    fields = ("order", "currency", "invoice", "net", "down_payment", "allocations")
    return from_values(Claim, {name: row.data[name] for name in fields if name in row.data}, POSTING)
