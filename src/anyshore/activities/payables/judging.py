"""What of an invoice is beyond its tolerances, beside its order and the goods receipts, over all its invoices so far.

Which tolerance goes for what is data (see ``tolerances``); what follows from a discrepancy, a decision table says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from anyshore.activities.common import money
from anyshore.activities.einvoice.model import Invoice
from anyshore.activities.payables.lines import LineMatch, unordered_charges
from anyshore.activities.payables.orders import OrderLine, PurchaseOrder
from anyshore.activities.payables.tolerances import Limits
from anyshore.activities.payables.variances import Tolerance, Variance, compare

_ZERO = Decimal(0)
_NOTHING = Tolerance()


def discrepancies(
    invoice: Invoice,
    order: PurchaseOrder,
    matched: Iterable[LineMatch],
    so_far: Decimal,
    limits: Limits,
    received: Mapping[str, Decimal],
) -> tuple[Variance, ...]:
    """What is beyond its tolerance, in the order of the lines, then of the whole.

    Args:
        invoice: the invoice.
        order: its order, in the same currency.
        matched: its lines beside those of the order.
        so_far: net amount of this and the earlier invoices of the order.
        limits: the tolerances.
        received: what was received, by order line.
    """
    lines = {line.id: line for line in order.lines}
    found = list(matched)
    compared = [
        *(one for line in found if line.order_line for one in _of_line(line, lines[line.order_line], limits, received)),
        *_of_order(invoice, order, so_far, limits),
        *_totals(invoice, order, found, limits),
    ]
    return tuple(one for one in compared if one.exceeded)


def _of_line(
    match: LineMatch, ordered: OrderLine, limits: Limits, received: Mapping[str, Decimal]
) -> Iterator[Variance]:
    """The variances of a line; one that gives back has none, whatever its price: nobody pays too much by it."""
    if match.net <= 0 and (match.quantity is None or match.quantity <= 0):
        return
    allowed = limits.of_line(ordered)
    at = (match.line, ordered.id)
    if match.expected is not None and not match.charge:
        yield compare("price", match.net, match.expected, allowed.price or _NOTHING, at)
    if match.quantity_difference is not None:
        so_far = money.add(match.quantity_difference, ordered.quantity)
        if not match.charge:
            tolerance = allowed.quantity or _NOTHING
            yield compare("quantity", so_far, ordered.quantity, tolerance, at, worth=ordered.unit_price)
        if not match.charge and (allowed.receipt if ordered.receipt is None else ordered.receipt):
            yield compare("receipt", so_far, received.get(ordered.id, _ZERO), _NOTHING, at)
    if match.net_difference is not None:
        total = money.add(match.net_difference, ordered.net)
        limit = (allowed.charge if match.charge else allowed.line) or _NOTHING
        yield compare("charge" if match.charge else "line total", total, ordered.net, limit, at)


def _of_order(invoice: Invoice, order: PurchaseOrder, so_far: Decimal, limits: Limits) -> Iterator[Variance]:
    """The order over all its invoices, and the charges it has no line for."""
    if invoice.is_credit_note:
        return
    allowed = limits.of_line(None)
    yield compare("charge", unordered_charges(invoice, order), _ZERO, allowed.charge or _NOTHING)
    if invoice.totals.net > 0:
        yield compare("order total", so_far, order.net, allowed.order or _NOTHING)
    if not order.lines and allowed.receipt:
        # Nothing says what of a sum was received.
        yield compare("receipt", so_far, _ZERO, _NOTHING)


def _totals(invoice: Invoice, order: PurchaseOrder, matched: list[LineMatch], limits: Limits) -> Iterator[Variance]:
    """The totals of an invoice beside what its quantities cost by the order; compared where there is a tolerance."""
    tolerance = limits.of_line(None).totals
    if tolerance is None or not order.lines or invoice.is_credit_note:
        return
    totals = invoice.totals
    balance = money.add(*(one.expected or _ZERO for one in matched if not one.charge))
    charges = money.add(*(line.net for line in order.lines if line.id in {m.order_line for m in matched if m.charge}))
    actual = totals.lines if totals.lines is not None else money.add(*(line.net for line in invoice.lines))
    yield compare("balance", actual, balance, tolerance)
    yield compare("discount", totals.allowances or _ZERO, _ZERO, tolerance)
    yield compare("charges", totals.charges or _ZERO, charges, tolerance)
    yield compare("invoice total", totals.net, money.add(balance, charges), tolerance)
