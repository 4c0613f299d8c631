"""The general rules of Peppol BIS Billing 3 for UBL, which come with no package: written here from their meaning.

Source: Peppol BIS Billing 3.0 (docs.peppol.eu/poacc/billing/3.0, business rules of release 3.0.19). A rule looks at the
elements of an XPath and says which of them break it; what is no number or date is left to the schema. The national
rules of Peppol are not here: an operator names a folder of the official ones (``rulesets.peppol_rules``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from anyshore.activities.einvoice import identifiers
from anyshore.activities.einvoice.documents import InvoiceDocument
from anyshore.activities.einvoice.identifiers import listed
from anyshore.activities.einvoice.peppol_checks import (
    Element,
    Finder,
    date_of,
    each_unless,
    elements,
    german,
    has,
    line_amount_fits,
    net_price_fits,
    not_listed,
    number_of,
    one_total_per_tax_currency,
    percentage_fits,
    process,
    root_unless,
    same_sign,
    same_unit,
    text_at,
    text_of,
    within_invoice,
    wrongly_exempted,
    wrongly_identified,
    wrongly_typed,
)
from anyshore.activities.einvoice.schematron import Flag
from anyshore.activities.einvoice.ubl import NAMESPACES
from anyshore.activities.einvoice.violations import Violation

_BILLING = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"

_MIME = frozenset(
    {
        "application/pdf", "image/png", "image/jpeg", "text/csv",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.oasis.opendocument.spreadsheet",
    }
)  # fmt: skip
_PERIODS = frozenset({"3", "35", "432"})
_ALLOWANCES = listed("41 42 60 62 63 64 65 66 67 68 70 71 88 95 100 102 103 104 105")
_INVOICES = listed(
    "71 80 82 84 102 218 219 326 331 380 382 383 384 386 388 393 395 553 575 623 780 817 870 875 876 877"
)
_CREDIT_NOTES = listed("81 83 381 396 532")
_GERMAN_ONLY = frozenset({"326", "384"})
_EXEMPTIONS = {
    "VATEX-EU-G": ("P0104", "G"), "VATEX-EU-O": ("P0105", "O"), "VATEX-EU-IC": ("P0106", "K"),
    "VATEX-EU-AE": ("P0107", "AE"), "VATEX-EU-D": ("P0108", "E"), "VATEX-EU-F": ("P0109", "E"),
    "VATEX-EU-I": ("P0110", "E"), "VATEX-EU-J": ("P0111", "E"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule.

    Attributes:
        rule: identifier.
        text: what it demands.
        broken: the elements of a document that break it.
        flag: how bad that is.
    """

    rule: str
    text: str
    broken: Finder
    flag: Flag = "fatal"


def violations(document: InvoiceDocument) -> Iterator[Violation]:
    """What breaks the general rules in a UBL document."""
    root = document.xml.root
    for rule in RULES:
        for element in rule.broken(root):
            location = document.xml.locate(element, etree.QName(element).localname)
            xpath = root.getroottree().getpath(element)
            yield Violation(rule.rule, rule.flag, "", f"[{rule.rule}]-{rule.text}", xpath, location)


_CHARGES = "cac:AllowanceCharge | cac:InvoiceLine/cac:AllowanceCharge | cac:CreditNoteLine/cac:AllowanceCharge"
_LINES = "cac:InvoiceLine | cac:CreditNoteLine"
_LINE_PERIODS = "cac:InvoiceLine/cac:InvoicePeriod/cbc:{0} | cac:CreditNoteLine/cac:InvoicePeriod/cbc:{0}"
_DATES = "//cbc:" + " | //cbc:".join(
    ("IssueDate", "DueDate", "TaxPointDate", "StartDate", "EndDate", "ActualDeliveryDate")
)
_AMOUNTS = "//cbc:" + " | //cbc:".join(
    (
        "Amount", "BaseAmount", "PriceAmount", "TaxAmount", "TaxableAmount", "LineExtensionAmount",
        "TaxExclusiveAmount", "TaxInclusiveAmount", "AllowanceTotalAmount", "ChargeTotalAmount", "PrepaidAmount",
        "PayableRoundingAmount", "PayableAmount",
    )
)  # fmt: skip
_IN_DOCUMENT_CURRENCY = _AMOUNTS.replace("//cbc:TaxAmount |", "//cac:TaxTotal[cac:TaxSubtotal]/cbc:TaxAmount |")


def _other_currency(root: Element) -> list[Element]:
    code = root.findtext("cbc:DocumentCurrencyCode", None, NAMESPACES)
    return [one for one in elements(root, _IN_DOCUMENT_CURRENCY) if one.get("currencyID") != code]


_BIS = "PEPPOL-EN16931-"
RULES = (
    _Rule(f"{_BIS}R001", "A business process is given (BT-23).", root_unless(lambda r: has(r, "cbc:ProfileID"))),
    _Rule(
        f"{_BIS}R002",
        "There is one note at most, unless seller and buyer are German organisations.",
        root_unless(lambda r: len(elements(r, "cbc:Note")) <= 1 or german(r)),
    ),
    _Rule(
        f"{_BIS}R003",
        "A buyer reference or a purchase order reference is given.",
        root_unless(lambda r: has(r, "cbc:BuyerReference") or has(r, "cac:OrderReference/cbc:ID")),
    ),
    _Rule(
        f"{_BIS}R004",
        f"The specification identifier is {_BILLING}.",
        root_unless(lambda r: text_at(r, "cbc:CustomizationID").startswith(_BILLING)),
    ),
    _Rule(
        f"{_BIS}R005",
        "The currency of VAT accounting is another one than that of the invoice.",
        root_unless(
            lambda r: (
                not has(r, "cbc:TaxCurrencyCode")
                or text_at(r, "cbc:TaxCurrencyCode") != text_at(r, "cbc:DocumentCurrencyCode")
            )
        ),
    ),
    _Rule(
        f"{_BIS}R007",
        "The business process is written urn:fdc:peppol.eu:2017:poacc:billing:NN:1.0.",
        root_unless(lambda r: process(r) is not None),
    ),
    _Rule(
        f"{_BIS}R008",
        "There are no empty elements.",
        lambda root: elements(root, "//*[not(*) and not(normalize-space())]"),
    ),
    _Rule(
        f"{_BIS}R010",
        "The buyer has an electronic address.",
        each_unless("//cac:AccountingCustomerParty/cac:Party", lambda e: has(e, "cbc:EndpointID")),
    ),
    _Rule(
        f"{_BIS}R020",
        "The seller has an electronic address.",
        each_unless("//cac:AccountingSupplierParty/cac:Party", lambda e: has(e, "cbc:EndpointID")),
    ),
    _Rule(
        f"{_BIS}R040",
        "An amount by percentage is base amount × percentage / 100.",
        each_unless(_CHARGES, percentage_fits),
    ),
    _Rule(
        f"{_BIS}R041",
        "A percentage has its base amount.",
        each_unless(_CHARGES, lambda e: not has(e, "cbc:MultiplierFactorNumeric") or has(e, "cbc:BaseAmount")),
    ),
    _Rule(
        f"{_BIS}R042",
        "A base amount has its percentage.",
        each_unless(_CHARGES, lambda e: not has(e, "cbc:BaseAmount") or has(e, "cbc:MultiplierFactorNumeric")),
    ),
    _Rule(
        f"{_BIS}R043",
        "The charge indicator is true or false.",
        each_unless(_CHARGES, lambda e: text_at(e, "cbc:ChargeIndicator") in ("true", "false")),
    ),
    _Rule(
        f"{_BIS}R044",
        "A price has no charges, allowances only.",
        each_unless("//cac:Price/cac:AllowanceCharge", lambda e: text_at(e, "cbc:ChargeIndicator") == "false"),
    ),
    _Rule(
        f"{_BIS}R046",
        "The net price is the gross price less its allowance.",
        each_unless("//cac:Price/cac:AllowanceCharge", net_price_fits),
    ),
    _Rule(f"{_BIS}R051", "Every amount but VAT in its accounting currency is in that of the invoice.", _other_currency),
    _Rule(
        f"{_BIS}R053",
        "There is one tax total with subtotals.",
        root_unless(lambda r: len(elements(r, "cac:TaxTotal[cac:TaxSubtotal]")) == 1),
    ),
    _Rule(
        f"{_BIS}R054",
        "There is one tax total without subtotals where an accounting currency is given, else none.",
        root_unless(one_total_per_tax_currency),
    ),
    _Rule(
        f"{_BIS}R055",
        "The VAT totals of both currencies have the same sign.",
        root_unless(same_sign),
    ),
    _Rule(
        f"{_BIS}R061",
        "A direct debit names its mandate.",
        each_unless(
            "//cac:PaymentMeans",
            lambda e: text_at(e, "cbc:PaymentMeansCode") not in ("49", "59") or has(e, "cac:PaymentMandate/cbc:ID"),
        ),
    ),
    _Rule(
        f"{_BIS}R080",
        "A credit note has one project reference at most.",
        root_unless(
            lambda r: (
                etree.QName(r).localname != "CreditNote"
                or len(elements(r, "cac:AdditionalDocumentReference[cbc:DocumentTypeCode='50']")) <= 1
            )
        ),
    ),
    _Rule(
        f"{_BIS}R100",
        "A line has one invoiced object at most.",
        each_unless(_LINES, lambda e: len(elements(e, "cac:DocumentReference")) <= 1),
    ),
    _Rule(
        f"{_BIS}R101",
        "A document reference of a line is its invoiced object (type 130).",
        each_unless(
            _LINES,
            lambda e: (
                not has(e, "cac:DocumentReference")
                or bool(elements(e, "cac:DocumentReference[cbc:DocumentTypeCode='130']"))
            ),
        ),
    ),
    _Rule(
        f"{_BIS}R110",
        "The period of a line begins within that of the invoice.",
        each_unless(_LINE_PERIODS.format("StartDate"), lambda e: within_invoice(e, "StartDate", later=True)),
    ),
    _Rule(
        f"{_BIS}R111",
        "The period of a line ends within that of the invoice.",
        each_unless(_LINE_PERIODS.format("EndDate"), lambda e: within_invoice(e, "EndDate", later=False)),
    ),
    _Rule(
        f"{_BIS}R120",
        "The net amount of a line is quantity × price / base quantity + charges - allowances.",
        each_unless(_LINES, line_amount_fits),
    ),
    _Rule(
        f"{_BIS}R121",
        "A base quantity is more than nothing.",
        each_unless("//cac:Price/cbc:BaseQuantity", lambda e: (value := number_of(e)) is None or value > 0),
    ),
    _Rule(
        f"{_BIS}R130",
        "The unit of the base quantity is that of the quantity.",
        each_unless("//cac:Price/cbc:BaseQuantity[@unitCode]", same_unit),
    ),
    _Rule(
        f"{_BIS}P0100", "The invoice type code is one of process 01.", wrongly_typed("cbc:InvoiceTypeCode", _INVOICES)
    ),
    _Rule(
        f"{_BIS}P0101",
        "The credit note type code is one of process 01.",
        wrongly_typed("cbc:CreditNoteTypeCode", _CREDIT_NOTES),
    ),
    *(
        _Rule(
            f"{_BIS}{name}",
            f"The exemption {code} belongs to the VAT category {category}.",
            wrongly_exempted(code, category),
        )
        for code, (name, category) in _EXEMPTIONS.items()
    ),
    _Rule(
        f"{_BIS}P0112",
        "The types 326 and 384 are for German sellers and buyers only.",
        lambda root: (
            [] if german(root) else [e for e in elements(root, "cbc:InvoiceTypeCode") if text_of(e) in _GERMAN_ONLY]
        ),
    ),
    _Rule(
        f"{_BIS}F001",
        "A date is written YYYY-MM-DD.",
        each_unless(
            _DATES,
            lambda e: (
                re.fullmatch(r"\d{4}-\d{2}-\d{2}", e.text or "") is not None and date_of(e.text or "") is not None
            ),
        ),
    ),
    _Rule(
        f"{_BIS}CL001",
        "The kind of an attached file is one of the list.",
        not_listed("//cbc:EmbeddedDocumentBinaryObject[@mimeCode]", lambda: _MIME, "mimeCode"),
    ),
    _Rule(
        f"{_BIS}CL002",
        "The reason of an allowance is of UNCL 5189.",
        not_listed(
            "//cac:AllowanceCharge[cbc:ChargeIndicator='false']/cbc:AllowanceChargeReasonCode", lambda: _ALLOWANCES
        ),
    ),
    _Rule(
        f"{_BIS}CL003",
        "The reason of a charge is of UNCL 7161.",
        not_listed(
            "//cac:AllowanceCharge[cbc:ChargeIndicator='true']/cbc:AllowanceChargeReasonCode",
            lambda: identifiers.codes("BR-CL-20"),
        ),
    ),
    _Rule(
        f"{_BIS}CL006",
        "The description code of a period is of UNCL 2005.",
        not_listed("//cac:InvoicePeriod/cbc:DescriptionCode", lambda: _PERIODS),
    ),
    _Rule(
        f"{_BIS}CL007",
        "Currency codes are of ISO 4217.",
        not_listed(_AMOUNTS, lambda: identifiers.codes("BR-CL-03"), "currencyID"),
    ),
    _Rule(
        f"{_BIS}CL008",
        "The scheme of an electronic address is of the code list EAS.",
        not_listed("//cbc:EndpointID[@schemeID]", lambda: identifiers.PEPPOL_ADDRESSES, "schemeID"),
    ),
    _Rule("PEPPOL-COMMON-R040", "A GLN has its GS1 check digit.", wrongly_identified("0088", identifiers.gln)),
    _Rule(
        "PEPPOL-COMMON-R041",
        "A Norwegian organisation number has its check digit.",
        wrongly_identified("0192", identifiers.norwegian),
    ),
    _Rule(
        "PEPPOL-COMMON-R042",
        "A Danish organisation number has eight digits.",
        wrongly_identified("0184", identifiers.danish),
    ),
    _Rule(
        "PEPPOL-COMMON-R043",
        "A Belgian enterprise number has its check digits.",
        wrongly_identified("0208", identifiers.belgian),
    ),
    _Rule(
        "PEPPOL-COMMON-R044",
        "An IPA code is six letters or digits.",
        wrongly_identified("0201", identifiers.ipa_code),
        "warning",
    ),
    _Rule(
        "PEPPOL-COMMON-R045",
        "A Codice Fiscale has its form.",
        wrongly_identified("0210", identifiers.codice_fiscale),
        "warning",
    ),
    _Rule(
        "PEPPOL-COMMON-R046",
        "A Codice Fiscale has its form.",
        wrongly_identified("9907", identifiers.codice_fiscale, addresses_only=True),
        "warning",
    ),
    _Rule(
        "PEPPOL-COMMON-R047",
        "A Partita IVA has its check digit.",
        wrongly_identified("0211", identifiers.partita_iva),
        "warning",
    ),
    _Rule(
        "PEPPOL-COMMON-R049",
        "A Swedish organisation number has its check digit.",
        wrongly_identified("0007", identifiers.swedish),
    ),
    _Rule(
        "PEPPOL-COMMON-R050",
        "An Australian Business Number has its check digits.",
        wrongly_identified("0151", identifiers.australian),
    ),
)
