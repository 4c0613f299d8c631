"""Invoices and corrections that were issued, and corrections that are due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from anyshore.base import canonical
from anyshore.base.errors import AnyshoreError, CommandRejected
from anyshore.terms import corrections, months
from anyshore.terms.corrections import Correction
from anyshore.terms.documents import Document, Late
from anyshore.terms.explain import objective_name
from anyshore.terms.figures import details, differences, figures
from anyshore.terms.invoice import Invoice
from anyshore.terms.model import Terms
from anyshore.terms.months import Month
from anyshore.web.core.errors import NotFound
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engagements.queries import Card, changed, seen_of
from anyshore.web.engine import people, tallies
from anyshore.web.engine.books import book, head

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Billed:
    """A month that was billed.

    Attributes:
        document: its invoice in the ledger.
        corrections: what was issued after it, oldest first.
        invoice: the invoice as issued.
        agrees: whether the recorded figures are those computed here on the entries before the invoice.
    """

    document: Document
    corrections: list[Document]
    invoice: Invoice
    agrees: bool

    @property
    def listed(self) -> list[tuple[Document, Decimal]]:
        """The corrections, each with the difference it bills."""
        return [(one, Decimal(one.data["difference"]["gross"]["amount"])) for one in self.corrections]

    @property
    def total(self) -> Decimal:
        """What the invoice and its corrections bill together, with VAT."""
        last = [self.document, *self.corrections][-1]
        return Decimal(last.data["figures"]["gross"])


def billed(card: Card) -> Billed | None:
    """What was billed of a card's month; None before its invoice."""
    documents = card.book.documents.get(card.month)
    if not documents:
        return None
    told = canonical.digest(documents[0].data)
    invoice, agrees = _as_issued(card.engagement.key, card.month, documents[0].sequence, told, changed(card))
    return Billed(documents[0], documents[1:], invoice, agrees)


@lru_cache(maxsize=64)
def _as_issued(key: str, month: Month, document: int, _told: str, _last: int) -> tuple[Invoice, bool]:
    """The invoice, and whether its figures are those recorded. Kept until an entry changes the month."""
    found = book(key)
    invoice = corrections.as_issued(found, month)
    return invoice, not differences(found.documents[month][0].data.get("figures"), figures(invoice))


def due(engagement: Engagement) -> tuple[Month, ...]:
    """The billed months that come to something else by now."""
    if not any(corrections.touched(tallies.frame(engagement.key))):
        return ()
    return _due(engagement.key, head(engagement.key)[1])


@lru_cache(maxsize=64)
def _due(key: str, newest: str) -> tuple[Month, ...]:
    return tuple(month for month, _found in corrections.pending(book(key)))


def in_force(engagement: Engagement) -> dict[Month, date]:
    """The billed months, and since when the terms of each have been in force."""
    found = tallies.agreed(engagement.key)
    return {month: found.terms_for(month).terms.in_force_from for month in found.documents}


def correction(engagement: Engagement, month: str) -> Correction:
    """What is to be corrected of a billed month; perhaps nothing.

    Raises:
        NotFound: the month was not billed.
        CommandRejected: it cannot be corrected.
    """
    try:
        wanted = months.parse(month)
        found = book(engagement.key)
        if wanted in found.documents:
            return corrections.correction(found, wanted)
    except AnyshoreError as error:
        if error.code == "terms.month":
            raise NotFound(error.message, hint=error.hint) from error
        raise CommandRejected(error.code, error.message, hint=error.hint) from error
    raise NotFound(_("This month was not billed."), hint=_("Issue its invoice first."))


def issued(card: Card, number: str) -> Document:
    """A correction of a card's month that was issued.

    Raises:
        NotFound: there is none of this number.
    """
    for one in card.book.documents.get(card.month, ()):
        if one.corrects and one.number == number:
            return one
    raise NotFound(_("There is no such correction."))


def terms_of(card: Card, document: Document) -> Terms | None:
    """The terms an issued document was computed by."""
    sequence = document.data["figures"]["terms"]["entry"]
    return next((one.terms for one in card.book.versions if one.sequence == sequence), None)


def late_for(person: Person, found: Correction) -> list[Late]:
    """The entries that came late, as far as a person may see their cases."""
    return seen_of(person, found.late)


@dataclass(frozen=True, slots=True)
class Rows:
    """A difference for people: exact numbers instead of texts, names instead of keys."""

    lines: list[Data]
    objectives: list[Data]
    totals: list[Data]


def rows(difference: Data, terms: Terms | None) -> Rows:
    """What a correction changes, row by row."""
    vat = difference["vat"]
    totals = [("net", difference["net"]), ("gross", difference["gross"])]
    shown = [{"name": name, **{part: Decimal(text) for part, text in row.items()}} for name, row in totals]
    tax = {"name": "vat", "amount": Decimal(vat["amount"])}
    tax |= {side: Decimal(vat[side]["amount"]) for side in ("old", "new")}
    tax |= {f"{side}_rate": Decimal(vat[side]["rate"]) for side in ("old", "new")}
    return Rows(
        [_line(row) for row in difference["lines"]],
        [
            row | {"name": objective_name(terms, row) if terms else row["objective"],
                   "old": _score(row["old"]), "new": _score(row["new"])}
            for row in difference["objectives"]
        ],
        [shown[0], tax, shown[1]],
    )  # fmt: skip


def _line(row: Data) -> Data:
    sides = {side: row[side] and _exact(row[side], "quantity", "unit_price", "amount") for side in ("old", "new")}
    return row | sides | {"amount": Decimal(row["amount"])}


def _score(shown: Data | None) -> Data | None:
    return shown and _exact(shown, *(["attainment"] if shown["attainment"] else []))


def _exact(shown: Data, *names: str) -> Data:
    return shown | {name: Decimal(shown[name]) for name in names}


def issued_figures(one: Billed, most: int | None = None) -> Data:
    """The figures of an invoice with the cases behind them, at most so many of each kind.

    Only what was recorded, where that is something else.
    """
    recorded = {} if one.agrees else dict(one.document.data["figures"])
    return details(one.invoice, most) | recorded


def plain(found: Correction, person: Person) -> Data:
    """A correction that may be issued, as plain data."""
    return {
        "month": str(found.month), "due": not found.empty, "digest": found.digest, **found.contents(),
        "late": [
            {
                "entry": one.sequence, "at": one.at, "type": one.type, "instance": one.instance,
                "reference": one.reference,
            }
            for one in late_for(person, found)
        ],
        "amended": found.amended,
    }  # fmt: skip


def shown(found: Invoice, documents: Sequence[Document]) -> Data:
    """An invoice with what was issued of its month, the first of which is its own document."""
    number = documents[0].number if documents else None
    return {"number": number, "corrections": [document(one) for one in documents[1:]]} | details(found)


def document(one: Document) -> Data:
    """An issued correction as plain data."""
    names = ("type_code", "reason", "by", "preceding", "difference", "figures")
    found = {name: one.data.get(name) for name in names} | {"by": people.address(one.data.get("by"))}
    return {"number": one.number, "entry": one.sequence, "at": one.at} | found
