from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from anyshore.activities.einvoice import Invoice, read
from anyshore.activities.einvoice.model import InvoiceLine, Party
from anyshore.activities.memory import MemoryContext
from anyshore.activities.payables.booking import BookInput, book
from anyshore.activities.payables.lines import Allocation
from anyshore.activities.payables.matching import MatchInput, MatchOutcome, match_order

MakeInvoice = Callable[..., Invoice]


def _match(context: MemoryContext, invoice: Invoice, order: str | None = None) -> MatchOutcome:
    return match_order(MatchInput(invoice, order), context)


@pytest.fixture
def paper(samples: Path) -> Invoice:
    return read(samples / "01-matching-ubl.xml")


def test_agreeing_invoice_has_no_difference(context: MemoryContext, paper: Invoice) -> None:
    found = _match(context, paper)
    assert (found.outcome, found.order, found.order_origin) == ("found", "PO-4711", "file")
    assert found.seller_agrees
    assert found.currency_agrees
    assert (found.difference, found.net_ordered, found.net_invoiced_before) == (0, Decimal("1309.40"), 0)
    assert [(line.line, line.order_line, line.found_by, line.net_difference) for line in found.lines] == [
        ("1", "1", "order line", 0),
        ("2", "2", "order line", 0),
    ]


def test_price_per_hundred_is_compared_per_unit(context: MemoryContext, samples: Path) -> None:
    found = _match(context, read(samples / "02-matching-cii.xml"))
    assert found.lines[1].price_difference == 0
    assert found.difference == 0


def test_differences_are_numbers(context: MemoryContext, samples: Path) -> None:
    found = _match(context, read(samples / "03-over-tolerance-ubl.xml"))
    assert (found.difference, found.difference_percent) == (Decimal("480.00"), Decimal("13.8408"))
    assert found.lines[0].price_difference == Decimal(40)
    assert (found.differences.price, found.differences.price_percent) == (Decimal("480.00"), Decimal("13.8408"))
    assert found.differences.quantity == 0


def test_order_of_a_total_only_is_compared_in_total(context: MemoryContext, samples: Path) -> None:
    found = _match(context, read(samples / "12-two-rates-cii.xml"))
    assert (found.difference, found.lines, found.lines_unmatched) == (0, (), 0)


def test_no_reference_offers_candidates(context: MemoryContext, paper: Invoice) -> None:
    found = _match(context, replace(paper, order_reference=None))
    assert (found.outcome, found.order, found.candidates) == ("no reference", None, ("PO-4711",))
    assert _match(context, replace(paper, order_reference=None), "PO-4711").outcome == "found"


def test_unknown_reference_is_told_apart(context: MemoryContext, paper: Invoice) -> None:
    found = _match(context, replace(paper, order_reference="PO-1"))
    assert (found.outcome, found.reference) == ("unknown order", "PO-1")
    assert found.difference is None


@pytest.mark.parametrize("reference", ["po 4711", "PO4711", "PO-04711"])
def test_reference_in_another_notation_is_found(context: MemoryContext, paper: Invoice, reference: str) -> None:
    assert _match(context, replace(paper, order_reference=reference)).order == "PO-4711"


def test_order_of_another_seller_is_reported(context: MemoryContext, paper: Invoice) -> None:
    assert not _match(context, replace(paper, seller=Party("Other", vat_id="DE1"))).seller_agrees


def test_other_currency_is_not_compared(context: MemoryContext, paper: Invoice) -> None:
    found = _match(context, replace(paper, currency="USD"))
    assert (found.outcome, found.currency_agrees, found.difference, found.lines) == ("found", False, None, ())


def _book(context: MemoryContext, invoice: Invoice, key: str) -> None:
    book(BookInput(invoice, "1", "2", "3", order="PO-4711"), context.with_key(key))


def test_earlier_invoices_of_the_order_count(context: MemoryContext, paper: Invoice) -> None:
    _book(context, replace(paper, number="EARLIER"), "k1")
    found = _match(context, paper)
    assert found.net_invoiced_before == Decimal("1309.40")
    assert found.difference == Decimal("1309.40")
    assert found.difference_percent == 100


def test_the_invoice_itself_does_not_count_when_matched_again(context: MemoryContext, paper: Invoice) -> None:
    before = _match(context, paper)
    _book(context, paper, "k1")
    assert _match(context, paper) == before


def test_credit_note_gives_back(context: MemoryContext, paper: Invoice, samples: Path) -> None:
    _book(context, paper, "k1")
    found = _match(context, read(samples / "11-credit-note-ubl.xml"))
    assert (found.net_invoiced, found.net_invoiced_before) == (Decimal("-149.80"), Decimal("1309.40"))
    assert found.difference == Decimal("-149.80")


def _line(**changes: object) -> InvoiceLine:
    base = InvoiceLine("7", Decimal(50), "XBX", Decimal("1075.00"), Decimal("21.50"), name="x")
    return replace(base, **changes)


@pytest.mark.parametrize(
    ("line", "order_line", "found_by"),
    [
        (_line(order_line="1"), "1", "order line"),
        (_line(order_line="01"), "1", "order line"),
        (_line(order_line="9", seller_item="A4-80"), None, None),
        (_line(seller_item="a4 80"), "1", "item"),
        (_line(buyer_item="TON-9"), "2", "item"),
        (_line(name="kopierpapier A4 80g"), "1", "name"),
        (_line(name="Stapler"), None, None),
    ],
)
def test_how_a_line_finds_its_order_line(
    context: MemoryContext, paper: Invoice, line: InvoiceLine, order_line: str | None, found_by: str | None
) -> None:
    found = _match(context, replace(paper, lines=(line,)))
    assert (found.lines[0].order_line, found.lines[0].found_by) == (order_line, found_by)
    assert found.lines_unmatched == (order_line is None)


def test_line_differences(context: MemoryContext, paper: Invoice) -> None:
    (line,) = _match(context, replace(paper, lines=(_line(order_line="1"),))).lines
    assert (line.quantity_difference, line.price_difference, line.net_difference) == (10, 0, Decimal("215.00"))


def test_other_unit_is_not_compared(context: MemoryContext, paper: Invoice) -> None:
    (line,) = _match(context, replace(paper, lines=(_line(order_line="1", unit="H87"),))).lines
    assert (line.unit_agrees, line.quantity_difference, line.price_difference) == (False, None, None)
    assert line.net_difference == Decimal("215.00")


def test_invoice_lines_of_one_order_line_add_up(context: MemoryContext, paper: Invoice) -> None:
    found = _match(context, replace(paper, lines=(_line(order_line="1"), _line(id="8", order_line="1"))))
    assert [line.order_line for line in found.lines] == ["1", "1"]
    assert [line.quantity_difference for line in found.lines] == [10, 60]
    assert found.allocations == (Allocation("1", Decimal(100), Decimal("2150.00")),)


def test_a_reference_to_a_line_of_another_item_is_not_believed(context: MemoryContext, paper: Invoice) -> None:
    other = _line(order_line="1", seller_item="DESK-1", name="Desk")
    renamed = _line(order_line="1", seller_item="A4-80", name="Copy paper")
    assert [line.order_line for line in _match(context, replace(paper, lines=(other, renamed))).lines] == [None, "1"]


def test_price_for_zero_units_gives_no_difference(context: MemoryContext, paper: Invoice) -> None:
    (line,) = _match(context, replace(paper, lines=(_line(order_line="1", price_base=Decimal(0)),))).lines
    assert line.price_difference is None
