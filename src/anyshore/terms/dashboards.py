"""A service at a glance, from its ledger alone: volume, straight-through rate, backlog, time in hand, quality.

Both sides can compute every figure again from an export. A piece of work counts on the day, in the week or month in
which it was received, and its end in which it ended; a called process is a part of what called it and counts with it.
Time in hand is the time between taking a task and finishing it or giving it back, night and day.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from anyshore.base.errors import AnyshoreError
from anyshore.base.measures import Figure
from anyshore.terms.book import Book
from anyshore.terms.calendars import instant, local_date
from anyshore.terms.invoice import draft
from anyshore.terms.ledger import Entry
from anyshore.terms.model import Service
from anyshore.terms.money import decimals, ratio
from anyshore.terms.months import Month
from anyshore.terms.scorecard import score_service

By = Literal["day", "week", "month"]
DAY_LONG = 86_400_000_000
AGES = (1, 2, 5, 10)
"""Days up to which open work is of an age; older work is the last band."""

SHOWN: Mapping[str, int] = {"day": 31, "week": 26, "month": 24}
"""Periods that are shown at most: the last ones."""

DESCRIBED = "service.described"
"""Type of the entry that holds what a pack calls and measures."""

FINISHING = frozenset({"instance.completed", "instance.cancelled"})


@dataclass(slots=True)
class Period:
    """A day, a week from Monday, or a month.

    Attributes:
        name: ``2026-11-30``, ``2026-W49`` or ``2026-11``.
        first: its first day.
        start: microseconds since 1970 UTC, included; so is ``end``, excluded.
        received: pieces of work received.
        outcomes: pieces of work completed, by outcome.
        cancelled: pieces of work cancelled.
        untouched: those completed without any person.
        backlog: open at its end (or now), by age: up to each of ``AGES`` days, and older.
        held: time in hand of each stay of a task in somebody's hands that ended in it, microseconds.
        attained: by objective: cases met and cases that count.
        figures: the measures of the work completed in it.
    """

    name: str
    first: date
    start: int
    end: int
    received: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    cancelled: int = 0
    untouched: int = 0
    backlog: list[int] = field(default_factory=lambda: [0] * (len(AGES) + 1))
    held: Figure = field(default_factory=lambda: Figure("mean"))
    attained: dict[str, tuple[int, int]] = field(default_factory=dict)
    figures: dict[str, Figure] = field(default_factory=dict)

    @property
    def completed(self) -> int:
        """Pieces of work completed."""
        return self.outcomes.total()

    @property
    def straight_through(self) -> Decimal | None:
        """Of those, how many in a hundred without any person; None where none was completed."""
        return Figure("share", Counter({True: self.untouched, False: self.completed - self.untouched})).value

    @property
    def open(self) -> int:
        """Pieces of work open at its end."""
        return sum(self.backlog)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a piece of work of a service cost in a month.

    Attributes:
        month: the month.
        cases: pieces of work completed in it.
        cost: fees less credits, without VAT.
        unit_cost: of one; None where none was completed.
        baseline: the client's own cost of one before; None where the terms tell none.
        currency: ISO 4217.
    """

    month: Month
    cases: int
    cost: Decimal
    unit_cost: Decimal | None
    baseline: Decimal | None
    currency: str


@dataclass(slots=True)
class Dashboard:
    """A service over the last days, weeks or months.

    Attributes:
        engagement: id of the engagement.
        service: key of the service.
        by: length of a period.
        zone: IANA time zone of days.
        until: as of when, microseconds since 1970 UTC, excluded.
        periods: oldest first.
        described: what the pack calls and measures, as the ledger holds it.
        objectives: name and target of each objective of the service, by key.
        costs: what a piece of work cost, by month.
    """

    engagement: str
    service: str
    by: By
    zone: str
    until: int
    periods: list[Period] = field(default_factory=list)
    described: Mapping[str, Any] = field(default_factory=dict)
    objectives: dict[str, tuple[str, Decimal]] = field(default_factory=dict)
    costs: list[Cost] = field(default_factory=list)

    @property
    def measures(self) -> Mapping[str, Mapping[str, Any]]:
        """Title by language, ``as``, ``unit``, ``direction`` and ``standard`` of each measure, by name."""
        found: Mapping[str, Mapping[str, Any]] = self.described.get("measures", {})
        return found


@dataclass(slots=True)
class _Case:
    """What is kept of a piece of work."""

    started: int
    ended: int | None = None
    touched: bool = False


class Reader:
    """Takes entries in their order and keeps what a dashboard needs of each piece of work.

    Args:
        service: key of the service.
        until: entries from this instant on are left out.
    """

    def __init__(self, service: str, until: int) -> None:
        self.service, self.until = service, until
        self.described: Mapping[str, Any] = {}
        self._cases: dict[str, _Case] = {}
        self._root: dict[str, str] = {}
        self._taken: dict[tuple[str, Any], int] = {}
        self._held: list[tuple[int, int]] = []
        self._ends: list[tuple[int, str, Mapping[str, Any]]] = []

    def add(self, entry: Entry) -> None:
        """Takes one entry."""
        if entry.at >= self.until:
            return
        if entry.type == DESCRIBED and entry.data.get("service") == self.service:
            self.described = entry.data
        if entry.service != self.service or not entry.instance:
            return
        match entry.type:
            case "instance.started":
                self._started(entry)
            case "work.taken":
                self._taken.setdefault((entry.instance, entry.data.get("wait")), entry.at)
            case "work.completed" | "work.returned":
                self._put_down(entry)
            case _ if entry.type in FINISHING:
                self._finished(entry)

    def _started(self, entry: Entry) -> None:
        parent = entry.data.get("parent")
        if parent is not None:
            self._root[entry.instance] = self._root.get(str(parent), str(parent))
        else:
            self._cases.setdefault(entry.instance, _Case(entry.at))

    def _put_down(self, entry: Entry) -> None:
        since = self._taken.pop((entry.instance, entry.data.get("wait")), None)
        if since is not None:
            self._held.append((entry.at, entry.at - since))
        case = self._cases.get(self._root.get(entry.instance, entry.instance))
        if case is not None and entry.type == "work.completed" and not entry.data.get("withdrawn"):
            case.touched = True

    def _finished(self, entry: Entry) -> None:
        case = self._cases.get(entry.instance)
        if case is not None and case.ended is None:
            case.ended = entry.at
            self._ends.append((entry.at, entry.instance, {"type": entry.type, **entry.data}))

    @property
    def earliest(self) -> int | None:
        """When the first piece of work was received; None before."""
        return min((case.started for case in self._cases.values()), default=None)

    def fill(self, periods: Sequence[Period]) -> None:
        """Counts what was taken into periods, which follow each other."""
        starts = [period.start for period in periods]

        def of(at: int) -> Period | None:
            place = bisect_right(starts, at) - 1
            return periods[place] if place >= 0 and at < periods[place].end else None

        for case in self._cases.values():
            place = bisect_right(starts, case.started) - 1
            if place >= 0 and case.started < periods[place].end:
                periods[place].received += 1
            self._age(case, periods[max(place, 0) :])
        for at, time in self._held:
            if (period := of(at)) is not None:
                period.held.values[Decimal(time)] += 1
        for at, instance, data in self._ends:
            if (period := of(at)) is not None:
                self._end(period, self._cases[instance], data)

    def _age(self, case: _Case, periods: Sequence[Period]) -> None:
        """Counts a piece of work into the backlog of each of the periods at the end of which it was open."""
        for period in periods:
            at = min(period.end, self.until)
            if case.ended is not None and case.ended < at:
                break
            if case.started < at:
                days = (at - case.started) / DAY_LONG
                period.backlog[next((place for place, age in enumerate(AGES) if days <= age), len(AGES))] += 1

    def _end(self, period: Period, case: _Case, data: Mapping[str, Any]) -> None:
        if data["type"] == "instance.cancelled":
            period.cancelled += 1
            return
        period.outcomes[str(data.get("outcome") or "?")] += 1
        period.untouched += data.get("untouched", not case.touched) is True
        kinds = self.described.get("measures", {})
        for name, value in (data.get("measures") or {}).items():
            if name in kinds:
                figure = period.figures.setdefault(name, Figure(kinds[name]["as"]))
                figure.values[value if isinstance(value, bool) else Decimal(str(value))] += 1


def dashboard(
    entries: Iterable[Entry], book: Book, service: str, by: By, *, engagement: str, zone: str, until: int
) -> Dashboard:
    """A service at a glance.

    Args:
        entries: the whole ledger, in order.
        book: the same as a book: its terms and cases, for the objectives.
        service: key of the service.
        by: length of a period.
        engagement: id of the engagement.
        zone: IANA time zone of days.
        until: as of this instant, excluded; microseconds since 1970 UTC.
    """
    reader = Reader(service, until)
    for entry in entries:
        reader.add(entry)
    found = Dashboard(engagement, service, by, zone, until, described=reader.described)
    if reader.earliest is not None:
        found.periods = list(periods(reader.earliest, until, by, zone))[-SHOWN[by] :]
        reader.fill(found.periods)
        for month in dict.fromkeys(_months(found)):
            _agreed(found, book, month)
    return found


def _months(found: Dashboard) -> Iterator[Month]:
    """The months its periods lie in."""
    for period in found.periods:
        last = local_date(found.zone, min(period.end, found.until) - 1)
        month = Month(period.first.year, period.first.month)
        while month <= Month(last.year, last.month):
            yield month
            month = month.next


def _agreed(found: Dashboard, book: Book, month: Month) -> None:
    """What depends on the terms of a month: objectives and cost. Nothing where none are in force."""
    try:
        terms = book.terms_for(month).terms
    except AnyshoreError:
        return
    service = terms.services.get(found.service)
    if service is None:
        return
    starts = [period.start for period in found.periods]
    for score in score_service(book, terms, service, month, found.until):
        key = score.objective.key
        found.objectives[key] = (score.objective.name, score.objective.target)
        for result in score.results:
            place = bisect_right(starts, result.at) - 1
            if place >= 0 and result.at < found.periods[place].end:
                met, total = found.periods[place].attained.get(key, (0, 0))
                found.periods[place].attained[key] = (met + result.met, total + 1)
    found.costs.append(_cost(book, month, found, service))


def _cost(book: Book, month: Month, found: Dashboard, service: Service) -> Cost:
    invoice = draft(book, month, until=found.until)
    cost = sum((line.amount for line in invoice.lines if line.service == service.key), Decimal(0))
    start, end = month.bounds(invoice.terms.time_zone)
    cases = sum(
        case.finished is not None and case.finished.type == "instance.completed"
        and start <= case.finished.at < min(end, found.until)
        for case in book.cases_of(service.key)
    )  # fmt: skip
    baseline = service.baseline.unit_cost if service.baseline else None
    unit_cost = decimals(ratio(cost, cases), 4) if cases else None
    return Cost(month, cases, cost, unit_cost, baseline, invoice.terms.currency)


def as_dict(found: Dashboard, *, money: bool = True) -> dict[str, Any]:
    """A dashboard as plain data: what ``--json`` and REST give. Without the cost where it is not to be seen."""
    plain = {
        "engagement": found.engagement, "service": found.service, "by": found.by, "until": found.until,
        "ages": list(AGES),
        "objectives": {key: {"name": name, "target": target} for key, (name, target) in found.objectives.items()},
        "measures": dict(found.measures), "periods": [_plain(found, period) for period in found.periods],
    }  # fmt: skip
    if money:
        plain["costs"] = [
            {
                "month": str(cost.month), "cases": cost.cases, "cost": cost.cost, "unit_cost": cost.unit_cost,
                "baseline": cost.baseline, "currency": cost.currency,
            }
            for cost in found.costs
        ]  # fmt: skip
    return plain


def _plain(found: Dashboard, period: Period) -> dict[str, Any]:
    held = period.held.value
    return {
        "period": period.name, "received": period.received, "completed": period.completed,
        "outcomes": dict(period.outcomes.most_common()), "cancelled": period.cancelled, "untouched": period.untouched,
        "straight_through": period.straight_through, "open": period.open, "backlog": period.backlog,
        "tasks_done": period.held.cases, "seconds_in_hand": None if held is None else held / 1_000_000,
        "attained": {
            key: {"met": met, "of": total, "percent": Figure("share", Counter({True: met, False: total - met})).value}
            for key, (met, total) in period.attained.items()
        },
        "measures": {
            name: {"value": period.figures[name].value, "cases": period.figures[name].cases}
            for name in found.measures
            if name in period.figures
        },
    }  # fmt: skip


def periods(since: int, until: int, by: By, zone: str) -> Iterator[Period]:
    """The days, weeks or months from an instant to another, oldest first."""
    info = ZoneInfo(zone)
    first = _first(local_date(zone, since), by)
    while (start := instant(info, first, 0)) < until:
        after = _next(first, by)
        yield Period(_name(first, by), first, start, instant(info, after, 0))
        first = after


def _first(day: date, by: By) -> date:
    if by == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if by == "month" else day


def _next(first: date, by: By) -> date:
    if by == "month":
        return Month(first.year, first.month).next.first
    return first + timedelta(days=7 if by == "week" else 1)


def _name(first: date, by: By) -> str:
    if by == "week":
        year, week, _ = first.isocalendar()
        return f"{year}-W{week:02}"
    return first.isoformat()[:7] if by == "month" else first.isoformat()
