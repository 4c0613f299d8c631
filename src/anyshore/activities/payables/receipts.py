"""Goods receipts: what the client says it received of its orders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from anyshore.activities.activity import ActivityContext, Record, Values
from anyshore.activities.common import money
from anyshore.activities.payables import units
from anyshore.activities.payables.identity import number_key, same_number
from anyshore.activities.payables.orders import PurchaseOrder
from anyshore.base.plain import from_values, to_value
from anyshore.base.tables import Column, open_table

KIND = "goods-receipt"
COLUMNS = (
    Column("receipt", aliases=("Wareneingang", "Lieferschein"), required=True),
    Column("order", aliases=("Bestellung", "Bestellnummer"), required=True),
    Column("line", aliases=("Position", "Pos."), required=True),
    Column("quantity", "number", aliases=("Menge",), required=True),
    Column("unit", aliases=("Einheit",)),
    Column("received", "date", aliases=("Eingang", "Datum", "Eingangsdatum")),
)
"""What a file of goods receipts has; what was sent back is a negative quantity."""


@dataclass(frozen=True, slots=True)
class GoodsReceipt:
    """What was received of an order line at one time.

    Attributes:
        number: of the receipt or the delivery note.
        order: number of the purchase order.
        line: of the order.
        quantity: received; negative where it was sent back.
        unit: of the quantity; that of the order line where left out.
        received: day.
    """

    number: str
    order: str
    line: str
    quantity: Decimal
    unit: str | None = None
    received: date | None = None


def of_order(order: PurchaseOrder, context: ActivityContext, until: date | None = None) -> dict[str, Decimal]:
    """What was received of the lines of an order, by order line, in its unit.

    A receipt in a unit that cannot be converted counts as nothing: nobody pays for what nobody can count.

    Args:
        order: the order.
        context: where goods receipts are.
        until: leave out what was received later; what says no day counts.
    """
    lines = {line.id: line for line in order.lines}
    found: dict[str, Decimal] = {}
    for record in context.records(KIND).find(order_key=number_key(order.number)):
        receipt = _from_record(record)
        late = until is not None and receipt.received is not None and receipt.received > until
        if late or not same_number(receipt.order, order.number):
            continue
        line = lines.get(receipt.line) or next((one for one in order.lines if same_number(one.id, receipt.line)), None)
        factor = line and units.line_factor(receipt.unit, line)
        if line and factor:
            quantity = units.times(receipt.quantity, factor)
            found[line.id] = money.add(found.get(line.id, Decimal(0)), quantity)
    return found


def read_receipts(source: bytes | Path, file: str | None = None) -> list[GoodsReceipt]:
    """Reads goods receipts, a row for each line of each.

    Args:
        source: a path, or the content: CSV or a workbook with the columns ``COLUMNS``.
        file: the name to show in messages.

    Raises:
        DataError: with every problem at its line and column.
    """
    table = open_table(source, COLUMNS, file)
    found: dict[str, int] = {}
    receipts = []
    for row in table:
        receipt = GoodsReceipt(
            row.required("receipt"), row.required("order"), row.required("line"), row.required_number("quantity"),
            row.text("unit"), row.day("received"),
        )  # fmt: skip
        before = found.setdefault(_key(receipt), row.line)
        if before != row.line:
            message = f"Receipt {receipt.number} has this line of the order already, on line {before} of the file."
            row.problem("line", "receipts.twice", message, "Add the quantities, or number the receipts.")
        receipts.append(receipt)
    table.refuse_if_broken()
    return receipts


def rows(receipts: Iterable[GoodsReceipt]) -> list[tuple[str, Values]]:
    """Goods receipts as rows of the table ``goods-receipt``: key and data."""
    return [
        (_key(receipt), {"order_key": number_key(receipt.order), "receipt": to_value(receipt)}) for receipt in receipts
    ]


def _key(receipt: GoodsReceipt) -> str:
    return f"{receipt.number}|{receipt.order}|{receipt.line}"


def _from_record(record: Record) -> GoodsReceipt:
    receipt = record.data.get("receipt")
    return from_values(GoodsReceipt, receipt if isinstance(receipt, dict) else {}, f"{KIND} {record.key}")
