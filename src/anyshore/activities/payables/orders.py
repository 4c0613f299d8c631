"""Purchase orders: the model, and reading them from CSV."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Literal

from anyshore.activities.activity import Record, Values
from anyshore.activities.common import money
from anyshore.activities.common.parties import seller_key
from anyshore.activities.einvoice.model import Party
from anyshore.activities.payables.identity import number_key
from anyshore.base.plain import from_values, to_value
from anyshore.base.tables import Column, Row, open_table

KIND = "purchase-order"
COLUMNS = (
    Column("order", aliases=("Bestellung", "Bestellnummer"), required=True),
    Column("seller_vat_id", aliases=("USt-IdNr",), header=True),
    Column("seller_name", aliases=("Lieferant",), header=True),
    Column("currency", aliases=("Währung",), header=True),
    Column("line", aliases=("Position", "Pos."), header=True),
    Column("item", aliases=("Artikel", "Artikelnummer"), header=True),
    Column("description", aliases=("Bezeichnung",), header=True),
    Column("quantity", "number", aliases=("Menge",), header=True),
    Column("unit", aliases=("Einheit",), header=True),
    Column("unit_price", "money", aliases=("Einzelpreis",), header=True),
    Column("net", "money", aliases=("Netto", "Nettobetrag"), header=True),
    Column("receipt", "yes-no", aliases=("Wareneingang",)),
    Column("evaluated", "yes-no", aliases=("Gutschriftverfahren",)),
    Column("vat_rate", "number", aliases=("Steuersatz", "USt-Satz"), minimum=Decimal(0)),
    Column("package", aliases=("Gebinde",)),
    Column("package_quantity", "number", aliases=("Gebindemenge",), minimum=Decimal(0)),
)
"""What a file of purchase orders has; amounts are in the currency of their row."""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line of a purchase order.

    Attributes:
        id: number of the line.
        item: the seller's item number.
        description: of the item.
        quantity: ordered.
        unit: UN/ECE Recommendation 20 code.
        unit_price: without VAT, in the currency of the order.
        net: without VAT.
        receipt: whether no more may be invoiced than was received; left open where the order does not say.
        evaluated: whether it is paid by what was received, without an invoice (evaluated receipt settlement).
        package: what the item is packed in, where it is invoiced or received by that: a unit code.
        package_quantity: how many units of the line a package holds.
        vat_rate: percent of VAT, where it is paid by what was received.
    """

    id: str
    item: str | None
    description: str | None
    quantity: Decimal
    unit: str | None
    unit_price: Decimal
    net: Decimal
    receipt: bool | None = None
    evaluated: bool = False
    package: str | None = None
    package_quantity: Decimal | None = None
    vat_rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PurchaseOrder:
    """A purchase order.

    Attributes:
        number: what BT-13 refers to.
        seller_vat_id: of the seller.
        seller_name: of the seller.
        currency: ISO 4217.
        net: total without VAT.
        lines: empty for an order of a total only.
        origin: ``file`` for orders of the client, ``simulated`` for made up ones.
    """

    number: str
    seller_vat_id: str | None
    seller_name: str
    currency: str
    net: Decimal
    lines: tuple[OrderLine, ...] = ()
    origin: Literal["file", "simulated"] = "file"

    @property
    def party(self) -> Party:
        """The seller."""
        return Party(self.seller_name, vat_id=self.seller_vat_id)

    @property
    def seller(self) -> str:
        """Key of the seller."""
        return seller_key(self.party)


def read_orders(source: bytes | Path, file: str | None = None) -> list[PurchaseOrder]:
    """Reads purchase orders, a row per order line, or one row without ``line`` for an order of a total only.

    Args:
        source: a path, or the content: CSV or a workbook with the columns ``COLUMNS``.
        file: the name to show in messages.

    Raises:
        DataError: with every problem at its line and column.
    """
    table = open_table(source, COLUMNS, file)
    groups: dict[str, list[Row]] = {}
    for row in table:
        groups.setdefault(row.text("order") or "", []).append(row)
    orders = [_order(number, rows) for number, rows in groups.items()]
    _check_unique(groups)
    table.refuse_if_broken()
    return orders


def rows(orders: Iterable[PurchaseOrder]) -> list[tuple[str, Values]]:
    """Orders as rows of the table ``purchase-order``: key and data."""
    return [
        (
            order.number,
            {
                "number_key": number_key(order.number),
                "seller": order.seller,
                "currency": order.currency,
                "net": order.net,
                "order": to_value(order),
            },
        )
        for order in orders
    ]


def from_record(record: Record) -> PurchaseOrder:
    """The order of a row.

    Raises:
        DataError: the row holds no order.
    """
    order = record.data.get("order")
    return from_values(PurchaseOrder, order if isinstance(order, dict) else {}, f"{KIND} {record.key}")


def _order(number: str, group: list[Row]) -> PurchaseOrder:
    first = group[0]
    for row in group:
        _check_signs(row)
    for column in ("seller_vat_id", "seller_name", "currency"):
        for row in group[1:]:
            if row.text(column) != first.text(column):
                message = f"Order {number} has {first.text(column)!r} on line {first.line}, {row.text(column)!r} here."
                row.problem(column, "orders.contradiction", message, "All rows of an order have the same seller.")
    total_only = len(group) == 1 and first.text("line") is None
    lines = () if total_only else tuple(_line(row) for row in group)
    net = first.required_number("net") if total_only else money.add(*(line.net for line in lines))
    return PurchaseOrder(
        number=number,
        seller_vat_id=first.text("seller_vat_id"),
        seller_name=first.required("seller_name"),
        currency=_currency(first),
        net=net,
        lines=lines,
    )


def _currency(row: Row) -> str:
    currency = row.required("currency")
    if currency and not (len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper()):
        row.problem("currency", "orders.currency", f"{currency!r} is no currency.", "Write a code of ISO 4217, as EUR.")
    return currency


def _check_signs(row: Row) -> None:
    currency = row.text("currency")
    for column in ("unit_price", "net"):
        codes = row.currencies(column)
        if currency and codes and currency not in codes:
            message = f"The amount is in {' or '.join(codes)}, the order in {currency}."
            row.problem(column, "orders.currency", message, "Convert it, or correct the currency.")


def _line(row: Row) -> OrderLine:
    quantity = row.required_number("quantity")
    price = row.required_number("unit_price")
    net = row.number("net")
    computed = money.multiply(quantity, price)
    # A net amount is rounded to the cent at most; a wider gap means that one of the three numbers is wrong.
    if net is not None and net != computed and net != computed.quantize(Decimal("0.01"), ROUND_HALF_UP):
        message = f"{quantity} times {price} is {computed}, not {net}."
        row.problem("net", "orders.net", message, "Leave the cell empty, or correct quantity, price or net.")
    if bool(row.text("package")) != bool(row.number("package_quantity")):
        message = "A package has a unit and the number of units it holds; one of the two is missing."
        row.problem("package_quantity", "orders.package", message, "Fill in both, or neither.")
    return OrderLine(
        id=row.required("line"),
        item=row.text("item"),
        description=row.text("description"),
        quantity=quantity,
        unit=row.text("unit"),
        unit_price=price,
        net=computed if net is None else net,
        receipt=row.flag("receipt"),
        evaluated=row.flag("evaluated") or False,
        vat_rate=row.number("vat_rate"),
        package=row.text("package"),
        package_quantity=row.number("package_quantity"),
    )


def _check_unique(groups: dict[str, list[Row]]) -> None:
    for number, group in groups.items():
        seen: dict[str | None, int] = {}
        for row in group:
            line = row.text("line")
            if line in seen:
                message = f"Order {number} has the line {line} already, on line {seen[line]} of the file."
                row.problem("line", "orders.line-twice", message, "Number the lines of an order.")
            seen.setdefault(line, row.line)
