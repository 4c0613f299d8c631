"""Supporting documents of an invoice (BG-24): what is embedded in its XML (BT-125), and where the rest lies (BT-124).

EN 16931 allows a handful of kinds (BR-CL-24). What is embedded comes from a stranger: it is handed out only where its
content is of the kind it says, and no larger than a mail takes.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import zipfile
from dataclasses import dataclass, replace

from lxml import etree

from anyshore.activities.einvoice.documents import InvoiceDocument, open_document

_CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"
_CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
_RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OPEN_SHEET = "application/vnd.oasis.opendocument.spreadsheet"
ENDINGS = {
    "application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "text/csv": ".csv", _SHEET: ".xlsx",
    _OPEN_SHEET: ".ods",
}  # fmt: skip
"""The kinds BR-CL-24 allows, and how the names of their files end."""

LARGEST = 25 * 1024 * 1024
"""Bytes of an embedded document that are handed out at most."""

MOST = 200
"""Supporting documents that are told of at most."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A supporting document.

    Attributes:
        place: its number within the invoice, from 1.
        reference: BT-122.
        description: BT-123.
        name: what its file is called, safe to save; empty where nothing is embedded.
        kind: media type it says, which its content bears out where ``problem`` is empty.
        size: bytes; 0 where nothing is embedded, or it cannot be told.
        location: where it lies instead (BT-124): a text to be read, never followed by a program.
        problem: why it is not handed out: ``kind`` (none of those allowed), ``content`` (it is not what it says),
            ``size`` (too large), ``damaged`` (no base64); empty where it is.
    """

    place: int
    reference: str = ""
    description: str = ""
    name: str = ""
    kind: str = ""
    size: int = 0
    location: str = ""
    problem: str = ""

    @property
    def is_offered(self) -> bool:
        """Whether it can be saved."""
        return bool(self.name) and not self.problem


def attachments(source: bytes | InvoiceDocument, file: str = "") -> list[Attachment]:
    """The supporting documents of an invoice, in order.

    Args:
        source: an XML, a PDF with one, or a document.
        file: the name to show in messages.

    Raises:
        DataError: it is no electronic invoice.
    """
    return [found for found, _content in _all(source, file)]


def attachment(source: bytes | InvoiceDocument, place: int, file: str = "") -> tuple[Attachment, bytes] | None:
    """One supporting document with its content; None where there is none, or it is not handed out.

    Raises:
        DataError: it is no electronic invoice.
    """
    for found, content in _all(source, file):
        if found.place == place and found.is_offered:
            return found, content
    return None


def _all(source: bytes | InvoiceDocument, file: str) -> list[tuple[Attachment, bytes]]:
    document = source if isinstance(source, InvoiceDocument) else open_document(source, file or None)
    read = _of_cii if document.syntax == "CII" else _of_ubl
    tag = f"{_RAM}AdditionalReferencedDocument" if document.syntax == "CII" else f"{_CAC}AdditionalDocumentReference"
    found = []
    for place, element in enumerate(document.xml.root.iter(tag), 1):
        if place > MOST:
            break
        told, embedded = read(element, place)
        if embedded is not None or told.location:
            found.append(_judged(told, embedded))
    return found


def _of_ubl(element: etree._Element, place: int) -> tuple[Attachment, etree._Element | None]:
    told = Attachment(
        place, _text(element, f"{_CBC}ID"), _text(element, f"{_CBC}DocumentDescription"),
        location=_text(element, f"{_CAC}Attachment/{_CAC}ExternalReference/{_CBC}URI"),
    )  # fmt: skip
    return told, element.find(f"{_CAC}Attachment/{_CBC}EmbeddedDocumentBinaryObject")


def _of_cii(element: etree._Element, place: int) -> tuple[Attachment, etree._Element | None]:
    told = Attachment(
        place, _text(element, f"{_RAM}IssuerAssignedID"), _text(element, f"{_RAM}Name"),
        location=_text(element, f"{_RAM}URIID"),
    )  # fmt: skip
    return told, element.find(f"{_RAM}AttachmentBinaryObject")


def _text(element: etree._Element, path: str) -> str:
    return " ".join((element.findtext(path) or "").split())


def _judged(told: Attachment, embedded: etree._Element | None) -> tuple[Attachment, bytes]:
    """A supporting document with what is to be said of its content, and the content where it is handed out."""
    if embedded is None:
        return told, b""
    kind = (embedded.get("mimeCode") or "").partition(";")[0].strip().lower()
    told = replace(told, kind=kind, name=_safe(embedded.get("filename") or told.reference, kind, told.place))
    text = "".join((embedded.text or "").split())
    size = len(text) * 3 // 4 - text[-2:].count("=")
    told = replace(told, size=max(size, 0))
    if kind not in ENDINGS:
        return replace(told, problem="kind"), b""
    if size > LARGEST:
        return replace(told, problem="size"), b""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return replace(told, problem="damaged"), b""
    if not content or not _bears_out(kind, content):
        return replace(told, problem="content"), b""
    return replace(told, size=len(content)), content


def _safe(name: str, kind: str, place: int) -> str:
    """A name for a file: no folders, nothing hidden, with the ending of its kind."""
    last = re.split(r"[/\\]", name)[-1]
    stem = re.sub(r"[^\w .()+-]", "_", last).strip(" .")[:120] or f"attachment-{place}"
    ending = ENDINGS.get(kind, "")
    same = {".jpg": (".jpg", ".jpeg")}.get(ending, (ending,))
    return stem if not ending or stem.lower().endswith(same) else f"{stem}{ending}"


_SIGNATURES = {"application/pdf": b"%PDF-", "image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


def _bears_out(kind: str, content: bytes) -> bool:
    """Whether the bytes are of the kind they are said to be."""
    signature = _SIGNATURES.get(kind)
    if signature is not None:
        return content.startswith(signature) if kind != "application/pdf" else signature in content[:1024]
    if kind == "text/csv":
        return b"\0" not in content and content.lstrip()[:1] != b"<"
    return _is_sheet(kind, content)


def _is_sheet(kind: str, content: bytes) -> bool:
    """Whether a ZIP has what a spreadsheet of its kind has; nothing but its list and one short file is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = set(packed.namelist())
            if kind == _SHEET:
                macros = any(name.endswith("vbaProject.bin") for name in names)
                return {"[Content_Types].xml", "xl/workbook.xml"} <= names and not macros
            if "mimetype" not in names or packed.getinfo("mimetype").file_size > 100:
                return False
            return packed.read("mimetype").decode("ascii", "replace").strip() == _OPEN_SHEET
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        return False
