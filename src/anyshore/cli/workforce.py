"""``anyshore workforce``: how much will come next week, and how many people it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from anyshore.base.errors import AnyshoreError, DataError
from anyshore.base.locations import Location
from anyshore.cli import output, system
from anyshore.workforce import backlog, counts, forecast, picture, plain, shifts, staffing

if TYPE_CHECKING:
    from anyshore.web.engagements.week import Week

app = typer.Typer(no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="Counts per interval: CSV or Excel, a row per interval, or a row per day.")]
Column = Annotated[str | None, typer.Option(help="The column with the counts, where there are several.")]
Zone = Annotated[str | None, typer.Option(help="Time zone of the counts; needed over changes of the clock.")]
Interval = Annotated[
    int | None, typer.Option(help="Minutes of an interval; 30 if left out, or the file's own if those are longer.")
]
Gaps = Annotated[
    Literal["refuse", "skip", "zero"], typer.Option(help="What a missing interval is: an error, unknown, or zero.")
]
From = Annotated[
    str | None, typer.Option("--from", help="First of the seven days, as 2026-03-02; after the last count if left out.")
]
Closed = Annotated[list[str] | None, typer.Option(help="A day without work, as 2026-03-02. Repeatable.")]
MethodOption = Annotated[
    str | None, typer.Option("--method", help="A method by name, instead of the best of the backtest.")
]
Picture = Annotated[Path | None, typer.Option(help="Draw the week into this SVG file.")]
Shrinkage = Annotated[float, typer.Option(help="Share of paid time away from work, as 0.3: leave, training, breaks.")]
ShiftOption = Annotated[list[str] | None, typer.Option("--shift", help="A shift, as 07:00-15:30. Repeatable.")]


@app.command("forecast")
def forecast_(
    file: File, column: Column = None, zone: Zone = None, interval: Interval = None, gaps: Gaps = "refuse",
    first: From = None, closed: Closed = None, method: MethodOption = None, picture: Picture = None,
    json: output.Json = False,
) -> None:  # fmt: skip
    """Forecast the arrivals of seven days from counts per interval.

    The method is chosen by backtest: every past interval is forecast from the weeks before it. The error is the WAPE:
    the sum of all misses over the sum of what came. The first method, last week again, is what the others must beat.
    """
    with output.failing():
        known = _counts(file, column, zone, interval, gaps)
        found = _forecast(known, first, closed, method)
        _draw(picture, [_expected(found)], found.minutes)
    if json:
        output.document(plain.tested(found) | {"week": plain.arrivals(found)})
        return
    _show_methods(found)
    _show_grid("Arrivals expected", found.values, sums=True)


@app.command()
def staff(
    file: File,
    handling: Annotated[float, typer.Option(help="Seconds of work per item.")],
    level: Annotated[float, typer.Option(help="Share of items to be taken up in time; 0.8 if left out.")] = 0.8,
    target: Annotated[float, typer.Option(help="Seconds in which an item is to be taken up; 20 if left out.")] = 20.0,
    patience: Annotated[
        float | None, typer.Option(help="Mean seconds after which a caller gives up (Erlang A); else Erlang C.")
    ] = None,
    max_occupancy: Annotated[float, typer.Option(help="Share of the time people may be busy at most.")] = 1.0,
    shrinkage: Shrinkage = 0.0, shift: ShiftOption = None, column: Column = None, zone: Zone = None,
    interval: Interval = None, gaps: Gaps = "refuse", first: From = None, closed: Closed = None,
    method: MethodOption = None, picture: Picture = None, json: output.Json = False,
) -> None:  # fmt: skip
    """Forecast seven days, and find the people needed in each interval so that callers wait no longer than agreed.

    With shifts, also the crews that cover every interval with the fewest paid hours.
    """
    with output.failing():
        worked = [shifts.parse(text) for text in shift or ()]
        goal = staffing.Goal(handling, level, target, patience, max_occupancy, shrinkage)
        known = _counts(file, column, zone, interval, gaps)
        found = _forecast(known, first, closed, method)
        with output.progress("Staffing", None):
            needs = staffing.needs(found.values, found.minutes, goal)
            starts, needed = [need.start for need in needs], [need.scheduled for need in needs]
            crews = shifts.covering(starts, found.minutes, needed, worked) if worked else []
        drawn = [_people("People needed", dict(zip(starts, needed, strict=True)))]
        _draw(picture, [*drawn, *_there(crews, starts, found.minutes)], found.minutes)
    if json:
        output.document(
            plain.tested(found) | {"week": [plain.need(need) for need in needs], "crews": plain.crews(crews)}
        )
        return
    _show_methods(found)
    _show_grid("People needed", dict(zip(starts, needed, strict=True)))
    _show_reached(needs)
    _show_crews(crews, sum(needed) * found.minutes / 60)


@app.command()
def clear(
    file: File,
    handling: Annotated[float, typer.Option(help="Seconds of work per item.")],
    within: Annotated[float, typer.Option(help="Business hours within which an item must be done.")],
    waiting: Annotated[int, typer.Option(help="Items that wait at the beginning, all due within that time.")] = 0,
    weekends: Annotated[bool, typer.Option("--weekends", help="Work on Saturdays and Sundays, too.")] = False,
    shrinkage: Shrinkage = 0.0, shift: ShiftOption = None, column: Column = None, zone: Zone = None,
    interval: Interval = None, gaps: Gaps = "refuse", first: From = None, closed: Closed = None,
    method: MethodOption = None, picture: Picture = None, json: output.Json = False,
) -> None:  # fmt: skip
    """Forecast seven days, and find the crews that do all work in time, where it may wait: back offices, tickets.

    Business hours are those of the shifts (09:00-17:00 if none is given). Every item is done within the time agreed,
    and the week ends with no more open than it began with; of all plans that do so, this one has the fewest paid hours.
    """
    with output.failing():
        worked = [shifts.parse(text) for text in shift or ["09:00-17:00"]]
        found = _forecast(_counts(file, column, zone, interval, gaps), first, closed, method, counts.DAY)
        starts = shifts.business_hours(found.first, worked, _days(closed), weekends=weekends)
        planned = backlog.work(
            found.values, starts, counts.HALF_HOUR, handling=handling, within=60 * within,
            waiting=[60 * within] * waiting, shrinkage=shrinkage,
        )  # fmt: skip
        with output.progress("Planning", None):
            crews = shifts.clearing(planned, worked)
        _draw(picture, _there(crews, starts, planned.minutes), planned.minutes)
    if json:
        output.document(plain.tested(found) | plain.work(planned, crews))
        return
    _show_methods(found)
    _show_work(planned)
    _show_crews(crews, None)


@app.command()
def plan(
    engagement: Annotated[str, typer.Argument(help="Id of the engagement, as in its terms.")],
    service: Annotated[str | None, typer.Option(help="Key of the service; the first one if left out.")] = None,
    handling: Annotated[
        float | None, typer.Option(help="Seconds of work per item; as the ledger has it if left out.")
    ] = None,
    shrinkage: Shrinkage = 0.0, shift: ShiftOption = None, picture: Picture = None, json: output.Json = False,
) -> None:  # fmt: skip
    """Plan the seven days from tomorrow of an engagement: from its ledger and the objective in its signed terms."""
    system.start(read_only=True)
    with output.failing():
        from anyshore.web.engagements import week
        from anyshore.web.site.services import named

        worked = [shifts.parse(text) for text in shift or ()]
        with output.progress("Planning", None):
            found = week.plan(named(engagement), service, handling=handling, shrinkage=shrinkage, options=worked)
        if found.work is not None:
            _draw(picture, _there(found.crews, found.work.starts, found.work.minutes), found.work.minutes)
    if json:
        output.document(week.as_dict(found))
    else:
        _show_week(found)


def _counts(file: Path, column: str | None, zone: str | None, interval: int | None, gaps: counts.Gaps) -> counts.Counts:
    with output.progress("Reading", None) as done:
        return counts.read(file, column=column, zone=zone, interval=interval, gaps=gaps, progress=done)


def _forecast(
    known: counts.Counts, first: str | None, closed: Sequence[str] | None, method: str | None, judged: int | None = None
) -> forecast.Forecast:
    begin = _days([first])[0] if first else None
    with output.progress("Testing methods", len(known.values)) as done:
        return forecast.week(known, begin, _days(closed), method, judged, done)


def _days(texts: Sequence[str] | None) -> list[date]:
    try:
        return [date.fromisoformat(text) for text in texts or ()]
    except ValueError as wrong:
        raise AnyshoreError("option.date", f"{wrong}.", hint="Write 2026-03-02.") from wrong


def _expected(found: forecast.Forecast) -> picture.Steps:
    return picture.Steps("Arrivals expected", found.values, filled=True)


def _people(name: str, values: Mapping[datetime, float]) -> picture.Steps:
    return picture.Steps(name, values, filled=True)


def _there(crews: Sequence[shifts.Crew], starts: Sequence[datetime], minutes: int) -> list[picture.Steps]:
    return [picture.Steps("People planned", shifts.present(crews, starts, minutes), picture.SAND)] if crews else []


def _draw(target: Path | None, series: Sequence[picture.Steps], minutes: int) -> None:
    if target is not None:
        try:
            target.write_text(picture.week("The coming week", series, minutes), encoding="utf-8")
        except OSError as problem:
            message = f"Cannot write the picture: {problem.strerror}."
            raise DataError("file.unwritable", message, Location(str(target)), "Check path and rights.") from problem


def _show_methods(found: forecast.Forecast) -> None:
    rows = [
        (name, f"{100 * error:.1f} %", "taken" if name == found.method else "") for name, error in found.errors.items()
    ]
    if rows:
        what = "days" if found.judged == counts.DAY else f"times {found.judged} min"
        output.table(f"Backtest: {found.tested:,} {what}", ("Method", "WAPE", ""), rows, right=(1,))
    else:
        output.out.print(f"The past is too short to test a method; taken is the {found.method}.")


def _show_grid(title: str, values: Mapping[datetime, float], *, sums: bool = False) -> None:
    """A table with a row per time of day and a column per day, and with the sums of the days."""
    days = sorted({start.date() for start in values})
    times = sorted({start.time() for start in values})
    rows: list[list[str]] = []
    for at in times:
        cells = (values.get(datetime.combine(day, at)) for day in days)
        rows.append([f"{at:%H:%M}", *("" if cell is None else f"{cell:,.0f}" for cell in cells)])
    totals = (sum(value for start, value in values.items() if start.date() == day) for day in days)
    if sums:
        rows.append(["sum", *(f"{total:,.0f}" for total in totals)])
    columns = ("", *(f"{day:%a %d %b}" for day in days))
    output.table(title, columns, rows, right=range(1, len(columns)))


def _show_reached(needs: Sequence[staffing.Need]) -> None:
    """What the people needed give, over all items."""
    busy = [(need.arrivals, need.staffing) for need in needs if need.staffing is not None]
    total = sum(arrivals for arrivals, _staffing in busy)
    if total:
        level, wait, gone = (
            sum(arrivals * getattr(one, name) for arrivals, one in busy) / total
            for name in ("service_level", "mean_wait", "abandoned")
        )
        busy_share = sum(one.occupancy * one.agents for _a, one in busy) / sum(one.agents for _a, one in busy)
        text = f"{100 * level:.1f} % are taken up in time, after {wait:.1f} s on average; "
        text += f"people are busy {100 * busy_share:.1f} % of the time at work."
        output.out.print(text, highlight=False)
        if gone:
            output.out.print(f"{100 * gone:.1f} % give up.", highlight=False)


def _show_work(planned: shifts.Work) -> None:
    rows = [(f"{day:%a %d %b}", f"{came:.1f}", f"{due:.1f}") for day, (came, due) in backlog.daily(planned).items()]
    output.table("Hours of work", ("Day", "Comes in", "Must be done"), rows, right=(1, 2))


def _show_crews(crews: Sequence[shifts.Crew], least: float | None) -> None:
    if crews:
        rows = [(f"{one.day:%a %d %b}", one.shift, one.people, f"{one.hours:,.1f}") for one in crews]
        output.table("Crews", ("Day", "Shift", "People", "Paid hours"), rows, right=(2, 3))
        needed = "" if least is None else f"; the intervals alone need {least:,.1f}"
        paid = sum(one.hours for one in crews)
        output.out.print(f"{paid:,.1f} paid hours, proven to be the fewest{needed}.", highlight=False)


def _show_week(found: Week) -> None:
    goal = f", for “{found.objective.name}”" if found.objective else ""
    text = f"{found.engagement.key}, service {found.service}: seven days from {found.first}{goal}."
    output.out.print(text, highlight=False)
    output.out.print(f"{found.waiting:,} items wait now; {found.late:,} of them are due before then.", highlight=False)
    if found.forecast is None:
        output.out.print("The ledger knows less than a week of arrivals: there is nothing to forecast from yet.")
        return
    _show_methods(found.forecast)
    if found.seconds is None:
        output.out.print("What an item takes is not known: give --handling SECONDS.")
        return
    if found.handling is not None and not found.given:
        how = "as people told" if found.handling.told else "estimated from the times between completions"
        text = f"An item takes {found.seconds:.0f} s, {how} ({found.handling.items:,} items)."
        output.out.print(text, highlight=False)
    if found.work is not None:
        _show_work(found.work)
    _show_crews(found.crews, None)
