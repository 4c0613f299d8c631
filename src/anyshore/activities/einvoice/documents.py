"""Opens a file and finds out which kind of electronic invoice it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lxml import etree

from anyshore.activities.einvoice import pdf
from anyshore.activities.einvoice.model import Syntax
from anyshore.base import files, xml
from anyshore.base.errors import DataError
from anyshore.base.locations import Location

UBL_INVOICE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
UBL_CREDIT_NOTE = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"
CII = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
ZUGFERD_1 = "urn:ferd:CrossIndustryDocument:invoice:1p0"

UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
_CII_DATE = f"{{{CII}}}ExchangedDocument/{{{RAM}}}IssueDateTime/{{{UDT}}}DateTimeString"
_UBL_DATE = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}IssueDate"

ROOTS: dict[tuple[str | None, str], Syntax] = {
    (UBL_INVOICE, "Invoice"): "UBL Invoice",
    (UBL_CREDIT_NOTE, "CreditNote"): "UBL CreditNote",
    (CII, "CrossIndustryInvoice"): "CII",
}
_EXPECTED = "Expected is a UBL 2.1 Invoice or CreditNote, or a UN/CEFACT CrossIndustryInvoice (CII D16B or later)."


@dataclass(frozen=True, slots=True)
class InvoiceDocument:
    """A parsed electronic invoice.

    Attributes:
        xml: the document, which can locate its elements.
        syntax: the syntax of EN 16931 it is written in.
        embedded: whether it was taken out of a PDF (Factur-X, ZUGFeRD).
    """

    xml: xml.XmlDocument
    syntax: Syntax
    embedded: bool = False

    @property
    def specification(self) -> str | None:
        """The specification identifier, BT-24."""
        path = (
            f"{{{CII}}}ExchangedDocumentContext/{{{RAM}}}GuidelineSpecifiedDocumentContextParameter/{{{RAM}}}ID"
            if self.syntax == "CII"
            else "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}CustomizationID"
        )
        text = self.xml.root.findtext(path)
        return text.strip() if text else None

    @property
    def issued(self) -> date | None:
        """The issue date, BT-2; None where it is missing or malformed."""
        path = _CII_DATE if self.syntax == "CII" else _UBL_DATE
        text = (self.xml.root.findtext(path) or "").strip()
        try:
            return date.fromisoformat(text[:10])
        except ValueError:
            return None


def open_document(source: bytes | Path, file: str | None = None) -> InvoiceDocument:
    """Opens an invoice: XML, or a PDF with the XML embedded.

    Args:
        source: a path, or the content.
        file: the name to show in messages; the path where ``source`` is one.

    Raises:
        DataError: the file cannot be read, is not XML or holds another kind of document.
    """
    name = file or (str(source) if isinstance(source, Path) else "<invoice>")
    content = source if isinstance(source, bytes) else files.read(source, name=name)
    if files.is_pdf(content):
        name, content = pdf.embedded_invoice(content, name)
        return _document(content, name, embedded=True)
    return _document(content, name, embedded=False)


def _document(content: bytes, name: str, *, embedded: bool) -> InvoiceDocument:
    if not content.strip():
        raise DataError("einvoice.empty", "The file is empty.", Location(name), _EXPECTED)
    if b"<" not in content:
        start = content.strip()[:40].decode("utf-8", "replace")
        raise DataError("einvoice.not-xml", f"This is not XML; it starts with {start!r}.", Location(name), _EXPECTED)
    document = xml.parse(content, name, error=DataError)
    _check_encoding(document)
    return classify(document, embedded=embedded)


_LOCATED = frozenset({"UTF-8", "US-ASCII", "ASCII", "ISO-8859-1", "UTF-16"})
"""The encodings the parser that counts columns knows by itself."""


def _check_encoding(document: xml.XmlDocument) -> None:
    """Refuses encodings in which elements could not be located (UTF-7, Shift JIS, …)."""
    encoding = document.root.getroottree().docinfo.encoding or "UTF-8"
    if encoding.upper() in _LOCATED:
        return  # elements are located where they are asked for
    try:
        document.locate(document.root)
    except (ValueError, LookupError) as problem:
        message = f"The encoding {encoding} is not read."
        raise DataError("einvoice.encoding", message, Location(document.file), "Save the file as UTF-8.") from problem


def classify(document: xml.XmlDocument, *, embedded: bool = False) -> InvoiceDocument:
    """Says which syntax a parsed document is written in, by its document element.

    Raises:
        DataError: the document element is none of the three of EN 16931.
    """
    root = etree.QName(document.root)
    syntax = ROOTS.get((root.namespace, root.localname))
    if syntax is None:
        found = f"<{root.localname}> of namespace {root.namespace!r}" if root.namespace else f"<{root.localname}>"
        message = f"Not an electronic invoice of EN 16931: the document element is {found}."
        raise DataError("einvoice.unknown-root", message, document.locate(document.root, root.localname), _hint(root))
    return InvoiceDocument(document, syntax, embedded)


def _hint(root: etree.QName) -> str:
    if root.namespace == ZUGFERD_1:
        return "This is ZUGFeRD 1.0, which is older than EN 16931. Ask the sender for ZUGFeRD 2 or Factur-X."
    if root.localname in {"Invoice", "CreditNote", "CrossIndustryInvoice"}:
        return f"The name fits, the namespace does not. {_EXPECTED}"
    return _EXPECTED
