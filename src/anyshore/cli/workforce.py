"""``anyshore workforce``: how much will come next week, and how many people it takes."""

from __future__ import annotations

import json as plainly
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

import typer

from anyshore.base import files
from anyshore.base.errors import DataError
from anyshore.cli import output
from anyshore.cli.shared import Engagement, Json, day, taking
from anyshore.runtime.rosters import judged
from anyshore.runtime.rosters import swap as trying
from anyshore.terms.calendars import public_holidays
from anyshore.web.site import system
from anyshore.workforce import backlog, blending, counts, intraday, missing, plain, sheets, shifts, staffing
from anyshore.workforce import forecast as forecasting
from anyshore.workforce.picture import Steps
from anyshore.workforce.picture import planned as there
from anyshore.workforce.picture import week as drawing
from anyshore.workforce.rosters import check, fairness, search, swaps
from anyshore.workforce.rosters import sheets as rosters

app = typer.Typer(no_args_is_help=True)
WEEK = timedelta(days=7)
SEARCHED = 0.8
"""Share of the time of a roster that goes into its cost; the rest evens it out."""


@dataclass(frozen=True)
class Given:
    """What is forecast from: the options of four commands."""

    file: Annotated[
        Path, typer.Argument(help="Counts per interval: CSV or Excel, a row per interval, or a row per day.")
    ]
    column: Annotated[str | None, typer.Option(help="The column with the counts, where there are several.")] = None
    zone: Annotated[str | None, typer.Option(help="Time zone of the counts; needed over changes of the clock.")] = None
    interval: Annotated[
        int | None, typer.Option(help="Minutes of an interval; 30 if left out, or the file's own if those are longer.")
    ] = None
    gaps: Annotated[
        Literal["refuse", "skip", "zero"], typer.Option(help="What a missing interval is: an error, unknown, or zero.")
    ] = "refuse"
    closed: Annotated[list[str] | None, typer.Option(help="A day without work, as 2026-03-02. Repeatable.")] = None
    holidays: Annotated[
        str | None,
        typer.Option(help="Public holidays are without work: a country or a part of it (ISO 3166), as DE or DE-BY."),
    ] = None

    def read(self) -> counts.Counts:
        """What came."""
        with output.progress("Reading", None) as done:
            return counts.read(
                self.file, column=self.column, zone=self.zone, interval=self.interval, gaps=self.gaps, progress=done
            )

    def closed_days(self, first: date, last: date) -> list[date]:
        """The days without work: those named, and the holidays of the years from one day to another."""
        named = [day(text) for text in self.closed or ()]
        if self.holidays is None:
            return named
        return named + public_holidays(self.holidays, first, last)


@dataclass(frozen=True)
class Asked(Given):
    """What is forecast from, and for when: the options of three commands."""

    first: Annotated[
        str | None,
        typer.Option("--from", help="First of the seven days, as 2026-03-02; after the last count if left out."),
    ] = None
    method: Annotated[
        str | None, typer.Option("--method", help="A method by name, instead of the best of the backtest.")
    ] = None

    def forecast(self, judged: int | None = None) -> forecasting.Forecast:
        """The seven days; methods are tried on the past ``judged`` minutes at a time, else interval by interval."""
        known = self.read()
        begin = day(self.first) if self.first else None
        closed = self.closed_days(min(known.values).date(), (begin or max(known.values).date()) + WEEK)
        with output.progress("Testing methods", len(known.values)) as done:
            return forecasting.week(known, begin, closed, self.method, judged, done)


Picture = Annotated[Path | None, typer.Option(help="Draw the week into this SVG file.")]
Shrinkage = Annotated[float, typer.Option(help="Share of paid time away from work, as 0.3: leave, courses, breaks.")]
ShiftOption = Annotated[list[str] | None, typer.Option("--shift", help="A shift, as 07:00-15:30. Repeatable.")]
Handling = Annotated[float, typer.Option(help="Seconds of work per item.")]
Level = Annotated[float, typer.Option(help="Share of items to be taken up in time; 0.8 if left out.")]
Seconds = Annotated[float, typer.Option(help="Seconds in which an item is to be taken up; 20 if left out.")]
Patience = Annotated[
    float | None, typer.Option(help="Mean seconds after which a caller gives up (Erlang A); else Erlang C.")
]
Occupancy = Annotated[float, typer.Option(help="Share of the time people may be busy at most.")]
Beside = Annotated[
    float | None, typer.Option(help="Hours of the week's other work, done between calls: mails, letters.")
]
At = Annotated[str, typer.Option(help="The time until which the day is counted, as 2026-03-02T12:00.")]
Within = Annotated[float, typer.Option(help="Business hours within which an item must be done.")]
Waiting = Annotated[int, typer.Option(help="Items that wait at the beginning, all due within that time.")]
Weekends = Annotated[bool, typer.Option("--weekends", help="Work on Saturdays and Sundays, too.")]
Service = Annotated[str | None, typer.Option(help="Key of the service; the first one if left out.")]
Measured = Annotated[float | None, typer.Option(help="Seconds of work per item; as the ledger has it if left out.")]
Folder = Annotated[Path, typer.Argument(help="Folder with shifts.csv, staff.csv, need.csv and, if any, wishes.csv.")]
Roster = Annotated[Path, typer.Argument(help="The roster, as `anyshore workforce roster --out` wrote it.")]
Out = Annotated[Path | None, typer.Option(help="Write the roster into this file, to be swapped in later (JSON).")]
Giver = Annotated[str, typer.Option("--from", help="Who gives a shift away.")]
Day = Annotated[str, typer.Option("--on", help="The day of that shift, as 2026-03-02.")]
Taker = Annotated[str, typer.Option("--to", help="Who gets it.")]
Back = Annotated[str | None, typer.Option(help="The day of theirs whose shift is given for it.")]
Longest = Annotated[float, typer.Option(min=1, max=3600, help="Time the search may take at most.")]
Rest = Annotated[float, typer.Option(min=0, help="Hours at least between two shifts of a person.")]
Country = Annotated[str | None, typer.Option(help="Judge it by the working-time law of a country: DE, AT.")]
Sundays = Annotated[bool, typer.Option("--sundays", help="Sundays and holidays may be worked (§ 10 ArbZG).")]
Zone = Annotated[str, typer.Option(help="IANA time zone of the shifts that name none.")]


@app.command()
@taking(Asked)
def forecast(asked: Asked, picture: Picture = None, json: Json = False) -> None:
    """Forecast the arrivals of seven days from counts per interval.

    The method is chosen by backtest: every past interval is forecast from the weeks before it. The error is the WAPE:
    the sum of all misses over the sum of what came. The first method, last week again, is what the others must beat.
    """
    found = asked.forecast()
    _draw(picture, [Steps("Arrivals expected", found.values, filled=True)], found.minutes)
    data = plain.tested(found) | {"week": plain.arrivals(found)}
    output.answer(json, data, *sheets.of_past(found), sheets.grid("Arrivals expected", found.values, sums=True))


@app.command()
@taking(Asked)
def staff(
    asked: Asked, handling: Handling, level: Level = 0.8, target: Seconds = 20.0, patience: Patience = None,
    max_occupancy: Occupancy = 1.0, shrinkage: Shrinkage = 0.0, beside: Beside = None, shift: ShiftOption = None,
    picture: Picture = None, json: Json = False,
) -> None:  # fmt: skip
    """Forecast seven days, and find the people needed in each interval so that callers wait no longer than agreed.

    With shifts, also the crews that cover every interval with the fewest paid hours. Other work is done by who waits
    for a call, and put down when one comes.
    """
    worked = [shifts.parse(text) for text in shift or ()]
    goal = staffing.Goal(handling, level, target, patience, max_occupancy, shrinkage)
    found = asked.forecast()
    with output.progress("Staffing", None):
        needs = staffing.needs(found.values, found.minutes, goal)
        starts, needed = [need.start for need in needs], [need.scheduled for need in needs]
        crews = shifts.covering(starts, found.minutes, needed, worked) if worked else []
        blend = None if beside is None else blending.blend(needs, found.minutes, goal, beside)
    drawn = Steps("People needed", dict(zip(starts, needed, strict=True)), filled=True)
    _draw(picture, [drawn, *there(crews, starts, found.minutes)], found.minutes)
    data = plain.tested(found) | {"week": [plain.need(need) for need in needs], "crews": plain.crews(crews)}
    told = []
    if blend is not None:
        data["beside"] = plain.blend(blend)
        told.append(sheets.of_blend(blend))
    shown = sheets.of_crews(crews, sum(needed) * found.minutes / 60)
    output.answer(json, data, *sheets.of_past(found), *sheets.of_needs(needs), *told, *shown)


@app.command()
@taking(Asked)
def clear(
    asked: Asked, handling: Handling, within: Within, waiting: Waiting = 0, weekends: Weekends = False,
    shrinkage: Shrinkage = 0.0, shift: ShiftOption = None, picture: Picture = None, json: Json = False,
) -> None:  # fmt: skip
    """Forecast seven days, and find the crews that do all work in time, where it may wait: back offices, tickets.

    Business hours are those of the shifts (09:00-17:00 if none is given). Every item is done within the time agreed,
    and the week ends with no more open than it began with; of all plans that do so, this one has the fewest paid hours.
    """
    worked = [shifts.parse(text) for text in shift or ["09:00-17:00"]]
    found = asked.forecast(counts.DAY)
    closed = asked.closed_days(found.first, found.first + WEEK)
    starts = shifts.business_hours(found.first, worked, closed, weekends=weekends)
    planned = backlog.work(
        found.values, starts, counts.HALF_HOUR, handling=handling, within=60 * within,
        waiting=[60 * within] * waiting, shrinkage=shrinkage,
    )  # fmt: skip
    with output.progress("Planning", None):
        crews = shifts.clearing(planned, worked)
    _draw(picture, there(crews, starts, planned.minutes), planned.minutes)
    data = plain.tested(found) | plain.work(planned, crews)
    output.answer(json, data, *sheets.of_past(found), sheets.of_work(planned), *sheets.of_crews(crews))


@app.command()
@taking(Given)
def today(given: Given, at: At, json: Json = False) -> None:
    """Forecast the rest of a running day again, from what came until now.

    How much of a morning's surplus stays for the rest is learnt from the days before. Methods are tried as for a week.
    """
    known = given.read()
    now = _moment(at, known.minutes)
    whole, filled = missing.filled(known, given.closed_days(min(known.values).date(), now.date()))
    with output.progress("Testing methods", len(known.values)) as done:
        taken = forecasting.best(forecasting.backtest(known, done)[0])
    found = intraday.update(whole, now, taken, filled)
    tested = intraday.backtest(known, now.time(), taken)
    data = {"method": taken, "filled": [str(one) for one in filled]} | plain.day(found, tested)
    output.answer(json, data, *([sheets.of_filled(filled)] if filled else ()), *sheets.of_day(found, tested))


def _moment(text: str, minutes: int) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as problem:
        raise DataError("option.time", f"{text!r} is no time.", hint="Write it as 2026-03-02T12:00.") from problem
    if found.tzinfo or (60 * found.hour + found.minute) % minutes or found.second or found.microsecond:
        hint = f"Name the beginning of an interval of {minutes} minutes, on the local clock, as 2026-03-02T12:00."
        raise DataError("option.time", f"{text!r} begins no interval.", hint=hint)
    return found


@app.command()
def plan(
    engagement: Engagement, service: Service = None, handling: Measured = None, shrinkage: Shrinkage = 0.0,
    shift: ShiftOption = None, picture: Picture = None, json: Json = False,
) -> None:  # fmt: skip
    """Plan the seven days from tomorrow of an engagement: from its ledger and the objective in its signed terms."""
    known = system.engagement(engagement, read_only=True)
    from anyshore.web.engagements import week

    worked = [shifts.parse(text) for text in shift or ()]
    with output.progress("Planning", None):
        found = week.plan(known, service, handling=handling, shrinkage=shrinkage, options=worked)
    if found.work is not None:
        _draw(picture, there(found.crews, found.work.starts, found.work.minutes), found.work.minutes)
    output.answer(json, week.as_dict(found), *week.sheets(found))


@app.command()
def roster(
    folder: Folder, seconds: Longest = 30.0, rest: Rest = rosters.REST, country: Country = None,
    sundays: Sundays = False, zone: Zone = "Europe/Berlin", picture: Picture = None, out: Out = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Make a roster: who works which shift on which day, keeping every rule and costing the least.

    Of rosters that cost the same, nights, weekends and refused wishes are spread as evenly as exchanges can.
    """
    asked, begun = rosters.read(folder, rest, zone), time.monotonic()

    def left() -> float:
        return seconds - (time.monotonic() - begun)

    with output.progress("Searching", None):
        found = search.solve(asked.problem, lambda: left() - (1 - SEARCHED) * seconds)
        if found.roster is not None:
            rows = fairness.evened(asked.problem, found.roster, asked.nights, left)
            found = replace(found, roster=tuple(rows), cost=check.cost(asked.problem, rows))
    borne = fairness.loads(asked.problem, found.roster or (), asked.nights) if found.roster is not None else []
    broken = judged(asked, found.roster, country, zone, sundays=sundays) if country is not None else []
    if found.roster is not None and picture is not None:
        files.write(picture, rosters.picture(asked, found.roster).encode())
    data = rosters.plain(asked, found, broken, borne)
    if out is not None:
        files.write(out, plainly.dumps(data, indent=1).encode())
    output.answer(json, data, *rosters.of_roster(asked, found, broken, borne))
    output.end(found.roster is None)


@app.command()
def swap(
    folder: Folder, roster: Roster, giver: Giver, on: Day, taker: Taker, back: Back = None, rest: Rest = rosters.REST,
    country: Country = None, sundays: Sundays = False, zone: Zone = "Europe/Berlin", json: Json = False,
) -> None:  # fmt: skip
    """Try a swap of shifts: allowed where it breaks no rule and no law that was kept before."""
    asked = rosters.read(folder, rest, zone)
    rows = rosters.told(asked, files.read(roster, name=str(roster)), str(roster))
    days = [None if text is None else (day(text) - asked.first).days for text in (on, back)]
    wanted = swaps.Swap(giver, days[0] or 0, taker, days[1])
    found = trying(asked, rows, wanted, country, zone, sundays=sundays)
    after = search.Found(tuple(found.roster), check.cost(asked.problem, found.roster), 0)
    data = {"allowed": found.allowed, "rules": [f"{one.person} {one.message}" for one in found.rules]}
    told = [f"{one.person} {one.message}." for one in found.rules]
    told.append("The swap is allowed." if found.allowed else "The swap is not allowed.")
    output.answer(json, data | rosters.plain(asked, after, found.law), *rosters.of_law(found.law), *told)
    output.end(not found.allowed)


def _draw(target: Path | None, series: Sequence[Steps], minutes: int) -> None:
    if target is not None:
        files.write(target, drawing("The coming week", series, minutes).encode())
