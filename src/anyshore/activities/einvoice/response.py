"""The answer to who sent an invoice: Peppol Invoice Response 3 (UBL 2.1 ApplicationResponse), and the same as a mail.

Sources: OpenPeppol, "BIS Invoice Response 3.1" (transaction T111); UNCL4343 and the code lists of status reasons and
actions named there. A file needs the electronic addresses of both sides (BT-34, BT-49); a mail needs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from lxml import etree

from anyshore.activities.einvoice.documents import CII, RAM, InvoiceDocument
from anyshore.activities.einvoice.model import Identifier
from anyshore.activities.einvoice.violations import Violation

Code = Literal["AB", "IP", "UQ", "CA", "RE", "AP", "PD"]
"""Acknowledged, in process, under query, conditionally accepted, rejected, accepted, paid (UNCL4343)."""
Reason = Literal[
    "NON", "REF", "LEG", "REC", "QUA", "DEL", "PRI", "QTY", "ITM", "PAY", "UNR", "FIN", "PPD", "OTH"
]  # fmt: skip
"""Why (OPStatusReason): none, references, legal, receiver, quality, delivery, prices, quantity, items, payment terms,
not recognised, finance, partly paid, other."""
Action = Literal["NOA", "PIN", "NIN", "CNF", "CNP", "CNA", "OTH"]
"""What is asked for (OPStatusAction): nothing, information, a new invoice, a credit note in full, in part or of the
amount, other."""

_UBL = "urn:oasis:names:specification:ubl:schema:xsd"
ROOT = f"{{{_UBL}:ApplicationResponse-2}}ApplicationResponse"
CAC, CBC = f"{_UBL}:CommonAggregateComponents-2", f"{_UBL}:CommonBasicComponents-2"
_CUSTOMIZATION = "urn:fdc:peppol.eu:poacc:trns:invoice_response:3"
_PROFILE = "urn:fdc:peppol.eu:poacc:bis:invoice_response:3"
_MOST = 20
"""Violations that are told one by one."""


@dataclass(frozen=True, slots=True)
class Side:
    """A party of an invoice, as far as an answer needs it."""

    name: str
    endpoint: Identifier | None


@dataclass(frozen=True, slots=True)
class Header:
    """What of an invoice an answer names: read without asking whether the rest of it is right.

    Attributes:
        number: BT-1.
        issued: BT-2 as ISO 8601, empty where it is no date.
        kind: BT-3.
        seller: BT-27, BT-34.
        buyer: BT-44, BT-49.
    """

    number: str
    issued: str
    kind: str
    seller: Side
    buyer: Side


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered.

    Attributes:
        code: what becomes of the invoice.
        reason: why.
        action: what is asked of the sender.
        note: in somebody's own words.
        violations: rules it breaks.
    """

    code: Code
    reason: Reason
    action: Action
    note: str = ""
    violations: tuple[Violation, ...] = ()


def header(document: InvoiceDocument) -> Header:
    """The header of an invoice, of whichever syntax."""
    return _cii(document) if document.syntax == "CII" else _ubl(document)


def response(id: str, day: date, invoice: Header, answer: Answer) -> str | None:
    """The Invoice Response as XML; None where a side has no electronic address, or the invoice no number.

    Args:
        id: of the response.
        day: on which it is given.
        invoice: what is answered.
        answer: the answer.
    """
    if not invoice.number or invoice.seller.endpoint is None or invoice.buyer.endpoint is None:
        return None
    root = etree.Element(ROOT, nsmap={None: f"{_UBL}:ApplicationResponse-2", "cac": CAC, "cbc": CBC})  # type: ignore[dict-item]
    _basic(root, "CustomizationID", _CUSTOMIZATION)
    _basic(root, "ProfileID", _PROFILE)
    _basic(root, "ID", id)
    _basic(root, "IssueDate", day.isoformat())
    if answer.note:
        _basic(root, "Note", answer.note)
    _side(root, "SenderParty", invoice.buyer)
    _side(root, "ReceiverParty", invoice.seller)
    told = _aggregate(root, "DocumentResponse")
    said = _aggregate(told, "Response")
    _basic(said, "ResponseCode", answer.code, listID="UNCL4343OpSubset")
    _basic(said, "EffectiveDate", day.isoformat())
    reason = _aggregate(said, "Status")
    _basic(reason, "StatusReasonCode", answer.reason, listID="OPStatusReason")
    if answer.note:
        _basic(reason, "StatusReason", answer.note)
    for one in answer.violations[:_MOST]:
        condition = _aggregate(reason, "Condition")
        _basic(condition, "AttributeID", one.rule)
        _basic(condition, "Description", one.text)
    _basic(_aggregate(said, "Status"), "StatusReasonCode", answer.action, listID="OPStatusAction")
    reference = _aggregate(told, "DocumentReference")
    _basic(reference, "ID", invoice.number)
    if invoice.issued:
        _basic(reference, "IssueDate", invoice.issued)
    if invoice.kind:
        _basic(reference, "DocumentTypeCode", invoice.kind, listID="UNCL1001")
    return etree.tostring(root, encoding="unicode", pretty_print=True)


_CODES: dict[Code, tuple[str, str]] = {
    "AB": ("has been received", "ist eingegangen"),
    "IP": ("is being processed", "wird bearbeitet"),
    "UQ": ("raises a question", "wirft eine Rückfrage auf"),
    "CA": ("is accepted under a condition", "ist unter einer Bedingung angenommen"),
    "RE": ("cannot be accepted", "kann nicht angenommen werden"),
    "AP": ("is accepted", "ist angenommen"),
    "PD": ("has been paid", "ist bezahlt"),
}
_REASONS: dict[Reason, tuple[str, str]] = {
    "NON": ("no objection", "keine Beanstandung"),
    "REF": ("its references, as the order number", "ihre Bezüge, etwa die Bestellnummer"),
    "LEG": ("it breaks rules of electronic invoices", "sie verletzt Regeln elektronischer Rechnungen"),
    "REC": ("it is for another company", "sie ist an ein anderes Unternehmen gerichtet"),
    "QUA": ("the quality of what was delivered", "die Qualität des Gelieferten"),
    "DEL": ("the delivery", "die Lieferung"),
    "PRI": ("its prices or amounts", "ihre Preise oder Beträge"),
    "QTY": ("its quantities", "ihre Mengen"),
    "ITM": ("its items", "ihre Positionen"),
    "PAY": ("how it is to be paid", "ihre Zahlungsangaben"),
    "UNR": ("the sender is not known to us", "der Absender ist uns nicht bekannt"),
    "FIN": ("its financial terms", "ihre finanziellen Bedingungen"),
    "PPD": ("it is paid in part", "sie ist teilweise bezahlt"),
    "OTH": ("see below", "siehe unten"),
}
_ACTIONS: dict[Action, tuple[str, str]] = {
    "NOA": ("You need not do anything.", "Sie müssen nichts tun."),
    "PIN": ("Please send us what is missing.", "Bitte senden Sie uns, was fehlt."),
    "NIN": ("Please send a new invoice.", "Bitte senden Sie eine neue Rechnung."),
    "CNF": ("Please credit the whole invoice.", "Bitte schreiben Sie die ganze Rechnung gut."),
    "CNP": ("Please credit a part of the invoice.", "Bitte schreiben Sie einen Teil der Rechnung gut."),
    "CNA": ("Please credit the amount.", "Bitte schreiben Sie den Betrag gut."),
    "OTH": ("Please read the note.", "Bitte lesen Sie die Anmerkung."),
}


def mail(invoice: Header | None, name: str, answer: Answer) -> tuple[str, str]:
    """Subject and body of the answer as a mail, German and English.

    Args:
        invoice: what is answered; None where it could not be read.
        name: of the file, to be named instead.
        answer: the answer.
    """
    number = invoice.number if invoice is not None and invoice.number else ""
    german, english = (f"Rechnung {number}", f"invoice {number}") if number else (f"Datei {name}", f"file {name}")
    rules = [f"- {one.rule}: {one.text}{_line(one)}" for one in answer.violations[:_MOST]]
    more = len(answer.violations) - _MOST
    rules += [f"- … + {more}"] if more > 0 else []
    body = [
        f"Ihre {german} {_CODES[answer.code][1]}.", f"Grund: {_REASONS[answer.reason][1]}.", _ACTIONS[answer.action][1],
        "", f"Your {english} {_CODES[answer.code][0]}.", f"Reason: {_REASONS[answer.reason][0]}.",
        _ACTIONS[answer.action][0],
    ]  # fmt: skip
    body += ["", answer.note] if answer.note else []
    body += ["", *rules] if rules else []
    return f"{german} / {english}", "\n".join(body) + "\n"


def _line(one: Violation) -> str:
    return f" ({one.location.line})" if one.location.line else ""


def _ubl(document: InvoiceDocument) -> Header:
    root, cac, cbc = document.xml.root, f"{{{CAC}}}", f"{{{CBC}}}"
    kind = f"{cbc}InvoiceTypeCode" if document.syntax == "UBL Invoice" else f"{cbc}CreditNoteTypeCode"

    def side(role: str) -> Side:
        party = f"{cac}Accounting{role}Party/{cac}Party"
        name = _text(root, f"{party}/{cac}PartyLegalEntity/{cbc}RegistrationName")
        return Side(
            name or _text(root, f"{party}/{cac}PartyName/{cbc}Name"), _endpoint(root, f"{party}/{cbc}EndpointID")
        )

    return Header(_text(root, f"{cbc}ID"), _issued(document), _text(root, kind), side("Supplier"), side("Customer"))


def _cii(document: InvoiceDocument) -> Header:
    root, ram = document.xml.root, f"{{{RAM}}}"
    head = f"{{{CII}}}ExchangedDocument/{ram}"

    def side(role: str) -> Side:
        agreement = f"{{{CII}}}SupplyChainTradeTransaction/{ram}ApplicableHeaderTradeAgreement"
        party = f"{agreement}/{ram}{role}TradeParty/{ram}"
        return Side(_text(root, f"{party}Name"), _endpoint(root, f"{party}URIUniversalCommunication/{ram}URIID"))

    return Header(
        _text(root, f"{head}ID"), _issued(document), _text(root, f"{head}TypeCode"), side("Seller"), side("Buyer")
    )


def _issued(document: InvoiceDocument) -> str:
    issued = document.issued
    return issued.isoformat() if issued else ""


def _text(root: etree._Element, path: str) -> str:
    return " ".join((root.findtext(path) or "").split())


def _endpoint(root: etree._Element, path: str) -> Identifier | None:
    found = root.find(path)
    scheme = found.get("schemeID") if found is not None else None
    text = (found.text or "").strip() if found is not None else ""
    return Identifier(text, scheme) if text and scheme else None


def _basic(parent: etree._Element, name: str, text: str, **attributes: str) -> None:
    element = etree.SubElement(parent, f"{{{CBC}}}{name}", attributes)
    element.text = "".join(one for one in text if one.isprintable() or one in "\n\t")  # what XML cannot hold


def _aggregate(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{CAC}}}{name}")


def _side(root: etree._Element, name: str, side: Side) -> None:
    assert side.endpoint is not None
    party = _aggregate(root, name)
    _basic(party, "EndpointID", side.endpoint.value, schemeID=side.endpoint.scheme or "")
    _basic(_aggregate(party, "PartyLegalEntity"), "RegistrationName", side.name or "-")


def reasons(violations: Sequence[Violation]) -> tuple[Violation, ...]:
    """What the sender has to mend: each fatal rule once, at its first place."""
    return tuple({one.rule: one for one in reversed(violations) if one.flag == "fatal"}.values())[::-1]
