"""Builders shared by the tests of activities."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from anyshore.activities.einvoice.model import Invoice, InvoiceLine, Party, Totals, VatBreakdown
from anyshore.activities.memory import MemoryContext
from anyshore.activities.payables import orders, receipts, sellers, tolerances

SAMPLES = Path(__file__).resolve().parents[2] / "src/anyshore/services/bpo/payables/samples"
MakeInvoice = Callable[..., Invoice]


@pytest.fixture(scope="session")
def samples() -> Path:
    return SAMPLES


@pytest.fixture
def context() -> MemoryContext:
    """The sample documents and their reference data."""
    documents = {file.name: file.read_bytes() for file in SAMPLES.iterdir() if file.name[:2].isdigit()}
    context = MemoryContext(documents=documents)
    context.load(orders.KIND, orders.rows(orders.read_orders(SAMPLES / "purchase-orders.csv")))
    context.load(receipts.KIND, receipts.rows(receipts.read_receipts(SAMPLES / "goods-receipts.csv")))
    context.load(tolerances.KIND, tolerances.rows(tolerances.read_rules(SAMPLES / "matching-rules.csv")))
    context.load(sellers.KIND, sellers.rows(sellers.read_sellers(SAMPLES / "sellers.csv")))
    return context


@pytest.fixture
def make_invoice() -> MakeInvoice:
    """Builds an invoice of one line over 100.00 and 19 % VAT; everything can be overridden."""

    def make(number: str = "R-1", net: str = "100.00", vat: str = "19.00", **changes: object) -> Invoice:
        amount, tax = Decimal(net), Decimal(vat)
        line = InvoiceLine("1", Decimal(1), "H87", amount, amount, name="Thing")
        base: dict[str, object] = {
            "syntax": "UBL Invoice",
            "number": number,
            "issue_date": date(2026, 3, 1),
            "type_code": "380",
            "currency": "EUR",
            "seller": Party("Nordlicht", vat_id="DE136695976"),
            "buyer": None,
            "totals": Totals(amount, amount + tax, amount + tax, vat=tax),
            "lines": (line,),
            "vat": (VatBreakdown(amount, tax, "S", Decimal(19)),),
        }
        return Invoice(**(base | changes))  # type: ignore[arg-type]

    return make
