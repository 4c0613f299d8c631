"""Reads the UN/CEFACT ``CrossIndustryInvoice`` by the syntax binding of EN 16931 (CEN/TS 16931-3-3)."""

from __future__ import annotations

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
    Totals,
    VatBreakdown,
)
from anyshore.activities.einvoice.texts import Texts, number_first

NAMESPACES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
}
_TRANSACTION = "rsm:SupplyChainTradeTransaction"
_AGREEMENT = f"{_TRANSACTION}/ram:ApplicableHeaderTradeAgreement"
_SETTLEMENT = f"{_TRANSACTION}/ram:ApplicableHeaderTradeSettlement"
_SUMMATION = "ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_ISSUED = "rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString"
_GUIDELINE = "rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID"
_STATUS = "ram:AssociatedDocumentLineDocument/ram:LineStatusReasonCode"
_NOT_BILLED = frozenset({"GROUP", "INFORMATION"})
"""Lines of the profiles EXTENDED (BT-X-8) that are not billed: a sum of the lines below it, and what is only told."""


def read_invoice(root: etree._Element, texts: Texts) -> Invoice:
    """Reads the document element; problems are noted in ``texts``.

    Args:
        root: ``CrossIndustryInvoice``.
        texts: reader over ``NAMESPACES``.
    """
    agreement = texts.one(root, _AGREEMENT)
    settlement = texts.one(root, _SETTLEMENT)
    currency = texts.required(root, f"{_SETTLEMENT}/ram:InvoiceCurrencyCode", "BT-5 invoice currency")
    vat_currency = texts.text(settlement, "ram:TaxCurrencyCode")
    lines = (
        line
        for line in texts.all(root, f"{_TRANSACTION}/ram:IncludedSupplyChainTradeLineItem")
        if texts.text(line, _STATUS) not in _NOT_BILLED
    )
    return Invoice(
        syntax="CII",
        number=texts.required(root, "rsm:ExchangedDocument/ram:ID", "BT-1 invoice number"),
        issue_date=_issue_date(root, texts),
        type_code=texts.required(root, "rsm:ExchangedDocument/ram:TypeCode", "BT-3 invoice type code"),
        currency=currency,
        seller=_seller(root, agreement, texts),
        buyer=_party(texts.one(agreement, "ram:BuyerTradeParty"), texts, "BT-44 buyer name"),
        totals=_totals(root, texts, currency, vat_currency),
        lines=tuple(_line(line, texts, currency) for line in lines),
        vat=_vat(settlement, texts, currency),
        due_date=texts.compact_date(
            settlement, "ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString", "BT-9 due date"
        ),
        vat_currency=vat_currency,
        order_reference=texts.text(agreement, "ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID"),
        sales_order_reference=texts.text(agreement, "ram:SellerOrderReferencedDocument/ram:IssuerAssignedID"),
        contract_reference=texts.text(agreement, "ram:ContractReferencedDocument/ram:IssuerAssignedID"),
        buyer_reference=texts.text(agreement, "ram:BuyerReference"),
        accounting=texts.text(settlement, "ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"),
        preceding=tuple(_preceding(settlement, texts)),
        payee=_party(texts.one(settlement, "ram:PayeeTradeParty"), texts, "BT-59 payee name"),
        payment=_payment(settlement, texts),
        payment_terms=texts.text(settlement, "ram:SpecifiedTradePaymentTerms/ram:Description"),
        allowances_charges=tuple(
            _allowance(part, texts, currency) for part in texts.all(settlement, "ram:SpecifiedTradeAllowanceCharge")
        ),
        notes=_notes(root, texts),
        specification=texts.text(root, _GUIDELINE),
    )


def _issue_date(root: etree._Element, texts: Texts) -> date:
    term = "BT-2 issue date"
    return texts.required_date(texts.compact_date(root, _ISSUED, term), root, _ISSUED, term)


def _notes(root: etree._Element, texts: Texts) -> tuple[str, ...]:
    found = (texts.text(e, ".") for e in texts.all(root, "rsm:ExchangedDocument/ram:IncludedNote/ram:Content"))
    return tuple(note for note in found if note)


def _seller(root: etree._Element, agreement: etree._Element | None, texts: Texts) -> Party:
    party = _party(texts.one(agreement, "ram:SellerTradeParty"), texts, "BT-27 seller name")
    if party is None:
        texts.required(root, f"{_AGREEMENT}/ram:SellerTradeParty", "BG-4 seller")
    return party or Party("")


def _party(party: etree._Element | None, texts: Texts, name_term: str) -> Party | None:
    if party is None:
        return None
    legal = texts.one(party, "ram:SpecifiedLegalOrganization")
    return Party(
        name=texts.required(party, "ram:Name", name_term),
        trading_name=texts.text(legal, "ram:TradingBusinessName"),
        identifiers=_identifiers(party, texts),
        registration=_identifier(texts.one(legal, "ram:ID"), texts),
        vat_id=texts.text(party, "ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']"),
        tax_registration=_tax_registration(party, texts),
        endpoint=_identifier(texts.one(party, "ram:URIUniversalCommunication/ram:URIID"), texts),
        address=_address(texts.one(party, "ram:PostalTradeAddress"), texts),
    )


def _tax_registration(party: etree._Element, texts: Texts) -> str | None:
    found = [texts.text(e, ".") for e in texts.all(party, "ram:SpecifiedTaxRegistration/ram:ID[@schemeID='FC']")]
    return number_first(text for text in found if text)


def _identifiers(party: etree._Element, texts: Texts) -> tuple[Identifier, ...]:
    elements = [*texts.all(party, "ram:ID"), *texts.all(party, "ram:GlobalID")]
    return tuple(found for element in elements if (found := _identifier(element, texts)))


def _identifier(element: etree._Element | None, texts: Texts) -> Identifier | None:
    value = texts.text(element, ".")
    return Identifier(value, element.get("schemeID")) if value and element is not None else None


def _address(address: etree._Element | None, texts: Texts) -> Address:
    paths = ("ram:LineOne", "ram:LineTwo", "ram:LineThree")
    return Address(
        lines=tuple(line for path in paths if (line := texts.text(address, path))),
        city=texts.text(address, "ram:CityName"),
        post_code=texts.text(address, "ram:PostcodeCode"),
        country=texts.text(address, "ram:CountryID"),
    )


def _totals(root: etree._Element, texts: Texts, currency: str, vat_currency: str | None) -> Totals:
    total = texts.one(root, f"{_SETTLEMENT}/{_SUMMATION}")
    if total is None:
        texts.required(root, f"{_SETTLEMENT}/{_SUMMATION}", "BG-22 document totals")
        return Totals(Decimal(0), Decimal(0), Decimal(0))

    def amount(name: str, term: str) -> Decimal | None:
        return texts.amount(total, f"ram:{name}", term, currency)

    return Totals(
        net=texts.required_amount(total, "ram:TaxBasisTotalAmount", "BT-109 total without VAT", currency),
        gross=texts.required_amount(total, "ram:GrandTotalAmount", "BT-112 total with VAT", currency),
        due=texts.required_amount(total, "ram:DuePayableAmount", "BT-115 amount due", currency),
        lines=amount("LineTotalAmount", "BT-106 sum of line net amounts"),
        vat=_vat_total(total, texts, currency, "BT-110 total VAT"),
        vat_accounting=_vat_total(total, texts, vat_currency, "BT-111 total VAT in accounting currency")
        if vat_currency and vat_currency != currency
        else None,
        allowances=amount("AllowanceTotalAmount", "BT-107 sum of allowances"),
        charges=amount("ChargeTotalAmount", "BT-108 sum of charges"),
        prepaid=amount("TotalPrepaidAmount", "BT-113 paid amount"),
        rounding=amount("RoundingAmount", "BT-114 rounding amount"),
    )


def _vat_total(total: etree._Element, texts: Texts, currency: str, term: str) -> Decimal | None:
    """BT-110 and BT-111 are the same element; its currency tells them apart."""
    for amount in texts.all(total, "ram:TaxTotalAmount"):
        if amount.get("currencyID", currency) == currency:
            return texts.decimal_of(amount, term)
    return None


def _vat(settlement: etree._Element | None, texts: Texts, currency: str) -> tuple[VatBreakdown, ...]:
    return tuple(
        VatBreakdown(
            taxable=texts.required_amount(part, "ram:BasisAmount", "BT-116 taxable amount", currency),
            tax=texts.required_amount(part, "ram:CalculatedAmount", "BT-117 tax amount", currency),
            category=texts.required(part, "ram:CategoryCode", "BT-118 VAT category"),
            rate=texts.decimal(part, "ram:RateApplicablePercent", "BT-119 VAT rate"),
            exemption_reason=texts.text(part, "ram:ExemptionReason"),
            exemption_code=texts.text(part, "ram:ExemptionReasonCode"),
        )
        for part in texts.all(settlement, "ram:ApplicableTradeTax")
    )


def _line(line: etree._Element, texts: Texts, currency: str) -> InvoiceLine:
    product = texts.one(line, "ram:SpecifiedTradeProduct")
    agreement = texts.one(line, "ram:SpecifiedLineTradeAgreement")
    settlement = texts.one(line, "ram:SpecifiedLineTradeSettlement")
    net = "ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
    price = "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice"
    quantity = "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"
    billed = texts.one(line, quantity)
    base = texts.decimal(line, f"{price}/ram:BasisQuantity", "BT-149 price base quantity")
    return InvoiceLine(
        id=texts.required(line, "ram:AssociatedDocumentLineDocument/ram:LineID", "BT-126 line identifier"),
        quantity=texts.required_decimal(line, quantity, "BT-129 invoiced quantity"),
        unit=None if billed is None else billed.get("unitCode"),
        net=texts.required_amount(line, net, "BT-131 line net amount", currency),
        price=texts.required_amount(line, f"{price}/ram:ChargeAmount", "BT-146 item net price", currency),
        price_base=Decimal(1) if base is None else base,
        order_line=texts.text(agreement, "ram:BuyerOrderReferencedDocument/ram:LineID"),
        accounting=texts.text(settlement, "ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"),
        name=texts.text(product, "ram:Name"),
        description=texts.text(product, "ram:Description"),
        seller_item=texts.text(product, "ram:SellerAssignedID"),
        buyer_item=texts.text(product, "ram:BuyerAssignedID"),
        standard_item=texts.text(product, "ram:GlobalID"),
        vat_category=texts.text(settlement, "ram:ApplicableTradeTax/ram:CategoryCode"),
        vat_rate=texts.decimal(settlement, "ram:ApplicableTradeTax/ram:RateApplicablePercent", "BT-152 VAT rate"),
        note=texts.text(line, "ram:AssociatedDocumentLineDocument/ram:IncludedNote/ram:Content"),
        added=_added(settlement, texts),
    )


def _added(settlement: etree._Element | None, texts: Texts) -> Decimal:
    """Charges of a line less its allowances."""
    found = Decimal(0)
    for part in texts.all(settlement, "ram:SpecifiedTradeAllowanceCharge"):
        amount = texts.decimal(part, "ram:ActualAmount", "BT-136 allowance or BT-141 charge") or Decimal(0)
        charge = texts.text(part, "ram:ChargeIndicator/udt:Indicator") in {"true", "1"}
        found = money.add(found, amount) if charge else money.subtract(found, amount)
    return found


def _preceding(settlement: etree._Element | None, texts: Texts) -> list[PrecedingInvoice]:
    issued = "ram:FormattedIssueDateTime/qdt:DateTimeString"
    return [
        PrecedingInvoice(
            texts.required(reference, "ram:IssuerAssignedID", "BT-25 preceding invoice"),
            texts.compact_date(reference, issued, "BT-26 preceding invoice date"),
        )
        for reference in texts.all(settlement, "ram:InvoiceReferencedDocument")
    ]


def _payment(settlement: etree._Element | None, texts: Texts) -> tuple[PaymentMeans, ...]:
    remittance = texts.text(settlement, "ram:PaymentReference")
    mandate = texts.text(settlement, "ram:SpecifiedTradePaymentTerms/ram:DirectDebitMandateID")
    return tuple(
        PaymentMeans(
            code=texts.required(means, "ram:TypeCode", "BT-81 payment means code"),
            text=texts.text(means, "ram:Information"),
            remittance=remittance,
            account=texts.text(means, "ram:PayeePartyCreditorFinancialAccount/ram:IBANID")
            or texts.text(means, "ram:PayeePartyCreditorFinancialAccount/ram:ProprietaryID"),
            account_name=texts.text(means, "ram:PayeePartyCreditorFinancialAccount/ram:AccountName"),
            bic=texts.text(means, "ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID"),
            mandate=mandate,
            debited_account=texts.text(means, "ram:PayerPartyDebtorFinancialAccount/ram:IBANID"),
        )
        for means in texts.all(settlement, "ram:SpecifiedTradeSettlementPaymentMeans")
    )


def _allowance(part: etree._Element, texts: Texts, currency: str) -> AllowanceCharge:
    charge = texts.required(part, "ram:ChargeIndicator/udt:Indicator", "charge indicator") in {"true", "1"}
    term = "BT-99 charge amount" if charge else "BT-92 allowance amount"
    return AllowanceCharge(
        charge=charge,
        amount=texts.required_amount(part, "ram:ActualAmount", term, currency),
        reason=texts.text(part, "ram:Reason"),
        vat_category=texts.text(part, "ram:CategoryTradeTax/ram:CategoryCode"),
        vat_rate=texts.decimal(part, "ram:CategoryTradeTax/ram:RateApplicablePercent", "VAT rate"),
    )
