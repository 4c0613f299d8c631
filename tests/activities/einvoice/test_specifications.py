"""By which rules an invoice is judged: those of the specification it names, of its own day, all of them."""

import pytest
from tests.activities.building import EN_16931, Line, cii, ubl

from anyshore.activities.einvoice import open_document, read, validate
from anyshore.activities.einvoice.rulesets import is_supported, rule_set_for
from anyshore.activities.einvoice.tasks import DocumentInput, validate_task
from anyshore.activities.memory import MemoryContext

GROUPED = (
    Line("1", "700.00", name="Earthworks", status="GROUP"),
    Line("10", "50.00", name="Digging", status="DETAIL"),
    Line("2", "100.00", name="Removal", status="DETAIL"),
)
XRECHNUNG = f"{EN_16931}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
EXTENDED = f"{EN_16931}#conformant#urn:factur-x.eu:1p0:extended"
FRENCH = f"{EN_16931}#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr"


def _fatal(content: bytes) -> list[str]:
    return [violation.rule for violation in validate(content, "in.xml").fatal]


def test_the_builders_are_valid() -> None:
    assert _fatal(ubl()) == []
    assert _fatal(ubl(kind="381")) == []
    assert _fatal(ubl(vat_id=None, tax="37/123/45678", registration="HRA 1")) == []
    assert _fatal(cii()) == []


@pytest.mark.parametrize("specification", [EXTENDED, FRENCH])
def test_lines_that_only_sum_others_up_are_not_billed(specification: str) -> None:
    content = cii(lines=GROUPED, specification=specification)
    assert _fatal(content) == []
    assert [(line.name, line.net) for line in read(content).lines] == [("Digging", 500), ("Removal", 200)]


def test_lines_of_information_are_not_billed() -> None:
    told = Line("1", "0.00", name="See the plan", status="INFORMATION")
    assert [line.name for line in read(cii(lines=(*GROUPED, told), specification=EXTENDED)).lines] == [
        "Digging",
        "Removal",
    ]


@pytest.mark.parametrize(
    ("specification", "rules"),
    [
        (FRENCH, "EXTENDED-CTC-FR, UBL invoice"),
        (EN_16931, "EN 16931, UBL invoice"),
        (f"{EN_16931}#compliant#urn:xeinkauf.de:kosit:xrechnung_2.3", "EN 16931, UBL invoice"),
    ],
)
def test_the_rules_of_ubl_are_those_of_its_profile(specification: str, rules: str) -> None:
    assert rule_set_for(open_document(ubl(specification=specification))).name == rules
    assert _fatal(ubl(specification=specification)) == []


@pytest.mark.parametrize("profile", ["minimum", "basicwl"])
def test_zugferd_2_0_is_judged_as_factur_x(profile: str) -> None:
    old, new = (cii(specification=f"urn:{name}:{profile}") for name in ("zugferd.de:2p0", "factur-x.eu:1p0"))
    assert rule_set_for(open_document(old)) == rule_set_for(open_document(new))
    assert rule_set_for(open_document(old)).name == f"Factur-X 1 {'MINIMUM' if profile == 'minimum' else 'BASIC WL'}"


@pytest.mark.parametrize(
    ("specification", "supported"),
    [
        (EN_16931, True),
        (f"{EN_16931}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0", True),
        (f"{EN_16931}#compliant#urn:xoev-de:kosit:standard:xrechnung_1.2", True),
        (f"{EN_16931}:compliant:factur-x.eu:1p0:basic", True),
        (f"{XRECHNUNG}#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0", True),
        (EXTENDED, True),
        (FRENCH, True),
        ("urn:zugferd.de:2p0:minimum", True),
        (f"{EN_16931}#conformant#urn:zugferd.de:2p0:extended", True),
        ("urn:peppol:pint:billing-1@aunz-1", False),
        ("urn:peppol:pint:billing-1@jp-1", False),
        ("urn:www.cenbii.eu:transaction:biitrns010:ver2.0", False),
        (f"{EN_16931}#conformant#urn:example.org:own:1.0", False),
        ("urn:cen.eu:en16931:2017x", False),
    ],
)  # fmt: skip
def test_which_specifications_are_supported(specification: str, supported: bool) -> None:
    assert is_supported(open_document(ubl(specification=specification))) == supported


def test_what_follows_another_specification_is_not_judged() -> None:
    content = ubl(specification="urn:peppol:pint:billing-1@aunz-1", scheme="GST", currency="AUD")
    assert _fatal(content) != []  # by rules it never promised to follow
    outcome = validate_task(DocumentInput("a"), MemoryContext(documents={"a": content}))
    assert (outcome.supported, outcome.valid, outcome.fatal_rules, outcome.violations) == (False, False, (), ())


@pytest.mark.parametrize(
    ("code", "issued", "fatal"),
    [
        ("BGN", "2025-12-31", []),
        ("BGN", "2026-01-01", ["BR-CL-03", "BR-CL-04"]),
        ("HRK", "2022-06-30", []),
        ("HRK", "2023-01-02", ["BR-CL-03", "BR-CL-04"]),
        ("ZZZ", "2022-06-30", ["BR-CL-03", "BR-CL-04"]),
    ],
)
def test_a_currency_is_judged_by_the_day_of_the_invoice(code: str, issued: str, fatal: list[str]) -> None:
    assert sorted(set(_fatal(ubl(currency=code, issued=issued)))) == fatal


_OBJECT = (
    "<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>9</ram:IssuerAssignedID><ram:TypeCode>130</ram:TypeCode>"
    "<ram:ReferenceTypeCode>{}</ram:ReferenceTypeCode></ram:AdditionalReferencedDocument>"
)
_ATTACHED = (
    "<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>1</ram:IssuerAssignedID><ram:TypeCode>916</ram:TypeCode>"
    '<ram:AttachmentBinaryObject mimeCode="{}" filename="a">PGEvPg==</ram:AttachmentBinaryObject>'
    "</ram:AdditionalReferencedDocument>"
)
_CHARGE = (
    "<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>true</udt:Indicator></ram:ChargeIndicator>"
    "<ram:ActualAmount>0.00</ram:ActualAmount><ram:ReasonCode>{}</ram:ReasonCode><ram:CategoryTradeTax>"
    "<ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode>"
    "<ram:RateApplicablePercent>19</ram:RateApplicablePercent></ram:CategoryTradeTax></ram:SpecifiedTradeAllowanceCharge>"
)
_SCHEME = '<ram:GlobalID schemeID="{}">4000001123452</ram:GlobalID>'


@pytest.mark.parametrize(
    ("good", "bad", "rule"),
    [
        (cii(reference=_OBJECT.format("AAA")), cii(reference=_OBJECT.format("QQQ")), "BR-CL-07"),
        (cii(identifier=_SCHEME.format("0088")), cii(identifier=_SCHEME.format("SE")), "BR-CL-10"),
        (cii(reason=_CHARGE.format("FC")), cii(reason=_CHARGE.format("VAT")), "BR-CL-20"),
        (cii(reference=_ATTACHED.format("application/pdf")), cii(reference=_ATTACHED.format("text/xml")), "BR-CL-24"),
        (cii(account=None, means="1"), cii(account=None, means="58"), "CII-SR-470"),
        (cii(), cii(account=None, means="30"), "CII-SR-470"),
        (cii(reference=_OBJECT.format("AAA")), cii(reference=_OBJECT.format("AAA") * 2), "CII-SR-458"),
    ],
)
def test_rules_that_other_editions_lack(good: bytes, bad: bytes, rule: str) -> None:
    assert rule not in {one.rule for one in validate(good, "in.xml").violations}
    found = next(one for one in validate(bad, "in.xml").violations if one.rule == rule)
    assert found.flag == ("warning" if rule == "CII-SR-458" else "fatal")
    assert found.text.startswith(f"[{rule}]")
    assert found.location.line == 1
    assert found.location.element


def test_xml_may_be_attached_under_the_german_extension() -> None:
    standard = f"{EN_16931}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
    extension = f"{standard}#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0"
    attached = _ATTACHED.format("application/xml")
    assert "BR-CL-24" in _fatal(cii(reference=attached, specification=standard))
    assert "BR-CL-24" not in _fatal(cii(reference=attached, specification=extension))


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("380", "invoice"), ("326", "invoice"), ("389", "invoice"), ("384", "corrected invoice"),
        ("471", "corrected invoice"), ("386", "down payment"), ("500", "down payment"), ("381", "credit note"),
        ("502", "credit note"), ("503", "credit note"), ("325", "no invoice"), ("211", "no invoice"),
        ("71", "no invoice"),
        ("935", "no invoice"),
    ],
)  # fmt: skip
def test_what_a_document_is(code: str, kind: str) -> None:
    assert read(cii(kind=code)).kind == kind


@pytest.mark.parametrize(
    ("told", "number"),
    [("Godkänd för F-skatt", "Godkänd för F-skatt"), ("37/123/45678", "37/123/45678")],
)
def test_the_tax_number_is_read_as_written(told: str, number: str) -> None:
    assert read(ubl(vat_id=None, tax=told, registration="1")).seller.tax_registration == number


def test_a_remark_beside_the_tax_number_is_passed_over() -> None:
    remark = (
        "</cbc:CompanyID><cac:TaxScheme><cbc:ID>TAX</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme><cac:PartyTaxScheme>"
    )
    content = ubl(vat_id=None, tax=f"Foretaksregisteret{remark}<cbc:CompanyID>914782007", registration="1")
    assert read(content).seller.tax_registration == "914782007"
