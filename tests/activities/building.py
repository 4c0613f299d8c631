"""Builds electronic invoices, UBL and CII, as text: each part can be another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

_RSM = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
_RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
_UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
_UBL = "urn:oasis:names:specification:ubl:schema:xsd"
EN_16931 = "urn:cen.eu:en16931:2017"


@dataclass(frozen=True)
class Line:
    """A line of an invoice; its net amount is quantity times price."""

    quantity: str = "1"
    price: str = "100.00"
    unit: str = "H87"
    name: str = "Chair"
    order_line: str | None = None
    item: str | None = None
    status: str | None = None

    @property
    def net(self) -> Decimal:
        return (Decimal(self.quantity) * Decimal(self.price)).quantize(Decimal("0.01"))


def ubl(
    number: str = "R-1", lines: Sequence[Line] = (Line(),), *, kind: str = "380", order: str | None = "PO-1",
    seller: str = "Spree Möbel GmbH", vat_id: str | None = "DE136695976", tax: str | None = None,
    registration: str | None = None, buyer: str = "Musterbau GmbH", buyer_vat_id: str | None = None,
    account: str | None = "DE02120300000000202051", branch: str | None = None, means: str = "30",
    issued: str = "2026-03-10",
    currency: str = "EUR", specification: str = EN_16931, preceding: str | None = None, prepaid: str | None = None,
    scheme: str = "VAT",
) -> bytes:  # fmt: skip
    """A UBL invoice with one VAT rate of 19 %, or free of VAT where the seller has no VAT number."""
    rate = Decimal(19) if vat_id else None
    net = sum((line.net for line in lines), Decimal(0))
    vat = ((rate or 0) * net / 100).quantize(Decimal("0.01"))
    category = _category(rate, scheme)
    amount = f'currencyID="{currency}"'
    credit = kind in {"381"}
    root, each, billed = ("CreditNote", "CreditNoteLine", "CreditedQuantity") if credit else (
        "Invoice", "InvoiceLine", "InvoicedQuantity",
    )  # fmt: skip
    parts = [
        f'<{root} xmlns="{_UBL}:{root}-2" xmlns:cac="{_UBL}:CommonAggregateComponents-2" '
        f'xmlns:cbc="{_UBL}:CommonBasicComponents-2">',
        f"<cbc:CustomizationID>{specification}</cbc:CustomizationID><cbc:ID>{number}</cbc:ID>",
        f"<cbc:IssueDate>{issued}</cbc:IssueDate>",
        "" if credit else "<cbc:DueDate>2026-04-09</cbc:DueDate>",
        f"<cbc:{root}TypeCode>{kind}</cbc:{root}TypeCode>",
        f"<cbc:DocumentCurrencyCode>{currency}</cbc:DocumentCurrencyCode>",
        _if(order, "<cac:OrderReference><cbc:ID>{}</cbc:ID></cac:OrderReference>"),
        _if(
            preceding,
            "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>{}</cbc:ID>"
            "</cac:InvoiceDocumentReference></cac:BillingReference>",
        ),
        _party("Supplier", seller, [(vat_id, scheme), (tax, "TAX")], registration),
        _party("Customer", buyer, [(buyer_vat_id, scheme)], None),
        f"<cac:PaymentMeans><cbc:PaymentMeansCode>{means}</cbc:PaymentMeansCode>",
        _if(account, "<cac:PayeeFinancialAccount><cbc:ID>{}</cbc:ID>"),
        _if(branch, "<cac:FinancialInstitutionBranch><cbc:ID>{}</cbc:ID></cac:FinancialInstitutionBranch>"),
        "</cac:PayeeFinancialAccount>" if account else "",
        "</cac:PaymentMeans>",
        f"<cac:TaxTotal><cbc:TaxAmount {amount}>{vat}</cbc:TaxAmount><cac:TaxSubtotal>",
        f"<cbc:TaxableAmount {amount}>{net}</cbc:TaxableAmount><cbc:TaxAmount {amount}>{vat}</cbc:TaxAmount>",
        f"<cac:TaxCategory>{_category(rate, scheme, 'Exempt')}</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>",
        f"<cac:LegalMonetaryTotal><cbc:LineExtensionAmount {amount}>{net}</cbc:LineExtensionAmount>",
        f"<cbc:TaxExclusiveAmount {amount}>{net}</cbc:TaxExclusiveAmount>",
        f"<cbc:TaxInclusiveAmount {amount}>{net + vat}</cbc:TaxInclusiveAmount>",
        _if(prepaid, f"<cbc:PrepaidAmount {amount}>{{}}</cbc:PrepaidAmount>"),
        f"<cbc:PayableAmount {amount}>{net + vat - Decimal(prepaid or 0)}</cbc:PayableAmount></cac:LegalMonetaryTotal>",
    ]
    for place, line in enumerate(lines, 1):
        parts += [
            f'<cac:{each}><cbc:ID>{place}</cbc:ID><cbc:{billed} unitCode="{line.unit}">{line.quantity}</cbc:{billed}>',
            f"<cbc:LineExtensionAmount {amount}>{line.net}</cbc:LineExtensionAmount>",
            _if(line.order_line, "<cac:OrderLineReference><cbc:LineID>{}</cbc:LineID></cac:OrderLineReference>"),
            f"<cac:Item><cbc:Name>{line.name}</cbc:Name>",
            _if(line.item, "<cac:SellersItemIdentification><cbc:ID>{}</cbc:ID></cac:SellersItemIdentification>"),
            f"<cac:ClassifiedTaxCategory>{category}</cac:ClassifiedTaxCategory></cac:Item>",
            f"<cac:Price><cbc:PriceAmount {amount}>{line.price}</cbc:PriceAmount></cac:Price></cac:{each}>",
        ]
    return "".join([*parts, f"</{root}>"]).encode()


def cii(
    number: str = "R-1", lines: Sequence[Line] = (Line(),), *, kind: str = "380", order: str | None = "PO-1",
    seller: str = "Spree Möbel GmbH", vat_id: str = "DE136695976", buyer: str = "Musterbau GmbH",
    account: str | None = "DE02120300000000202051", means: str = "58", specification: str = EN_16931,
    reference: str = "",
    reason: str = "", net: str | None = None, identifier: str = "",
) -> bytes:  # fmt: skip
    """A CII invoice with one VAT rate of 19 %.

    Args:
        reference: elements of the agreement behind the order.
        reason: elements of the settlement in front of the payment terms.
        net: the total; the sum of the lines that are not a group where left out.
        identifier: elements in front of the seller's name.
    """
    billed = [line for line in lines if line.status not in {"GROUP", "INFORMATION"}]
    total = Decimal(net) if net else sum((line.net for line in billed), Decimal(0))
    vat = (total * 19 / 100).quantize(Decimal("0.01"))
    paid = _if(account, "<ram:PayeePartyCreditorFinancialAccount><ram:IBANID>{}</ram:IBANID>"
               "</ram:PayeePartyCreditorFinancialAccount>")  # fmt: skip
    return "".join([
        f'<rsm:CrossIndustryInvoice xmlns:rsm="{_RSM}" xmlns:ram="{_RAM}" xmlns:udt="{_UDT}">',
        "<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter>",
        f"<ram:ID>{specification}</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>",
        f"<rsm:ExchangedDocument><ram:ID>{number}</ram:ID><ram:TypeCode>{kind}</ram:TypeCode><ram:IssueDateTime>",
        '<udt:DateTimeString format="102">20260310</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>',
        "<rsm:SupplyChainTradeTransaction>",
        *(_cii_line(str(place), line) for place, line in enumerate(lines, 1)),
        f"<ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty>{identifier}<ram:Name>{seller}</ram:Name>{_ADDRESS}",
        f'<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">{vat_id}</ram:ID></ram:SpecifiedTaxRegistration>',
        f"</ram:SellerTradeParty><ram:BuyerTradeParty><ram:Name>{buyer}</ram:Name>{_ADDRESS}</ram:BuyerTradeParty>",
        _if(order, "<ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>{}</ram:IssuerAssignedID>"
            "</ram:BuyerOrderReferencedDocument>"),
        reference,
        "</ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeDelivery><ram:ActualDeliverySupplyChainEvent>",
        '<ram:OccurrenceDateTime><udt:DateTimeString format="102">20260310</udt:DateTimeString>',
        "</ram:OccurrenceDateTime>",
        "</ram:ActualDeliverySupplyChainEvent></ram:ApplicableHeaderTradeDelivery>",
        "<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>",
        f"<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>{means}</ram:TypeCode>{paid}",
        "</ram:SpecifiedTradeSettlementPaymentMeans>",
        f"<ram:ApplicableTradeTax><ram:CalculatedAmount>{vat}</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode>",
        f"<ram:BasisAmount>{total}</ram:BasisAmount>{_CII_RATE}</ram:ApplicableTradeTax>{reason}",
        '<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString format="102">20260409',
        "</udt:DateTimeString></ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>",
        "<ram:SpecifiedTradeSettlementHeaderMonetarySummation>",
        f"<ram:LineTotalAmount>{total}</ram:LineTotalAmount><ram:TaxBasisTotalAmount>{total}</ram:TaxBasisTotalAmount>",
        f'<ram:TaxTotalAmount currencyID="EUR">{vat}</ram:TaxTotalAmount>',
        f"<ram:GrandTotalAmount>{total + vat}</ram:GrandTotalAmount>",
        f"<ram:DuePayableAmount>{total + vat}</ram:DuePayableAmount>",
        "</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>",
        "</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>",
    ]).encode()  # fmt: skip


_ADDRESS = (
    "<ram:PostalTradeAddress><ram:PostcodeCode>10115</ram:PostcodeCode><ram:CityName>Berlin</ram:CityName>"
    "<ram:CountryID>DE</ram:CountryID></ram:PostalTradeAddress>"
)
_CII_RATE = "<ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>19</ram:RateApplicablePercent>"


def _cii_line(place: str, line: Line) -> str:
    group = line.status in {"GROUP", "INFORMATION"}
    price = f"<ram:ChargeAmount>{line.price}</ram:ChargeAmount>"
    price = f"<ram:NetPriceProductTradePrice>{price}</ram:NetPriceProductTradePrice>"
    tax = f"<ram:ApplicableTradeTax><ram:TypeCode>VAT</ram:TypeCode>{_CII_RATE}</ram:ApplicableTradeTax>"
    return "".join([
        f"<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument><ram:LineID>{place}</ram:LineID>",
        "<ram:ParentLineID>1</ram:ParentLineID>" if line.status and not group else "",
        _if(line.status, "<ram:LineStatusReasonCode>{}</ram:LineStatusReasonCode>"),
        f"</ram:AssociatedDocumentLineDocument><ram:SpecifiedTradeProduct><ram:Name>{line.name}</ram:Name>",
        "</ram:SpecifiedTradeProduct><ram:SpecifiedLineTradeAgreement>", "" if group else price,
        "</ram:SpecifiedLineTradeAgreement><ram:SpecifiedLineTradeDelivery>",
        "" if group else f'<ram:BilledQuantity unitCode="{line.unit}">{line.quantity}</ram:BilledQuantity>',
        "</ram:SpecifiedLineTradeDelivery><ram:SpecifiedLineTradeSettlement>", "" if group else tax,
        f"<ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>{line.net}</ram:LineTotalAmount>",
        "</ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>",
        "</ram:IncludedSupplyChainTradeLineItem>",
    ])  # fmt: skip


def _if(value: str | None, template: str) -> str:
    return "" if value is None else template.format(value)


def _category(rate: Decimal | None, scheme: str, reason: str | None = None) -> str:
    code = (
        f"<cbc:ID>S</cbc:ID><cbc:Percent>{rate}</cbc:Percent>"
        if rate
        else "<cbc:ID>E</cbc:ID><cbc:Percent>0</cbc:Percent>"
    )
    told = "" if rate else _if(reason, "<cbc:TaxExemptionReason>{}</cbc:TaxExemptionReason>")
    return f"{code}{told}<cac:TaxScheme><cbc:ID>{scheme}</cbc:ID></cac:TaxScheme>"


def _party(role: str, name: str, taxes: Sequence[tuple[str | None, str]], registration: str | None) -> str:
    registered = "".join(
        f"<cac:PartyTaxScheme><cbc:CompanyID>{number}</cbc:CompanyID><cac:TaxScheme><cbc:ID>{scheme}</cbc:ID>"
        "</cac:TaxScheme></cac:PartyTaxScheme>"
        for number, scheme in taxes
        if number
    )
    return (
        f'<cac:Accounting{role}Party><cac:Party><cbc:EndpointID schemeID="EM">a@example.org</cbc:EndpointID>'
        f"<cac:PostalAddress><cbc:CityName>Berlin</cbc:CityName><cbc:PostalZone>10115</cbc:PostalZone><cac:Country>"
        f"<cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country></cac:PostalAddress>{registered}"
        f"<cac:PartyLegalEntity><cbc:RegistrationName>{name}</cbc:RegistrationName>"
        f"{_if(registration, '<cbc:CompanyID>{}</cbc:CompanyID>')}</cac:PartyLegalEntity></cac:Party>"
        f"</cac:Accounting{role}Party>"
    )
