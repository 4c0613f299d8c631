"""Reading a dashboard out of a ledger: of an installation, or of an export alone."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from anyshore.base.errors import AnyshoreError, Diagnostic, TermsError
from anyshore.base.locations import Location
from anyshore.base.measures import Figure
from anyshore.terms.book import FINISHING, LATEST, Book
from anyshore.terms.calendars import local_date
from anyshore.terms.dashboards import AGES, DAY_LONG, DESCRIBED, SHOWN, By, Cost, Dashboard, Period, periods
from anyshore.terms.exports import ExportReader, open_export
from anyshore.terms.invoice import draft
from anyshore.terms.ledger import Entry
from anyshore.terms.model import Service
from anyshore.terms.money import decimals, ratio
from anyshore.terms.months import Month
from anyshore.terms.scorecard import score_service


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
        for name, words in (data.get("details") or {}).items():
            period.counted.setdefault(name, Counter()).update(map(str, words))


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
    return _filled(reader, book, service, by, engagement, zone, until)


def _filled(reader: Reader, book: Book, service: str, by: By, engagement: str, zone: str, until: int) -> Dashboard:
    found = Dashboard(engagement, service, by, zone, until, described=reader.described)
    if reader.earliest is not None:
        found.periods = list(periods(reader.earliest, until, by, zone))[-SHOWN[by] :]
        reader.fill(found.periods)
        for month in dict.fromkeys(_months(found)):
            _agreed(found, book, month)
    return found


def of_export(path: str | Path, service: str, by: By) -> tuple[Dashboard, list[Diagnostic]]:
    """The dashboard of a service from an export alone, as of the time of the export.

    Returns:
        The dashboard, and what is wrong with the export: figures of a changed one prove nothing.

    Raises:
        HostError: the file cannot be opened.
        TermsError: its terms cannot be read, or agree on no such service.
    """
    book, kept, latest = Book(file=str(path)), Reader(service, LATEST), 0
    with open_export(path) as stream:
        reading = ExportReader(stream, str(path))
        for line, entry in reading:
            book.add(entry, line)
            kept.add(entry)
            latest = max(latest, entry.at)
    known = {name: signed.terms for signed in book.versions for name in signed.terms.services}
    if service not in known:
        message = f"The terms agree on no service {service!r}."
        raise TermsError("terms.no-service", message, Location(str(path)), f"Known are: {', '.join(known) or 'none'}.")
    kept.until = until = (latest if reading.at is None else reading.at) + 1  # what happened at that instant counts
    found = _filled(kept, book, service, by, reading.engagement, known[service].time_zone, until)
    return found, list(reading.findings)


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
