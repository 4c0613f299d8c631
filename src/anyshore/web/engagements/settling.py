"""Invoices and corrections as documents that are sent, accepted, disputed and paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from anyshore.activities.einvoice import outgoing, outgoing_pdf, writing
from anyshore.activities.einvoice.outgoing import Outgoing
from anyshore.base.errors import CommandRejected, DataError, Diagnostic
from anyshore.host.ledgers import LedgerWriter
from anyshore.terms.calendars import local_date
from anyshore.terms.documents import Document
from anyshore.terms.money import places
from anyshore.terms.settlements import ACCEPTED, DISPUTED, PAID, Settlement, State, settlements
from anyshore.web.core import audit, permissions
from anyshore.web.core.errors import Invalid, NotFound
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engagements.actions import MOST_REASON
from anyshore.web.engine import books, people, tallies
from anyshore.web.engine.models import LedgerEntry
from anyshore.web.engine.running import host

MOST_REFERENCE = 140
"""Characters of the reference of a payment, as SEPA has them."""

KINDS = {"pdf": "application/pdf", "xml": "application/xml", "cii.xml": "application/xml"}
"""What a document is written as: Factur-X, XRechnung in UBL, XRechnung in CII."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A document and where it stands.

    Attributes:
        document: as the ledger has it.
        settlement: what became of it.
        state: on this day.
        due: until when it is paid; None where the terms do not say.
        outgoing: what is written of it; None where a word is missing.
        missing: those words.
    """

    document: Document
    settlement: Settlement
    state: State
    due: date | None
    outgoing: Outgoing | None
    missing: tuple[Diagnostic, ...] = ()

    @property
    def currency(self) -> str:
        """ISO 4217 code."""
        return str(self.document.data["figures"]["currency"])


def sent(engagement: Engagement, month: Any = None) -> list[Sent]:
    """The documents of an engagement (of one month), oldest first, each with where it stands."""
    found = tallies.agreed(engagement.key)
    by_month = found.documents if month is None else {month: found.documents.get(month, [])}
    documents = sorted((one for some in by_month.values() for one in some), key=lambda one: one.sequence)
    if not documents:
        return []
    known = settlements(documents, map(books.decoded, _settling(engagement.key)))
    today = local_date(engagement.zone, host().clock())
    return [_sent(found.versions, found.documents[one.month], one, known[one.number], today) for one in documents]


def _settling(key: str) -> list[bytes]:
    # The types stand there as text, so that the index of such entries is found.
    rows = LedgerEntry.objects.filter(engagement=key).extra(
        where=["type IN ('invoice.accepted', 'invoice.disputed', 'invoice.paid')"]
    )
    return [bytes(line) for line in rows.order_by("sequence").values_list("line", flat=True)]


def _sent(versions: Any, documents: Any, document: Document, settlement: Settlement, today: date) -> Sent:
    try:
        written = outgoing.outgoing(versions, documents, document.number)
    except DataError as error:
        return Sent(document, settlement, settlement.state(today, None), None, None, tuple(error.diagnostics))
    return Sent(document, settlement, settlement.state(today, written.due), written.due, written)


def document(engagement: Engagement, number: str) -> Sent:
    """One document by its number.

    Raises:
        NotFound: there is none.
    """
    for one in sent(engagement):
        if one.document.number == number:
            return one
    raise NotFound(_("There is no such document."))


def written(one: Sent, kind: str) -> bytes:
    """A document as a file.

    Args:
        one: the document.
        kind: one of ``KINDS``.

    Raises:
        NotFound: it is written in no such way.
        CommandRejected: the terms do not say all an electronic invoice has to.
    """
    if kind not in KINDS:
        raise NotFound(_("There is no such document."))
    if one.outgoing is None:
        told = " ".join(each.message for each in one.missing)
        raise CommandRejected("einvoice.word-missing", told, hint=_("Propose an amendment of the terms that says it."))
    if kind == "pdf":
        return outgoing_pdf.facturx(one.outgoing)
    return writing.xrechnung(outgoing.content(one.outgoing), "ubl" if kind == "xml" else "cii")


def accept(by: Person, key: str, number: str) -> None:
    """The client accepts a document.

    Raises:
        CommandRejected: it was accepted before.
    """
    engagement = permissions.engagement(by, key, "invoice.answer")
    _note(by, engagement, number, ACCEPTED, {})


def dispute(by: Person, key: str, number: str, reason: str) -> None:
    """The client disputes a document and says why; until it is accepted or corrected it is not dunned.

    Raises:
        Invalid: no reason is given, or a very long one.
        CommandRejected: it was accepted before.
    """
    engagement = permissions.engagement(by, key, "invoice.answer")
    if not 0 < len(reason.strip()) <= MOST_REASON:
        raise Invalid({"reason": _("Say what is wrong, in at most %d characters.") % MOST_REASON})
    _note(by, engagement, number, DISPUTED, {"reason": reason.strip()})


def pay(by: Person, key: str, number: str, day: date, amount: Decimal, reference: str = "") -> None:
    """Notes a payment of a document; one noted wrongly is noted again with the other sign.

    Raises:
        Invalid: the day is still to come, or the amount is none that can have been paid.
    """
    engagement = permissions.engagement(by, key, "invoice.issue")
    wrong = {}
    if day > local_date(engagement.zone, host().clock()):
        wrong["day"] = _("This day is still to come.")
    currency = document(engagement, number).currency
    if not amount or -int(amount.as_tuple().exponent) > places(currency):
        wrong["amount"] = _("Give an amount of %s.") % currency
    if len(reference) > MOST_REFERENCE:
        wrong["reference"] = _("At most %d characters.") % MOST_REFERENCE
    if wrong:
        raise Invalid(wrong)
    shown = f"{amount:.{places(currency)}f}"
    _note(by, engagement, number, PAID, {"day": day.isoformat(), "amount": shown, "reference": reference.strip()})


def _note(by: Person, engagement: Engagement, number: str, kind: str, data: dict[str, Any]) -> None:
    """Writes what became of a document into the ledger, where that can be."""
    with host().store.transaction() as tx:
        chain = LedgerWriter(tx, engagement.key)  # locks the ledger: what is read from here on stays
        _check(document(engagement, number).settlement, kind, data)
        chain.add(host().clock(), kind, {"number": number, "by": by.email, **data})
        chain.write()
        audit.record(by, kind, number, engagement=engagement)


def _check(known: Settlement, kind: str, data: dict[str, Any]) -> None:
    if kind == PAID:
        paid = known.paid + Decimal(data["amount"])
        if paid and (paid > 0) != (known.amount > 0):
            raise Invalid({"amount": _("More would be taken back than was paid.")})
    elif known.answer is not None and known.answer.type == ACCEPTED:
        raise CommandRejected(
            "invoice.accepted", _("This document was accepted before."), hint=_("Ask for a correction of its month.")
        )


def plain(one: Sent) -> dict[str, Any]:
    """A document and where it stands, for programs."""
    return {
        "number": one.document.number, "month": str(one.document.month), "entry": one.document.sequence,
        "state": one.state, "amount": f"{one.settlement.amount:f}", "paid": f"{one.settlement.paid:f}",
        "left": f"{one.settlement.left:f}", "currency": one.currency, "due": one.due and one.due.isoformat(),
        "missing": [each.message for each in one.missing],
        "steps": [
            {"type": step.type, "entry": step.sequence, "at": step.at}
            | {name: value for name, value in step.data.items() if name != "number"}
            | {"by": people.address(step.data.get("by"))}
            for step in one.settlement.steps
        ],
    }  # fmt: skip
