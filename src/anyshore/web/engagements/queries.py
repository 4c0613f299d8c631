"""Scorecards, invoices and ledgers, as far as a person may see them. Every figure comes from ``anyshore.terms``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from django.db import DatabaseError
from django.utils.translation import gettext as _

from anyshore.base.errors import AnyshoreError
from anyshore.terms import exports, months
from anyshore.terms.arbitrage import UnitCost, unit_costs
from anyshore.terms.book import Book, Signed
from anyshore.terms.invoice import Invoice, Line, draft
from anyshore.terms.months import Month
from anyshore.terms.scorecard import ObjectiveScore
from anyshore.terms.totals import Counted
from anyshore.web.core import permissions
from anyshore.web.core.errors import Denied, NotFound
from anyshore.web.core.models import Engagement, Person
from anyshore.web.core.paging import SIZE, Sheet, length, place, sheet
from anyshore.web.engagements.models import TermsVersion
from anyshore.web.engine import queries as engine
from anyshore.web.engine import tallies, tally_parts
from anyshore.web.engine.books import book, head, lines
from anyshore.web.engine.models import LedgerEntry
from anyshore.web.engine.running import host

MINUTE = 60_000_000

TREND = 6
"""Months shown beside a figure."""


@dataclass(slots=True)
class Card:
    """An engagement in one month.

    Attributes:
        engagement: whose it is.
        month: the month shown.
        counted: its totals; None while no terms are in force, or its ledger is still being counted.
        invoice: its computation from them, in numbers, or from the whole ledger; None while no terms are in force.
        months: the months one can look at, newest first.
        running: whether the month is not over yet.
        book: terms, documents and late entries of its ledger; all of it where there are no totals.
    """

    engagement: Engagement
    month: Month
    counted: Counted | None
    invoice: Invoice | None
    months: list[Month]
    running: bool
    book: Book

    @property
    def scores(self) -> list[ObjectiveScore]:
        """The month of every objective."""
        return self.invoice.scores if self.invoice else []

    @property
    def met(self) -> int:
        """Objectives at or above their target."""
        return sum(one.status == "met" for one in self.scores)

    @property
    def assessed(self) -> int:
        """Objectives with enough cases to be assessed."""
        return sum(one.status in ("met", "missed") for one in self.scores)

    @property
    def completed(self) -> int:
        """Instances completed in the month."""
        if self.counted is not None:
            return sum(self.counted.done(key).total() for key in self.counted.signed.terms.services)
        start, end = self.month.bounds(self.engagement.zone)
        events = (event for case in self.book.cases.values() for event in case.events)
        return sum(event.type == "instance.completed" and start <= event.at < end for event in events)


def cards(person: Person) -> list[Card]:
    """All engagements a person may see the scorecard of, in the current month."""
    found = permissions.visible_engagements(person, "scorecard.see").select_related("client", "provider")
    return [card_of(engagement) for engagement in found.order_by("title")]


def card_of(engagement: Engagement) -> Card:
    """An engagement the reader may see, in the current month."""
    return _card(engagement, None)


def card(person: Person, key: str, month: str | None = None, ability: str = "scorecard.see") -> Card:
    """One engagement in one month (default: the current one).

    Raises:
        NotFound: no such engagement or month.
        Denied: the person lacks the ability.
    """
    engagement = permissions.engagement(person, key, ability)
    try:
        wanted = months.parse(month) if month else None
    except AnyshoreError as error:
        raise NotFound(error.message, hint=error.hint) from error
    return _card(engagement, wanted)


def _card(engagement: Engagement, month: Month | None) -> Card:
    now = host().clock()
    zone = engagement.zone
    current = _month_at(now, zone)
    month = month or current
    start, end = month.bounds(zone)
    running = start <= now < end
    minute = now // MINUTE if running else None
    try:
        known = tallies.ready(engagement.key)
    except DatabaseError:  # nothing can be written: viewing goes on
        known = None
    if known is None:
        return _by_all(engagement, month, current, minute)
    counted, invoice = _drafted(engagement.key, month, known.hash, minute)
    months_shown = _months(known.first, zone, current)
    return Card(engagement, month, counted, invoice, months_shown, running, tallies.frame(engagement.key))


def _by_all(engagement: Engagement, month: Month, current: Month, minute: int | None) -> Card:
    """The same from the whole ledger, while there are no totals."""
    found = book(engagement.key)
    first = min((case.events[0].at for case in found.cases.values() if case.events), default=None)
    shown = _months(first, engagement.zone, current)
    invoice = _whole(engagement.key, month, head(engagement.key)[1], minute)
    return Card(engagement, month, None, invoice, shown, minute is not None, found)


@lru_cache(maxsize=256)
def _drafted(key: str, month: Month, newest: str, minute: int | None) -> tuple[Counted | None, Invoice | None]:
    """The computation of a month; None while no terms are in force.

    Kept until the ledger has another last entry (``newest`` is its hash); of a running month (``minute``) for a minute
    at most, because open cases pass their deadlines.
    """
    until = None if minute is None else host().clock() + 1  # what happened this instant counts
    try:
        signed = tallies.agreed(key).terms_for(month)
    except AnyshoreError as error:
        if error.code != "terms.not-in-force":
            raise
        return None, None
    found = Counted(signed, month, sums(key, signed.sequence, newest).sums, parts_of(key, signed), until)
    return found, found.invoice()


@lru_cache(maxsize=64)
def sums(key: str, terms: int, newest: str) -> tallies.Kept:
    """The totals under the terms of a ledger entry; ``newest`` is the hash of the last entry that is counted."""
    return tallies.kept(key, terms)


def parts_of(key: str, signed: Signed) -> tally_parts.Kept:
    """The parts behind the figures of a version of the terms."""
    return tally_parts.Kept(key, signed, tallies.Figures(key))


def changed(card: Card) -> int:
    """The entry that changed a figure of the month last, terms included; what was computed by then still holds."""
    if card.counted is None:
        return head(card.engagement.key)[0]
    signed, newest = card.counted.signed.sequence, tallies.counted(card.engagement.key).hash
    return max(sums(card.engagement.key, signed, newest).changed.get(card.month, 0), signed)


def _month_at(at: int, zone: str) -> Month:
    local = datetime.fromtimestamp(at // 1_000_000, UTC).astimezone(ZoneInfo(zone))
    return Month(local.year, local.month)


def _months(first: int | None, zone: str, current: Month) -> list[Month]:
    """From the first event to now, newest first."""
    month = current if first is None else min(_month_at(first, zone), current)
    known = [month]
    while month < current:
        month = month.next
        known.append(month)
    return known[::-1]


@dataclass(frozen=True, slots=True)
class Point:
    """The attainment of an objective in one month; None where it was not assessed."""

    month: Month
    attainment: Decimal | None


def trend(shown: Card, service: str, objective: str) -> list[Point]:
    """The last months of one objective, oldest first."""
    points = []
    for month in reversed([one for one in shown.months if one <= shown.month][:TREND]):
        invoice = shown.invoice if month == shown.month else _card(shown.engagement, month).invoice
        for one in invoice.scores if invoice else ():
            if (one.service, one.objective.key) == (service, objective):
                points.append(Point(month, one.attainment))
    return points


def objective(shown: Card, service: str, key: str) -> ObjectiveScore:
    """One objective of a card.

    Raises:
        NotFound: the terms have no such objective.
    """
    for one in shown.scores:
        if (one.service, one.objective.key) == (service, key):
            return one
    raise NotFound(_("The terms have no such objective."))


def line(invoice: Invoice | None, number: int) -> Line:
    """One line of an invoice, counted from 1.

    Raises:
        NotFound: it has no such line.
    """
    if invoice is None or not 1 <= number <= len(invoice.lines):
        raise NotFound(_("The invoice has no such line."))
    return invoice.lines[number - 1]


class OfCase(Protocol):
    """Something that belongs to a case."""

    @property
    def instance(self) -> str:
        """The number of the case, in digits."""


Behind = TypeVar("Behind", bound=OfCase)


def seen_of(person: Person, cases: Iterable[Behind]) -> list[Behind]:
    """The cases behind a figure without those a wall keeps the person from; the figure itself stays as it is."""
    kept_from = {str(number) for number in engine.blocked(person)}
    return [one for one in cases if one.instance not in kept_from]


def worst_first(person: Person, card: Card, score: ObjectiveScore, page: str | None, size: int = SIZE) -> Sheet:
    """A sheet of the cases behind an objective as a person may see them: those that missed it first, by time."""
    if card.counted is None:
        found = sorted(seen_of(person, score.results), key=lambda one: (one.met, one.at))
        return sheet(found, page, size)
    parts = parts_of(card.engagement.key, card.counted.signed)
    window = card.counted.window
    return parts.results(score.service, score.objective, window, engine.blocked(person), place(page), length(size))


def behind(person: Person, card: Card, line: Line, page: str | int | None, size: int = SIZE) -> Sheet:
    """A sheet of the cases behind a line as a person may see them; of a credit, those that missed the objective."""
    if line.behind or card.counted is None or not line.cases:
        return sheet(seen_of(person, line.behind), page, size)
    kept_from = engine.blocked(person)
    found = parts_of(card.engagement.key, card.counted.signed)
    if line.price < 0:
        [score] = [one for one in card.scores if (one.service, one.objective.name) == (line.service, line.name)][:1]
        return found.missed(score.service, score.objective, card.counted.window, kept_from, place(page), length(size))
    return found.behind(line, card.counted.window, kept_from, place(page), length(size))


def pruned(person: Person, details: dict[str, Any]) -> dict[str, Any]:
    """The details of figures without the cases a wall keeps the person from."""
    kept_from = {str(number) for number in engine.blocked(person)}

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: walk(item) for name, item in value.items()}
        if isinstance(value, list):
            return [walk(item) for item in value if not _about(item, kept_from)]
        return value

    return {name: walk(item) for name, item in details.items()} if kept_from else details


def _about(item: Any, numbers: set[str]) -> bool:
    return item in numbers if isinstance(item, str) else isinstance(item, dict) and item.get("instance") in numbers


@lru_cache(maxsize=64)
def _whole(key: str, month: Month, newest: str, minute: int | None) -> Invoice | None:
    try:
        return draft(book(key), month, until=None if minute is None else host().clock() + 1)
    except AnyshoreError as error:
        if error.code != "terms.not-in-force":
            raise
        return None


def arbitrage(shown: Card) -> list[UnitCost]:
    """Unit costs against the client's baseline, by service and shore."""
    if shown.invoice is None:
        return []
    return shown.counted.unit_costs(shown.invoice) if shown.counted else unit_costs(shown.book, shown.invoice)


def terms_versions(person: Person, key: str) -> tuple[Engagement, list[TermsVersion]]:
    """The versions of an engagement's terms, newest first."""
    engagement = permissions.engagement(person, key, "invoice.see")
    found = TermsVersion.objects.filter(engagement=engagement).select_related("proposed_by", "accepted_by")
    return engagement, list(found)


def export(person: Person, key: str) -> tuple[str, Iterator[bytes]]:
    """The ledger as a file either side can recompute every figure from: its name and its content in pieces."""
    engagement = permissions.engagement(person, key, "ledger.see")
    kept_from = [str(number) for number in engine.blocked(person)]
    if LedgerEntry.objects.filter(engagement=key, instance__in=kept_from).exists():
        # A chain with entries left out proves nothing, and a wall leaves no other choice.
        raise Denied(_("This export is not for you."), hint=_("Ask a colleague who may see all cases."))
    return f"{engagement.key}.ledger.jsonl", _export(engagement)


def _export(engagement: Engagement) -> Iterator[bytes]:
    buffer = BytesIO()
    exports.write_lines(lines(engagement.key), buffer, engagement=engagement.key, at=host().clock())
    buffer.seek(0)
    yield from iter(lambda: buffer.read(65_536), b"")


def chain_head(engagement: Engagement) -> tuple[int, str]:
    """Sequence and hash of the ledger's last entry: what both sides can compare."""
    return head(engagement.key)
