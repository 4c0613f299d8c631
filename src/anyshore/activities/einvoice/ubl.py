"""Reads UBL 2.1 ``Invoice`` and ``CreditNote`` by the syntax binding of EN 16931 (CEN/TS 16931-3-2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lxml import etree

from anyshore.activities.common import money
from anyshore.activities.einvoice.model import (
    Address,
    AllowanceCharge,
    Identifier,
    Invoice,
    InvoiceLine,
    Party,
    PaymentMeans,
    PrecedingInvoice,
    Syntax,
    Totals,
    VatBreakdown,
)
from anyshore.activities.einvoice.texts import Texts, number_first

NAMESPACES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}


@dataclass(frozen=True, slots=True)
class _Names:
    """Where the two documents call the same thing by another name."""

    type_code: str
    line: str
    quantity: str
    due_date: str


_NAMES: dict[Syntax, _Names] = {
    "UBL Invoice": _Names("cbc:InvoiceTypeCode", "cac:InvoiceLine", "cbc:InvoicedQuantity", "cbc:DueDate"),
    "UBL CreditNote": _Names(
        "cbc:CreditNoteTypeCode",
        "cac:CreditNoteLine",
        "cbc:CreditedQuantity",
        "cac:PaymentMeans/cbc:PaymentDueDate",
    ),
}


def read_invoice(root: etree._Element, syntax: Syntax, texts: Texts) -> Invoice:
    """Reads the document element; problems are noted in ``texts``.

    Args:
        root: ``Invoice`` or ``CreditNote``.
        syntax: which of the two.
        texts: reader over ``NAMESPACES``.
    """
    names = _NAMES[syntax]
    currency = texts.required(root, "cbc:DocumentCurrencyCode", "BT-5 invoice currency")
    vat_currency = texts.text(root, "cbc:TaxCurrencyCode")
    return Invoice(
        syntax=syntax,
        number=texts.required(root, "cbc:ID", "BT-1 invoice number"),
        issue_date=_issue_date(root, texts),
        type_code=texts.required(root, names.type_code, "BT-3 invoice type code"),
        currency=currency,
        seller=_seller(root, texts),
        buyer=_party(texts.one(root, "cac:AccountingCustomerParty/cac:Party"), texts, "BT-44 buyer name"),
        totals=_totals(root, texts, currency, vat_currency),
        lines=tuple(_line(line, texts, names, currency) for line in texts.all(root, names.line)),
        vat=_vat(root, texts, currency),
        due_date=texts.iso_date(root, names.due_date, "BT-9 due date"),
        vat_currency=vat_currency,
        order_reference=_order_reference(root, texts),
        sales_order_reference=texts.text(root, "cac:OrderReference/cbc:SalesOrderID"),
        contract_reference=texts.text(root, "cac:ContractDocumentReference/cbc:ID"),
        buyer_reference=texts.text(root, "cbc:BuyerReference"),
        accounting=texts.text(root, "cbc:AccountingCost"),
        preceding=tuple(_preceding(root, texts)),
        payee=_payee(root, texts),
        payment=tuple(_payment(means, texts) for means in texts.all(root, "cac:PaymentMeans")),
        payment_terms=texts.text(root, "cac:PaymentTerms/cbc:Note"),
        allowances_charges=tuple(_allowance(a, texts, currency) for a in texts.all(root, "cac:AllowanceCharge")),
        notes=tuple(note for e in texts.all(root, "cbc:Note") if (note := texts.text(e, "."))),
        specification=texts.text(root, "cbc:CustomizationID"),
    )


def _issue_date(root: etree._Element, texts: Texts) -> date:
    term = "BT-2 issue date"
    return texts.required_date(texts.iso_date(root, "cbc:IssueDate", term), root, "cbc:IssueDate", term)


def _order_reference(root: etree._Element, texts: Texts) -> str | None:
    # UBL requires OrderReference/ID even where only the seller's order number is known; senders then write NA.
    reference = texts.text(root, "cac:OrderReference/cbc:ID")
    return None if reference == "NA" else reference


def _seller(root: etree._Element, texts: Texts) -> Party:
    party = _party(texts.one(root, "cac:AccountingSupplierParty/cac:Party"), texts, "BT-27 seller name")
    if party is None:
        texts.required(root, "cac:AccountingSupplierParty/cac:Party", "BG-4 seller")
    return party or Party("")


def _party(party: etree._Element | None, texts: Texts, name_term: str) -> Party | None:
    if party is None:
        return None
    legal = texts.one(party, "cac:PartyLegalEntity")
    name = texts.text(legal, "cbc:RegistrationName")
    trading_name = texts.text(party, "cac:PartyName/cbc:Name")
    registered = [
        ((texts.text(s, "cac:TaxScheme/cbc:ID") or "").upper() == "VAT", number)
        for s in texts.all(party, "cac:PartyTaxScheme")
        if (number := texts.text(s, "cbc:CompanyID"))
    ]
    return Party(
        name=name or trading_name or texts.required(party, "cac:PartyLegalEntity/cbc:RegistrationName", name_term),
        trading_name=trading_name,
        identifiers=_identifiers(party, texts),
        registration=_identifier(texts.one(legal, "cbc:CompanyID"), texts),
        vat_id=number_first(number for is_vat, number in registered if is_vat),
        tax_registration=number_first(number for is_vat, number in registered if not is_vat),
        endpoint=_identifier(texts.one(party, "cbc:EndpointID"), texts),
        address=_address(texts.one(party, "cac:PostalAddress"), texts),
    )


def _payee(root: etree._Element, texts: Texts) -> Party | None:
    party = texts.one(root, "cac:PayeeParty")
    if party is None:
        return None
    return Party(
        name=texts.required(party, "cac:PartyName/cbc:Name", "BT-59 payee name"),
        identifiers=_identifiers(party, texts),
        registration=_identifier(texts.one(party, "cac:PartyLegalEntity/cbc:CompanyID"), texts),
    )


def _identifiers(party: etree._Element, texts: Texts) -> tuple[Identifier, ...]:
    found = (_identifier(e, texts) for e in texts.all(party, "cac:PartyIdentification/cbc:ID"))
    return tuple(identifier for identifier in found if identifier)


def _identifier(element: etree._Element | None, texts: Texts) -> Identifier | None:
    value = texts.text(element, ".")
    return Identifier(value, element.get("schemeID")) if value and element is not None else None


def _address(address: etree._Element | None, texts: Texts) -> Address:
    paths = ("cbc:StreetName", "cbc:AdditionalStreetName", "cac:AddressLine/cbc:Line")
    return Address(
        lines=tuple(line for path in paths if (line := texts.text(address, path))),
        city=texts.text(address, "cbc:CityName"),
        post_code=texts.text(address, "cbc:PostalZone"),
        country=texts.text(address, "cac:Country/cbc:IdentificationCode"),
    )


def _totals(root: etree._Element, texts: Texts, currency: str, vat_currency: str | None) -> Totals:
    total = texts.one(root, "cac:LegalMonetaryTotal")
    if total is None:
        texts.required(root, "cac:LegalMonetaryTotal", "BG-22 document totals")
        return Totals(Decimal(0), Decimal(0), Decimal(0))

    def amount(name: str, term: str) -> Decimal | None:
        return texts.amount(total, f"cbc:{name}", term, currency)

    return Totals(
        net=texts.required_amount(total, "cbc:TaxExclusiveAmount", "BT-109 total without VAT", currency),
        gross=texts.required_amount(total, "cbc:TaxInclusiveAmount", "BT-112 total with VAT", currency),
        due=texts.required_amount(total, "cbc:PayableAmount", "BT-115 amount due", currency),
        lines=amount("LineExtensionAmount", "BT-106 sum of line net amounts"),
        vat=_vat_total(root, texts, currency, "BT-110 total VAT"),
        vat_accounting=_vat_total(root, texts, vat_currency, "BT-111 total VAT in accounting currency")
        if vat_currency and vat_currency != currency
        else None,
        allowances=amount("AllowanceTotalAmount", "BT-107 sum of allowances"),
        charges=amount("ChargeTotalAmount", "BT-108 sum of charges"),
        prepaid=amount("PrepaidAmount", "BT-113 paid amount"),
        rounding=amount("PayableRoundingAmount", "BT-114 rounding amount"),
    )


def _vat_total(root: etree._Element, texts: Texts, currency: str, term: str) -> Decimal | None:
    """BT-110 and BT-111 are the same element; its currency tells them apart."""
    for amount in texts.all(root, "cac:TaxTotal/cbc:TaxAmount"):
        if amount.get("currencyID", currency) == currency:
            return texts.decimal_of(amount, term)
    return None


def _vat(root: etree._Element, texts: Texts, currency: str) -> tuple[VatBreakdown, ...]:
    return tuple(
        VatBreakdown(
            taxable=texts.required_amount(part, "cbc:TaxableAmount", "BT-116 taxable amount", currency),
            tax=texts.required_amount(part, "cbc:TaxAmount", "BT-117 tax amount", currency),
            category=texts.required(part, "cac:TaxCategory/cbc:ID", "BT-118 VAT category"),
            rate=texts.decimal(part, "cac:TaxCategory/cbc:Percent", "BT-119 VAT rate"),
            exemption_reason=texts.text(part, "cac:TaxCategory/cbc:TaxExemptionReason"),
            exemption_code=texts.text(part, "cac:TaxCategory/cbc:TaxExemptionReasonCode"),
        )
        for part in texts.all(root, "cac:TaxTotal/cac:TaxSubtotal")
    )


def _line(line: etree._Element, texts: Texts, names: _Names, currency: str) -> InvoiceLine:
    quantity = texts.one(line, names.quantity)
    item = texts.one(line, "cac:Item")
    return InvoiceLine(
        id=texts.required(line, "cbc:ID", "BT-126 line identifier"),
        quantity=texts.required_decimal(line, names.quantity, "BT-129 invoiced quantity"),
        unit=None if quantity is None else quantity.get("unitCode"),
        net=texts.required_amount(line, "cbc:LineExtensionAmount", "BT-131 line net amount", currency),
        price=texts.required_amount(line, "cac:Price/cbc:PriceAmount", "BT-146 item net price", currency),
        price_base=_price_base(line, texts),
        order_line=texts.text(line, "cac:OrderLineReference/cbc:LineID"),
        accounting=texts.text(line, "cbc:AccountingCost"),
        name=texts.text(item, "cbc:Name"),
        description=texts.text(item, "cbc:Description"),
        seller_item=texts.text(item, "cac:SellersItemIdentification/cbc:ID"),
        buyer_item=texts.text(item, "cac:BuyersItemIdentification/cbc:ID"),
        standard_item=texts.text(item, "cac:StandardItemIdentification/cbc:ID"),
        vat_category=texts.text(item, "cac:ClassifiedTaxCategory/cbc:ID"),
        vat_rate=texts.decimal(item, "cac:ClassifiedTaxCategory/cbc:Percent", "BT-152 VAT rate"),
        note=texts.text(line, "cbc:Note"),
        added=_added(line, texts),
    )


def _added(line: etree._Element, texts: Texts) -> Decimal:
    """Charges of a line less its allowances."""
    found = Decimal(0)
    for part in texts.all(line, "cac:AllowanceCharge"):
        amount = texts.decimal(part, "cbc:Amount", "BT-136 allowance or BT-141 charge") or Decimal(0)
        charge = texts.text(part, "cbc:ChargeIndicator") in {"true", "1"}
        found = money.add(found, amount) if charge else money.subtract(found, amount)
    return found


def _price_base(line: etree._Element, texts: Texts) -> Decimal:
    base = texts.decimal(line, "cac:Price/cbc:BaseQuantity", "BT-149 price base quantity")
    return Decimal(1) if base is None else base


def _preceding(root: etree._Element, texts: Texts) -> list[PrecedingInvoice]:
    return [
        PrecedingInvoice(
            texts.required(reference, "cbc:ID", "BT-25 preceding invoice"),
            texts.iso_date(reference, "cbc:IssueDate", "BT-26 preceding invoice date"),
        )
        for reference in texts.all(root, "cac:BillingReference/cac:InvoiceDocumentReference")
    ]


def _payment(means: etree._Element, texts: Texts) -> PaymentMeans:
    code = texts.one(means, "cbc:PaymentMeansCode")
    account = texts.one(means, "cac:PayeeFinancialAccount")
    return PaymentMeans(
        code=texts.required(means, "cbc:PaymentMeansCode", "BT-81 payment means code"),
        text=None if code is None else code.get("name"),
        remittance=texts.text(means, "cbc:PaymentID"),
        account=texts.text(account, "cbc:ID"),
        account_name=texts.text(account, "cbc:Name"),
        bic=texts.text(account, "cac:FinancialInstitutionBranch/cbc:ID"),
        mandate=texts.text(means, "cac:PaymentMandate/cbc:ID"),
        debited_account=texts.text(means, "cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID"),
    )


def _allowance(part: etree._Element, texts: Texts, currency: str) -> AllowanceCharge:
    charge = texts.required(part, "cbc:ChargeIndicator", "charge indicator") in {"true", "1"}
    term = "BT-99 charge amount" if charge else "BT-92 allowance amount"
    return AllowanceCharge(
        charge=charge,
        amount=texts.required_amount(part, "cbc:Amount", term, currency),
        reason=texts.text(part, "cbc:AllowanceChargeReason"),
        vat_category=texts.text(part, "cac:TaxCategory/cbc:ID"),
        vat_rate=texts.decimal(part, "cac:TaxCategory/cbc:Percent", "VAT rate"),
    )
