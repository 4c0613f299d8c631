"""What an engagement's tabs show beside the scorecard: sums of its documents, what binds in its ledger, its people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from anyshore.terms.book import Book
from anyshore.terms.invoice import Behind, Invoice, Line, billed
from anyshore.terms.ledger import Entry
from anyshore.terms.months import Month
from anyshore.web.core import permissions
from anyshore.web.core.errors import NotFound
from anyshore.web.core.models import Engagement, Membership, Person, Role
from anyshore.web.core.paging import Sheet, sheet
from anyshore.web.engagements import queries
from anyshore.web.engagements.queries import Card, Point
from anyshore.web.engagements.settling import Sent
from anyshore.web.engine import books, tallies
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import LedgerEntry


@dataclass(frozen=True, slots=True)
class Total:
    """What documents of a currency come to."""

    currency: str
    amount: Decimal
    left: Decimal


def totals(documents: Iterable[Sent]) -> list[Total]:
    """What was billed and what is open, by currency."""
    found: dict[str, Total] = {}
    for one in documents:
        known = found.get(one.currency, Total(one.currency, Decimal(0), Decimal(0)))
        amount, left = known.amount + one.settlement.amount, known.left + one.settlement.left
        found[one.currency] = Total(one.currency, amount, left)
    return list(found.values())


def points(card: Card, service: str, objective: str) -> list[Point]:
    """An objective in the last months, oldest first; one without attainment where it was not measured."""
    known = {one.month: one for one in queries.trend(card, service, objective)}
    return [known.get(month, Point(month, None)) for month in shown_months(card)]


def shown_months(card: Card) -> list[Month]:
    """The last months up to the card's, oldest first."""
    return [one for one in card.months if one <= card.month][: queries.TREND][::-1]


@dataclass(frozen=True, slots=True)
class Bound:
    """Something in the ledger that binds: signed terms, or a document with its number."""

    title: str
    number: str
    sequence: int
    at: int


def bound(engagement: Engagement) -> list[Bound]:
    """Signed terms and issued documents, newest first."""
    found = tallies.agreed(engagement.key)
    moments = dict(
        LedgerEntry.objects.filter(
            engagement=engagement.key, sequence__in=[one.sequence for one in found.versions]
        ).values_list("sequence", "at")
    )
    rows = [
        Bound(_("Terms, version %d") % one.terms.version, "", one.sequence, moments.get(one.sequence, 0))
        for one in found.versions
    ]
    for one in (each for some in found.documents.values() for each in some):
        title = _("Corrected %s") if one.corrects else _("Invoice %s")
        rows.append(Bound(title % one.number, one.number, one.sequence, one.at))
    return sorted(rows, key=lambda one: -one.sequence)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on one side of an engagement."""

    person: Person
    role: str
    organisation: str
    assigned: bool


def people(engagement: Engagement) -> list[Member]:
    """Who has to do with an engagement: the client's owners, the provider's managers and whoever is assigned."""
    assigned = set(engagement.assignments.values_list("person", flat=True))
    sides = Membership.objects.filter(
        person__in=permissions.who_sees(engagement), organisation__in=[engagement.client_id, engagement.provider_id]
    )
    found = sides.select_related("person", "organisation").order_by("organisation__name", "role", "person__name")
    return [
        Member(one.person, str(Role(one.role).label), one.organisation.name, one.person_id in assigned) for one in found
    ]


def behind(person: Person, card: Card, shown: Invoice, line: Line, instance: int) -> Behind:
    """A case behind a line.

    Raises:
        NotFound: the line does not rest on it, or a wall keeps the person from it.
    """
    known = line.behind or _counted(card, shown, line, instance)
    for one in queries.seen_of(person, known):
        if one.instance == str(instance):
            return one
    raise NotFound(_("There is no such case."))


def _counted(card: Card, shown: Invoice, line: Line, instance: int) -> Sequence[Behind]:
    """What the price of a line counts of one case, from the case's own entries."""
    if line.price < 0:
        return ()
    rows = LedgerEntry.objects.filter(engagement=card.engagement.key, instance=instance).order_by("sequence")
    book = Book.of(books.decoded(bytes(row)) for row in rows.values_list("line", flat=True))
    price, window = shown.terms.services[line.service].prices[line.price], card.month.bounds(shown.terms.time_zone)
    return [one for case in book.cases_of(line.service) for one in billed(price, case, *window)[0]]


def entries(engagement: Engagement, instance: int, page: str | None) -> Sheet:
    """The entries of a case in the ledger, oldest first."""
    rows: QuerySet[LedgerEntry] = LedgerEntry.objects.filter(engagement=engagement.key, instance=instance)
    found = sheet(rows.order_by("sequence").values_list("line", flat=True), page)
    decoded: list[Entry] = [books.decoded(bytes(line)) for line in found]
    return Sheet(decoded, found.number, found.more)


def documents(person: Person, engagement: Engagement, instance: int) -> dict[str, str]:
    """The documents of a case by their SHA-256, as far as a person may see them."""
    row, _engagement = engine.instance(person, instance)
    if not permissions.may(person, "document.see", engagement):
        return {}
    return engine.documents(row)
