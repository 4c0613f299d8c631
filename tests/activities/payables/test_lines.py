"""Invoice lines beside order lines: price, quantity, unit, charges, over all invoices of a line."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from tests.activities.building import Line, ubl

from anyshore.activities.einvoice import Invoice, read
from anyshore.activities.einvoice.model import AllowanceCharge
from anyshore.activities.memory import MemoryContext
from anyshore.activities.payables import orders, units
from anyshore.activities.payables.booking import BookInput, book
from anyshore.activities.payables.matching import LineDifferences, MatchInput, MatchOutcome, match_order
from anyshore.activities.payables.variances import variance_percent

HEADER = "order,seller_vat_id,seller_name,currency,line,item,description,quantity,unit,unit_price,net"
ADDED = (
    "<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator><cbc:Amount>13.00</cbc:Amount>"
    "</cac:AllowanceCharge><cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>"
    "<cbc:Amount>3.00</cbc:Amount></cac:AllowanceCharge>"
)
ORDER = (
    "PO-1,DE136695976,Spree Möbel GmbH,EUR,1,CH-1,Chair,100,H87,50.00,\n"
    "PO-1,DE136695976,Spree Möbel GmbH,EUR,2,TA-1,Table,10,H87,200.00,\n"
    "PO-1,DE136695976,Spree Möbel GmbH,EUR,3,SC-1,Screws,5,MIL,40.00,\n"
    "PO-1,DE136695976,Spree Möbel GmbH,EUR,4,,Freight,1,,30.00,\n"
)


def _context(rows: str = ORDER) -> MemoryContext:
    context = MemoryContext()
    context.load(orders.KIND, orders.rows(orders.read_orders(f"{HEADER}\n{rows}".encode())))
    return context


def _match(*lines: Line, context: MemoryContext | None = None) -> MatchOutcome:
    return match_order(MatchInput(read(ubl(lines=lines))), context or _context())


def _differences(*lines: Line) -> LineDifferences:
    return _match(*lines).differences


def test_lines_as_ordered_have_no_difference() -> None:
    lines = (
        Line("10", "50.00", order_line="1"),
        Line("10", "200.00", item="TA-1"),
        Line("5", "40.00", "MIL", "screws"),
    )
    found = _match(*lines)
    assert found.differences == LineDifferences()
    assert [line.found_by for line in found.lines] == ["order line", "item", "name"]


def test_a_higher_price_is_measured_by_line_though_the_total_is_within_the_order() -> None:
    found = _match(Line("10", "100.00", order_line="1"))
    assert found.difference is not None
    assert found.difference < 0
    assert (found.differences.price, found.differences.price_percent) == (500, 100)


def test_a_charge_inside_the_line_counts_as_price() -> None:
    invoice = read(ubl(lines=(Line("4", "50.00", order_line="1"),)))
    charged = replace(invoice, lines=(replace(invoice.lines[0], net=Decimal("250.00")),))
    found = match_order(MatchInput(charged), _context()).differences
    assert (found.price, found.price_percent) == (50, 25)


def test_a_net_amount_rounded_to_the_cent_is_no_difference() -> None:
    order = "PO-1,DE136695976,Spree Möbel GmbH,EUR,1,,Chair,100,H87,0.033,\n"
    assert _match(Line("5", "0.033"), context=_context(order)).differences.price == 0


def test_a_line_that_is_not_on_the_order_is_counted() -> None:
    assert _differences(Line("1", "0.01", name="Lamp")).unmatched == 1
    assert _differences(Line("1", "50.00", name="Chair", order_line="9")).unmatched == 1


def test_a_discount_as_a_line_of_its_own_is_not_held_against_the_invoice() -> None:
    assert _differences(Line("2", "50.00"), Line("-1", "10.00", name="Discount")).unmatched == 0


@pytest.mark.parametrize(
    ("old", "new", "count"),
    [
        ("", "", 0),
        (">500.00</cbc:LineExtensionAmount>", ">316.00</cbc:LineExtensionAmount>", 1),
        (">500.00</cbc:LineExtensionAmount>", ">500.02</cbc:LineExtensionAmount>", 0),
        # 10 at a price rounded to the cent may be five cents apart, and no more
        (">50.00</cbc:PriceAmount>", ">49.995</cbc:PriceAmount>", 1),
        (">500.00</cbc:LineExtensionAmount>", ">500.05</cbc:LineExtensionAmount>", 0),
        (">500.00</cbc:LineExtensionAmount>", ">500.06</cbc:LineExtensionAmount>", 1),
        ("<cac:Item>", f"{ADDED}<cac:Item>", 1),
    ],
)
def test_a_line_is_its_quantity_times_its_price(old: str, new: str, count: int) -> None:
    text = ubl(lines=(Line("10", "50.00", order_line="1"),)).decode()
    assert old in text
    found = match_order(MatchInput(read(text.replace(old, new).encode())), _context())
    assert found.differences.miscalculated == count


def test_charges_of_a_line_count() -> None:
    text = ubl(lines=(Line("10", "50.00", order_line="1"),)).decode()
    text = text.replace("<cac:Item>", f"{ADDED}<cac:Item>").replace(
        ">50.00</cbc:PriceAmount>", ">49.00</cbc:PriceAmount>"
    )
    (line,) = read(text.encode()).lines
    assert (line.added, line.miscalculated) == (10, False)


def test_more_than_ordered_is_measured_by_line() -> None:
    found = _differences(Line("40", "200.00", order_line="2"))
    assert (found.quantity, found.quantity_percent) == (6000, 300)


@pytest.mark.parametrize(
    ("line", "units_differ", "price"),
    [
        (Line("10", "50.00", "XBX", "Screws"), 1, 0),
        (Line("1000", "0.04", "H87", "Screws"), 0, 0),
        (Line("1000", "0.05", "C62", "Screws"), 0, 10),
        (Line("2", "600.00", "DZN", "Chair"), 0, 0),
    ],
)
def test_units_are_converted_where_they_convert(line: Line, units_differ: int, price: int) -> None:
    found = _differences(line)
    assert (found.units, found.price) == (units_differ, price)


@pytest.mark.parametrize(
    ("unit", "other", "factor"),
    [("KGM", "GRM", 1000), ("TNE", "KGM", 1000), ("C62", "EA", 1), ("Stück", "H87", 1), ("kg", "KGM", 1),
     (None, "H87", 1),
     ("XBX", "XBX", 1), ("XBX", "H87", None), ("HUR", "DAY", None), ("LTR", "KGM", None)],
)  # fmt: skip
def test_factors_of_units(unit: str | None, other: str, factor: int | None) -> None:
    assert units.factor(unit, other) == factor


def test_what_earlier_invoices_took_of_a_line_counts() -> None:
    context = _context()
    first = read(ubl("R-1", (Line("8", "200.00", order_line="2"),)))
    taken = match_order(MatchInput(first), context)
    assert taken.differences == LineDifferences()
    book(BookInput(first, "1", "2", "3", order="PO-1", allocations=taken.allocations), context.with_key("first"))
    second = read(ubl("R-2", (Line("8", "200.00", order_line="2"),)))
    found = match_order(MatchInput(second), context).differences
    assert (found.quantity, found.net) == (1200, 1200)


def test_prices_that_creep_up_over_the_invoices_of_a_line_are_seen_in_its_total() -> None:
    context = _context()
    for number in ("R-1", "R-2"):
        invoice = read(ubl(number, (Line("50", "50.90", order_line="1"),)))
        found = match_order(MatchInput(invoice), context)
        book(BookInput(invoice, "1", "2", "3", order="PO-1", allocations=found.allocations), context.with_key(number))
    assert found.differences.price == 45
    assert found.differences.net == 90


def test_a_credit_note_gives_the_quantity_back() -> None:
    context = _context()
    for number, kind in (("R-1", "380"), ("C-1", "381")):
        invoice = read(ubl(number, (Line("10", "200.00", order_line="2"),), kind=kind))
        found = match_order(MatchInput(invoice), context)
        book(BookInput(invoice, "1", "2", "3", order="PO-1", allocations=found.allocations), context.with_key(number))
    again = read(ubl("R-2", (Line("10", "200.00", order_line="2"),)))
    assert match_order(MatchInput(again), context).differences == LineDifferences()


def _charged(reason: str | None, amount: str) -> Invoice:
    invoice = read(ubl(lines=(Line("1", "50.00"),)))
    return replace(invoice, allowances_charges=(AllowanceCharge(True, Decimal(amount), reason),))


@pytest.mark.parametrize(
    ("reason", "amount", "charges", "price"),
    [("Freight", "30.00", 0, 0), ("Freight", "45.00", 0, 15), ("Express", "12.00", 12, 0), (None, "12.00", 12, 0)],
)
def test_charges_are_held_against_the_order(reason: str | None, amount: str, charges: int, price: int) -> None:
    found = match_order(MatchInput(_charged(reason, amount)), _context()).differences
    assert (found.charges, found.price) == (charges, price)


def test_an_order_with_lines_wants_lines() -> None:
    invoice = replace(read(ubl()), lines=())
    assert not match_order(MatchInput(invoice), _context()).differences.compared
    total = "PO-1,DE136695976,Spree Möbel GmbH,EUR,,,Works,,,,1000.00\n"
    assert match_order(MatchInput(invoice), _context(total)).differences == LineDifferences()


def test_worked_examples_of_variances(data_dir: Path) -> None:
    """Amount and percent of every example that gives both values; percentages are shown rounded there."""
    with (data_dir / "payables/matching-examples.csv").open(encoding="utf-8") as file:
        lines = [line for line in file if not line.startswith("#")]
    rows = [row for row in csv.DictReader(lines) if row["variance_percent"]]
    assert len(rows) > 10
    for row in rows:
        invoiced, expected = Decimal(row["invoice_value"]), Decimal(row["expected_value"])
        percent = abs(variance_percent(invoiced - expected, expected))
        shown = Decimal(row["variance_percent"])
        assert invoiced - expected == Decimal(row["variance_amount"]), row["case"]
        assert percent.quantize(shown) == shown, row["case"]
