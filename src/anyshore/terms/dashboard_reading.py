"""Reading a dashboard out of a ledger: of an installation, or of an export alone."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from anyshore.base.errors import AnyshoreError, Diagnostic, TermsError
from anyshore.base.locations import Location
from anyshore.base.measures import Figure, Values
from anyshore.terms.backlogs import Backlog
from anyshore.terms.book import FINISHING, LATEST, Book, Signed
from anyshore.terms.calendars import local_date
from anyshore.terms.dashboards import (
    AGES,
    DAY_LONG,
    DESCRIBED,
    SHOWN,
    By,
    Cost,
    Dashboard,
    Period,
    day_bounds,
    first_of,
    periods,
)
from anyshore.terms.exports import ExportReader, open_export, signed_in
from anyshore.terms.invoice import Invoice, draft
from anyshore.terms.ledger import Entry
from anyshore.terms.money import decimals, ratio
from anyshore.terms.months import Month
from anyshore.terms.scorecard import score_service


@dataclass(slots=True)
class _Bin:
    """What happened in a day, a week or a month: see ``Period``."""

    received: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    cancelled: int = 0
    untouched: int = 0
    held: Values = field(default_factory=lambda: Values(each=None))
    measured: dict[str, Values] = field(default_factory=lambda: defaultdict(Values))
    counted: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


class Reader:
    """Takes entries in their order and keeps what a dashboard needs; it can be filled at any time, and go on reading.

    Args:
        service: key of the service.
        zone: IANA time zone of days.
        until: entries from this instant on are left out.
    """

    def __init__(self, service: str, zone: str, until: int = LATEST) -> None:
        self.service, self.zone, self.until = service, zone, until
        self.described: Mapping[str, Any] = {}
        self.earliest: int | None = None
        """When the first piece of work was received; None before."""
        self._backlog = Backlog([days * DAY_LONG for days in AGES])
        self._places: dict[str, int] = {}
        self._root: dict[str, str] = {}
        self._touched: set[str] = set()
        self._taken: dict[tuple[str, Any], int] = {}
        self._bins: dict[tuple[By, date], _Bin] = defaultdict(_Bin)
        self._day: tuple[int, int, tuple[_Bin, ...]] = (0, 0, ())

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

    def _of(self, at: int) -> tuple[_Bin, ...]:
        """The day, the week and the month of an instant. Mostly it is the day of the entry before."""
        start, end, found = self._day
        if not start <= at < end:
            day = local_date(self.zone, at)
            start, end = day_bounds(day, self.zone)
            found = tuple(self._bins[by, first_of(day, by)] for by in SHOWN)
            self._day = (start, end, found)
        return found

    def _started(self, entry: Entry) -> None:
        parent = entry.data.get("parent")
        if parent is not None:
            self._root[entry.instance] = self._root.get(str(parent), str(parent))
        elif entry.instance not in self._places:
            self._places[entry.instance] = self._backlog.begin(entry.at)
            self.earliest = entry.at if self.earliest is None else min(self.earliest, entry.at)
            for one in self._of(entry.at):
                one.received += 1

    def _put_down(self, entry: Entry) -> None:
        since = self._taken.pop((entry.instance, entry.data.get("wait")), None)
        if since is not None:
            for one in self._of(entry.at):
                one.held.add(Decimal(entry.at - since))
        root = self._root.get(entry.instance, entry.instance)
        if root in self._places and entry.type == "work.completed" and not entry.data.get("withdrawn"):
            self._touched.add(root)

    def _finished(self, entry: Entry) -> None:
        place = self._places.get(entry.instance)
        if place is None or not self._backlog.end(place, entry.at):
            return
        for one in self._of(entry.at):
            self._end(one, entry)
        self._touched.discard(entry.instance)  # nothing asks again

    def _end(self, found: _Bin, entry: Entry) -> None:
        if entry.type == "instance.cancelled":
            found.cancelled += 1
            return
        data = entry.data
        found.outcomes[str(data.get("outcome") or "?")] += 1
        found.untouched += data.get("untouched", entry.instance not in self._touched) is True
        for name, value in (data.get("measures") or {}).items():
            found.measured[name].add(value if isinstance(value, bool) else Decimal(str(value)))
        for name, words in (data.get("details") or {}).items():
            found.counted[name].update(map(str, words))

    def fill(self, periods: Iterable[Period], by: By, until: int) -> None:
        """Puts what was taken into periods.

        Args:
            periods: days, weeks or months, empty.
            by: which of them.
            until: as of when the last of them is told.
        """
        kinds = {name: measure["as"] for name, measure in self.described.get("measures", {}).items()}
        for period in periods:
            period.backlog = self._backlog.at(min(period.end, until))
            one = self._bins.get((by, period.first))
            if one is None:
                continue
            period.received, period.cancelled, period.untouched = one.received, one.cancelled, one.untouched
            period.outcomes = one.outcomes.copy()
            period.held.values = one.held.copy()
            period.counted = {name: words.copy() for name, words in one.counted.items()}
            period.figures = {
                name: Figure(kinds[name], values.copy() if kinds[name] == "median" else replace(values, each=None))
                for name, values in one.measured.items()
                if name in kinds
            }


Agreed = Callable[[Dashboard, Month], None]
"""Puts into a dashboard what depends on the terms of a month: objectives and cost. Nothing where none are in force."""


def dashboard(reader: Reader, agreed: Agreed, by: By, *, engagement: str, until: int) -> Dashboard:
    """A service at a glance.

    Args:
        reader: has taken the ledger of the engagement.
        agreed: what depends on the terms.
        by: length of a period.
        engagement: id of the engagement.
        until: as of this instant, excluded; microseconds since 1970 UTC.
    """
    found = Dashboard(engagement, reader.service, by, reader.zone, until, described=reader.described)
    if reader.earliest is not None:
        found.periods = list(periods(reader.earliest, until, by, reader.zone))[-SHOWN[by] :]
        reader.fill(found.periods, by, until)
        for month in dict.fromkeys(_months(found)):
            agreed(found, month)
    return found


def of_export(path: str | Path, service: str, by: By) -> tuple[Dashboard, list[Diagnostic]]:
    """The dashboard of a service from an export alone, as of the time of the export.

    Returns:
        The dashboard, and what is wrong with the export: figures of a changed one prove nothing.

    Raises:
        HostError: the file cannot be opened.
        TermsError: its terms cannot be read, or agree on no such service.
    """
    known = {name: signed.terms for signed in _signed(path) for name in signed.terms.services}
    if service not in known:
        message = f"The terms agree on no service {service!r}."
        raise TermsError("terms.no-service", message, Location(str(path)), f"Known are: {', '.join(known) or 'none'}.")
    book, kept, latest = Book(file=str(path)), Reader(service, known[service].time_zone), 0
    with open_export(path) as stream:
        reading = ExportReader(stream, str(path))
        for line, entry in reading:
            book.add(entry, line)
            kept.add(entry)
            latest = max(latest, entry.at)
    until = (latest if reading.at is None else reading.at) + 1  # what happened at that instant counts
    found = dashboard(kept, by_book(book), by, engagement=reading.engagement, until=until)
    return found, list(reading.findings)


def _signed(path: str | Path) -> list[Signed]:
    """The terms of an export, whose days count, before anything else of it is read."""
    book = Book(file=str(path))
    for entry in signed_in(path):
        book.add(entry)
    return book.versions


def _months(found: Dashboard) -> Iterator[Month]:
    """The months its periods lie in."""
    for period in found.periods:
        last = local_date(found.zone, min(period.end, found.until) - 1)
        month = Month(period.first.year, period.first.month)
        while month <= Month(last.year, last.month):
            yield month
            month = month.next


def by_book(book: Book) -> Agreed:
    """What depends on the terms, from a whole ledger."""
    return partial(_agreed, book)


def _agreed(book: Book, found: Dashboard, month: Month) -> None:
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
    invoice = draft(book, month, until=found.until)
    start, end = month.bounds(invoice.terms.time_zone)
    cases = sum(
        case.finished is not None and case.finished.type == "instance.completed"
        and start <= case.finished.at < min(end, found.until)
        for case in book.cases_of(service.key)
    )  # fmt: skip
    found.costs.append(cost_of(month, service.key, invoice, cases))


def cost_of(month: Month, service: str, invoice: Invoice, cases: int) -> Cost:
    """What a piece of work of a service cost in a month, of which an invoice is drafted.

    Args:
        month: the month.
        service: key of the service.
        invoice: the month of the whole engagement.
        cases: pieces of work completed in it.
    """
    cost = sum((line.amount for line in invoice.lines if line.service == service), Decimal(0))
    agreed = invoice.terms.services[service]
    baseline = agreed.baseline.unit_cost if agreed.baseline else None
    unit_cost = decimals(ratio(cost, cases), 4) if cases else None
    return Cost(month, cases, cost, unit_cost, baseline, invoice.terms.currency)
