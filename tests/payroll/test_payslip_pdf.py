from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.activities.payroll.test_payroll import SAMPLES

from anyshore.payroll import schemes
from anyshore.payroll.payslip_pdf import Parties, render
from anyshore.payroll.wagetax import WageTax, read

WHO = Parties(
    ("Musterbau GmbH", "10115 Berlin"), ("*Anna* #Beispiel",), "1001", {"SV-Nummer": "65 120685 B 001"}, "DE89"
)


def slip(**inputs: object) -> schemes.Payslip:
    chart = WageTax(read((SAMPLES / "wage-tax.xml").read_bytes(), "wage-tax.xml"))
    given = {"salary": Decimal("4400.00"), "tax_class": 4, "tax_factor": Decimal("0.961"), "parent": True} | inputs
    return schemes.compute(schemes.country("DE"), date(2026, 3, 31), given, [chart])


def texts(content: bytes) -> str:
    pdfium = pytest.importorskip("pypdfium2")
    document = pdfium.PdfDocument(content)
    found = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return " ".join(found.split())


def test_a_payslip_in_both_languages_says_what_the_law_asks_for() -> None:
    one = slip(church="BE", one_off=2000)
    german, english = texts(render(one, WHO, "de")), texts(render(one, WHO, "en"))
    for word in ("Entgeltabrechnung 03/2026", "*Anna* #Beispiel", "4 / 0,961", "Gesamtbrutto 6.400,00", "1-1-1-1"):
        assert word in german
    for word in ("Payslip 03/2026", "Gross pay 6,400.00", "Church tax", "Amount paid out", "65 120685 B 001"):
        assert word in english
    payout = f"{one.amount('payout'):,.2f}"
    assert f"{payout} EUR" in english


def test_the_same_payslip_gives_the_same_bytes() -> None:
    assert render(slip(), WHO) == render(slip(), WHO)


def test_a_one_off_payment_of_the_year_before_has_a_row() -> None:
    given = {"one_off": 4000, "year_days": 90, "year_health_base": 17_000, "year_pension_base": 17_000}
    one = slip(**given, previous_days=360, previous_pension_base=40_000, previous_health_base=40_000)
    assert one.values["march_clause"] is True
    assert "Contributions of the one-off payment in the year before" in texts(render(one, WHO))


def test_marginal_employment_is_said() -> None:
    assert "pauschal" in texts(render(slip(salary=500, flat_tax=True), WHO, "de"))
