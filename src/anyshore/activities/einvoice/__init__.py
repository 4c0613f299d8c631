"""Electronic invoices of EN 16931: read them (UBL, CII, Factur-X) and check them against the official rules."""

from anyshore.activities.einvoice.documents import InvoiceDocument, open_document
from anyshore.activities.einvoice.model import Invoice, InvoiceLine, Party, PaymentMeans, Totals, VatBreakdown
from anyshore.activities.einvoice.reader import read, read_document
from anyshore.activities.einvoice.validation import Validation, check_rules, check_schema, validate
from anyshore.activities.einvoice.violations import Violation

__all__ = [
    "Invoice",
    "InvoiceDocument",
    "InvoiceLine",
    "Party",
    "PaymentMeans",
    "Totals",
    "Validation",
    "VatBreakdown",
    "Violation",
    "check_rules",
    "check_schema",
    "open_document",
    "read",
    "read_document",
    "validate",
]
