"""Hybrid invoices older than the rules of their profile that are here.

Factur-X and ZUGFeRD were published in editions, and the rules of a profile narrowed with them. Those here are of a late
edition. What was made before Factur-X 1.0.05 (ZUGFeRD 2.1, 24 March 2020) was right by others, which are in no package:
its EN 16931 profile is judged by EN 16931 itself, and what rests on a code list, or forbids an element of MINIMUM, is
told as a warning.
"""

from __future__ import annotations

from datetime import date

from anyshore.activities.einvoice.documents import InvoiceDocument
from anyshore.activities.einvoice.schematron import UNNAMED
from anyshore.activities.einvoice.violations import Violation

_FIRST = date(2020, 3, 24)


def is_older(document: InvoiceDocument) -> bool:
    """Whether a hybrid invoice was issued before the rules of its profile that are here."""
    if not document.embedded:
        return False
    issued = document.issued
    return issued is not None and issued < _FIRST


def cannot_be_held_to(violation: Violation, document: InvoiceDocument) -> bool:
    """Whether an older invoice breaks a rule that may not have been there, or been another, when it was issued."""
    if not is_older(document):
        return False
    of_codes = violation.rule.startswith("BR-CL-") or violation.text.startswith("Value of ")
    return of_codes or (violation.rule == UNNAMED and (document.specification or "").endswith(":minimum"))
