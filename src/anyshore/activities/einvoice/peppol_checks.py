"""What the rules of Peppol ask of a UBL document: ways to look at its elements, and what single rules compute.

What is no number or date is left to the schema: a check that cannot compute holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation

from lxml import etree

from anyshore.activities.einvoice.ubl import NAMESPACES

Element = etree._Element
Finder = Callable[[Element], Iterable[Element]]
"""Gives the elements of a document that break a rule."""
_PROCESS = re.compile(r"urn:fdc:peppol\.eu:2017:poacc:billing:(\d{2}):1\.0")
_SLACK = Decimal("0.02")
_CENT = Decimal("0.01")


# ---- reading


def elements(element: Element, path: str) -> list[Element]:
    """The elements at an XPath."""
    return element.xpath(path, namespaces=NAMESPACES)  # type: ignore[return-value]  # the paths name elements only


def has(element: Element, path: str) -> bool:
    """Whether an element stands at a path."""
    return element.find(path, NAMESPACES) is not None


def text_of(element: Element | None) -> str:
    """The text of an element, white space folded; empty where there is none."""
    return " ".join("".join(map(str, element.itertext())).split()) if element is not None else ""


def text_at(element: Element, path: str) -> str:
    """The text at a path, white space folded."""
    return text_of(element.find(path, NAMESPACES))


def number_of(element: Element | None) -> Decimal | None:
    """The number an element holds; None where it is none."""
    try:
        value = Decimal(text_of(element))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _amount(element: Element, path: str, otherwise: Decimal) -> Decimal | None:
    """The number at a path; ``otherwise`` where nothing stands there, None where it is no number."""
    found = element.find(path, NAMESPACES)
    return otherwise if found is None else number_of(found)


def date_of(text: str) -> date | None:
    """The date a text is, by ISO 8601; None where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def process(root: Element) -> str | None:
    """The number of the business process (BT-23) of Peppol's billing."""
    found = _PROCESS.search(text_at(root, "cbc:ProfileID"))
    return found[1] if found else None


# ---- ways to look


def root_unless(holds: Callable[[Element], bool]) -> Finder:
    """The document itself, unless something holds of it."""
    return lambda root: () if holds(root) else (root,)


def each_unless(path: str, holds: Callable[[Element], bool]) -> Finder:
    """The elements at an XPath of which something does not hold."""
    return lambda root: [one for one in elements(root, path) if not holds(one)]


def not_listed(path: str, codes: Callable[[], frozenset[str]], attribute: str | None = None) -> Finder:
    """The elements at an XPath whose text, or attribute, is in no code list."""

    def broken(root: Element) -> list[Element]:
        allowed = codes()
        values = ((one, text_of(one) if attribute is None else one.get(attribute, "")) for one in elements(root, path))
        return [one for one, value in values if value not in allowed]

    return broken


def wrongly_typed(path: str, allowed: frozenset[str]) -> Finder:
    """Type codes that only the process 01 is bound to."""
    return lambda root: (
        [] if process(root) != "01" else [one for one in elements(root, path) if text_of(one) not in allowed]
    )


def wrongly_identified(scheme: str, valid: Callable[[str], bool], *, addresses_only: bool = False) -> Finder:
    """The identifiers of a scheme that are not well formed."""
    places = ["//cbc:EndpointID"]
    if not addresses_only:
        places += ["//cac:PartyIdentification/cbc:ID", "//cbc:CompanyID"]
    path = " | ".join(f"{place}[@schemeID='{scheme}']" for place in places)
    return each_unless(path, lambda one: valid(text_of(one)))


# ---- what single rules ask


def one_total_per_tax_currency(root: Element) -> bool:
    """Whether there is a tax total without subtotals exactly where an accounting currency is given."""
    return len(elements(root, "cac:TaxTotal[not(cac:TaxSubtotal)]")) == int(has(root, "cbc:TaxCurrencyCode"))


def same_sign(root: Element) -> bool:
    """Whether the VAT totals of both currencies are of one sign, or nothing."""
    if not has(root, "cbc:TaxCurrencyCode"):
        return True
    sides = []
    for code in (text_at(root, "cbc:TaxCurrencyCode"), text_at(root, "cbc:DocumentCurrencyCode")):
        amounts = (one for one in elements(root, "cac:TaxTotal/cbc:TaxAmount") if one.get("currencyID") == code)
        sides.append([value for one in amounts if (value := number_of(one)) is not None])
    return any(all(any(sign * value >= 0 for value in side) for side in sides) for sign in (1, -1))


def german(root: Element) -> bool:
    """Whether seller and buyer are in Germany."""
    country = "cac:Party/cac:PostalAddress/cac:Country/cbc:IdentificationCode"
    parties = ("cac:AccountingSupplierParty", "cac:AccountingCustomerParty")
    return all(text_at(root, f"{party}/{country}").upper() == "DE" for party in parties)


def percentage_fits(charge: Element) -> bool:
    """Whether an allowance or charge by percentage is computed, within two cents."""
    if not (has(charge, "cbc:MultiplierFactorNumeric") and has(charge, "cbc:BaseAmount")):
        return True
    amount = _amount(charge, "cbc:Amount", Decimal(0))
    base, percent = (
        number_of(charge.find(f"cbc:{name}", NAMESPACES)) for name in ("BaseAmount", "MultiplierFactorNumeric")
    )
    if amount is None or base is None or percent is None:
        return True
    return abs(base * percent / 100 - amount) <= _SLACK


def net_price_fits(allowance: Element) -> bool:
    """Whether the net price is the gross price less its allowance."""
    price = allowance.getparent()
    if price is None or not has(allowance, "cbc:BaseAmount"):
        return True
    net = number_of(price.find("cbc:PriceAmount", NAMESPACES))
    gross, less = (number_of(allowance.find(f"cbc:{name}", NAMESPACES)) for name in ("BaseAmount", "Amount"))
    return net is None or gross is None or less is None or net == gross - less


def line_amount_fits(line: Element) -> bool:
    """Whether the net amount of a line is computed, within two cents."""
    one, none = Decimal(1), Decimal(0)
    credited = etree.QName(line).localname == "CreditNoteLine"
    net = _amount(line, "cbc:LineExtensionAmount", none)
    quantity = _amount(line, "cbc:CreditedQuantity" if credited else "cbc:InvoicedQuantity", one)
    price = _amount(line, "cac:Price/cbc:PriceAmount", none)
    base = _amount(line, "cac:Price/cbc:BaseQuantity", one)
    sums = {}
    for indicator in ("true", "false"):
        charges = elements(line, f"cac:AllowanceCharge[normalize-space(cbc:ChargeIndicator)='{indicator}']")
        parts = [number_of(charge.find("cbc:Amount", NAMESPACES)) for charge in charges]
        if None in parts:
            return True
        sums[indicator] = sum((part for part in parts if part is not None), none)
    if net is None or quantity is None or price is None or base is None:
        return True
    due = quantity * (price / (base or one)) + sums["true"].quantize(_CENT) - sums["false"].quantize(_CENT)
    return abs(due - net) <= _SLACK


def within_invoice(line_date: Element, ending: str, later: bool) -> bool:
    """Whether a day of a line's period is not before, or not after, that of the invoice's."""
    line = line_date.getparent().getparent()  # type: ignore[union-attr]  # the path names both
    root = line.getparent()  # type: ignore[union-attr]
    limit = root.find(f"cac:InvoicePeriod/cbc:{ending}", NAMESPACES)  # type: ignore[union-attr]
    own, whole = date_of(text_of(line_date)), date_of(text_of(limit))
    return own is None or whole is None or (own >= whole if later else own <= whole)


def same_unit(base: Element) -> bool:
    """Whether the base quantity of a price has the unit of the line's quantity."""
    line = base.getparent().getparent()  # type: ignore[union-attr]  # the path names both
    quantities = elements(line, "cbc:InvoicedQuantity | cbc:CreditedQuantity")  # type: ignore[arg-type]
    return not quantities or any(base.get("unitCode") == one.get("unitCode") for one in quantities)


def wrongly_exempted(code: str, category: str) -> Finder:
    """VAT categories with an exemption code that is of another category."""

    def broken(root: Element) -> list[Element]:
        path = "//cac:TaxCategory | //cac:ClassifiedTaxCategory"
        exempted = (one for one in elements(root, path) if text_at(one, "cbc:TaxExemptionReasonCode").upper() == code)
        return [one for one in exempted if text_at(one, "cbc:ID") != category]

    return broken
