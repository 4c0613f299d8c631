"""The coming week of a service: what its ledger says will come, and who has to be there to keep its objective."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from anyshore.base.errors import AnyshoreError
from anyshore.base.telling import Part
from anyshore.terms import months, scorecard
from anyshore.terms.book import Book, Case, Event
from anyshore.terms.calendars import ROUND_THE_CLOCK, Calendar, instant, local_time
from anyshore.terms.clocks import HOUR, MINUTE, SECOND, clock_of, year_spans
from anyshore.terms.model import Duration, Terms
from anyshore.web.core.errors import NotFound
from anyshore.web.core.models import Engagement
from anyshore.web.engine.books import book
from anyshore.web.engine.running import host
from anyshore.workforce import backlog, counts, forecast, plain, shifts
from anyshore.workforce import sheets as shown
from anyshore.workforce.forecast import Forecast

SLOT = 30
"""Minutes of an interval."""
HISTORY = forecast.MEMORY + 12
"""Weeks of the ledger that are looked at."""
LONGEST_DAY = 12 * 60
"""Minutes; where the office is open longer, a day has the three shifts below."""
THREE_SHIFTS = tuple(shifts.parse(text) for text in ("06:00-14:00", "14:00-22:00", "22:00-06:00"))


@dataclass(slots=True)
class Week:
    """The coming seven days of a service.

    Attributes:
        engagement: whose it is.
        service: the service shown.
        objective: the objective on time that is planned for; None where the terms have none.
        first: the first of the seven days: tomorrow.
        forecast: work items to expect, on holidays as on other days; None while the ledger knows less than a week.
        handling: what an item takes according to the ledger; None where that cannot be said.
        given: whether somebody said what an item takes.
        seconds: what an item is taken to take; None where nobody knows.
        waiting: items that wait for the provider now.
        late: how many of them are due before the week begins; the plan takes them as due within the limit once more.
        work: hours that come and are due; None where the forecast or the handling time is missing.
        crews: who has to be there.
    """

    engagement: Engagement
    service: str
    objective: Duration | None
    first: date
    forecast: Forecast | None = None
    handling: backlog.Handling | None = None
    given: bool = False
    seconds: float | None = None
    waiting: int = 0
    late: int = 0
    work: shifts.Work | None = None
    crews: Sequence[shifts.Crew] = ()

    @property
    def paid(self) -> float:
        """Paid hours of all crews."""
        return sum(crew.hours for crew in self.crews)

    @property
    def items(self) -> float:
        """Items that come."""
        return sum(self.forecast.values.values()) if self.forecast else 0.0

    @property
    def minutes(self) -> float | None:
        """Minutes of work per item."""
        return None if self.seconds is None else self.seconds / 60

    @property
    def days(self) -> list[Day]:
        """The week day by day."""
        items = self.forecast.daily() if self.forecast else {}
        hours = backlog.daily(self.work) if self.work else {}
        found = []
        for number in range(7):
            day = self.first + timedelta(days=number)
            crews = [crew for crew in self.crews if crew.day == day]
            people, spent = hours.get(day, (None, None))
            found.append(Day(day, items.get(day, 0.0), people, spent, crews))
        return found


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the week planned: items that come, hours that come in and are due (None: closed), and its crews."""

    day: date
    items: float
    hours: float | None
    due: float | None
    crews: Sequence[shifts.Crew]

    @property
    def paid(self) -> float:
        """Paid hours."""
        return sum(crew.hours for crew in self.crews)


def plan(
    engagement: Engagement, service: str | None = None, *, handling: float | None = None, shrinkage: float = 0.0,
    options: Sequence[shifts.Shift] = (),
) -> Week:  # fmt: skip
    """Plans the seven days from tomorrow.

    Args:
        engagement: whose service it is.
        service: its key; the first one of the terms where left out.
        handling: seconds of work per item; as the ledger has it where left out.
        shrinkage: share of paid time away from work, from 0, below 1.
        options: shifts that can be worked; the opening hours where left out.

    Raises:
        NotFound: no terms are in force, or they have no such service.
        AnyshoreError: the shifts cannot do what is due.
    """
    found = book(engagement.key)
    now = host().clock()
    today = local_time(engagement.zone, now).date()
    terms = _terms(engagement, found, now)
    key = service or next(iter(terms.services))
    if key not in terms.services:
        raise NotFound(_("The terms in force have no such service."), hint=", ".join(terms.services))
    objective = next((one for one in terms.services[key].objectives if isinstance(one, Duration)), None)
    week = Week(engagement, key, objective, today + timedelta(days=1))
    begin = instant(ZoneInfo(engagement.zone), week.first, 0)
    items = list(_items(found.cases_of(key), begin - HISTORY * 7 * 24 * HOUR))
    told = backlog.handling(_done(items))
    week.handling, week.given = told, handling is not None
    week.seconds = handling if handling is not None or told is None else told.seconds
    calendar = _calendar(terms, objective, engagement.zone)
    starts = opening(calendar, week.first, engagement.zone)
    week.forecast = _forecast(items, engagement.zone, today)
    left = list(_left(items, terms, objective, now, begin))
    week.waiting, week.late = len(left), sum(minutes <= 0 for minutes in left)
    if week.forecast is None or week.seconds is None:
        return week
    within = objective.limit / MINUTE if objective else len(starts) * SLOT
    week.work = backlog.work(
        week.forecast.values, starts, SLOT, handling=week.seconds, within=within, waiting=left, shrinkage=shrinkage
    )
    if starts:
        week.crews = shifts.clearing(week.work, options or _usual_shifts(starts))
    return week


def services(engagement: Engagement) -> dict[str, str]:
    """The services of the terms in force, by key, with their names; none while no terms are."""
    try:
        terms = _terms(engagement, book(engagement.key), host().clock())
    except NotFound:
        return {}
    return {service.key: service.name for service in terms.services.values()}


def _terms(engagement: Engagement, found: Book, now: int) -> Terms:
    try:
        return found.terms_for(months.month_of(now, engagement.zone)).terms
    except AnyshoreError as error:
        raise NotFound(_("No terms are in force in this month."), hint=_("Propose terms.")) from error


def _calendar(terms: Terms, objective: Duration | None, zone: str) -> Calendar:
    return terms.calendars[objective.calendar] if objective and objective.calendar else Calendar(zone, ROUND_THE_CLOCK)


def opening(calendar: Calendar, first: date, zone: str) -> list[datetime]:
    """Local starts of the half hours of seven days in which the office is open throughout."""
    begin, end = (instant(ZoneInfo(zone), first + timedelta(days=days), 0) for days in (0, 7))
    slot = SLOT * MINUTE
    found = set()
    for year in sorted({first.year, (first + timedelta(days=7)).year}):
        for opens, closes in year_spans(calendar, year):
            at = opens if opens >= begin else opens + -(-(begin - opens) // slot) * slot
            while at + slot <= min(closes, end):
                found.add(local_time(zone, at).replace(tzinfo=None, fold=0))
                at += slot
    return sorted(found)


def _usual_shifts(starts: Sequence[datetime]) -> Sequence[shifts.Shift]:
    per_day: dict[date, int] = {}
    for start in starts:
        per_day[start.date()] = per_day.get(start.date(), 0) + SLOT
    return THREE_SHIFTS if max(per_day.values(), default=0) > LONGEST_DAY else ()


class _Item(NamedTuple):
    """A work item of the provider: its case, the entry that opened it and, once there is one, the one that ended it."""

    case: Case
    opened: Event
    ended: Event | None


def _items(cases: Iterable[Case], since: int) -> Iterator[_Item]:
    """The items that were opened since an instant, and those that wait, however old."""
    for case in cases:
        opened: dict[object, Event] = {}
        for event in case.events:
            wait = event.data.get("wait")
            if event.type == "work.opened" and event.data.get("party") == "provider":
                opened[wait] = event
            elif event.type == "work.completed" and wait in opened:
                begun = opened.pop(wait)
                if begun.at >= since:
                    yield _Item(case, begun, event)
        if case.finished is None:
            yield from (_Item(case, event, None) for event in opened.values())


def _done(items: Iterable[_Item]) -> Iterator[backlog.Done]:
    for _case, opened, ended in items:
        if ended is not None and not ended.data.get("withdrawn"):
            told = ended.data.get("minutes")
            yield backlog.Done(
                str(ended.data.get("performer")), opened.at / SECOND, ended.at / SECOND,
                None if told is None else float(Decimal(str(told))),
            )  # fmt: skip


def _forecast(items: Iterable[_Item], zone: str, today: date) -> Forecast | None:
    """The items to expect, from what came until yesterday; None where that is less than a week."""
    local = ZoneInfo(zone)
    came = [datetime.fromtimestamp(item.opened.at / SECOND, local) for item in items]
    first = max(min((one.date() for one in came), default=today), today - timedelta(weeks=HISTORY))
    if first > today - timedelta(weeks=1):
        return None
    known = counts.binned(came, SLOT, first, today - timedelta(days=1))
    return forecast.week(known, today + timedelta(days=1), judged=counts.DAY)


def _left(items: Iterable[_Item], terms: Terms, objective: Duration | None, now: int, begin: int) -> Iterator[float]:
    """Business minutes that each item which waits now has left when the week begins; 0 or less: due before."""
    clock = scorecard.clock_for(terms, objective) if objective else clock_of(Calendar())
    until_then = clock.business_time_between(now, begin)
    for item in items:
        if item.ended is None:
            left = scorecard.left(item.case, objective, clock, now) if objective else None
            yield 7 * 24 * 60.0 if left is None else (left - until_then) / MINUTE


def as_dict(found: Week) -> dict[str, Any]:
    """A planned week as plain data."""
    told: dict[str, Any] = {
        "engagement": found.engagement.key, "service": found.service,
        "objective": found.objective and found.objective.name, "from": str(found.first), "waiting": found.waiting,
        "due_before": found.late, "handling_seconds": found.seconds,
        "handling_from": found.handling and ("told" if found.handling.told else "estimated"),
    }  # fmt: skip
    if found.forecast is not None:
        told |= plain.tested(found.forecast) | {"week": plain.arrivals(found.forecast)}
    return told | (plain.work(found.work, found.crews) if found.work else {})


def sheets(found: Week) -> Iterator[Part]:
    """The same as tables and sentences."""
    goal = f", for “{found.objective.name}”" if found.objective else ""
    yield f"{found.engagement.key}, service {found.service}: seven days from {found.first}{goal}."
    yield f"{found.waiting:,} items wait now; {found.late:,} of them are due before then."
    if found.forecast is None:
        yield "The ledger knows less than a week of arrivals: there is nothing to forecast from yet."
        return
    yield shown.of_methods(found.forecast)
    if found.seconds is None:
        yield "What an item takes is not known: give --handling SECONDS."
        return
    if found.handling is not None and not found.given:
        how = "as people told" if found.handling.told else "estimated from the times between completions"
        yield f"An item takes {found.seconds:.0f} s, {how} ({found.handling.items:,} items)."
    if found.work is not None:
        yield shown.of_work(found.work)
    yield from shown.of_crews(found.crews)
