"""How bad it is to break a rule, where the specification an invoice names says otherwise than the rule itself.

KoSIT's configuration of the rules for XRechnung (validator-configuration-xrechnung, ``scenarios.xml``, ``customLevel``)
takes some code lists of EN 16931 as advice, as newer codes are right in Germany before the lists follow, and some
warnings of the syntax as errors. Its extension widens further lists (BR-DEX-04 to 08) and lets third parties be paid
(BR-DEX-09 in place of BR-CO-16); its annex for clean vehicles (CVD) adds a classification of items.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from anyshore.activities.einvoice.documents import InvoiceDocument
from anyshore.activities.einvoice.schematron import Flag

_STANDARD = re.compile(r"kosit:(standard:)?xrechnung_\d")
_CVD = re.compile(r"kosit:xrechnung:cvd_\d")
_EXTENSION = re.compile(r"kosit:extension:xrechnung_\d")

_CODES: Mapping[str, Flag] = {"BR-CL-21": "warning", "BR-CL-23": "warning"}
_WIDER_CODES: Mapping[str, Flag] = {
    "BR-CL-10": "information", "BR-CL-11": "information", "BR-CL-21": "information", "BR-CL-23": "warning",
    "BR-CL-24": "information", "BR-CL-25": "information", "BR-CL-26": "information",
}  # fmt: skip
_UBL: Mapping[str, Flag] = {"UBL-CR-646": "fatal"}
_UBL_EXTENSION: Mapping[str, Flag] = {
    "BR-CO-16": "information", "UBL-CR-470": "information", "UBL-CR-646": "information",
}  # fmt: skip
_CII: Mapping[str, Flag] = {"CII-SR-452": "fatal", "CII-SR-453": "fatal", "CII-SR-454": "fatal"}


def changed(document: InvoiceDocument) -> Mapping[str, Flag]:
    """Rule → how bad it is to break it, for the rules whose own word does not count for this document.

    Note:
        ``scenarios.xml`` names UBL-CR-646 for credit notes of CVD only, not of the standard, and the extension for
        invoices only; a credit note of the extension is taken as its invoices are.
    """
    specification = document.specification or ""
    if _EXTENSION.search(specification):
        return {**_WIDER_CODES, **(_CII if document.syntax == "CII" else _UBL_EXTENSION)}
    if _CVD.search(specification):
        return {**_CODES, "BR-CL-13": "information", **(_CII if document.syntax == "CII" else _UBL)}
    if not _STANDARD.search(specification):
        return {}
    return {**_CODES, **(_CII if document.syntax == "CII" else _UBL if document.syntax == "UBL Invoice" else {})}
