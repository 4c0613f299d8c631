"""Reads an electronic invoice of any syntax of EN 16931 into the one model."""

from __future__ import annotations

from pathlib import Path

from anyshore.activities.einvoice import cii, ubl
from anyshore.activities.einvoice.documents import InvoiceDocument, open_document
from anyshore.activities.einvoice.model import Invoice
from anyshore.activities.einvoice.texts import Texts
from anyshore.base.errors import DataError
from anyshore.base.xml import Problems


def read(source: bytes | Path, file: str | None = None) -> Invoice:
    """Reads an invoice from XML (UBL, CII) or from a PDF with embedded XML (Factur-X, ZUGFeRD 2).

    Args:
        source: a path, or the content.
        file: the name to show in messages; the path where ``source`` is one.

    Raises:
        DataError: the file is no electronic invoice, or lacks what accounts payable cannot do without, or holds
            malformed amounts or dates; with every problem at file, element, line and column.
    """
    return read_document(open_document(source, file))


def read_document(document: InvoiceDocument) -> Invoice:
    """Reads an invoice that is already parsed.

    Raises:
        DataError: as ``read``.
    """
    problems = Problems(document.xml)
    root = document.xml.root
    if document.syntax == "CII":
        invoice = cii.read_invoice(root, Texts(problems, cii.NAMESPACES))
    else:
        invoice = ubl.read_invoice(root, document.syntax, Texts(problems, ubl.NAMESPACES))
    if problems.errors:
        raise DataError.of(problems.errors)
    return invoice
