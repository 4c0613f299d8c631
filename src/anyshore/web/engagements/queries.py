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

from django.utils.translation import gettext as _

from anyshore.base.errors import AnyshoreError
from anyshore.terms import exports, months
from anyshore.terms.arbitrage import UnitCost, unit_costs
from anyshore.terms.book import Book
from anyshore.terms.invoice import Invoice, Line, draft
from anyshore.terms.months import Month
from anyshore.terms.scorecard import ObjectiveScore, Result
from anyshore.web.core import permissions
from anyshore.web.core.errors import Denied, NotFound
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engagements.models import TermsVersion
from anyshore.web.engine import queries as engine
from anyshore.web.engine.books import book, entries, head
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
        invoice: its computation; None while no terms are in force.
        months: the months one can look at, newest first.
        running: whether the month is not over yet.
        book: the ledger it comes from.
    """

    engagement: Engagement
    month: Month
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
        start, end = self.month.bounds(self.engagement.zone)
        found = 0
        for case in self.book.cases.values():
            found += sum(e.type == "instance.completed" and start <= e.at < end for e in case.events)
        return found


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
    _sequence, newest = head(engagement.key)
    invoice = _drafted(engagement.key, month, newest, now // MINUTE if running else None)
    found = book(engagement.key)
    return Card(engagement, month, invoice, _months(found, zone, current), running, found)


@lru_cache(maxsize=256)
def _drafted(key: str, month: Month, newest: str, minute: int | None) -> Invoice | None:
    """The computation of a month; None while no terms are in force.

    Kept until the ledger has another last entry (``newest`` is its hash); of a running month (``minute``) for a minute
    at most, because open cases pass their deadlines.
    """
    until = None if minute is None else host().clock() + 1  # what happened this instant counts
    try:
        return draft(book(key), month, until=until)
    except AnyshoreError as error:
        if error.code != "terms.not-in-force":
            raise
        return None


def _month_at(at: int, zone: str) -> Month:
    local = datetime.fromtimestamp(at // 1_000_000, UTC).astimezone(ZoneInfo(zone))
    return Month(local.year, local.month)


def _months(found: Book, zone: str, current: Month) -> list[Month]:
    """From the first event to now, newest first."""
    first = min((case.events[0].at for case in found.cases.values() if case.events), default=None)
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


def worst_first(person: Person, score: ObjectiveScore) -> list[Result]:
    """The cases behind an objective as a person may see them: those that missed it first, each kind by time."""
    return sorted(seen_of(person, score.results), key=lambda one: (one.met, one.at))


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


def arbitrage(shown: Card) -> list[UnitCost]:
    """Unit costs against the client's baseline, by service and shore."""
    return unit_costs(shown.book, shown.invoice) if shown.invoice else []


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
    exports.write_export(entries(engagement.key), buffer, engagement=engagement.key, at=host().clock())
    buffer.seek(0)
    yield from iter(lambda: buffer.read(65_536), b"")


def chain_head(engagement: Engagement) -> tuple[int, str]:
    """Sequence and hash of the ledger's last entry: what both sides can compare."""
    return head(engagement.key)
