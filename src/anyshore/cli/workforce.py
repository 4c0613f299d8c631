"""``anyshore workforce``: how much will come next week, and how many people it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal

from anyshore.base.commands import Answer, Group, Taken, day
from anyshore.cli import output
from anyshore.cli.declaring import Engagement
from anyshore.host.roster_commands import roster, swap
from anyshore.terms.calendars import public_holidays
from anyshore.web.site import system
from anyshore.workforce import counts, shifts, staffing, weeks
from anyshore.workforce import forecast as forecasting
from anyshore.workforce.picture import planned

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Given:
    """What is forecast from: the options of four commands."""

    known: counts.Counts
    closed: Sequence[date]
    holidays: str | None

    def closed_days(self, first: date, last: date) -> list[date]:
        """The days without work: those named, and the holidays of the years from one day to another."""
        return [*self.closed, *(public_holidays(self.holidays, first, last) if self.holidays is not None else ())]


def _given(
    file: Annotated[Path, "Counts per interval: CSV or Excel, a row per interval, or a row per day."],
    *,
    column: Annotated[str | None, "The column with the counts, where there are several."] = None,
    zone: Annotated[str | None, "Time zone of the counts; needed over changes of the clock."] = None,
    interval: Annotated[
        int | None, "Minutes of an interval; 30 if left out, or the file's own if those are longer."
    ] = None,
    gaps: Annotated[
        Literal["refuse", "skip", "zero"], "What a missing interval is: an error, unknown, or zero."
    ] = "refuse",
    closed: Annotated[Sequence[date], day, "A day without work, as 2026-03-02. Repeatable."] = (),
    holidays: Annotated[
        str | None, "Public holidays are without work: a country or a part of it (ISO 3166), as DE or DE-BY."
    ] = None,
) -> Given:
    with output.progress("Reading", None) as done:
        known = counts.read(file, column=column, zone=zone, interval=interval, gaps=gaps, progress=done)
    return Given(known, closed, holidays)


@dataclass(frozen=True)
class Asked:
    """What is forecast from, and for when: the options of three commands."""

    given: Given
    first: date | None
    method: str | None

    def forecast(self, judged: int | None = None) -> forecasting.Forecast:
        """The seven days; methods are tried on the past ``judged`` minutes at a time, else interval by interval."""
        values = self.given.known.values
        begin = self.first or max(values).date()
        closed = self.given.closed_days(min(values).date(), begin + WEEK)
        with output.progress("Testing methods", len(values)) as done:
            return forecasting.week(self.given.known, self.first, closed, self.method, judged, done)


def _asked(
    given: Annotated[Given, Taken(_given)],
    *,
    first: Annotated[
        date | None, day, "--from", "First of the seven days, as 2026-03-02; after the last count if left out."
    ] = None,
    method: Annotated[str | None, "--method", "A method by name, instead of the best of the backtest."] = None,
) -> Asked:
    return Asked(given, first, method)


Week = Annotated[Asked, Taken(_asked)]
Handling = Annotated[float, "Seconds of work per item."]
Shrinkage = Annotated[float, "Share of paid time away from work, as 0.3: leave, courses, breaks."]
Shifts = Annotated[Sequence[shifts.Shift], shifts.parse, "--shift", "A shift, as 07:00-15:30. Repeatable."]
Picture = Annotated[Path | None, "Draw the week into this SVG file."]


def forecast(asked: Week, *, picture: Picture = None) -> Answer:
    """Forecast the arrivals of seven days from counts per interval.

    The method is chosen by backtest: every past interval is forecast from the weeks before it. The error is the WAPE:
    the sum of all misses over the sum of what came. The first method, last week again, is what the others must beat.
    """
    return weeks.expected(asked.forecast(), picture)


def staff(
    asked: Week,
    *,
    handling: Handling,
    level: Annotated[float, "Share of items to be taken up in time; 0.8 if left out."] = 0.8,
    target: Annotated[float, "Seconds in which an item is to be taken up; 20 if left out."] = 20.0,
    patience: Annotated[float | None, "Mean seconds after which a caller gives up (Erlang A); else Erlang C."] = None,
    max_occupancy: Annotated[float, "Share of the time people may be busy at most."] = 1.0,
    shrinkage: Shrinkage = 0.0,
    beside: Annotated[float | None, "Hours of the week's other work, done between calls: mails, letters."] = None,
    shift: Shifts = (),
    picture: Picture = None,
) -> Answer:
    """Forecast seven days, and find the people needed in each interval so that callers wait no longer than agreed.

    With shifts, also the crews that cover every interval with the fewest paid hours. Other work is done by who waits
    for a call, and put down when one comes.
    """
    goal, found = staffing.Goal(handling, level, target, patience, max_occupancy, shrinkage), asked.forecast()
    with output.progress("Staffing", None):
        return weeks.staffed(found, goal, shift, beside, picture)


def clear(
    asked: Week,
    *,
    handling: Handling,
    within: Annotated[float, "Business hours within which an item must be done."],
    waiting: Annotated[int, "Items that wait at the beginning, all due within that time."] = 0,
    weekends: Annotated[bool, "--weekends", "Work on Saturdays and Sundays, too."] = False,
    shrinkage: Shrinkage = 0.0,
    shift: Shifts = (),
    picture: Picture = None,
) -> Answer:
    """Forecast seven days, and find the crews that do all work in time, where it may wait: back offices, tickets.

    Business hours are those of the shifts (09:00-17:00 if none is given). Every item is done within the time agreed,
    and the week ends with no more open than it began with; of all plans that do so, this one has the fewest paid hours.
    """
    found = asked.forecast(counts.DAY)
    closed = asked.given.closed_days(found.first, found.first + WEEK)
    with output.progress("Planning", None):
        return weeks.cleared(
            found, shift or [shifts.parse("09:00-17:00")], closed, picture, weekends=weekends, handling=handling,
            within=within, waiting=waiting, shrinkage=shrinkage,
        )  # fmt: skip


def today(
    given: Annotated[Given, Taken(_given)],
    *,
    at: Annotated[str, "The time until which the day is counted, as 2026-03-02T12:00."],
) -> Answer:
    """Forecast the rest of a running day again, from what came until now.

    How much of a morning's surplus stays for the rest is learnt from the days before. Methods are tried as for a week.
    """
    known, now = given.known, given.known.interval(at)
    closed = given.closed_days(min(known.values).date(), now.date())
    with output.progress("Testing methods", len(known.values)) as done:
        return weeks.again(known, now, closed, done)


def plan(
    engagement: Engagement,
    *,
    service: Annotated[str | None, "Key of the service; the first one if left out."] = None,
    handling: Annotated[float | None, "Seconds of work per item; as the ledger has it if left out."] = None,
    shrinkage: Shrinkage = 0.0,
    shift: Shifts = (),
    picture: Picture = None,
) -> Answer:
    """Plan the seven days from tomorrow of an engagement: from its ledger and the objective in its signed terms."""
    known = system.engagement(engagement, read_only=True)
    from anyshore.web.engagements import week

    with output.progress("Planning", None):
        found = week.plan(known, service, handling=handling, shrinkage=shrinkage, options=shift)
    if found.work is not None:
        weeks.draw(picture, planned(found.crews, found.work.starts, found.work.minutes), found.work.minutes)
    return Answer(week.as_dict(found), week.sheets(found))


GROUP = Group(
    "Forecast the coming week, and find who has to be there.",
    {
        "forecast": forecast,
        "staff": staff,
        "clear": clear,
        "today": today,
        "plan": plan,
        "roster": roster,
        "swap": swap,
    },
)
