from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.activities.payroll.test_payroll import SAMPLES

from anyshore.payroll import schemes
from anyshore.payroll.payslip_pdf import Parties, render
from anyshore.payroll.wagetax import WageTax, read

KNOWN = {
    "birth_date": date(1985, 6, 12), "insurance_number": "65120685B012", "tax_id": "01123456782",
    "entered": date(2019, 4, 1), "left": date(2026, 4, 30), "health_fund": "Muster BKK",
}  # fmt: skip
WHO = Parties(("Musterbau GmbH", "10115 Berlin"), ("*Anna* #Beispiel", "Gartenweg 3"), "1001", KNOWN, "DE89")


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
    for word in ("Payslip 03/2026", "Gross pay 6,400.00", "Church tax", "Amount paid out", "65120685B012"):
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


EBV = {
    # § 1 (1) EBV, by its number: in German, in English
    "1": ("Musterbau GmbH 10115 Berlin", "Musterbau GmbH 10115 Berlin"),
    "2": ("Gartenweg 3", "Gartenweg 3"), "2 born": ("Geburtsdatum 12.06.1985", "Date of birth 1985-06-12"),
    "3": ("Versicherungsnummer 65120685B012", "Insurance number 65120685B012"),
    "4": ("Beschäftigt seit 01.04.2019", "Employed since 2019-04-01"),
    "6": ("Entgeltabrechnung 03/2026", "Payslip 03/2026"), "6 days": ("SV-Tage 30 / 30", "insurance 30 / 30"),
    "7": ("Faktor 4 / 0,961", "factor 4 / 0.961"), "7 children": ("Kinderfreibeträge 0,5", "Child allowances 0.5"),
    "7 church": ("Kirchensteuer BE", "Church tax BE"), "7 id": ("01123456782", "01123456782"),
    "7 allowance": ("Freibetrag Monat / Jahr 100,00 / 1.200,00", "month / year 100.00 / 1,200.00"),
    "8": ("Beitragsgruppen 1-1-1-1", "Contribution groups 1-1-1-1"),
    "8 fund": ("Einzugsstelle Muster BKK", "Collecting office Muster BKK"),
    "9": ("Kennziffer Pflegeversicherung 2", "Care insurance: key 2"),
    "11": ("Mehrfachbeschäftigung", "Several insured employments"),
    # § 1 (2) EBV
    "kinds": ("Steuerpflichtige Zulagen: Nachtarbeit L L J 120,00", "supplements: Nachtarbeit L L Y 120.00"),
    "once": ("Einmalzahlung S E J 2.000,00", "One-off payment S E Y 2,000.00"),
    "free": ("beitragsfreie Bezüge F F N 50,00", "free of tax and contributions F F N 50.00"),
    "taxable": ("Steuerbrutto 4.520,00 2.000,00", "Taxable pay 4,520.00 2,000.00"),
    "pension": ("RV-Brutto 4.520,00", "Pension insurance 4,520.00"),
    "tax": ("Lohnsteuer laufend", "Wage tax on current"),
    "tax once": ("Lohnsteuer sonstige Bezüge", "Wage tax on other pay"),
    "total": ("Gesamtbrutto 6.520,00", "Gross pay 6,520.00"), "net": ("Gesetzliches Netto", "Net pay"),
    "payout": ("Auszahlungsbetrag", "Amount paid out"),
    "name": ("Entgeltbescheinigung nach § 108 Abs. 3 Satz 1 GewO", "Certificate of pay by § 108 (3) sentence 1 GewO"),
}  # fmt: skip


def test_every_item_of_the_regulation_stands_on_the_paper_in_both_languages() -> None:
    one = slip(
        church="BE", one_off=Decimal(2000), supplements=Decimal(120), tax_free=Decimal(50),
        child_allowances=Decimal("0.5"),
        tax_allowance=Decimal(100), tax_allowance_year=Decimal(1200), children=2, other_pay=Decimal(900), tax_days=None,
        year_days=90, year_pension_base=8800, year_health_base=8800,
    )  # fmt: skip
    who = replace(WHO, kinds={"supplements": "Nachtarbeit"})
    for place, language in enumerate(("de", "en")):
        said = texts(render(one, who, language))
        assert [name for name, words in EBV.items() if words[place] not in said] == []
        assert "bis 30.04.2026" not in said
        assert "until 2026-04-30" not in said


def test_the_end_of_the_employment_is_said_from_the_month_it_ends() -> None:
    who = replace(WHO, known=KNOWN | {"left": "2026-03-31"})
    assert "Beschäftigt bis 31.03.2026" in texts(render(slip(), who, "de"))
    assert "Employed until 2026-03-31" in texts(render(slip(), who))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"parent": False, "age": 30}, "0 (surcharge without children)"), ({"parent": False, "age": 22}, "key –"),
        ({"parent": True, "children": 0}, "key parenthood proven"), ({"parent": True, "children": 7}, "key 5"),
        ({"salary": 1150}, "transition zone (§ 20 (2) SGB IV)"), ({"salary": 500, "flat_tax": True}, "Taxed by a flat"),
    ],
)  # fmt: skip
def test_what_is_special_is_said(given: dict[str, object], said: str) -> None:
    assert said in texts(render(slip(**given), WHO))


def test_what_is_not_known_is_shown_as_not_known() -> None:
    assert "Tax identification number –" in texts(render(slip(), replace(WHO, known={})))
