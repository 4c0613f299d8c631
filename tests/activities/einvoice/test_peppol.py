"""The general rules of Peppol BIS Billing 3, each by an invoice that keeps it and one that breaks it alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from anyshore.activities.einvoice import identifiers, open_document, peppol, validate
from anyshore.activities.einvoice.rulesets import PEPPOL_RULES, peppol_rules, rule_set_for
from anyshore.base.errors import InternalError

BIS = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
CHANGES = (
    ("urn:cen.eu:en16931:2017<", f"{BIS}<"),
    ("<cbc:ID>R", "<cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID><cbc:ID>R"),
)
ALLOWANCE = (
    "<cac:AllowanceCharge><cbc:ChargeIndicator>{}</cbc:ChargeIndicator><cbc:AllowanceChargeReasonCode>{}"
    "</cbc:AllowanceChargeReasonCode>{}<cbc:Amount currencyID='EUR'>{}</cbc:Amount>{}</cac:AllowanceCharge>"
    "<cac:TaxTotal>"
)
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
NOTE = "<cbc:Note>Told</cbc:Note>"
REFERENCE = "<cac:DocumentReference><cbc:ID>1</cbc:ID></cac:DocumentReference>"
PERCENT = "<cbc:MultiplierFactorNumeric>10</cbc:MultiplierFactorNumeric>"
BASE = "<cbc:BaseAmount currencyID='EUR'>50</cbc:BaseAmount>"


@pytest.fixture(scope="module")
def invoice(samples: Path) -> str:
    text = (samples / "01-matching-ubl.xml").read_text(encoding="utf-8")
    for old, new in CHANGES:
        text = text.replace(old, new, 1)
    return text


def broken(text: str) -> set[str]:
    return {one.rule.removeprefix("PEPPOL-") for one in peppol.violations(open_document(text.encode(), "in.xml"))}


def test_an_invoice_of_peppol_is_judged_by_its_rules(invoice: str) -> None:
    document = open_document(invoice.encode())
    assert rule_set_for(document).name == "Peppol BIS Billing 3, general rules, UBL invoice"
    result = validate(document)
    found = {one.rule for one in result.fatal if one.rule.startswith("PEPPOL-")}
    assert found == {f"PEPPOL-{rule}" for rule in broken(invoice)}


def allowance(indicator: str, code: str, percent: str = "", amount: str = "5", base: str = "") -> Callable[[str], str]:
    return lambda text: text.replace("<cac:TaxTotal>", ALLOWANCE.format(indicator, code, percent, amount, base), 1)


def swap(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text, old
        return text.replace(old, new)

    return change


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (swap("billing:01:1.0", "billing:1"), "EN16931-R007"),
        (swap("<cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>", ""), "EN16931-R001"),
        (swap("<cbc:DocumentCurrencyCode>", f"{NOTE}{NOTE}<cbc:DocumentCurrencyCode>"), None),
        (swap(BIS, "urn:cen.eu:en16931:2017"), "EN16931-R004"),
        (swap("<cbc:DocumentCurrencyCode>", "<cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode><cbc:DocumentCurrencyCode>"),
         "EN16931-R005"),
        (swap("<cbc:DueDate>", "<cbc:DueDate> "), "EN16931-F001"),
        (swap('currencyID="EUR"', 'currencyID="EUX"'), "EN16931-CL007"),
        (swap("<cbc:InvoiceTypeCode>380", "<cbc:InvoiceTypeCode>325"), "EN16931-P0100"),
        (allowance("false", "95"), None),
        (allowance("false", "ZZ"), "EN16931-CL002"),
        (allowance("true", "FC"), None),
        (allowance("true", "95"), "EN16931-CL003"),
        (allowance("false", "95", PERCENT, "5", BASE), None),
        (allowance("false", "95", PERCENT, "5.03", BASE), "EN16931-R040"),
        (allowance("false", "95", PERCENT), "EN16931-R041"),
        (allowance("false", "95", base=BASE), "EN16931-R042"),
        (allowance("1", "95"), "EN16931-R043"),
        (lambda text: re.sub("(<cbc:PaymentMeansCode>)[0-9]+", r"\g<1>59", text), "EN16931-R061"),
        (swap("</cbc:PriceAmount>", "</cbc:PriceAmount><cbc:BaseQuantity>-1</cbc:BaseQuantity>"), "EN16931-R121"),
        (swap("<cac:Item>", f"{REFERENCE}<cac:Item>"), "EN16931-R101"),
        (swap("<cac:Item>", "<cbc:Note></cbc:Note><cac:Item>"), "EN16931-R008"),
    ],
)  # fmt: skip
def test_each_general_rule_bites(invoice: str, change: Callable[[str], str], rule: str | None) -> None:
    before, after = broken(invoice), broken(change(invoice))
    assert (rule in after - before) if rule else after <= before


def test_a_finding_names_rule_place_and_demand(invoice: str) -> None:
    document = open_document(invoice.replace("billing:01:1.0", "billing:1").encode(), "in.xml")
    found = next(one for one in peppol.violations(document) if one.rule == "PEPPOL-EN16931-R007")
    assert (found.flag, found.location.file, found.location.element) == ("fatal", "in.xml", "Invoice")
    assert found.text.startswith("[PEPPOL-EN16931-R007]-The business process")


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (identifiers.gln, "4000001123452", "4000001123453"),
        (identifiers.norwegian, "974760673", "974760674"),
        (identifiers.danish, "DK12345678", "DK1234567"),
        (identifiers.belgian, "0403019261", "0403019262"),
        (identifiers.ipa_code, "UFABC1", "UFABC"),
        (identifiers.codice_fiscale, "RSSMRA85T10A562S", "RSSMRA85T10A562"),
        (identifiers.partita_iva, "IT00743110157", "IT00743110158"),
        (identifiers.swedish, "5560360793", "5560360794"),
        (identifiers.australian, "51824753556", "51824753557"),
    ],
)
def test_identifiers_are_held_to_their_check_digits(check: Callable[[str], bool], good: str, bad: str) -> None:
    assert check(good)
    assert not any(check(one) for one in (bad, bad[:2], good.translate(_ARABIC), good + "0"))


def test_a_vat_number_of_another_country_is_no_partita_iva() -> None:
    assert identifiers.partita_iva("DE136695976")


def test_the_official_rules_of_a_folder_take_part(
    invoice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PEPPOL_RULES, str(tmp_path))
    with pytest.raises(InternalError) as caught:
        peppol_rules()
    assert str(tmp_path) in str(caught.value)
    (tmp_path / "national.xsl").write_text(
        '<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" '
        'xmlns:svrl="http://purl.oclc.org/dsdl/svrl"><xsl:template match="/"><svrl:schematron-output>'
        '<svrl:failed-assert id="DK-R-099" flag="fatal" location="/*[1]"><svrl:text>Told.</svrl:text>'
        "</svrl:failed-assert></svrl:schematron-output></xsl:template></xsl:stylesheet>"
    )
    assert "DK-R-099" in {one.rule for one in validate(invoice.encode()).fatal}
