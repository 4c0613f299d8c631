import threading
from pathlib import Path

import pytest

from anyshore.activities.einvoice import check_rules, open_document, read, validate
from anyshore.activities.einvoice.rulesets import RULE_SETS, rule_set_for, rules_folder
from anyshore.base.errors import DataError

VALID = [
    "01-matching-ubl.xml",
    "02-matching-cii.xml",
    "03-over-tolerance-ubl.xml",
    "04-no-order-ubl.xml",
    "05-unknown-seller-cii.xml",
    "09-duplicate-of-01-ubl.xml",
    "10-near-duplicate-of-02-cii.xml",
    "11-credit-note-ubl.xml",
    "12-two-rates-cii.xml",
    "13-reverse-charge-cii.xml",
    "14-changed-account-ubl.xml",
    "15-factur-x.pdf",
]


@pytest.mark.parametrize("name", VALID)
def test_valid_samples_are_free_of_violations(samples: Path, name: str) -> None:
    result = validate(samples / name)
    assert result.violations == ()
    assert result.rules_applied


def test_broken_rule_is_found_with_its_place(samples: Path) -> None:
    content = (samples / "01-matching-ubl.xml").read_bytes().replace(b'"H87"', b'"PIECE"')
    result = validate(content, "in.xml")
    assert not result.valid
    (violation,) = result.violations
    assert (violation.rule, violation.flag) == ("BR-CL-23", "fatal")
    assert "Recommendation 20" in violation.text
    assert violation.test
    assert violation.xpath.startswith("/Q{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice")
    assert violation.location.element == "InvoicedQuantity"
    assert violation.location.line is not None
    assert violation.location.column is not None
    line = content.decode().splitlines()[violation.location.line - 1]
    assert line[violation.location.column - 1 :].startswith('<cbc:InvoicedQuantity unitCode="PIECE">')


def test_wrong_total_breaks_the_rule_of_totals_alone(samples: Path) -> None:
    result = validate(samples / "06-wrong-total-ubl.xml")
    assert [(v.rule, v.flag) for v in result.violations] == [("BR-CO-15", "fatal")]


def test_schema_violation_is_located_and_comes_first(samples: Path) -> None:
    result = validate(samples / "07-schema-broken-ubl.xml")
    assert result.violations[0].rule == "XSD"
    place = result.violations[0].location
    assert (place.element, place.line, place.column) == ("IssueDate", 7, 3)
    assert "13.03.2026" in result.violations[0].text


def test_rules_are_applied_to_what_the_schema_refuses(samples: Path) -> None:
    content = (samples / "06-wrong-total-ubl.xml").read_bytes().replace(b"<cbc:DueDate>", b"<cbc:DueDay>")
    content = content.replace(b"</cbc:DueDate>", b"</cbc:DueDay>")
    result = validate(content, "both.xml")
    assert result.rules_applied
    assert {"XSD", "BR-CO-15"} <= {v.rule for v in result.violations}


def test_element_in_the_default_namespace_is_located_by_the_schema(samples: Path) -> None:
    text = (samples / "01-matching-ubl.xml").read_bytes()
    result = validate(text.replace(b"<cac:TaxTotal>", b"<Wrong/>\n<cac:TaxTotal>"), "in.xml")
    place = result.violations[0].location
    assert place.element == "Wrong"
    assert text.splitlines()[(place.line or 0) - 1].strip() == b"<cac:TaxTotal>"


@pytest.mark.parametrize(
    ("old", "new", "rule", "name"),
    [
        (b"<cbc:ID>S</cbc:ID><cbc:Percent>19", b"<cbc:ID>S</cbc:ID><cbc:Percent>0", "BR-S-05", "01-matching-ubl.xml"),
        (b'unitCode="XBX"', b'unitCode="BX"', "BR-CL-23", "01-matching-ubl.xml"),
        (b">EUR</ram:InvoiceCurrencyCode>", b">XXY</ram:InvoiceCurrencyCode>", "BR-CL-04", "02-matching-cii.xml"),
        (b"<ram:GrandTotalAmount>6011.29", b"<ram:GrandTotalAmount>6011.30", "BR-CO-15", "02-matching-cii.xml"),
        (b'unitCode="HUR"', b'unitCode="HOUR"', "BR-CL-23", "02-matching-cii.xml"),
        (b"<cbc:CreditNoteTypeCode>381", b"<cbc:CreditNoteTypeCode>380", "BR-CL-01", "11-credit-note-ubl.xml"),
        (b"<cbc:ID>VAT</cbc:ID>", b"<cbc:ID>GST</cbc:ID>", "BR-CO-17", "01-matching-ubl.xml"),
    ],
)
def test_each_kind_of_rule_bites(samples: Path, old: bytes, new: bytes, rule: str, name: str) -> None:
    text = (samples / name).read_bytes()
    assert old in text
    document = open_document(text.replace(old, new))
    assert rule in {v.rule for v in check_rules(document)}


def _with_specification(samples: Path, value: str) -> bytes:
    text = (samples / "02-matching-cii.xml").read_bytes()
    return text.replace(b">urn:cen.eu:en16931:2017<", f">{value}<".encode())


@pytest.mark.parametrize(
    ("specification", "rules"),
    [
        ("urn:cen.eu:en16931:2017", "EN 16931, CII"),
        ("urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0", "XRechnung 3.0.2, CII"),
        ("urn:cen.eu:en16931:2017#compliant#urn:xoev-de:kosit:standard:xrechnung_2.3", "EN 16931, CII"),
        ("urn:factur-x.eu:1p0:minimum", "Factur-X 1 MINIMUM"),
        ("urn:factur-x.eu:1p0:basicwl", "Factur-X 1 BASIC WL"),
        ("urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic", "Factur-X 1 BASIC"),
        ("urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended", "Factur-X 1 EXTENDED"),
    ],
)
def test_profile_chooses_the_rules(samples: Path, specification: str, rules: str) -> None:
    document = open_document(_with_specification(samples, specification))
    assert rule_set_for(document).name == rules


def test_factur_x_in_a_pdf_is_held_to_its_own_profile(samples: Path) -> None:
    assert validate(samples / "15-factur-x.pdf").rules == "Factur-X 1 EN 16931"


def test_extended_profile_accepts_what_en_16931_accepts(samples: Path) -> None:
    content = _with_specification(samples, "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended")
    assert validate(content).fatal == ()


@pytest.mark.parametrize("name", sorted(RULE_SETS))
def test_every_file_of_the_table_is_installed(name: str) -> None:
    rules = RULE_SETS[name]
    for path in (rules_folder() / rules.schema, *rules.schematron()):
        assert path.is_file(), path


def test_rules_that_cannot_be_evaluated_are_a_typed_error(samples: Path) -> None:
    content = (samples / "02-matching-cii.xml").read_bytes().replace(b">145.00<", b">many<")
    assert validate(content).violations[0].rule == "XSD"
    with pytest.raises(DataError) as caught:
        check_rules(open_document(content, "in.xml"))
    assert caught.value.code == "einvoice.rules-failed"
    assert caught.value.location.file == "in.xml"


def test_rules_are_not_tried_on_numbers_that_are_none(samples: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The rule engine would write a page to standard error, from outside Python."""
    content = (samples / "02-matching-cii.xml").read_bytes().replace(b">145.00<", b">1e2<")
    result = validate(content)
    assert ({v.rule for v in result.violations}, result.rules_applied) == ({"XSD"}, False)
    assert capfd.readouterr().err == ""


XRECHNUNG = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
EXTENSION = f"{XRECHNUNG}#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0"
CVD = f"{XRECHNUNG}#compliant#urn:xeinkauf.de:kosit:xrechnung:cvd_1.0"


def _ubl(samples: Path, specification: str, *changes: tuple[str, str]) -> bytes:
    text = (samples / "01-matching-ubl.xml").read_text(encoding="utf-8")
    for old, new in (("urn:cen.eu:en16931:2017<", f"{specification}<"), *changes):
        assert old in text
        text = text.replace(old, new)
    return text.encode()


@pytest.mark.parametrize(
    ("change", "rule", "accepted"),
    [
        (('schemeID="', 'schemeID="XR'), "BR-CL-25", {EXTENSION: "information"}),
        (('unitCode="', 'unitCode="QQ'), "BR-CL-23", dict.fromkeys((XRECHNUNG, EXTENSION, CVD), "warning")),
    ],
)
def test_xrechnung_takes_some_code_lists_as_advice(
    samples: Path, change: tuple[str, str], rule: str, accepted: dict[str, str]
) -> None:
    for specification in ("urn:cen.eu:en16931:2017", XRECHNUNG, EXTENSION, CVD):
        found = validate(_ubl(samples, specification, change))
        flags = {v.flag for v in found.violations if v.rule == rule}
        assert flags == {accepted.get(specification, "fatal")}, specification


def third_parties(collected: str) -> tuple[str, str]:
    payment = f'<cac:PrepaidPayment><cbc:ID>1</cbc:ID><cbc:PaidAmount currencyID="EUR">{collected}</cbc:PaidAmount>'
    return "<cac:TaxTotal>", f"{payment}</cac:PrepaidPayment><cac:TaxTotal>"


def test_an_extension_invoice_may_collect_for_third_parties(samples: Path) -> None:
    """BR-DEX-09 stands in for BR-CO-16: what is collected has to explain what is due."""

    def broken(content: bytes) -> list[str]:
        return [v.rule for v in validate(content).fatal if v.rule in ("BR-CO-16", "BR-DEX-09")]

    invoice = read(_ubl(samples, EXTENSION))
    due = (f">{invoice.totals.due}</cbc:PayableAmount>", f">{invoice.totals.due + 10}</cbc:PayableAmount>")
    explained, not_explained = (_ubl(samples, EXTENSION, due, third_parties(x)) for x in ("10.00", "9.99"))
    assert broken(explained) == []
    assert broken(not_explained) == ["BR-DEX-09"]
    assert broken(_ubl(samples, XRECHNUNG, due, third_parties("10.00"))) == ["BR-CO-16"]


def test_threads_share_one_processor(samples: Path) -> None:
    document = open_document(samples / "06-wrong-total-ubl.xml")
    found: list[list[str]] = []

    def check() -> None:
        found.extend([v.rule for v in check_rules(document)] for _ in range(5))

    threads = [threading.Thread(target=check) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [["BR-CO-15"]] * 20
