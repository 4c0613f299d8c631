"""The activity ``payables.make-up-references``: references from the invoices themselves, to try a process.

They never approve a payment: nobody else ordered anything.

An order is derived from an invoice's own order reference and lines, then disturbed by a fixed rule, so that every
branch of a process is met. The disturbance follows from the digest of the order number, not from chance: the same
invoices give the same orders. Every order is marked ``origin="simulated"``, and matching passes that mark on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from anyshore.activities.activity import ActivityContext
from anyshore.activities.common import money
from anyshore.activities.common.parties import seller_key
from anyshore.activities.einvoice.model import Invoice, InvoiceLine, Party
from anyshore.activities.einvoice.reader import read
from anyshore.activities.payables import buyers, orders, sellers
from anyshore.activities.payables.buyers import Buyer
from anyshore.activities.payables.identity import invoice_key
from anyshore.activities.payables.lines import CHARGE
from anyshore.activities.payables.orders import OrderLine, PurchaseOrder
from anyshore.activities.payables.sellers import Seller
from anyshore.base.errors import DefinitionError

Disturbance = Literal["none", "price", "quantity", "missing"]
# Of 100 orders: 70 agree, 10 are 5 % cheaper, 10 are one tenth smaller, 10 are not there.
SHARES: tuple[tuple[int, Disturbance], ...] = ((70, "none"), (80, "price"), (90, "quantity"), (100, "missing"))
PRICE_FACTOR = Decimal("0.95")
QUANTITY_FACTOR = Decimal("0.9")
_CENT = Decimal("0.01")
EXPENSES = "4900"
"""General ledger account of a made-up seller."""


@dataclass(frozen=True, slots=True)
class MakeUpInput:
    """The invoices that reference data is made up from.

    Attributes:
        documents: their names in the host.
    """

    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MakeUpOutcome:
    """How many records were made up."""

    orders: int
    sellers: int


def make_up(data: MakeUpInput, context: ActivityContext) -> MakeUpOutcome:
    """Makes up orders and approved sellers; records that are there stay. What cannot be read gives none.

    One invoice is held at a time, whatever their number.
    """
    approved: dict[str, Seller] = {}
    invoiced: dict[Buyer, None] = {}
    made = simulate_orders(_invoices(data, context, approved, invoiced))
    for key, row in buyers.rows(invoiced):
        context.records(buyers.KIND).put_once(key, row)
    for key, row in orders.rows(made):
        context.records(orders.KIND).put_once(key, row)
    for key, row in sellers.rows(approved.values()):
        context.records(sellers.KIND).put_once(key, row)
    return MakeUpOutcome(len(made), len(approved))


def _invoices(
    data: MakeUpInput, context: ActivityContext, approved: dict[str, Seller], invoiced: dict[Buyer, None]
) -> Iterator[Invoice]:
    """The readable invoices; their sellers are noted as approved, with every account they name, and their buyers."""
    for name in data.documents:
        try:
            invoice = read(context.read_document(name), name)
        except DefinitionError:
            continue  # the process itself says what is wrong with it
        party, key = invoice.seller, seller_key(invoice.seller)
        accounts = tuple(means.account for means in invoice.payment if means.account)
        if key in approved:
            accounts = tuple(dict.fromkeys((*approved[key].accounts, *accounts)))
        approved[key] = _seller(party, accounts)
        if invoice.buyer is not None:
            invoiced[Buyer(invoice.buyer.name)] = None
        yield invoice


def _seller(party: Party, accounts: tuple[str, ...]) -> Seller:
    """A seller by the strongest number it has: weaker ones may differ from invoice to invoice."""
    number = party.registration.value if party.registration else None
    kind = seller_key(party).partition(":")[0]
    return Seller(
        party.name, party.vat_id if kind == "vat" else None, accounts, EXPENSES,
        party.tax_registration if kind == "tax" else None, number if kind == "registration" else None,
    )  # fmt: skip


def simulate_orders(invoices: Iterable[Invoice]) -> list[PurchaseOrder]:
    """Derives orders from invoices that name one (BT-13); several invoices of one order add their lines.

    Args:
        invoices: invoices; credit notes and those without order reference give none, a repeated invoice counts once.
            Where two sellers or two currencies share an order number, the order is that of the first.
    """
    found: dict[str, PurchaseOrder] = {}
    counted: set[str] = set()
    for invoice in invoices:
        reference, key = invoice.order_reference, invoice_key(invoice)
        if not reference or invoice.is_credit_note or key in counted or disturbance(reference) == "missing":
            continue
        counted.add(key)
        order = _order(invoice, reference)
        before = found.setdefault(reference, order)
        if before is not order and (before.seller, before.currency) == (order.seller, order.currency):
            found[reference] = _joined(before, order)
    return list(found.values())


def disturbance(order_number: str) -> Disturbance:
    """What is done to the order of a number."""
    place = hashlib.sha256(order_number.encode()).digest()[0] * 100 // 256
    return next(kind for limit, kind in SHARES if place < limit)


def _order(invoice: Invoice, number: str) -> PurchaseOrder:
    kind = disturbance(number)
    price = PRICE_FACTOR if kind == "price" else Decimal(1)
    quantity = QUANTITY_FACTOR if kind == "quantity" else Decimal(1)
    lines = tuple(
        OrderLine(
            id=line.order_line or line.id,
            item=line.seller_item or line.buyer_item or line.standard_item,
            description=line.name,
            quantity=money.multiply(line.quantity, quantity),
            unit=line.unit,
            unit_price=money.multiply(_price(line), price),
            net=_scaled(line.net, price, quantity),
        )
        for line in invoice.lines
    )
    charges = (
        OrderLine(f"{CHARGE} {place}", None, one.reason or CHARGE, Decimal(1), None, one.amount, one.amount)
        for place, one in enumerate(invoice.allowances_charges, 1)
        if one.charge and lines
    )
    seller = invoice.seller
    net = _scaled(invoice.totals.net, price, quantity)
    return PurchaseOrder(
        number, seller.vat_id, seller.name, invoice.currency, net, _joined_lines((), (*lines, *charges)), "simulated"
    )


def _scaled(amount: Decimal, price: Decimal, quantity: Decimal) -> Decimal:
    if price == quantity == 1:
        return amount
    return money.multiply(money.multiply(amount, price), quantity).quantize(_CENT, ROUND_HALF_UP)


def _price(line: InvoiceLine) -> Decimal:
    """What one unit costs, allowances and charges of the line included."""
    price = money.divide(line.price, line.price_base, 10) or line.price
    if money.multiply(price, line.quantity).quantize(_CENT, ROUND_HALF_UP) == line.net:
        return price
    return money.divide(line.net, line.quantity, 10) or price


def _joined(before: PurchaseOrder, order: PurchaseOrder) -> PurchaseOrder:
    return replace(before, net=money.add(before.net, order.net), lines=_joined_lines(before.lines, order.lines))


def _joined_lines(before: Iterable[OrderLine], lines: Iterable[OrderLine]) -> tuple[OrderLine, ...]:
    """Lines of the same number, item, unit and price add up; one that only shares its number gets a further one."""
    found = {line.id: line for line in before}
    for line in lines:
        number, place = line.id, 1
        while number in found and not _same_line(found[number], line):
            place += 1
            number = f"{line.id}-{place}"
        old = found.get(number)
        found[number] = (
            replace(old, quantity=money.add(old.quantity, line.quantity), net=money.add(old.net, line.net))
            if old
            else replace(line, id=number)
        )
    return tuple(found.values())


def _same_line(one: OrderLine, other: OrderLine) -> bool:
    return (one.item, one.description, one.unit, one.unit_price) == (
        other.item, other.description, other.unit, other.unit_price,
    )  # fmt: skip
