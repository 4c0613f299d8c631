"""Rosters in people's tables: read from a folder of CSV files, told as a table, as plain data and as a picture.

``shifts.csv`` (shift, from, until, break), ``staff.csv`` (person, hours at least and at most, shifts they may work,
runs, rest, weekends, away), ``need.csv`` (day, shift, people) and, where there are any, ``wishes.csv`` (person, day,
shift, weight, no). The roster goes from the first to the last day of the need.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.base.svg import Svg, drawing, element, title
from anyshore.base.tables import Column, Row, open_table
from anyshore.base.telling import Part, Sheet
from anyshore.params.shapes import nearest
from anyshore.workforce.law.rules import Breach, Duty
from anyshore.workforce.rosters.problem import OFF, Cover, Kind, Person, Problem, Wish
from anyshore.workforce.rosters.problem import Row as Days
from anyshore.workforce.rosters.search import Found

UNDER, OVER = 100, 1
"""What a person missing and a person too many cost, beside wishes of 1 to 10."""
REST = 11
"""Hours between two shifts (ArbZG § 5 (1), Directive 2003/88/EC, art. 3)."""
_MINUTES, _ROW, _LEFT, _CELL, _TOP = 60, 22, 150, 46, 34
_COLOURS = ("#5fa9b8", "#d9a441", "#7c6bb0", "#5f9e6e", "#c06c5a", "#8c9aa3")

SHIFTS = (
    Column("shift", aliases=("Schicht",), required=True),
    Column("from", aliases=("Beginn", "von"), required=True),
    Column("until", aliases=("Ende", "bis"), required=True),
    Column("break", "number", aliases=("Pause",), minimum=Decimal(0)),
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
    """

    problem: Problem
    first: date
    times: Mapping[str, tuple[time, time]]
    breaks: Mapping[str, int]

    def day(self, number: int) -> date:
        """A day by its number."""
        return self.first + timedelta(days=number)


def read(folder: Path, rest: float = REST) -> Asked:
    """The tables of a folder.

    Args:
        folder: that holds them.
        rest: hours at least between two shifts of a person.

    Raises:
        DataError: with every problem of a file.
    """
    times, breaks = _shifts(folder / "shifts.csv")
    need, first, days = _need(folder / "need.csv", times)
    people = _staff(folder / "staff.csv", times, first, days)
    wishes = _wishes(folder / "wishes.csv", times, [one.name for one in people], first, days)
    kinds = [Kind(name, _worked(times[name], breaks[name]), _not_after(name, times, rest)) for name in times]
    return Asked(Problem(days, kinds, people, need, wishes, first.weekday()), first, times, breaks)


def _worked(span: tuple[time, time], pause: int) -> int:
    begin, end = (one.hour * _MINUTES + one.minute for one in span)
    return ((end - begin) % (24 * _MINUTES) or 24 * _MINUTES) - pause


def _not_after(name: str, times: Mapping[str, tuple[time, time]], rest: float) -> frozenset[str]:
    """The shifts that would begin too early on the day after."""
    begin, end = (one.hour * _MINUTES + one.minute for one in times[name])
    over = end + (24 * _MINUTES if end <= begin else 0)
    starts = {other: 24 * _MINUTES + span[0].hour * _MINUTES + span[0].minute for other, span in times.items()}
    return frozenset(other for other, start in starts.items() if start - over < rest * _MINUTES)


def _shifts(path: Path) -> tuple[dict[str, tuple[time, time]], dict[str, int]]:
    table = open_table(path, SHIFTS)
    times: dict[str, tuple[time, time]] = {}
    breaks: dict[str, int] = {}
    for row in table:
        name = row.text("shift") or ""
        span = [_time(row, column) for column in ("from", "until")]
        if name in times:
            row.problem("shift", "roster.twice", f"{name} stands here a second time.", "Keep one of the two.")
        if not row.broken and None not in span:
            times[name] = (span[0] or time(0), span[1] or time(0))
            breaks[name] = int(row.number("break") or 0)
            if _worked(times[name], breaks[name]) <= 0:
                row.problem("break", "roster.break", "The break is as long as the shift.", "Give minutes of break.")
    table.refuse_if_broken()
    return times, breaks


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


def _staff(path: Path, times: Mapping[str, Any], first: date, days: int) -> list[Person]:
    table = open_table(path, STAFF)
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
        run, off, weekends = (row.number(column) for column in ("days in a row", "days off in a row", "weekends"))
        found[name] = Person(
            name, {one: 0 for one in times if may and one not in may}, int((row.number("hours at most") or 0) * 60),
            int((row.number("hours at least") or 0) * 60), int(run or 5), 1, int(off or 1),
            int(weekends) if weekends is not None else days // 7 + 1,
            frozenset((day - first).days for day in away if day is not None),
        )  # fmt: skip
    table.refuse_if_broken()
    return list(found.values())


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
    """The duties of a roster by the clock of a zone; a shift over a change of it is longer or shorter."""
    where, found = ZoneInfo(zone), []
    for person, row in zip(asked.problem.people, roster, strict=True):
        for number, index in enumerate(row):
            if index == OFF:
                continue
            name = asked.problem.kinds[index].name
            begin, end = asked.times[name]
            last = asked.day(number + (end <= begin))
            spans = datetime.combine(asked.day(number), begin, where), datetime.combine(last, end, where)
            found.append(Duty(person.name, *spans, asked.breaks[name]))
    return found


def of_roster(asked: Asked, found: Found, breaches: Sequence[Breach] = ()) -> Iterator[Part]:
    """A roster as a table, what is missing, and what it breaks."""
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
    if breaches:
        rows_of_law = [(one.worker, one.day, one.message, one.source) for one in breaches]
        yield Sheet("What the law does not allow", ("Person", "Day", "What", "Source"), rows_of_law)
    proof = "no roster costs less" if found.proven else f"none costs less than {found.bound}"
    yield f"Cost {found.cost}: {proof}."


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


def plain(asked: Asked, found: Found, breaches: Sequence[Breach] = ()) -> dict[str, Any]:
    """A roster as plain data."""
    rows = found.roster or ()
    return {
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
