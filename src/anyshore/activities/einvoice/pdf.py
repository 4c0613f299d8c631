"""Takes the invoice out of a hybrid PDF (Factur-X 1, ZUGFeRD 2, XRechnung in PDF/A-3)."""

from __future__ import annotations

import io
import logging

from anyshore.base.errors import DataError
from anyshore.base.locations import Location

# Factur-X 1.0, section 6.2.2, and the names used before it.
NAMES = ("factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml", "cii-invoice.xml")


logging.getLogger("pypdf").setLevel(logging.ERROR)  # what is odd about a file we say ourselves, or it does not matter


def is_pdf(content: bytes) -> bool:
    """Whether the content starts like a PDF (ISO 32000 allows junk before the header, within 1,024 bytes)."""
    return b"%PDF-" in content[:1024]


def embedded_invoice(content: bytes, file: str) -> tuple[str, bytes]:
    """The embedded invoice of a PDF.

    Returns:
        A name for messages, ``<file>!<attachment>``, and the content of the attachment.

    Raises:
        DataError: the PDF is damaged, encrypted or has no such attachment.
    """
    names, parts = _attachments(content, file)
    if parts:
        return next((f"{file}!{name}", part) for name, part in parts.items())
    found = ", ".join(sorted(names)) or "none"
    message = f"The PDF has no embedded electronic invoice; its attachments: {found}."
    raise DataError("einvoice.pdf-without-invoice", message, Location(file), f"Expected is one of {', '.join(NAMES)}.")


def _attachments(content: bytes, file: str) -> tuple[list[str], dict[str, bytes]]:
    """The names of all attachments, and the content of those that are called like an invoice: no other is unpacked."""
    from pypdf import PdfReader  # costs 0.1 s: only those who meet a PDF pay

    try:
        reader = PdfReader(io.BytesIO(content))
        found = reader.attachments
        names = list(found)
        return names, {name: found[name][0] for name in names if name.lower() in NAMES and found[name]}
    # A damaged PDF makes the parser raise nearly anything: KeyError, ValueError, RecursionError, its own errors.
    except Exception as problem:
        message = f"The PDF cannot be read: {problem or type(problem).__name__}."
        raise DataError("einvoice.pdf-damaged", message, Location(file), "Ask the sender for the file.") from problem
