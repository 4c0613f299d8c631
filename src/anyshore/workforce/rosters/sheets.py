"""Rosters in people's tables: read from a folder of CSV files, told as a table, as plain data and as a picture.

``shifts.csv`` (shift, from, until, break, zone), ``staff.csv`` (person, hours at least and at most, shifts they may
work, runs, rest, weekends, away, country), ``need.csv`` (day, shift, people) and, where there are any, ``wishes.csv``
(person, day, shift, weight, no). The roster goes from the first to the last day of the need.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.base.svg import Svg, drawing, element, title
from anyshore.base.tables import Column, Row, open_table
from anyshore.base.telling import Part, Sheet
from anyshore.base.zones import find_zone
from anyshore.params.shapes import nearest
from anyshore.workforce.law.rules import Breach, Duty
from anyshore.workforce.rosters import fairness
from anyshore.workforce.rosters.fairness import Load
from anyshore.workforce.rosters.problem import OFF, Cover, Kind, Person, Problem, Wish
from anyshore.workforce.rosters.problem import Row as Days
from anyshore.workforce.rosters.search import Found

UNDER, OVER = 100, 1
"""What a person missing and a person too many cost, beside wishes of 1 to 10."""
REST = 11
"""Hours between two shifts (ArbZG § 5 (1), Directive 2003/88/EC, art. 3)."""
_MINUTES, _ROW, _LEFT, _CELL, _TOP = 60, 22, 150, 46, 34
_DAY, _NIGHT = 24 * 60, 120
_COLOURS = ("#5fa9b8", "#d9a441", "#7c6bb0", "#5f9e6e", "#c06c5a", "#8c9aa3")

_AGAIN = "Give what `anyshore workforce roster FOLDER --out FILE` wrote."

SHIFTS = (
    Column("shift", aliases=("Schicht",), required=True),
    Column("from", aliases=("Beginn", "von"), required=True),
    Column("until", aliases=("Ende", "bis"), required=True),
    Column("break", "number", aliases=("Pause",), minimum=Decimal(0)),
    Column("zone", aliases=("Zeitzone",)),
)
STAFF = (
    Column("person", aliases=("Name",), required=True),
    Column("hours at most", "number", aliases=("Stunden höchstens",), required=True, minimum=Decimal(0)),
    Column("hours at least", "number", aliases=("Stunden mindestens",), minimum=Decimal(0)),
    Column("shifts", aliases=("Schichten",)),
    Column("days in a row", "number", aliases=("Tage in Folge",), minimum=Decimal(1)),
    Column("days off in a row", "number", aliases=("Freie Tage in Folge",), minimum=Decimal(1)),
    Column("weekends", "number", aliases=("Wochenenden",), minimum=Decimal(0)),
    Column("away", aliases=("Abwesend",)),
    Column("country", aliases=("Land",)),
)
NEED = (
    Column("day", "date", aliases=("Tag",), required=True),
    Column("shift", aliases=("Schicht",), required=True),
    Column("people", "number", aliases=("Personen",), required=True, minimum=Decimal(0)),
)
WISHES = (
    Column("person", aliases=("Name",), required=True),
    Column("day", "date", aliases=("Tag",), required=True),
    Column("shift", aliases=("Schicht",), required=True),
    Column("weight", "number", aliases=("Gewicht",), minimum=Decimal(1)),
    Column("no", "yes-no", aliases=("nicht",)),
)


@dataclass(frozen=True)
class Asked:
    """A roster that is asked for.

    Attributes:
        problem: as it is solved.
        first: its first day.
        times: begin and end of the shifts, in local time; one that ends before it begins ends on the next day.
        breaks: minutes of break in them.
        zones: the time zone of a shift, where it is not that of the roster: one roster may have sites in several.
        countries: whose law a person works under, where it is not that of the roster.
    """

    problem: Problem
    first: date
    times: Mapping[str, tuple[time, time]]
    breaks: Mapping[str, int]
    zones: Mapping[str, str] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)

    @property
    def nights(self) -> frozenset[str]:
        """The shifts with more than two hours between 23:00 and 06:00 (§ 2 (3) and (4) ArbZG)."""
        return frozenset(name for name, span in self.times.items() if _at_night(*span) > _NIGHT)

    def day(self, number: int) -> date:
        """A day by its number."""
        return self.first + timedelta(days=number)


def read(folder: Path, rest: float = REST, zone: str = "UTC") -> Asked:
    """The tables of a folder.

    Args:
        folder: that holds them.
        rest: hours at least between two shifts of a person.
        zone: IANA time zone of the shifts that name none.

    Raises:
        DataError: with every problem of a file.
    """
    times, breaks, zones = _shifts(folder / "shifts.csv")
    need, first, days = _need(folder / "need.csv", times)
    people, countries = _staff(folder / "staff.csv", times, first, days)
    wishes = _wishes(folder / "wishes.csv", times, [one.name for one in people], first, days)
    spread = _Spread(times, {name: ZoneInfo(zones.get(name, zone)) for name in times}, first, days)
    kinds = [Kind(name, _worked(times[name], breaks[name]), spread.not_after(name, rest)) for name in times]
    problem = Problem(days, kinds, people, need, wishes, first.weekday())
    return Asked(problem, first, times, breaks, zones, countries)


def _worked(span: tuple[time, time], pause: int) -> int:
    begin, end = (one.hour * _MINUTES + one.minute for one in span)
    return ((end - begin) % (24 * _MINUTES) or 24 * _MINUTES) - pause


def _at_night(begin: time, end: time) -> int:
    """Minutes of a shift between 23:00 and 06:00."""
    first, length = begin.hour * _MINUTES + begin.minute, _worked((begin, end), 0)
    return sum((first + minute) % _DAY < 6 * _MINUTES or (first + minute) % _DAY >= 23 * _MINUTES
               for minute in range(length))  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Spread:
    """Shifts on their clocks, over the days of a roster."""

    times: Mapping[str, tuple[time, time]]
    zones: Mapping[str, ZoneInfo]
    first: date
    days: int

    def not_after(self, name: str, rest: float) -> frozenset[str]:
        """The shifts that would begin too early on the day after."""
        return frozenset(other for other in self.times if self._between(name, other) < rest * _MINUTES)

    def _between(self, name: str, other: str) -> float:
        """Minutes between a shift and one of the day after: by the clock they share, else the least there are."""
        begin, end = (one.hour * _MINUTES + one.minute for one in self.times[name])
        if self.zones[name] == self.zones[other]:
            over = end + (_DAY if end <= begin else 0)
            return _DAY + self.times[other][0].hour * _MINUTES + self.times[other][0].minute - over
        days = [self.first + timedelta(days=number) for number in range(self.days)]
        return min(self._really(day, name, other, end <= begin) for day in days)

    def _really(self, day: date, name: str, other: str, later: bool) -> float:
        ends = datetime.combine(day + timedelta(days=later), self.times[name][1], self.zones[name])
        begins = datetime.combine(day + timedelta(days=1), self.times[other][0], self.zones[other])
        return (begins.astimezone(UTC) - ends.astimezone(UTC)) / timedelta(minutes=1)


def _shifts(path: Path) -> tuple[dict[str, tuple[time, time]], dict[str, int], dict[str, str]]:
    table = open_table(path, SHIFTS)
    times: dict[str, tuple[time, time]] = {}
    breaks: dict[str, int] = {}
    zones: dict[str, str] = {}
    for row in table:
        name, zone = row.text("shift") or "", row.text("zone")
        if zone is not None and not _is_zone(zone):
            row.problem("zone", "roster.zone", f"{zone!r} is no time zone.", "Write it as Europe/Berlin.")
        span = [_time(row, column) for column in ("from", "until")]
        if name in times:
            row.problem("shift", "roster.twice", f"{name} stands here a second time.", "Keep one of the two.")
        if not row.broken and None not in span:
            times[name] = (span[0] or time(0), span[1] or time(0))
            breaks[name] = int(row.number("break") or 0)
            zones |= {name: zone} if zone is not None else {}
            if _worked(times[name], breaks[name]) <= 0:
                row.problem("break", "roster.break", "The break is as long as the shift.", "Give minutes of break.")
    table.refuse_if_broken()
    return times, breaks, zones


def _is_zone(name: str) -> bool:
    try:
        return bool(find_zone(name))
    except ValueError:
        return False


def _time(row: Row, column: str) -> time | None:
    text = (row.text(column) or "").strip()
    try:
        return time.fromisoformat(text.zfill(5))
    except ValueError:
        row.problem(column, "roster.time", f"{text!r} is no time of day.", "Write it as 06:00.")
        return None


def _need(path: Path, times: Mapping[str, Any]) -> tuple[list[Cover], date, int]:
    table = open_table(path, NEED)
    found: list[tuple[date, str, int]] = []
    for row in table:
        name, day = row.text("shift") or "", row.values["day"]
        _known(row, "shift", name, times)
        if not row.broken and isinstance(day, date):
            found.append((day, name, int(row.number("people") or 0)))
    table.refuse_if_broken()
    if not found:
        message = "Nobody is needed on any day."
        raise DataError("roster.empty", message, Location(str(path)), "Add a row per day and shift.")
    first = min(day for day, _, _ in found)
    days = (max(day for day, _, _ in found) - first).days + 1
    return [Cover((day - first).days, name, people, UNDER, OVER) for day, name, people in found], first, days


def _staff(
    path: Path, times: Mapping[str, Any], first: date, days: int
) -> tuple[list[Person], dict[str, str]]:  # fmt: skip
    table = open_table(path, STAFF)
    countries: dict[str, str] = {}
    found: dict[str, Person] = {}
    for row in table:
        name, may = row.text("person") or "", _parts(row.text("shifts"))
        for one in may:
            _known(row, "shifts", one, times)
        away = [_day(row, text) for text in _parts(row.text("away"))]
        if name in found:
            row.problem("person", "roster.twice", f"{name} stands here a second time.", "Keep one of the two.")
        if row.broken:
            continue
        countries |= {name: country} if (country := row.text("country")) else {}
        run, off, weekends = (row.number(column) for column in ("days in a row", "days off in a row", "weekends"))
        found[name] = Person(
            name, {one: 0 for one in times if may and one not in may}, int((row.number("hours at most") or 0) * 60),
            int((row.number("hours at least") or 0) * 60), int(run or 5), 1, int(off or 1),
            int(weekends) if weekends is not None else days // 7 + 1,
            frozenset((day - first).days for day in away if day is not None),
        )  # fmt: skip
    table.refuse_if_broken()
    return list(found.values()), countries


def _wishes(path: Path, times: Mapping[str, Any], people: Sequence[str], first: date, days: int) -> list[Wish]:
    if not path.exists():
        return []
    table = open_table(path, WISHES)
    found = []
    for row in table:
        name, shift, day = row.text("person") or "", row.text("shift") or "", row.values["day"]
        _known(row, "person", name, people)
        _known(row, "shift", shift, times)
        if not row.broken and isinstance(day, date) and 0 <= (day - first).days < days:
            weight = int(row.number("weight") or 1)
            found.append(Wish(name, (day - first).days, shift, weight, row.values.get("no") is not True))
    table.refuse_if_broken()
    return found


def _known(row: Row, column: str, name: str, known: Any) -> None:
    if name not in known:
        row.problem(column, "roster.unknown", f"There is no {name!r}.", nearest(name, known))


def _day(row: Row, text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        row.problem("away", "roster.day", f"{text!r} is no day.", "Write days as 2026-03-02; 2026-03-03.")
        return None


def _parts(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(";") if part.strip()]


def duties(asked: Asked, roster: Sequence[Days], zone: str) -> list[Duty]:
    """The duties of a roster by their clocks, else by that of a zone; over a change of it one is longer or shorter."""
    found = []
    for person, row in zip(asked.problem.people, roster, strict=True):
        for number, index in enumerate(row):
            if index == OFF:
                continue
            name = asked.problem.kinds[index].name
            where = ZoneInfo(asked.zones.get(name, zone))
            begin, end = asked.times[name]
            last = asked.day(number + (end <= begin))
            spans = datetime.combine(asked.day(number), begin, where), datetime.combine(last, end, where)
            found.append(Duty(person.name, *spans, asked.breaks[name]))
    return found


def of_roster(
    asked: Asked, found: Found, breaches: Sequence[Breach] = (), borne: Sequence[Load] = ()
) -> Iterator[Part]:  # fmt: skip
    """A roster as a table, what is missing, what it breaks, and how evenly it is borne."""
    if found.roster is None:
        yield "No roster was found that keeps every rule of every person: loosen one, or give it more time."
        return
    columns = ["Person", *(f"{asked.day(number):%a %d}" for number in range(asked.problem.days)), "Hours"]
    rows = [
        [person.name, *(_name(asked, index) for index in row), f"{_hours(asked, row):g}"]
        for person, row in zip(asked.problem.people, found.roster, strict=True)
    ]
    yield Sheet(f"Roster from {asked.first}", columns, rows, right=(len(columns) - 1,))
    missing = list(_missing(asked, found.roster))
    if missing:
        yield Sheet("People missing", ("Day", "Shift", "Needed", "There"), missing, right=(2, 3))
    yield from of_law(breaches)
    if borne:
        yield _borne(borne)
        yield f"Spread {fairness.spread(borne):.1f}: the sum of squares of what differs from a fair share by hours."
    proof = "no roster costs less" if found.proven else f"none costs less than {found.bound}"
    yield f"Cost {found.cost}: {proof}."


def of_law(breaches: Sequence[Breach]) -> Iterator[Sheet]:
    """What the law does not allow, where there is something."""
    if breaches:
        rows = [(one.worker, one.day, one.message, one.source) for one in breaches]
        yield Sheet("What the law does not allow", ("Person", "Day", "What", "Source"), rows)


def _borne(found: Sequence[Load]) -> Sheet:
    rows = [
        (one.person, *(cell for has, due in zip(one.borne, one.fair, strict=True) for cell in (has, f"{due:.1f}")))
        for one in found
    ]
    heads = ("Person", "Nights", "Fair", "On weekends", "Fair", "Wishes refused", "Fair")
    return Sheet("How evenly it is borne", heads, rows, right=(1, 2, 3, 4, 5, 6))


def _name(asked: Asked, index: int) -> str:
    return "" if index == OFF else asked.problem.kinds[index].name


def _hours(asked: Asked, row: Days) -> float:
    return sum(asked.problem.kinds[index].minutes for index in row if index != OFF) / 60


def _missing(asked: Asked, roster: Sequence[Days]) -> Iterator[tuple[object, ...]]:
    number = asked.problem.number
    for cover in asked.problem.covers:
        there = sum(row[cover.day] == number[cover.kind] for row in roster)
        if there < cover.people:
            yield asked.day(cover.day), cover.kind, cover.people, there


def told(asked: Asked, content: bytes, file: str) -> list[Days]:
    """A roster as ``plain`` tells it, read again.

    Raises:
        DataError: it is no roster of these people, shifts and days.
    """
    known: dict[str | None, int] = {None: OFF}
    known.update(asked.problem.number)
    try:
        rows = json.loads(content)["roster"]
        found = [tuple(known[name] for name in rows[person.name]) for person in asked.problem.people]
    except (ValueError, KeyError, TypeError) as problem:
        message = f"This is no roster of these people and shifts: {problem}."
        raise DataError("roster.told", message, Location(file), _AGAIN) from problem
    if any(len(row) != asked.problem.days for row in found):
        raise DataError("roster.told", "This roster has other days.", Location(file), _AGAIN)
    return found


def plain(
    asked: Asked, found: Found, breaches: Sequence[Breach] = (), borne: Sequence[Load] = ()
) -> dict[str, Any]:  # fmt: skip
    """A roster as plain data."""
    rows = found.roster or ()
    return {
        "spread": round(fairness.spread(borne), 4) if borne else None,
        "borne": [
            {"person": one.person, "nights": one.nights, "weekends": one.weekends, "refused": one.refused,
             "fair": [round(due, 2) for due in one.fair]}
            for one in borne
        ],
        "first": asked.first.isoformat(), "days": asked.problem.days, "cost": found.cost, "bound": found.bound,
        "proven": found.proven,
        "roster": {
            person.name: [_name(asked, index) or None for index in row]
            for person, row in zip(asked.problem.people, rows, strict=bool(rows))
        },
        "missing": [
            {"day": str(day), "shift": shift, "needed": needed, "there": there}
            for day, shift, needed, there in _missing(asked, rows)
        ],
        "breaches": [
            {"person": one.worker, "day": one.day.isoformat(), "rule": one.rule, "what": one.message,
             "source": one.source}
            for one in breaches
        ],
    }  # fmt: skip


def picture(asked: Asked, roster: Sequence[Days]) -> Svg:
    """A roster as a grid: a line per person, a cell per day, a colour per shift with its name in it."""
    days = asked.problem.days
    width, height = _LEFT + _CELL * days + 10, _TOP + _ROW * len(roster) + 8
    parts: list[Svg] = [
        element("text", f"{asked.day(day):%a %d}", x=_LEFT + _CELL * (day + 0.5), y=_TOP - 12, text_anchor="middle",
                font_size=11, fill="#5b6b75")
        for day in range(days)
    ]  # fmt: skip
    for line, (person, row) in enumerate(zip(asked.problem.people, roster, strict=True)):
        y = _TOP + line * _ROW
        label = person.name if len(person.name) <= 20 else f"{person.name[:19]}…"
        parts.append(element("text", label, x=_LEFT - 8, y=y + 14, text_anchor="end", font_size=12, fill="#5b6b75"))
        for day, index in enumerate(row):
            if index == OFF:
                continue
            name, x = asked.problem.kinds[index].name, _LEFT + _CELL * day
            told = title(f"{person.name}, {asked.day(day)}: {name}")
            parts += [
                element("rect", told, x=x + 1, y=y + 2, width=_CELL - 2, height=_ROW - 4, rx=2,
                        fill=_COLOURS[index % len(_COLOURS)]),
                element("text", name[:6], x=x + _CELL / 2, y=y + 14, text_anchor="middle", font_size=10,
                        fill="#10222b"),
            ]  # fmt: skip
    return drawing(width, height, f"Roster from {asked.first}", *parts)
