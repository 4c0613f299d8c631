"""The activity ``payables.match-order``: an invoice beside its purchase order and what was invoiced on it before.

It measures and does not judge: differences come out as numbers, a decision table sets the tolerances.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from anyshore.activities.activity import ActivityContext
from anyshore.activities.common import money
from anyshore.activities.common.parties import compact, seller_key
from anyshore.activities.common.postings import KIND as POSTING
from anyshore.activities.einvoice.model import Invoice, InvoiceLine
from anyshore.activities.payables import orders
from anyshore.activities.payables.identity import invoice_key, number_key, same_number
from anyshore.activities.payables.orders import OrderLine, PurchaseOrder

_PRICE_PLACES = 10


@dataclass(frozen=True, slots=True)
class MatchInput:
    """What to match.

    Attributes:
        invoice: the invoice at hand.
        order: order number to use instead of the invoice's own reference (BT-13), when a person has found it.
    """

    invoice: Invoice
    order: str | None = None


@dataclass(frozen=True, slots=True)
class LineMatch:
    """An invoice line beside its order line. Differences are invoiced minus ordered.

    Attributes:
        line: BT-126.
        order_line: the order line; none where none fits.
        found_by: what led to it.
        quantity_difference: in the unit of the lines; none where their units differ.
        price_difference: per unit, rounded half up to 10 places; none where the units differ.
        price_difference_percent: of the ordered price, rounded half up to 4 places.
        net_difference: of the line net amounts.
        unit_agrees: whether both lines count in the same unit.
    """

    line: str
    order_line: str | None = None
    found_by: Literal["order line", "item", "name"] | None = None
    quantity_difference: Decimal | None = None
    price_difference: Decimal | None = None
    price_difference_percent: Decimal | None = None
    net_difference: Decimal | None = None
    unit_agrees: bool | None = None


@dataclass(frozen=True, slots=True)
class MatchOutcome:
    """What was measured. Amounts are without VAT, in the currency of the invoice; a credit note counts negative.

    Attributes:
        outcome: whether an order was found, and if not, why.
        order: its number.
        order_origin: ``file``, or ``simulated`` for an order that is made up.
        reference: the reference that was looked for.
        seller_agrees: whether order and invoice have the same seller.
        currency_agrees: whether they have the same currency.
        net_invoiced: BT-109.
        net_invoiced_before: sum of what was booked on this order before, this invoice not counted.
        net_ordered: of the whole order.
        difference: invoiced now and before, minus ordered; negative while the order is not used up.
        difference_percent: of the order, rounded half up to 4 places.
        lines: one per invoice line, where the order has lines.
        lines_unmatched: number of invoice lines without order line.
        largest_price_difference: the highest price difference per unit among the lines.
        largest_price_difference_percent: the same in percent.
        largest_quantity_difference: the highest surplus quantity among the lines.
        due_explained: whether the amount due (BT-115) is the total with VAT less what was paid, rounded; not so where
            the invoice collects for third parties (XRechnung extension).
        candidates: orders of this seller over the same amount, where none was found by reference.
    """

    outcome: Literal["found", "no reference", "unknown order"]
    reference: str | None
    net_invoiced: Decimal
    order: str | None = None
    order_origin: Literal["file", "simulated"] | None = None
    seller_agrees: bool = False
    currency_agrees: bool = False
    net_invoiced_before: Decimal | None = None
    net_ordered: Decimal | None = None
    difference: Decimal | None = None
    difference_percent: Decimal | None = None
    lines: tuple[LineMatch, ...] = ()
    lines_unmatched: int = 0
    largest_price_difference: Decimal | None = None
    largest_price_difference_percent: Decimal | None = None
    largest_quantity_difference: Decimal | None = None
    due_explained: bool = True
    candidates: tuple[str, ...] = ()


def match_order(data: MatchInput, context: ActivityContext) -> MatchOutcome:
    """Finds the purchase order of an invoice and measures how they differ."""
    invoice = data.invoice
    net = -invoice.totals.net if invoice.is_credit_note else invoice.totals.net
    reference = data.order or invoice.order_reference
    order = _find(reference, invoice, context) if reference else None
    if order is None:
        outcome: Literal["no reference", "unknown order"] = "unknown order" if reference else "no reference"
        return MatchOutcome(outcome, reference, net, candidates=_candidates(invoice, context))
    if order.currency != invoice.currency:
        return _outcome(order, reference, invoice, net)
    before = _invoiced_before(order, invoice, context)
    difference = money.subtract(money.add(before, net), order.net)
    return _outcome(order, reference, invoice, net, before, difference, _match_lines(invoice, order))


def _outcome(
    order: PurchaseOrder,
    reference: str | None,
    invoice: Invoice,
    net: Decimal,
    before: Decimal | None = None,
    difference: Decimal | None = None,
    lines: tuple[LineMatch, ...] = (),
) -> MatchOutcome:
    return MatchOutcome(
        outcome="found",
        reference=reference,
        net_invoiced=net,
        order=order.number,
        order_origin=order.origin,
        seller_agrees=order.seller == seller_key(invoice.seller),
        currency_agrees=order.currency == invoice.currency,
        net_invoiced_before=before,
        net_ordered=order.net,
        difference=difference,
        difference_percent=None if difference is None else money.percent(difference, order.net),
        lines=lines,
        lines_unmatched=sum(line.order_line is None for line in lines),
        largest_price_difference=_largest(line.price_difference for line in lines),
        largest_price_difference_percent=_largest(line.price_difference_percent for line in lines),
        largest_quantity_difference=_largest(line.quantity_difference for line in lines),
        due_explained=_due_explained(invoice),
    )


def _due_explained(invoice: Invoice) -> bool:
    totals = invoice.totals
    paid, rounding = totals.prepaid or Decimal(0), totals.rounding or Decimal(0)
    return totals.due == money.add(money.subtract(totals.gross, paid), rounding)


def _find(reference: str, invoice: Invoice, context: ActivityContext) -> PurchaseOrder | None:
    """The order of a reference: written exactly so, or the same number otherwise written, the seller's own first."""
    records = context.records(orders.KIND)
    exact = records.get(reference)
    if exact:
        return orders.from_record(exact)
    found = [orders.from_record(record) for record in records.find(number_key=number_key(reference))]
    fitting = [order for order in found if same_number(order.number, reference)]
    fitting.sort(key=lambda order: order.seller != seller_key(invoice.seller))
    return fitting[0] if fitting else None


def _candidates(invoice: Invoice, context: ActivityContext) -> tuple[str, ...]:
    found = context.records(orders.KIND).find(
        seller=seller_key(invoice.seller), currency=invoice.currency, net=invoice.totals.net
    )
    return tuple(record.key for record in found)


def _invoiced_before(order: PurchaseOrder, invoice: Invoice, context: ActivityContext) -> Decimal:
    mine = invoice_key(invoice)
    booked = context.records(POSTING).find(order=order.number, currency=order.currency)
    amounts = (record.data["net"] for record in booked if record.data.get("invoice") != mine)
    return money.add(*(amount for amount in amounts if isinstance(amount, Decimal)))


def _match_lines(invoice: Invoice, order: PurchaseOrder) -> tuple[LineMatch, ...]:
    if not order.lines:
        return ()
    free = list(order.lines)
    matches = []
    for line in invoice.lines:
        ordered, found_by = _order_line(line, free)
        if ordered:
            free.remove(ordered)
        matches.append(_measure(line, ordered, found_by))
    return tuple(matches)


_FoundBy = Literal["order line", "item", "name"]


def _order_line(line: InvoiceLine, free: Sequence[OrderLine]) -> tuple[OrderLine | None, _FoundBy | None]:
    """The order line by reference (BT-132), else by item number, else by name where that is unique."""
    if line.order_line:
        named = [o for o in free if same_number(o.id, line.order_line)]
        return (named[0], "order line") if named else (None, None)
    items = {compact(i) for i in (line.seller_item, line.buyer_item, line.standard_item) if i}
    by_item = [o for o in free if o.item and compact(o.item) in items]
    if by_item:
        return by_item[0], "item"
    by_name = [o for o in free if line.name and o.description and compact(o.description) == compact(line.name)]
    return (by_name[0], "name") if len(by_name) == 1 else (None, None)


def _measure(line: InvoiceLine, ordered: OrderLine | None, found_by: _FoundBy | None) -> LineMatch:
    if ordered is None:
        return LineMatch(line.id)
    same_unit = not (line.unit and ordered.unit) or line.unit == ordered.unit
    # The price is for ``price_base`` units: compare before dividing, so that only one rounding happens.
    at_base = money.multiply(ordered.unit_price, line.price_base)
    gap = money.subtract(line.price, at_base)
    return LineMatch(
        line=line.id,
        order_line=ordered.id,
        found_by=found_by,
        quantity_difference=money.subtract(line.quantity, ordered.quantity) if same_unit else None,
        price_difference=money.divide(gap, line.price_base, _PRICE_PLACES) if same_unit else None,
        price_difference_percent=money.percent(gap, at_base) if same_unit else None,
        net_difference=money.subtract(line.net, ordered.net),
        unit_agrees=same_unit,
    )


def _largest(differences: Iterable[Decimal | None]) -> Decimal | None:
    return max((d for d in differences if d is not None), default=None)
