from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from anyshore.activities.einvoice import read
from anyshore.activities.einvoice.model import PrecedingInvoice
from anyshore.base.errors import DataError


def test_ubl_invoice_is_read_term_by_term(samples: Path) -> None:
    invoice = read(samples / "01-matching-ubl.xml")
    assert (invoice.syntax, invoice.number, invoice.type_code) == ("UBL Invoice", "RE-2026-0101", "380")
    assert (invoice.issue_date, invoice.due_date) == (date(2026, 3, 2), date(2026, 4, 1))
    assert (invoice.currency, invoice.order_reference) == ("EUR", "PO-4711")
    assert invoice.seller.name == "Nordlicht Bürobedarf GmbH"
    assert invoice.seller.vat_id == "DE136695976"
    assert invoice.seller.address.country == "DE"
    assert invoice.buyer is not None
    assert invoice.buyer.name == "Musterwerk AG"
    assert [(m.code, m.account, m.remittance) for m in invoice.payment] == [
        ("58", "DE02120300000000202051", "RE-2026-0101")
    ]
    assert [(line.id, line.quantity, line.price, line.net, line.order_line) for line in invoice.lines] == [
        ("1", Decimal(40), Decimal("21.50"), Decimal("860.00"), "1"),
        ("2", Decimal(6), Decimal("74.90"), Decimal("449.40"), "2"),
    ]
    assert invoice.lines[0].unit == "XBX"
    assert invoice.lines[0].seller_item == "A4-80"
    totals = invoice.totals
    assert (totals.net, totals.vat, totals.gross, totals.due) == tuple(
        map(Decimal, ("1309.40", "248.79", "1558.19", "1558.19"))
    )
    assert not invoice.is_credit_note


def test_cii_invoice_is_read_into_the_same_model(samples: Path) -> None:
    invoice = read(samples / "02-matching-cii.xml")
    assert (invoice.syntax, invoice.number, invoice.order_reference) == ("CII", "2026/118", "PO-4712")
    assert (invoice.issue_date, invoice.due_date) == (date(2026, 3, 5), date(2026, 3, 19))
    assert invoice.payment[0].account == "DE02500105170137075030"
    assert invoice.lines[1].price_base == Decimal(100)
    assert invoice.lines[1].net == Decimal("507.50")
    assert [(part.category, part.rate, part.taxable, part.tax) for part in invoice.vat] == [
        ("S", Decimal(19), Decimal("5051.50"), Decimal("959.79"))
    ]


def test_credit_note_keeps_positive_amounts_and_names_the_invoice(samples: Path) -> None:
    note = read(samples / "11-credit-note-ubl.xml")
    assert note.is_credit_note
    assert note.totals.gross == Decimal("178.26")
    assert note.preceding == (PrecedingInvoice("RE-2026-0101", date(2026, 3, 2)),)


def test_invoice_in_a_pdf_is_read(samples: Path) -> None:
    assert read(samples / "15-factur-x.pdf").number == "RE-2026-0151"


def test_amounts_keep_every_digit(samples: Path) -> None:
    text = (samples / "01-matching-ubl.xml").read_bytes()
    long = b"123456789012345678901234567890.1200"
    invoice = read(text.replace(b'<cbc:PayableAmount currencyID="EUR">1558.19', b"<cbc:PayableAmount>" + long))
    assert str(invoice.totals.due) == long.decode()


LINES = 'LineExtensionAmount currencyID="EUR">1309.40<'


@pytest.mark.parametrize(
    ("old", "new", "code", "element"),
    [
        (LINES, LINES.replace("1309.40", "1.309,40"), "einvoice.not-a-number", "LineExtensionAmount"),
        (LINES, LINES.replace("1309.40", "1e3"), "einvoice.not-a-number", "LineExtensionAmount"),
        (LINES, LINES.replace("1309.40", "١٢"), "einvoice.not-a-number", "LineExtensionAmount"),
        (LINES, LINES.replace("1309.40", ""), "einvoice.not-a-number", "LineExtensionAmount"),
        (LINES, LINES.replace("1309.40", "9" * 35), "einvoice.number-too-long", "LineExtensionAmount"),
        (LINES, LINES.replace("1309.40", f"0.{'0' * 34}1"), "einvoice.number-too-long", "LineExtensionAmount"),
        (">2026-03-02<", ">2026-02-30<", "einvoice.not-a-date", "IssueDate"),
        ('PayableAmount currencyID="EUR"', 'PayableAmount currencyID="USD"', "einvoice.currency", "PayableAmount"),
    ],
)
def test_malformed_values_are_located(samples: Path, old: str, new: str, code: str, element: str) -> None:
    text = (samples / "01-matching-ubl.xml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    before = text[: text.index(old)]
    with pytest.raises(DataError) as caught:
        read(text.replace(old, new).encode(), "in.xml")
    (problem,) = caught.value.diagnostics
    place = problem.location
    assert (problem.code, place.file, place.element) == (code, "in.xml", element)
    assert place.line == before.count("\n") + 1
    assert place.column == before.splitlines()[-1].index("<") + 1


@pytest.mark.parametrize("value", ["", "<cbc:ID/>", "<cbc:ID> </cbc:ID>", "<cbc:ID><!-- none --></cbc:ID>"])
def test_missing_values_are_located_at_their_parent(samples: Path, value: str) -> None:
    text = (samples / "01-matching-ubl.xml").read_text(encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read(text.replace("<cbc:ID>RE-2026-0101</cbc:ID>", value).encode(), "in.xml")
    (problem,) = caught.value.diagnostics
    assert problem.code == "einvoice.missing"
    assert "BT-1 " in problem.message
    assert (problem.location.element, problem.location.line, problem.location.column) == ("Invoice", 2, 1)


def test_a_comment_inside_a_value_is_no_value(samples: Path) -> None:
    text = (samples / "01-matching-ubl.xml").read_text(encoding="utf-8")
    assert read(text.replace(">RE-2026-0101<", ">RE-<!-- x -->2026-0101<").encode()).number == "RE-2026-0101"


def test_all_problems_come_at_once(samples: Path) -> None:
    text = (samples / "02-matching-cii.xml").read_bytes()
    broken = (
        text.replace(b">20260305<", b">5.3.2026<", 1)
        .replace(b">28.40<", b">x<")
        .replace(b">EUR</ram:Inv", b"></ram:Inv")
    )
    with pytest.raises(DataError) as caught:
        read(broken)
    assert {d.code for d in caught.value.diagnostics} == {
        "einvoice.not-a-date",
        "einvoice.not-a-number",
        "einvoice.missing",
    }


def test_a_missing_seller_and_missing_totals_are_named(samples: Path) -> None:
    root = b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'
    with pytest.raises(DataError) as caught:
        read(root)
    text = str(caught.value)
    assert "BG-4 seller" in text
    assert "BG-22 document totals" in text
    assert "BT-1 invoice number" in text


def test_total_vat_in_accounting_currency_is_told_apart(data_dir: Path) -> None:
    invoice = read(data_dir / "einvoice/en16931-test/testfiles/Invoice-Max_content.xml")
    assert invoice.vat_currency is not None
    assert invoice.totals.vat_accounting is not None
    assert invoice.totals.vat != invoice.totals.vat_accounting


def test_ubl_and_cii_twins_of_xrechnung_say_the_same(data_dir: Path) -> None:
    folder = data_dir / "einvoice/xrechnung-testsuite/business-cases/standard"
    for ubl in sorted(folder.glob("*_ubl.xml")):
        left, right = read(ubl), read(ubl.with_name(ubl.name.replace("_ubl", "_uncefact")))
        assert left.number == right.number, ubl.name
        assert left.currency == right.currency, ubl.name
        assert left.issue_date == right.issue_date, ubl.name
        assert left.totals.gross == right.totals.gross, ubl.name
        assert left.totals.due == right.totals.due, ubl.name
        assert [line.net for line in left.lines] == [line.net for line in right.lines], ubl.name
        assert [line.quantity for line in left.lines] == [line.quantity for line in right.lines], ubl.name
        assert {(v.category, v.taxable, v.tax) for v in left.vat} == {(v.category, v.taxable, v.tax) for v in right.vat}
        assert [m.account for m in left.payment] == [m.account for m in right.payment], ubl.name
