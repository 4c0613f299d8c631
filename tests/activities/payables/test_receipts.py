"""Goods receipts: the file they come in, and what they say was received of an order."""

from __future__ import annotations

from decimal import Decimal

import pytest

from anyshore.activities.memory import MemoryContext
from anyshore.activities.payables import receipts
from anyshore.activities.payables.orders import OrderLine, PurchaseOrder
from anyshore.activities.payables.receipts import read_receipts
from anyshore.base.errors import DataError

HEADER = "receipt,order,line,quantity,unit,received\n"


def _received(rows: str) -> dict[str, Decimal]:
    lines = (
        OrderLine("1", "CH-1", "Chair", Decimal(100), "H87", Decimal(50), Decimal(5000)),
        OrderLine(
            "2", "SC-1", "Screws", Decimal(5), "MIL", Decimal(40), Decimal(200), None, False, "XBX", Decimal("0.5")
        ),
    )
    context = MemoryContext()
    context.load(receipts.KIND, receipts.rows(read_receipts((HEADER + rows).encode())))
    return receipts.of_order(PurchaseOrder("PO-1", None, "Spree GmbH", "EUR", Decimal(5200), lines), context)


def test_receipts_of_a_line_add_up_and_what_was_sent_back_is_taken_off() -> None:
    found = _received("W-1,PO-1,1,40,,2026-03-01\nW-2,PO-1,1,30,H87,\nW-3,PO-1,1,-5,,\nW-4,PO-2,1,7,,\n")
    assert found == {"1": 65}


def test_receipts_are_counted_in_the_unit_of_the_order() -> None:
    assert _received("W-1,PO-1,1,2,DZN,\nW-1,PO-1,2,500,H87,\nW-2,po 1,02,3,XBX,\n") == {"1": 24, "2": 2}


def test_what_cannot_be_counted_or_was_not_ordered_was_not_received() -> None:
    assert _received("W-1,PO-1,1,2,KGM,\nW-1,PO-1,9,2,,\n") == {}


@pytest.mark.parametrize(
    ("rows", "code", "line", "column"),
    [
        ("W-1,PO-1,1,40,,\nW-1,PO-1,1,30,,\n", "receipts.twice", 3, "line"),
        ("W-1,PO-1,,40,,\n", "tables.empty-cell", 2, "line"),
        ("W-1,PO-1,1,many,,\n", "tables.number", 2, "quantity"),
        ("W-1,PO-1,1,4,,31.02.2026\n", "tables.date", 2, "received"),
    ],
)
def test_problems_are_located(rows: str, code: str, line: int, column: str) -> None:
    with pytest.raises(DataError) as caught:
        read_receipts((HEADER + rows).encode(), "receipts.csv")
    problem = caught.value.diagnostics[0]
    assert (problem.code, problem.location.line, problem.location.element) == (code, line, column)
