"""Factur-X and ZUGFeRD files, good and bad: the folder ``correct`` or ``fail`` a file lies in says which.

A good one passes when the XML is byte for byte the attachment another library takes out, the profile is the one its
name tells (where it tells one), and no fatal finding of the rules of its date is made. A bad one passes when it is not
booked for a reason that is named: it cannot be read, breaks a fatal rule, or a line is not its quantity times its
price.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pypdfium2

from anyshore.activities.einvoice import documents, pdf, read_document, validation
from anyshore.activities.einvoice.rulesets import is_supported, profile_of
from anyshore.base import files
from anyshore.base.errors import DataError
from conformance import folders
from conformance.scores import Score

_PROFILE = re.compile(r"MINIMUM|BASIC[ _]?WL|BASIC|EN16931|EXTENDED|XRECHNUNG")


def run(data: Path) -> Score:
    """Runs the files.

    Args:
        data: the folder of all data, or any folder with ``correct`` and ``fail`` somewhere below.
    """
    score = Score("zugferd", 0, 0)
    folder = folders.of_suite(data, "einvoice/zugferd-corpus")
    for file in sorted([*folders.files(folder, ".pdf"), *folders.files(folder, ".xml")]):
        parts = (folder.name, *file.relative_to(folder).parts)
        half = "correct" if "correct" in parts else "fail" if "fail" in parts else None
        if half is None:
            continue
        case = partial(_good if half == "correct" else _bad, file)
        reason = folders.told(case, str)
        score.total += 1
        score.passed += not reason
        for key, value in ((f"{half}_passed", int(not reason)), (f"{half}_total", 1)):
            score.extra[key] = score.extra.get(key, 0) + value
        if reason:
            score.failed.append(f"{file.relative_to(folder)}: {reason}")
    return score


def _good(file: Path) -> str:
    """Why a good file does not pass; empty where it does."""
    content = file.read_bytes()
    if files.is_pdf(content) and pdf.embedded_invoice(content, file.name)[1] not in _attachments(content):
        return "the XML is not the one attached"
    document = documents.open_document(content, file.name)
    told = _PROFILE.search(file.name)
    profile = (profile_of(document) or "").replace(" ", "")
    if told and told[0].replace(" ", "").replace("_", "") != profile:
        return f"the profile is {profile}, the name tells {told[0]}"
    if not is_supported(document):
        return f"specification not supported: {document.specification}"
    found = validation.validate(document)
    return ", ".join(sorted({violation.rule for violation in found.fatal}))


def _bad(file: Path) -> str:
    """Why a bad file does not pass: nothing was found."""
    try:
        document = documents.open_document(file)
        if validation.validate(document).fatal:
            return ""
        invoice = read_document(document)
    except DataError:
        return ""  # it says why, at its place
    # An order made up from the invoice fits it in all but this: what the lines cost by their own price.
    return "" if any(line.miscalculated for line in invoice.lines) else "no fatal finding"


def _attachments(content: bytes) -> list[bytes]:
    with pypdfium2.PdfDocument(content) as document:
        count = document.count_attachments()
        return [bytes(document.get_attachment(place).get_data()) for place in range(count)]
