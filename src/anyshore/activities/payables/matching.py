"""The activity ``payables.match-order``: an invoice beside its purchase order and what was invoiced on it before.

Differences come out as numbers, those beyond their tolerance as discrepancies; a decision table says what follows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from anyshore.activities.activity import ActivityContext
from anyshore.activities.common import money
from anyshore.activities.common.parties import same_party, seller_key
from anyshore.activities.einvoice.model import Invoice
from anyshore.activities.payables import judging, lines, orders, receipts, settlements, tolerances, usage
from anyshore.activities.payables.identity import number_key, same_number
from anyshore.activities.payables.lines import Allocation, LineMatch
from anyshore.activities.payables.orders import PurchaseOrder
from anyshore.activities.payables.settlements import Settlement
from anyshore.activities.payables.tolerances import Tolerances
from anyshore.activities.payables.variances import Variance


@dataclass(frozen=True, slots=True)
class MatchInput:
    """What to match.

    Attributes:
        invoice: the invoice at hand.
        order: order number to use instead of the invoice's own reference (BT-13), when a person has found it.
        tolerances: what is let pass where no rule of the client says otherwise; where left out nothing may differ.
    """

    invoice: Invoice
    order: str | None = None
    tolerances: Tolerances = Tolerances()


@dataclass(frozen=True, slots=True)
class LineDifferences:
    """The worst of the lines, one number per question; zero where nothing is above the order.

    Attributes:
        compared: whether lines could be compared: not where the order has lines and the invoice states none.
        miscalculated: number of lines of the invoice whose net amount is not quantity times price.
        unmatched: number of lines that add to the invoice and are not on the order.
        units: number of lines whose unit cannot be converted into the order's.
        price: the highest price variance of a line, as an amount.
        price_percent: the highest in percent.
        quantity: the highest surplus quantity of an order line, at the order's price.
        quantity_percent: the highest in percent of what was ordered.
        net: the highest surplus of an order line's net amount over all its invoices.
        net_percent: the highest in percent.
        charges: sum of the charges on the whole invoice that the order does not name.
    """

    compared: bool = True
    miscalculated: int = 0
    unmatched: int = 0
    units: int = 0
    price: Decimal = Decimal(0)
    price_percent: Decimal = Decimal(0)
    quantity: Decimal = Decimal(0)
    quantity_percent: Decimal = Decimal(0)
    net: Decimal = Decimal(0)
    net_percent: Decimal = Decimal(0)
    charges: Decimal = Decimal(0)


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
        net_invoiced_before: sum of what other invoices took of this order, booked or about to be.
        net_ordered: of the whole order.
        difference: invoiced now and before, minus ordered; negative while the order is not used up.
        difference_percent: of the order, rounded half up to 4 places.
        lines: one per invoice line, where the order has lines.
        differences: the worst of them.
        discrepancies: what is beyond its tolerance.
        evaluated: whether a line of the order is paid by what was received, without an invoice.
        lines_unmatched: number of invoice lines without order line.
        allocations: what the invoice takes of each order line.
        down_payments: number of invoices of a down payment (UNTDID 1001: 386, 500) on this order, which the final
            invoice has to set off; those it does set off are not among them.
        settlement: the earlier invoices it stands for or sets off.
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
    differences: LineDifferences = field(default_factory=LineDifferences)
    discrepancies: tuple[Variance, ...] = ()
    evaluated: bool = False
    lines_unmatched: int = 0
    allocations: tuple[Allocation, ...] = ()
    down_payments: int = 0
    settlement: Settlement = settlements.NOTHING
    due_explained: bool = True
    candidates: tuple[str, ...] = ()


def match_order(data: MatchInput, context: ActivityContext) -> MatchOutcome:
    """Finds the purchase order of an invoice and measures how they differ."""
    invoice = data.invoice
    reference = data.order or invoice.order_reference
    order = _find(reference, invoice, context) if reference else None
    if order is None:
        outcome: Literal["no reference", "unknown order"] = "unknown order" if reference else "no reference"
        return MatchOutcome(outcome, reference, net_of(invoice), candidates=_candidates(invoice, context))
    return measure(invoice, order, reference, data.tolerances, context)


def measure(
    invoice: Invoice,
    order: PurchaseOrder,
    reference: str | None,
    default: Tolerances,
    context: ActivityContext,
    before: int | None = None,
    named: tuple[str, ...] | None = None,
) -> MatchOutcome:
    """How an invoice differs from its order and from what others took of it; nothing is compared across currencies.

    Args:
        invoice: the invoice.
        order: its order.
        reference: what the order was found by.
        default: tolerances where no rule of the client says otherwise.
        context: where rules, goods receipts and other invoices are.
        before: count the claims only that came before this sequence; all where left out.
        named: numbers of the earlier invoices a person says it settles; none where nobody was asked.
    """
    settlement, used = _others(invoice, order, context, before, named)
    net, same_currency = net_of(invoice), order.currency == invoice.currency
    so_far = money.add(used.net, net)
    difference = money.subtract(so_far, order.net) if same_currency else None
    matched = lines.match_lines(invoice, order, used.allocations) if same_currency else ()
    return MatchOutcome(
        outcome="found",
        reference=reference,
        net_invoiced=net,
        order=order.number,
        order_origin=order.origin,
        seller_agrees=same_party(order.party, invoice.seller),
        currency_agrees=same_currency,
        net_invoiced_before=used.net if same_currency else None, net_ordered=order.net, difference=difference,
        difference_percent=None if difference is None else money.percent(difference, order.net),
        lines=matched,
        differences=_worst(invoice, order, matched),
        discrepancies=_judged(invoice, order, matched, so_far, default, context) if same_currency else (),
        evaluated=any(line.evaluated for line in order.lines),
        lines_unmatched=sum(line.order_line is None for line in matched),
        allocations=lines.allocations(matched), down_payments=used.down_payments, settlement=settlement,
        due_explained=_due_explained(invoice),
    )  # fmt: skip


def _others(
    invoice: Invoice,
    order: PurchaseOrder,
    context: ActivityContext,
    before: int | None,
    named: tuple[str, ...] | None,
) -> tuple[Settlement, usage.Usage]:
    """The earlier invoices it settles, and what those it does not settle took of the order."""
    claimed = usage.settled_before(order, invoice, context, before)
    settlement = settlements.find(invoice, order.number, context, claimed, named)
    return settlement, usage.of_order(order, invoice, context, before, settlement.postings)


def _judged(
    invoice: Invoice,
    order: PurchaseOrder,
    matched: tuple[LineMatch, ...],
    so_far: Decimal,
    default: Tolerances,
    context: ActivityContext,
) -> tuple[Variance, ...]:
    limits = tolerances.of_order(order, invoice, default, context)
    wanted = any(limits.of_line(line).receipt if line.receipt is None else line.receipt for line in order.lines)
    received = receipts.of_order(order, context) if wanted else {}
    return judging.discrepancies(invoice, order, matched, so_far, limits, received)


def net_of(invoice: Invoice) -> Decimal:
    """What an invoice takes of its order: BT-109; negative for a credit note."""
    return invoice.totals.net.copy_negate() if invoice.is_credit_note else invoice.totals.net


def find_order(number: str, context: ActivityContext) -> PurchaseOrder | None:
    """The order of exactly this number."""
    record = context.records(orders.KIND).get(number)
    return orders.from_record(record) if record else None


def _worst(invoice: Invoice, order: PurchaseOrder, matched: Iterable[LineMatch]) -> LineDifferences:
    found = list(matched)
    gives_back = invoice.is_credit_note
    return LineDifferences(
        compared=bool(found) or not order.lines,
        miscalculated=sum(line.miscalculated for line in invoice.lines),
        unmatched=sum(line.order_line is None and line.net > 0 for line in found),
        units=sum(line.unit_agrees is False for line in found),
        # A credit note at a higher price than ordered gives back more: nobody pays too much by it.
        price=_largest(() if gives_back else (line.price_variance for line in found)),
        price_percent=_largest(() if gives_back else (line.price_variance_percent for line in found)),
        quantity=_largest(line.quantity_variance for line in found),
        quantity_percent=_largest(line.quantity_difference_percent for line in found),
        net=_largest(line.net_difference for line in found),
        net_percent=_largest(line.net_difference_percent for line in found),
        charges=Decimal(0) if gives_back else lines.unordered_charges(invoice, order),
    )


def _largest(differences: Iterable[Decimal | None]) -> Decimal:
    return max((d for d in differences if d is not None and d > 0), default=Decimal(0))


def _due_explained(invoice: Invoice) -> bool:
    totals = invoice.totals
    paid, rounding = totals.prepaid or Decimal(0), totals.rounding or Decimal(0)
    return totals.due == money.add(money.subtract(totals.gross, paid), rounding)


def _find(reference: str, invoice: Invoice, context: ActivityContext) -> PurchaseOrder | None:
    """The order of a reference: written exactly so, or the same number otherwise written, the seller's own first."""
    exact = find_order(reference, context)
    if exact:
        return exact
    records = context.records(orders.KIND)
    found = [orders.from_record(record) for record in records.find(number_key=number_key(reference))]
    fitting = [order for order in found if same_number(order.number, reference)]
    fitting.sort(key=lambda order: not same_party(order.party, invoice.seller))
    return fitting[0] if fitting else None


def _candidates(invoice: Invoice, context: ActivityContext) -> tuple[str, ...]:
    found = context.records(orders.KIND).find(
        seller=seller_key(invoice.seller), currency=invoice.currency, net=invoice.totals.net
    )
    return tuple(record.key for record in found)
