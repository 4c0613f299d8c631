"""Invoice lines beside the lines of their purchase order, with what was invoiced on each before.

It measures and does not judge. A difference is invoiced minus ordered; what is more is counted over all invoices of an
order line, so that a line is used up once, however it is split.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain
from typing import Literal

from anyshore.activities.common import money
from anyshore.activities.common.parties import compact
from anyshore.activities.einvoice.model import Invoice, InvoiceLine
from anyshore.activities.payables import units
from anyshore.activities.payables.identity import same_number
from anyshore.activities.payables.orders import OrderLine, PurchaseOrder
from anyshore.activities.payables.variances import variance_percent

_CENT = Decimal("0.01")
CHARGE = "charge"
"""What a charge on the whole invoice is called that tells no reason."""


@dataclass(frozen=True, slots=True)
class Allocation:
    """What an invoice takes of an order line; a credit note gives back, and has both numbers negative.

    Attributes:
        order_line: number of the order line.
        quantity: in the unit of the order line.
        net: without VAT.
    """

    order_line: str
    quantity: Decimal
    net: Decimal


_FoundBy = Literal["order line", "item", "name"]


@dataclass(frozen=True, slots=True)
class LineMatch:
    """An invoice line beside its order line.

    Attributes:
        line: BT-126.
        net: BT-131; negative on a credit note.
        order_line: the order line; none where none fits.
        found_by: what led to it.
        quantity: invoiced, in the unit of the order line; none where the units cannot be converted.
        quantity_difference: all that was invoiced on the order line up to this one, less what was ordered.
        quantity_difference_percent: of what was ordered, rounded half up to 4 places.
        quantity_variance: what the surplus quantity costs by the order's price; zero where there is none.
        price_difference: per unit of the invoice line, rounded half up to 10 places.
        price_variance: net amount less what the quantity costs by the order's price, charges of the line included.
        price_variance_percent: of what it costs by the order, rounded half up to 4 places.
        net_difference: of the net amounts of all that was invoiced on the order line up to this one.
        net_difference_percent: of what was ordered, rounded half up to 4 places.
        unit_agrees: whether both lines count in the same unit, or in units that convert.
        expected: what the quantity costs by the order's price; the net amount itself where it is that, rounded.
        charge: whether it is a charge on the whole invoice that the order has as a line.
    """

    line: str
    net: Decimal
    order_line: str | None = None
    found_by: _FoundBy | None = None
    quantity: Decimal | None = None
    quantity_difference: Decimal | None = None
    quantity_difference_percent: Decimal | None = None
    quantity_variance: Decimal | None = None
    price_difference: Decimal | None = None
    price_variance: Decimal | None = None
    price_variance_percent: Decimal | None = None
    net_difference: Decimal | None = None
    net_difference_percent: Decimal | None = None
    unit_agrees: bool | None = None
    expected: Decimal | None = None
    charge: bool = False


def match_lines(invoice: Invoice, order: PurchaseOrder, before: Iterable[Allocation]) -> tuple[LineMatch, ...]:
    """Puts every line of an invoice, and every charge on it that the order names, beside a line of the order.

    Args:
        invoice: the invoice.
        order: the order; one of a total only gives no lines.
        before: what other invoices took of it.
    """
    if not order.lines:
        return ()
    sign = -1 if invoice.is_credit_note else 1
    used: dict[str, Allocation] = {}
    for one in before:
        _add(used, one)
    here: set[str] = set()
    matches = []
    every = ((line, False) for line in invoice.lines), ((line, True) for line in _ordered_charges(invoice, order))
    for line, charge in chain(*every):
        ordered, found_by = _order_line(line, order.lines, here)
        if ordered is None or found_by is None:
            matches.append(LineMatch(line.id, money.multiply(line.net, Decimal(sign))))
            continue
        here.add(ordered.id)
        matches.append(replace(_measure(line, ordered, found_by, used, sign), charge=charge))
    return tuple(matches)


def allocations(matches: Iterable[LineMatch]) -> tuple[Allocation, ...]:
    """What an invoice takes of each order line; where units do not convert, its net amount only."""
    found: dict[str, Allocation] = {}
    for one in matches:
        if one.order_line is not None:
            _add(found, Allocation(one.order_line, one.quantity or Decimal(0), one.net))
    return tuple(found.values())


def unordered_charges(invoice: Invoice, order: PurchaseOrder) -> Decimal:
    """The sum of the charges on the whole invoice (BG-21) that no line of the order names."""
    if not order.lines:
        return Decimal(0)
    return money.add(
        *(one.amount for one in invoice.allowances_charges if one.charge and not _names(one.reason, order))
    )


def _add(found: dict[str, Allocation], one: Allocation) -> None:
    old = found.get(one.order_line)
    found[one.order_line] = (
        replace(old, quantity=money.add(old.quantity, one.quantity), net=money.add(old.net, one.net)) if old else one
    )


def _names(reason: str | None, order: PurchaseOrder) -> bool:
    told = compact(reason or CHARGE)
    return any(told in {compact(text) for text in (line.item, line.description) if text} for line in order.lines)


def _ordered_charges(invoice: Invoice, order: PurchaseOrder) -> Iterator[InvoiceLine]:
    """Charges that the order has as a line, for example freight, as lines of one unit."""
    for place, one in enumerate(invoice.allowances_charges, 1):
        if one.charge and _names(one.reason, order):
            yield InvoiceLine(f"{CHARGE} {place}", Decimal(1), None, one.amount, one.amount, name=one.reason or CHARGE)


def _order_line(
    line: InvoiceLine, lines: Sequence[OrderLine], here: set[str]
) -> tuple[OrderLine | None, _FoundBy | None]:
    """The order line by reference (BT-132), else by item number, else by name.

    A reference is believed unless item number and name both say something else. Of several lines with the same item,
    one that this invoice has not used, with the same unit and the nearest price, goes first.
    """
    if line.order_line:
        named = [o for o in lines if same_number(o.id, line.order_line) and not _contradict(line, o)]
        return (named[0], "order line") if named else (None, None)

    def order_of(ordered: OrderLine) -> tuple[bool, bool, Decimal]:
        gap = money.subtract(line.price, money.multiply(ordered.unit_price, line.price_base))
        return ordered.id in here, units.line_factor(line.unit, ordered) is None, abs(gap)

    items, name = _items(line), compact(line.name or "")
    by_item = sorted((o for o in lines if o.item and compact(o.item) in items), key=order_of)
    if by_item:
        return by_item[0], "item"
    by_name = sorted((o for o in lines if name and o.description and compact(o.description) == name), key=order_of)
    return (by_name[0], "name") if by_name else (None, None)


def _items(line: InvoiceLine) -> set[str]:
    return {compact(item) for item in (line.seller_item, line.buyer_item, line.standard_item) if item}


def _contradict(line: InvoiceLine, ordered: OrderLine) -> bool:
    items = _items(line)
    other_item = bool(items and ordered.item and compact(ordered.item) not in items)
    return other_item and bool(line.name and ordered.description and compact(line.name) != compact(ordered.description))


def _measure(
    line: InvoiceLine, ordered: OrderLine, found_by: _FoundBy, used: dict[str, Allocation], sign: int
) -> LineMatch:
    net = money.multiply(line.net, Decimal(sign))
    factor = units.line_factor(line.unit, ordered)
    quantity = None if factor is None else units.times(money.multiply(line.quantity, Decimal(sign)), factor)
    _add(used, Allocation(ordered.id, quantity or Decimal(0), net))
    net_difference = money.subtract(used[ordered.id].net, ordered.net)
    match = LineMatch(
        line=line.id,
        net=net,
        order_line=ordered.id,
        found_by=found_by,
        net_difference=net_difference,
        net_difference_percent=variance_percent(net_difference, ordered.net),
        unit_agrees=factor is not None,
    )
    if factor is None or quantity is None:
        return match
    surplus = money.subtract(used[ordered.id].quantity, ordered.quantity)
    expected = money.multiply(quantity, ordered.unit_price)
    rounded = expected.quantize(_CENT, ROUND_HALF_UP)
    variance = Decimal(0) if net == rounded else money.subtract(net, expected)
    # The price is for ``price_base`` units: compare before dividing, so that only one rounding happens.
    at_base = units.times(money.multiply(ordered.unit_price, line.price_base), factor)
    return replace(
        match,
        quantity=quantity,
        quantity_difference=surplus,
        quantity_difference_percent=variance_percent(surplus, ordered.quantity),
        quantity_variance=money.multiply(max(surplus, Decimal(0)), ordered.unit_price),
        price_difference=money.divide(money.subtract(line.price, at_base), line.price_base, units.PLACES),
        price_variance=variance,
        expected=money.subtract(net, variance),
        price_variance_percent=variance_percent(variance, expected),
    )
