"""Terms before they are proposed: what is wrong with them, what they change, what the last months would have cost."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from anyshore.base.errors import AnyshoreError, Diagnostic, TermsError
from anyshore.terms import reading
from anyshore.terms.book import Book, Signed
from anyshore.terms.invoice import Invoice, draft
from anyshore.terms.model import Terms
from anyshore.terms.months import Month
from anyshore.web.core import permissions
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engagements import contents, queries
from anyshore.web.engine import tallies
from anyshore.web.engine.books import book

MONTHS = 3
"""Months that are computed again by the proposed terms."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A month by the terms it was under, and by those proposed.

    Attributes:
        month: the month.
        fee: net before service credits, then and by the proposal.
        credit: taken off, likewise.
        net: likewise.
    """

    month: Month
    fee: tuple[Decimal, Decimal]
    credit: tuple[Decimal, Decimal]
    net: tuple[Decimal, Decimal]

    @property
    def difference(self) -> Decimal:
        """By how much the proposal costs more."""
        return self.net[1] - self.net[0]


@dataclass(frozen=True, slots=True)
class Preview:
    """What is known of a proposal before it is made.

    Attributes:
        problems: what is wrong with the text; with one of them, nothing else is known.
        doubts: what may be signed and should not be overlooked.
        terms: as read.
        against: the version in force it is compared with.
        sections: in words, what it changes marked.
        changes: how many rows are changed, new and gone.
        months: the last months by it.
    """

    problems: tuple[Diagnostic, ...] = ()
    doubts: tuple[Diagnostic, ...] = ()
    terms: Terms | None = None
    against: int | None = None
    sections: list[contents.Section] = field(default_factory=list)
    changes: dict[str, int] = field(default_factory=dict)
    months: list[Compared] = field(default_factory=list)


def preview(person: Person, text: str) -> Preview:
    """What a text would agree, against what is signed in the engagement it names where the person sees that.

    Raises:
        Denied: the person proposes no terms.
    """
    permissions.require(person, "engagement.create")
    try:
        terms = reading.loads(text)
    except TermsError as error:
        return Preview(tuple(error.diagnostics))
    doubts = tuple(reading.doubts(text))
    found = permissions.visible_engagements(person, "invoice.see").filter(key=terms.id).first()
    signed = tallies.agreed(found.key).versions if found is not None else []
    if found is None or not signed:
        return Preview((), doubts, terms, None, contents.sections(terms))
    before = signed[-1].terms
    told = contents.sections(terms, before)
    return Preview((), doubts, terms, before.version, told, contents.changes(told), _months(found, terms))


def _months(engagement: Engagement, terms: Terms) -> list[Compared]:
    """The last whole months, each as it is and as it would be; those that cannot be computed are left out."""
    card = queries.card_of(engagement)
    known = book(engagement.key)
    proposed = Signed(0, replace(terms, in_force_from=_first_day(terms, known)))
    found = []
    for month in [one for one in card.months if one < card.month or not card.running][:MONTHS]:
        try:
            then = draft(known, month)
            now = draft(_under(known, proposed), month)
        except AnyshoreError:
            continue
        if then.terms.currency == now.terms.currency:
            found.append(_compared(month, then, now))
    return found


def _first_day(terms: Terms, known: Book) -> date:
    """A day before all that is known: the proposal is looked at as if it had always held."""
    return min([terms.start, *(one.terms.start for one in known.versions)])


def _under(known: Book, proposed: Signed) -> Book:
    """The same cases under one version of the terms."""
    return replace(known, versions=[proposed], documents={}, late=[], findings=[])


def _compared(month: Month, then: Invoice, now: Invoice) -> Compared:
    credits = [-sum((line.amount for line in one.lines if line.kind == "credit"), Decimal(0)) for one in (then, now)]
    nets = (then.net, now.net)
    return Compared(month, (nets[0] + credits[0], nets[1] + credits[1]), (credits[0], credits[1]), nets)


def amended(person: Person, key: str) -> str:
    """The newest terms of an engagement as an amendment begins: counted up, in force from the next month on.

    Raises:
        NotFound: there is no such engagement, or the person may not know of it.
    """
    engagement = permissions.engagement(person, key, "engagement.create")
    newest = engagement.terms.first()
    if newest is None:
        return ""
    following = queries.card_of(engagement).months[0].next.first.isoformat()
    lines = []
    for line in newest.text.splitlines():
        if line.startswith("version:"):
            lines += [f"version: {newest.version + 1}", f"in_force_from: {following}"]
        elif not line.startswith("in_force_from:"):
            lines.append(line)
    return "\n".join(lines) + "\n"
