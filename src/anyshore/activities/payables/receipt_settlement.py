"""The activity ``payables.settle-receipts``: what is owed for goods received on orders paid without an invoice.

Supplier and client agreed that the client settles (§ 14 (2) sentence 2 UStG); the order says so line by line
(``evaluated``). What was received and not settled yet is owed at the price of the order, never more than was ordered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from anyshore.activities.activity import ActivityContext, Record
from anyshore.activities.common import money
from anyshore.activities.common.postings import KIND as POSTING
from anyshore.activities.payables import orders, receipts, sellers
from anyshore.activities.payables.lines import Allocation
from anyshore.activities.payables.orders import OrderLine, PurchaseOrder
from anyshore.activities.payables.sellers import Seller
from anyshore.activities.payables.settlements import reversed_keys
from anyshore.base.plain import from_values

SETTLED = "receipt-settlement"
_CENT = Decimal("0.01")
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class SettleInput:
    """Up to when is settled.

    Attributes:
        until: last day on which what is settled was received; a receipt without a day counts.
    """

    until: date


@dataclass(frozen=True, slots=True)
class SettledLine:
    """What is settled of an order line.

    Attributes:
        order_line: number of the order line.
        description: of what was bought.
        quantity: received and not settled before, in the unit of the order; negative where more was sent back.
        unit: UN/ECE Recommendation 20 code.
        price: of the order, without VAT.
        net: without VAT; over all settlements of the line the price of all that was received, rounded once.
        vat_rate: percent.
    """

    order_line: str
    description: str | None
    quantity: Decimal
    unit: str | None
    price: Decimal
    net: Decimal
    vat_rate: Decimal


@dataclass(frozen=True, slots=True)
class Tax:
    """The VAT of one rate.

    Attributes:
        rate: percent.
        net: sum of its lines.
        vat: of it, rounded half up.
    """

    rate: Decimal
    net: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is settled of one order.

    Attributes:
        order: its number.
        place: how many settlements of it came before.
        seller: key of the supplier on record.
        name: of the supplier.
        tax_number: VAT id, or tax number where there is none.
        account: to pay to.
        expense_account: of the supplier, as on record.
        until: last day of what was received.
        lines: what is settled.
        taxes: by rate.
        net, vat, gross: totals in euros.
    """

    order: str
    place: int
    seller: str
    name: str
    tax_number: str
    account: str
    expense_account: str | None
    until: date
    lines: tuple[SettledLine, ...]
    taxes: tuple[Tax, ...]
    net: Decimal
    vat: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True)
class Held:
    """What is not settled, and why.

    Attributes:
        order: its number.
        reason: ``unknown seller``, ``no account`` (or several), ``no tax number``, ``no VAT rate``, ``currency``,
            ``made-up order``, ``sent back`` (more than is owed), ``more than ordered``.
        line: of the order, where it is one only.
    """

    order: str
    reason: str
    line: str | None = None


@dataclass(frozen=True, slots=True)
class SettleOutcome:
    """What would be settled.

    Attributes:
        items: by order.
        held: what is not, and why.
        total: with VAT.
    """

    items: tuple[Settlement, ...]
    held: tuple[Held, ...]
    total: Decimal


def settle(data: SettleInput, context: ActivityContext) -> SettleOutcome:
    """Finds what was received of orders that are paid by receipt, and not settled yet."""
    found = [orders.from_record(row) for row in context.records(orders.KIND).find()]
    items: list[Settlement] = []
    held: list[Held] = []
    for order in found:
        if any(line.evaluated for line in order.lines):
            item, why = settlement_of(order, data.until, context)
            items += [item] if item is not None else []
            held += why
    return SettleOutcome(tuple(items), tuple(held), money.add(*(one.gross for one in items)))


def settlement_of(
    order: PurchaseOrder, until: date, context: ActivityContext
) -> tuple[Settlement | None, tuple[Held, ...]]:
    """What is owed of an order; None where that is nothing, or cannot be settled."""
    before = list(context.records(SETTLED).find(order=order.number))
    taken = settled_of(order.number, before, context)
    received = receipts.of_order(order, context, until)
    more = tuple(
        Held(order.number, "more than ordered", line.id)
        for line in order.lines
        if line.evaluated and received.get(line.id, _ZERO) > line.quantity
    )
    owed = [
        (line, *_owed(line, received.get(line.id, _ZERO), taken.get(line.id))) for line in order.lines if line.evaluated
    ]
    owed = [(line, quantity, net) for line, quantity, net in owed if quantity]
    if not owed:
        return None, more
    seller = sellers.find_seller(order.party, context)
    reason = _kept_back(order, seller, [line for line, _quantity, _net in owed])
    if reason is None and money.add(*(net for _line, _quantity, net in owed)) <= 0:
        reason = "sent back"
    if reason is not None or seller is None:
        return None, (Held(order.number, reason or "unknown seller"), *more)
    lines = tuple(
        SettledLine(
            line.id, line.description or line.item, quantity, line.unit, line.unit_price, net, line.vat_rate or _ZERO
        )
        for line, quantity, net in owed
    )
    taxes = tuple(_taxes(lines))
    net, vat = money.add(*(one.net for one in taxes)), money.add(*(one.vat for one in taxes))
    item = Settlement(
        order.number, len(before), seller.key, seller.name, seller.vat_id or seller.tax_number or "",
        seller.accounts[0], seller.expense_account, until, lines, taxes, net, vat, money.add(net, vat),
    )  # fmt: skip
    return item, more


def settled_of(order: str, before: list[Record], context: ActivityContext) -> dict[str, Allocation]:
    """What of the lines of an order is settled or invoiced, by order line.

    A settlement counts from the moment it is claimed, its posting does not count beside it.
    """
    own = {str(row.data.get("posting")) for row in before}
    rows = context.records(POSTING).find(order=order)
    gone = reversed_keys(rows)
    counted = [row.data for row in rows if row.key not in own | gone and not row.data.get("reverses")]
    counted += [row.data for row in before if str(row.data.get("posting")) not in gone]
    found: dict[str, Allocation] = {}
    for data in counted:
        for one in _allocations(data):
            so_far = found.get(one.order_line, Allocation(one.order_line, _ZERO, _ZERO))
            found[one.order_line] = Allocation(
                one.order_line, money.add(so_far.quantity, one.quantity), money.add(so_far.net, one.net)
            )
    return found


def _allocations(data: Mapping[str, object]) -> Iterator[Allocation]:
    listed = data.get("allocations")
    for one in listed if isinstance(listed, list) else ():
        yield from_values(Allocation, one, SETTLED)


def _owed(line: OrderLine, received: Decimal, taken: Allocation | None) -> tuple[Decimal, Decimal]:
    """Quantity and net amount that are owed of a line."""
    wanted = min(received, line.quantity)
    quantity = money.subtract(wanted, taken.quantity if taken else _ZERO)
    price = money.multiply(wanted, line.unit_price).quantize(_CENT, ROUND_HALF_UP)
    return quantity, money.subtract(price, taken.net if taken else _ZERO)


def _kept_back(order: PurchaseOrder, seller: Seller | None, lines: list[OrderLine]) -> str | None:
    """Why an order is not settled; the law wants the supplier's tax number and the rate (§ 14 (4) no. 2 and 8)."""
    if order.origin != "file":
        return "made-up order"
    if order.currency != "EUR":
        return "currency"
    if seller is None:
        return "unknown seller"
    if len(seller.accounts) != 1:
        return "no account"
    if not (seller.vat_id or seller.tax_number):
        return "no tax number"
    return "no VAT rate" if any(line.vat_rate is None for line in lines) else None


def _taxes(lines: tuple[SettledLine, ...]) -> Iterator[Tax]:
    for rate in sorted({line.vat_rate for line in lines}):
        net = money.add(*(line.net for line in lines if line.vat_rate == rate))
        yield Tax(rate, net, (net * rate / 100).quantize(_CENT, ROUND_HALF_UP))
