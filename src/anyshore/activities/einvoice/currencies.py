"""Currencies that have ceased since: an invoice is judged by the code list of its own day.

The code list of the rules (BR-CL-03 to 05) is the one of ISO 4217 in force when they were published. A currency
replaced since was right on the invoices of its time, and those are received, corrected and archived for years.
"""

from __future__ import annotations

from datetime import date

from anyshore.activities.einvoice.documents import InvoiceDocument
from anyshore.activities.einvoice.violations import Violation, element_at

_RULES = frozenset({"BR-CL-03", "BR-CL-04", "BR-CL-05"})

CEASED = {
    "ANG": date(2025, 6, 30),
    "BGN": date(2025, 12, 31),
    "BYR": date(2016, 12, 31),
    "CUC": date(2021, 6, 30),
    "HRK": date(2022, 12, 31),
    "LTL": date(2014, 12, 31),
    "MRO": date(2017, 12, 31),
    "SLL": date(2024, 3, 31),
    "STD": date(2017, 12, 31),
    "VEF": date(2018, 8, 20),
    "ZMK": date(2012, 12, 31),
    "ZWL": date(2024, 8, 31),
}
"""The last day of currencies that ceased since 2012, after ISO 4217, list three (historic denominations).

For BGN and HRK it is the day before the euro came (1 January 2026, 1 January 2023). The days of the others were written
down without the list at hand: where one matters, hold it against the list first.
"""


def was_in_use(violation: Violation, document: InvoiceDocument) -> bool:
    """Whether a violation only says that a currency is no longer listed which was, on the day of the invoice (BT-2)."""
    if violation.rule not in _RULES:
        return False
    element = element_at(document.xml.root, violation.xpath)
    issued = document.issued
    if element is None or issued is None:
        return False
    named = {(element.text or "").strip(), (element.get("currencyID") or "").strip()}
    return any(issued <= last for code, last in CEASED.items() if code in named)
