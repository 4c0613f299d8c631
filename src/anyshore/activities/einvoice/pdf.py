"""Takes the invoice out of a hybrid PDF (Factur-X 1, ZUGFeRD 2, XRechnung in PDF/A-3)."""

from __future__ import annotations

import io
import logging

from anyshore.base.errors import DataError
from anyshore.base.locations import Location

# Factur-X 1.0, section 6.2.2, and the names used before it.
NAMES = ("factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml", "cii-invoice.xml")


logging.getLogger("pypdf").setLevel(logging.ERROR)  # what is odd about a file we say ourselves, or it does not matter


def embedded_invoice(content: bytes, file: str) -> tuple[str, bytes]:
    """The embedded invoice of a PDF.

    Returns:
        A name for messages, ``<file>!<attachment>``, and the content of the attachment.

    Raises:
        DataError: the PDF is damaged, encrypted, or has no such attachment or several.
    """
    names, parts = _attachments(content, file)
    if len(set(parts.values())) > 1:
        message = f"The PDF has {len(parts)} embedded electronic invoices: {', '.join(sorted(parts))}."
        hint = "Ask the sender which of them is the invoice; send that file in alone."
        raise DataError("einvoice.pdf-several-invoices", message, Location(file), hint)
    if parts:
        return next((f"{file}!{name}", part) for name, part in parts.items())
    found = ", ".join(sorted(names)) or "none"
    message = f"The PDF has no embedded electronic invoice; its attachments: {found}."
    raise DataError("einvoice.pdf-without-invoice", message, Location(file), f"Expected is one of {', '.join(NAMES)}.")


def _attachments(content: bytes, file: str) -> tuple[list[str], dict[str, bytes]]:
    """The names of all attachments, and the content of those that are called like an invoice: no other is unpacked."""
    from pypdf import PdfReader  # costs 0.1 s: only those who meet a PDF pay
    from pypdf.errors import DependencyError

    try:
        try:
            reader = PdfReader(io.BytesIO(content))
            encrypted = reader.is_encrypted
        except DependencyError:  # a cipher it does not know
            encrypted = True
        if encrypted:
            return _decrypted_attachments(content, file)
        found = reader.attachments
        names = list(found)
        return names, {name: found[name][0] for name in names if name.lower() in NAMES and found[name]}
    except DataError:
        raise
    # A damaged PDF makes the parser raise nearly anything: KeyError, ValueError, RecursionError, its own errors.
    except Exception as problem:
        raise _damaged(problem, file) from problem


def _decrypted_attachments(content: bytes, file: str) -> tuple[list[str], dict[str, bytes]]:
    """The same of a PDF that is encrypted.

    One that only restricts printing or changes opens with the empty password, and may be read by anybody (ISO 32000-1,
    7.6.3.1). PDFium knows every cipher of PDF; pypdf needs a further library for AES.

    Raises:
        DataError: it opens with a password only.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as problem:
        if problem.err_code != pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise
        message = "The PDF is protected by a password."
        hint = "Ask the sender for the file without one, or save it without and send it in again."
        raise DataError("einvoice.pdf-password", message, Location(file), hint) from problem
    with document:
        found = [document.get_attachment(place) for place in range(document.count_attachments())]
        named = [(one.get_name(), one) for one in found]
        return [name for name, _ in named], {
            name: bytes(one.get_data()) for name, one in named if name.lower() in NAMES
        }


def _damaged(problem: Exception, file: str) -> DataError:
    message = f"The PDF cannot be read: {problem or type(problem).__name__}."
    return DataError("einvoice.pdf-damaged", message, Location(file), "Ask the sender for the file.")
