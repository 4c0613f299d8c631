"""What a picture says: suggested from its labels, and held against the XML it stands around."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from pypdf import PdfWriter
from tests.activities.building import ubl

from anyshore.activities.einvoice import read
from anyshore.activities.einvoice.picture import amount, differences, suggestion, text_of

GERMAN = """Rechnung
Rechnungs-Nr.: RE-2026/17   Rechnungsdatum: 03.02.2026
Ihre Bestellung: PO-77
Netto 1.000,00  USt 19 % 190,00
Gesamtbetrag EUR 1.190,00
IBAN: DE02 1203 0000 0000 2020 51 BIC BYLADEM1001   USt-IdNr. DE136695976
"""
ENGLISH = "Invoice number: A-9\nInvoice date: 2026-02-03\nPurchase order number 4711\nTotal due: EUR 1,190.00\n"


def drawn(text: str) -> bytes:
    """A PDF of one page on which the lines of a text stand."""
    import typst

    lines = text.encode("unicode_escape").decode() if not text.isascii() else text
    source = "\n\n".join(f'#text("{line}")' for line in lines.replace('"', "").splitlines() if line.strip())
    return bytes(typst.compile(source.encode(), format="pdf"))


def test_a_german_invoice_is_read_by_its_labels() -> None:
    found = suggestion(GERMAN)
    assert (found.number, found.issued, found.order) == ("RE-2026/17", "03.02.2026", "PO-77")
    assert found.total == Decimal("1190.00")
    assert found.accounts == ("DE02120300000000202051",)
    assert found.vat_ids == ("DE136695976",)


def test_an_english_one_too_and_what_says_nothing_suggests_nothing() -> None:
    found = suggestion(ENGLISH)
    assert (found.number, found.issued, found.order) == ("A-9", "2026-02-03", "4711")
    assert found.total == Decimal("1190.00")
    assert suggestion("Dear Sir, thank you. IBAN DE03 1203 0000 0000 2020 51") == suggestion("")


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.190,00", "1190"), ("1,190.00", "1190"), ("1 190,00", "1190"), ("-5.10", "-5.1"), ("0,07", "0.07")],
)
def test_an_amount_is_read_in_every_notation(text: str, value: str) -> None:
    assert amount(text) == Decimal(value)


def test_a_picture_that_says_otherwise_is_told_field_by_field() -> None:
    invoice = read(ubl("R-1"))
    total = f"{invoice.totals.due:f}"
    day = invoice.issue_date.strftime("%d.%m.%Y")
    same = drawn(f"Rechnungs-Nr.: R-1\nRechnungsdatum: {day}\nGesamtbetrag {total.replace('.', ',')} EUR")
    assert differences(same, invoice, "a.pdf") == ()
    other = drawn("Rechnungs-Nr.: R-2\nRechnungsdatum: 01.01.1999\nGesamtbetrag 99,99 EUR\nIBAN DE89370400440532013000")
    found = {one.field: (one.invoice, one.picture) for one in differences(other, invoice, "a.pdf")}
    assert found["number"] == ("R-1", "R-2")
    assert found["issued"] == (invoice.issue_date.isoformat(), "01.01.1999")
    assert found["total"] == (total, "99.99")
    assert ("account" in found) == any(one.account for one in invoice.payment)


def test_what_cannot_be_read_says_nothing() -> None:
    page, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(page)
    for content in (page.getvalue(), b"%PDF-1.7 damaged", b"<xml/>"):
        assert differences(content, read(ubl("R-1")), "a") == ()
    assert text_of(b"%PDF-1.7 damaged", "a") == ""
