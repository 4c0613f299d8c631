"""The clocks of tickets against a count minute by minute: 300 random histories per kind of calendar and clock change.

The count knows nothing of the engine: of every minute it asks the local clock whether the calendar is open, and goes
through the history minute by minute. Histories are drawn from fixed seeds: states, priorities, a change of plan,
answers, resolution and reopening, around the days on which clocks change.

    python -m conformance.sla_clock
"""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import numpy as np

from anyshore.terms.calendars import ROUND_THE_CLOCK, Calendar, HolidayRegion, SpecialDay
from anyshore.terms.clocks import MINUTE
from anyshore.terms.ticket_clocks import KINDS, Event, Kind, Log, Plan, Reading
from conformance import folders
from conformance.scores import Score

HISTORIES = 300
DAYS_BEFORE, DAYS = 9, 40
CHANGES = {
    "clocks go forward": ("Europe/Berlin", date(2025, 3, 30)),
    "clocks go back": ("America/New_York", date(2025, 11, 2)),
    "half an hour forward": ("Australia/Lord_Howe", date(2025, 10, 5)),
    "half an hour back": ("Australia/Lord_Howe", date(2025, 4, 6)),
    "a day is left out": ("Pacific/Apia", date(2011, 12, 30)),
    "the zone changes its offset": ("America/Caracas", date(2016, 5, 1)),
    "clocks never change": ("Asia/Kathmandu", date(2025, 6, 1)),
}
_OFFICE = ((9 * 60, 17 * 60),)
_SPLIT = ((8 * 60, 12 * 60 + 15), (13 * 60, 18 * 60 + 45))
_NIGHT = ((0, 6 * 60), (22 * 60, 24 * 60))
CALENDARS = {
    "round the clock": (ROUND_THE_CLOCK, "", False),
    "office hours": ((_OFFICE,) * 5 + ((),) * 2, "", False),
    "split hours and a Saturday": ((_SPLIT,) * 5 + (_OFFICE, ()), "", False),
    "over midnight": ((_NIGHT,) * 7, "", False),
    "holidays": ((_OFFICE,) * 5 + ((),) * 2, "DE", False),
    "special days": ((_SPLIT,) * 5 + ((),) * 2, "", True),
}
STATES = ("open", "waiting for customer", "waiting for supplier", "on hold")
LIMITS: dict[str, dict[Kind, int]] = {
    "low": {"first response": 480, "update": 960, "resolution": 2400},
    "high": {"first response": 60, "update": 240, "resolution": 480},
}
PAUSES: dict[Kind, frozenset[str]] = {
    "first response": frozenset({"on hold"}), "update": frozenset({"waiting for customer"}),
    "resolution": frozenset({"waiting for customer", "waiting for supplier", "on hold"}),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Case:
    calendar: str
    change: str
    events: tuple[Event, ...]
    reopening: str
    now: int


def run(data: Path = Path()) -> Score:
    """Runs the suite; no folder is needed."""
    score = Score("sla-clock", 0, 0, extra={"kinds": len(CALENDARS) * len(CHANGES)})
    for calendar in CALENDARS:
        for change in CHANGES:
            for seed in range(HISTORIES):
                case = _drawn(calendar, change, seed)
                wrong = folders.told(lambda case=case: _wrong(case), lambda reason: reason)
                score.total += 1
                score.passed += not wrong
                if wrong:
                    score.failed.append(f"{calendar}, {change}, {seed}: {wrong}")
    return score


@lru_cache(maxsize=8)
def _calendar(name: str, change: str, second: bool = False) -> Calendar:
    weekly, country, special = CALENDARS[name]
    zone, day = CHANGES[change]
    days = (
        (SpecialDay(day + timedelta(3), ((600, 720),), "x"), SpecialDay(day + timedelta(4), (), "y")) if special else ()
    )
    if second:  # the plan a ticket may change to: shorter hours of the same zone
        weekly = tuple(((600, 900),) if hours else () for hours in weekly)
    return Calendar(zone, weekly, (HolidayRegion(country),) if country else (), days)


def _first(change: str) -> int:
    day = CHANGES[change][1] - timedelta(DAYS_BEFORE)
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) // 60


@lru_cache(maxsize=4)
def _open(name: str, change: str, second: bool) -> np.ndarray:
    """Of every minute whether the calendar is open, by what the local clock shows."""
    calendar, first = _calendar(name, change, second), _first(change)
    zone, special = ZoneInfo(calendar.zone), {one.day: one.hours for one in calendar.special}
    free = holidays.country_holidays("DE", years=range(2010, 2027)) if calendar.regions else {}
    found = np.zeros(DAYS * 1440, dtype=bool)
    for number in range(len(found)):
        local = datetime.fromtimestamp((first + number) * 60, zone)
        day, minute = local.date(), local.hour * 60 + local.minute
        hours = special[day] if day in special else () if day in free else calendar.weekly[day.weekday()]
        found[number] = any(opens <= minute < closes for opens, closes in hours)
    return found


def _drawn(calendar: str, change: str, seed: int) -> _Case:
    draw = random.Random(f"{calendar}/{change}/{seed}")
    first, last = _first(change) + 1440, _first(change) + 20 * 1440
    times = sorted(draw.sample(range(first, last), draw.randint(3, 9)))
    events = [Event(times[0] * MINUTE, "opened", "open")]
    resolved = False
    for at in times[1:-1]:
        kind = draw.choice(["state", "state", "priority", "plan", "response", "update", "resolved"])
        if resolved:
            kind, resolved = "reopened", False
        elif kind == "resolved":
            resolved = True
        value = {
            "state": draw.choice(STATES),
            "priority": draw.choice(["low", "high"]),
            "plan": draw.choice(["a", "b"]),
        }
        events.append(Event(at * MINUTE, kind, value.get(kind, "")))
    return _Case(calendar, change, tuple(events), draw.choice(["continues", "restarts"]), times[-1] * MINUTE)


def _wrong(case: _Case) -> str:
    limits = {name: {kind: minutes * MINUTE for kind, minutes in one.items()} for name, one in LIMITS.items()}
    plans = {
        name: Plan(_calendar(case.calendar, case.change, name == "b"), limits, PAUSES, reopening=case.reopening)  # type: ignore[arg-type]
        for name in ("a", "b")
    }
    found = Log(case.events, plans, plan="a", priority="low").read(case.now)
    right = _counted(case)
    return "" if found == right else f"{found} instead of {right}"


def _counted(case: _Case) -> list[Reading]:
    """The readings by going through the history minute by minute."""
    first = _first(case.change)
    size = DAYS * 1440
    state, plan, priority = np.zeros(size, dtype=int), np.zeros(size, dtype=int), np.zeros(size, dtype=int)
    away = np.zeros(size, dtype=bool)
    starts: dict[Kind, int | None] = dict.fromkeys(KINDS)
    rounds: list[tuple[Kind, int, int | None]] = []
    begun = case.events[0].at // MINUTE - first

    def stop(kind: Kind, at: int, begin: int | None = None) -> None:
        since = starts[kind]
        if since is not None:
            rounds.append((kind, since, at))
        starts[kind] = begin

    for event in case.events:
        at = event.at // MINUTE - first
        if event.kind == "opened":
            starts = dict.fromkeys(KINDS, at)
            state[at:] = STATES.index(event.value)
        elif event.kind == "state":
            state[at:] = STATES.index(event.value)
        elif event.kind == "plan":
            plan[at:] = "ab".index(event.value)
        elif event.kind == "priority":
            priority[at:] = ["low", "high"].index(event.value)
        elif event.kind == "resolved":
            away[at:] = True
            stop("first response", at)
            stop("update", at)
            stop("resolution", at)
        elif event.kind == "reopened":
            away[at:] = False
            starts["update"] = at
            starts["resolution"] = at
            if case.reopening == "continues":  # the round that was resolved goes on as if it had not been
                before = next(one for one in reversed(rounds) if one[0] == "resolution")
                rounds.remove(before)
                starts["resolution"] = before[1]
        elif starts["update"] is not None:
            if event.kind == "response":
                stop("first response", at)
            stop("update", at, begin=at)
    rounds += [(kind, since, None) for kind, since in starts.items() if since is not None]
    now = case.now // MINUTE - first
    assert begun >= 0
    return [
        _minutes(case, kind, since, until, now, state, plan, priority, away)
        for kind, since, until in sorted(rounds, key=lambda one: (KINDS.index(one[0]), one[1]))
    ]


def _minutes(
    case: _Case, kind: Kind, since: int, until: int | None, now: int,
    state: np.ndarray, plan: np.ndarray, priority: np.ndarray, away: np.ndarray,
) -> Reading:  # fmt: skip
    first, last = _first(case.change), now if until is None else until
    limit = LIMITS[["low", "high"][priority[last]]][kind]
    works = _open(case.calendar, case.change, bool(plan[last]))
    still = np.isin(state, [number for number, name in enumerate(STATES) if name in PAUSES[kind]]) | away
    counted = np.cumsum((works & ~still)[since:last])
    used = int(counted[-1]) if len(counted) else 0
    breached = None
    if used > limit:
        breached = int(np.argmax(counted >= limit)) + 1 + since
    due = None
    if until is None and not still[now] and used <= limit:
        ahead = np.cumsum(works[now:])
        due = now if used == limit else int(np.argmax(ahead >= limit - used)) + 1 + now
    return Reading(
        kind, (since + first) * MINUTE, None if until is None else (until + first) * MINUTE, limit * MINUTE, used *
        MINUTE, None if due is None else (due + first) * MINUTE, None if breached is None else (breached + first) *
        MINUTE,
    )  # fmt: skip


if __name__ == "__main__":
    result = run()
    result.print()
    sys.exit(bool(result.failed))
