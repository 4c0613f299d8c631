"""The plan of the week of care: what will come on two lines in two zones, how many that takes, and who works when.

One team serves both lines. What each needs is said on its client's clock and worked on the team's: forecast, Erlang C,
crews, one roster, judged by the law of the team's country. Past weeks are drawn from a seed.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from anyshore.base.telling import Part, Sheet
from anyshore.runtime.rosters import judged
from anyshore.terms.calendars import public_holidays
from anyshore.workforce import forecast, shifts, staffing
from anyshore.workforce.counts import HALF_HOUR, Counts
from anyshore.workforce.forecast import Forecast
from anyshore.workforce.law.rules import Breach
from anyshore.workforce.rosters import search
from anyshore.workforce.rosters import sheets as rosters
from anyshore.workforce.rosters.generation import Left
from anyshore.workforce.rosters.problem import OFF, Cover, Kind, Person, Problem
from anyshore.workforce.rosters.search import Found

HOME = ZoneInfo("Europe/Berlin")
TEAM = ("Ada", "Bela", "Cora", "Deniz", "Edda", "Filip", "Gesa", "Hanna")
GOAL = staffing.Goal(handling=1_200, level=0.8, target=20, shrinkage=0.06)
BREAK = 30
"""Minutes of the break in a shift (ArbZG § 4)."""
HISTORY = 8
"""Weeks that are known."""
USUAL = 0.55
"""Calls in a usual half hour."""
_REST = 11 * 60
_SEED = 11


@dataclass(frozen=True, slots=True)
class Line:
    """A client's line.

    Attributes:
        name: of its terms, and of its shift.
        zone: IANA name, of its clock.
        country: ISO 3166, of its holidays.
        opens: on that clock.
        closes: on that clock.
    """

    name: str
    zone: str
    country: str
    opens: time
    closes: time

    @property
    def shift(self) -> shifts.Shift:
        """The whole day, on its own clock."""
        return shifts.Shift(*(60 * at.hour + at.minute for at in (self.opens, self.closes)))

    def here(self, day: date) -> tuple[datetime, datetime]:
        """When it is open on a day, on the clock of the team."""
        spans = (datetime.combine(day, at, ZoneInfo(self.zone)) for at in (self.opens, self.closes))
        begin, end = (at.astimezone(HOME) for at in spans)
        return begin, end


LINES = (
    Line("berlin", "Europe/Berlin", "DE-BE", time(8), time(16, 30)),
    Line("new-york", "America/New_York", "US-NY", time(8, 30), time(17)),
)


@dataclass(frozen=True, slots=True)
class Planned:
    """What is planned for a line: the forecast, the people each half hour needs, and the crews that cover them."""

    line: Line
    forecast: Forecast
    needs: Sequence[staffing.Need]
    crews: Sequence[shifts.Crew]


@dataclass(frozen=True, slots=True)
class Plan:
    """The week as planned.

    Attributes:
        monday: its first day.
        lines: what each needs.
        asked: the roster asked for.
        found: the roster.
        breaches: where it breaks the working-time law.
    """

    monday: date
    lines: Sequence[Planned]
    asked: rosters.Asked
    found: Found
    breaches: Sequence[Breach]

    def there(self, line: Line, day: date) -> list[str]:
        """Who works a line on a day."""
        kind, number = self.asked.problem.number[line.name], (day - self.monday).days
        rows = zip(self.asked.problem.people, self.found.roster or (), strict=False)
        return [person.name for person, row in rows if row[number] == kind]


def drawn(draw: random.Random, mean: float) -> int:
    """A number of arrivals (Poisson; Knuth 1969, 3.4.1)."""
    product, least = draw.random(), math.exp(-mean)
    for number in count():
        if product < least:
            return number
        product *= draw.random()
    raise AssertionError  # pragma: no cover - count() has no end


def rate(line: Line, at: datetime) -> float:
    """Calls to expect in the half hour from ``at``: more in the middle of the day, and on Mondays."""
    middle = (line.shift.begin + line.shift.end) / 2
    away = abs(60 * at.hour + at.minute + HALF_HOUR / 2 - middle) / (line.shift.minutes / 2)
    return USUAL * (1.3 - 0.6 * away) * (1.15 if at.weekday() == 0 else 1.0)


def open_half_hours(line: Line, first: date, days: int, closed: Sequence[date]) -> Iterator[datetime]:
    """The half hours in which a line is open, on its clock."""
    for day in (first + timedelta(days=number) for number in range(days)):
        if day.weekday() < 5 and day not in closed:
            at = datetime.combine(day, line.opens)
            while at.time() < line.closes:
                yield at
                at += timedelta(minutes=HALF_HOUR)


def make(monday: date, seconds: Left) -> Plan:
    """Plans a week.

    Args:
        monday: its first day.
        seconds: how many are left for the search of the roster.
    """
    lines = [_line(place, line, monday) for place, line in enumerate(LINES)]
    asked = _asked(lines, monday)
    found = search.solve(asked.problem, seconds)
    return Plan(monday, lines, asked, found, judged(asked, found.roster, "DE", HOME.key, sundays=False))


def _line(place: int, line: Line, monday: date) -> Planned:
    first = monday - timedelta(weeks=HISTORY)
    closed = public_holidays(line.country, first, monday + timedelta(weeks=1))
    draw = random.Random(_SEED + place)
    came = {at: float(drawn(draw, rate(line, at))) for at in open_half_hours(line, first, 7 * HISTORY, closed)}
    expected = forecast.week(Counts(HALF_HOUR, came), monday, closed)
    needs = staffing.needs(expected.values, HALF_HOUR, GOAL)
    starts, needed = [one.start for one in needs], [one.scheduled for one in needs]
    return Planned(line, expected, needs, shifts.covering(starts, HALF_HOUR, needed, [line.shift]))


def _asked(lines: Sequence[Planned], monday: date) -> rosters.Asked:
    """One roster of both lines on the clock of the team; nobody goes from a late shift to an early one."""
    spans = {one.line.name: one.line.here(monday) for one in lines}
    times = {name: (begin.time(), end.time()) for name, (begin, end) in spans.items()}
    kinds = [Kind(one.line.name, one.line.shift.minutes - BREAK, _too_early(one.line.name, spans)) for one in lines]
    covers = [
        Cover((crew.day - monday).days, one.line.name, crew.people, rosters.UNDER, rosters.OVER)
        for one in lines
        for crew in one.crews
    ]
    people = [Person(name, {}, 40 * 60, 0, 5, 1, 2) for name in TEAM]
    return rosters.Asked(Problem(7, kinds, people, covers), monday, times, dict.fromkeys(times, BREAK))


def _too_early(name: str, spans: Mapping[str, tuple[datetime, datetime]]) -> frozenset[str]:
    end = spans[name][1]
    next_day = {other: begin + timedelta(days=1) for other, (begin, _end) in spans.items()}
    return frozenset(other for other, begin in next_day.items() if begin - end < timedelta(minutes=_REST))


def told(plan: Plan) -> Iterator[Part]:
    """The plan as tables."""
    rows = [
        (one.line.name, one.line.zone, one.forecast.method, f"{sum(one.forecast.values.values()):.0f}",
         sum(crew.people for crew in one.crews), "-".join(f"{at:%H:%M}" for at in one.line.here(plan.monday)))
        for one in plan.lines
    ]  # fmt: skip
    heads = ("Line", "Zone", "Forecast by", "Calls expected", "Shifts", "Open, Berlin time")
    yield Sheet(f"The week from {plan.monday}", heads, rows, right=(3, 4))
    yield from rosters.of_roster(plan.asked, plan.found, plan.breaches)


def presence(
    plan: Plan, line: Line, day: date, ill: frozenset[tuple[str, date]]
) -> Iterator[tuple[str, datetime, datetime]]:
    """Who is at a line when: breaks are taken one after the other; whoever is ill is replaced by nobody."""
    begin, end = line.here(day)
    for place, name in enumerate(plan.there(line, day)):
        if (name, day) not in ill:
            pause = begin + timedelta(hours=3, minutes=place * BREAK)
            yield name, begin, pause
            yield name, pause + timedelta(minutes=BREAK), end


def works(plan: Plan) -> set[str]:
    """Who of the team has a shift in the week."""
    rows = zip(plan.asked.problem.people, plan.found.roster or (), strict=False)
    return {person.name for person, row in rows if any(kind != OFF for kind in row)}
