"""What the picture of an invoice says: suggested to a person where there is no XML, held against it where there is.

The XML is the invoice; nothing is ever booked from a picture. A text is no data: what stands behind a label is a
suggestion, and a figure of the XML that stands anywhere in the text, in whatever notation, agrees with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from anyshore.activities.common.parties import compact
from anyshore.activities.einvoice.model import Invoice
from anyshore.base.errors import DataError
from anyshore.base.files import is_pdf
from anyshore.base.iban import iban_key, is_iban
from anyshore.knowledge.pdf import page_texts

MOST_CHARACTERS = 400_000
"""Characters of a picture that are looked at: an invoice has a few thousand."""

_AMOUNT = r"-?\d{1,3}(?:[.,' ]\d{3})*[.,]\d{2}(?!\d)|-?\d+[.,]\d{2}(?!\d)"
_DAY = r"\d{1,2}\.\s?\d{1,2}\.\s?\d{4}|\d{4}-\d{2}-\d{2}"
_NUMBER = re.compile(
    r"(?:rechnungs?-?\s?(?:nummer|nr\.?|no\.?)|invoice\s?(?:number|no\.?|nr\.?|#)|beleg-?(?:nummer|nr\.?)|facture\s?n[°o]\.?)"
    r"\s*[:#.]?\s*([A-Z0-9][\w./-]{1,38})",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"(?:bestell-?(?:nummer|nr\.?)|ihre bestellung|auftrags-?(?:nummer|nr\.?)|(?:purchase )?order\s?(?:number|no\.?)|po"
    r" number)"
    r"\s*[:#.]?\s*([A-Z0-9][\w./-]{1,38})",
    re.IGNORECASE,
)
_ISSUED = re.compile(rf"(?:rechnungsdatum|invoice date|belegdatum|datum|date)\s*[:.]?\s*({_DAY})", re.IGNORECASE)
_TOTAL = re.compile(
    r"(?:zahlbetrag|rechnungsbetrag|gesamtbetrag|endbetrag|bruttobetrag|brutto|amount due|total due|grand total|gesamt)"
    rf"[^\d\n-]{{0,30}}({_AMOUNT})",
    re.IGNORECASE,
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}")
_VAT = re.compile(r"\b(?:ATU\d{8}|DE ?\d{9}|FR ?[0-9A-Z]{2} ?\d{9}|IT ?\d{11}|NL ?\d{9}B\d{2})\b")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the text of a picture says, each as it stands there; none where it says nothing of it.

    Attributes:
        number: of the invoice.
        issued: day of issue.
        total: amount to pay, as a number.
        order: number of the order.
        accounts: IBANs with the right check digits.
        vat_ids: VAT numbers.
    """

    number: str | None = None
    issued: str | None = None
    total: Decimal | None = None
    order: str | None = None
    accounts: tuple[str, ...] = ()
    vat_ids: tuple[str, ...] = ()


Field = Literal["number", "issued", "total", "account"]


@dataclass(frozen=True, slots=True)
class Difference:
    """What the picture of an invoice says otherwise than its XML.

    Attributes:
        field: ``number``, ``issued``, ``total`` or ``account``.
        invoice: what the XML says.
        picture: what the picture says.
    """

    field: Field
    invoice: str
    picture: str


def text_of(content: bytes, name: str) -> str:
    """The text of a PDF; empty where it cannot be read, as that of a scan."""
    try:
        return "\n".join(page.text for page in page_texts(content, name))[:MOST_CHARACTERS]
    except DataError:
        return ""


def suggestion(text: str) -> Suggestion:
    """What a text says behind the labels invoices have in German, English and French."""
    total = _first(_TOTAL, text)
    return Suggestion(
        _first(_NUMBER, text), _first(_ISSUED, text), None if total is None else amount(total), _first(_ORDER, text),
        tuple(dict.fromkeys(_accounts(text))), tuple(dict.fromkeys(compact(one).upper() for one in _VAT.findall(text))),
    )  # fmt: skip


def differences(content: bytes, invoice: Invoice, name: str) -> tuple[Difference, ...]:
    """Where the picture of a hybrid invoice differs from its XML; nothing for what is no PDF."""
    text = text_of(content, name) if is_pdf(content) else ""
    return tuple(_differing(text, invoice)) if text.strip() else ()


def _differing(text: str, invoice: Invoice) -> Iterator[Difference]:
    said, plain = suggestion(text), compact(text)
    if said.number and compact(invoice.number) not in plain:
        yield Difference("number", invoice.number, said.number)
    if said.issued and invoice.issue_date not in set(_days(text)):
        yield Difference("issued", invoice.issue_date.isoformat(), said.issued)
    totals = invoice.totals
    known = {abs(one) for one in (totals.due, totals.gross) if one is not None}
    if said.total is not None and not known & {abs(amount(one)) for one in re.findall(_AMOUNT, text)}:
        yield Difference("total", f"{totals.due:f}", f"{said.total:f}")
    given = {iban_key(means.account) for means in invoice.payment if means.account and is_iban(means.account)}
    if given and said.accounts and not given & set(said.accounts):
        yield Difference("account", ", ".join(sorted(given)), ", ".join(said.accounts))


def amount(text: str) -> Decimal:
    """A number with two decimal places, whatever parts its thousands: the last sign parts the decimals."""
    return Decimal(f"{re.sub(r'[^0-9-]', '', text[:-3])}.{text[-2:]}")


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found[1].strip() if found else None


_LENGTHS = {
    "AT": 20, "BE": 16, "CH": 21, "CZ": 24, "DE": 22, "DK": 18, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "HU": 28,
    "IE": 22, "IT": 27, "LI": 21, "LU": 20, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19,
    "SK": 24,
}  # fmt: skip
"""Characters of an IBAN by country (ISO 13616 registry); one of another country is not suggested."""


def _accounts(text: str) -> Iterator[str]:
    """IBANs in a text, each as long as those of its country are: what follows on the line is no part of it."""
    for found in _IBAN.finditer(text):
        key = iban_key(found[0])[: _LENGTHS.get(found[0][:2], 0)]
        if is_iban(key):
            yield key


def _days(text: str) -> Iterator[date]:
    for found in re.findall(_DAY, text):
        parts = [int(part) for part in re.findall(r"\d+", found)]
        year, month, day = parts if "-" in found else parts[::-1]
        try:
            yield date(year, month, day)
        except ValueError:
            continue
