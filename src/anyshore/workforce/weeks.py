"""What is asked of a coming week, answered whole: as plain data, for people, and drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from anyshore.base import files
from anyshore.base.commands import Answer
from anyshore.workforce import backlog, blending, forecast, intraday, missing, plain, sheets, shifts, staffing
from anyshore.workforce.counts import HALF_HOUR, Counts
from anyshore.workforce.forecast import Forecast
from anyshore.workforce.picture import Steps, planned, week

Progress = Callable[[int], None]


def draw(target: Path | None, series: Sequence[Steps], minutes: int) -> None:
    """Writes the picture of a week, where one is wanted."""
    if target is not None:
        files.write(target, week("The coming week", series, minutes).encode())


def expected(found: Forecast, picture: Path | None) -> Answer:
    """The arrivals of seven days, and how right such a forecast was."""
    draw(picture, [Steps("Arrivals expected", found.values, filled=True)], found.minutes)
    shown = sheets.grid("Arrivals expected", found.values, sums=True)
    return Answer(_with(found, week=plain.arrivals(found)), sheets.of_past(found), shown)


def staffed(
    found: Forecast, goal: staffing.Goal, worked: Sequence[shifts.Shift], beside: float | None, picture: Path | None
) -> Answer:
    """The people each interval needs, and the crews that cover them where there are shifts.

    Args:
        found: what comes.
        goal: how it is to be taken up.
        worked: the shifts that may be worked; none for intervals alone.
        beside: hours of other work that is done by who waits, if there is any.
        picture: file to draw the week into.
    """
    needs = staffing.needs(found.values, found.minutes, goal)
    starts, needed = [need.start for need in needs], [need.scheduled for need in needs]
    crews = shifts.covering(starts, found.minutes, needed, worked) if worked else []
    drawn = Steps("People needed", dict(zip(starts, needed, strict=True)), filled=True)
    draw(picture, [drawn, *planned(crews, starts, found.minutes)], found.minutes)
    data = _with(found, week=[plain.need(need) for need in needs], crews=plain.crews(crews))
    between = []
    if beside is not None:
        blend = blending.blend(needs, found.minutes, goal, beside)
        data["beside"] = plain.blend(blend)
        between = [sheets.of_blend(blend)]
    shown = sheets.of_crews(crews, sum(needed) * found.minutes / 60)
    return Answer(data, sheets.of_past(found), sheets.of_needs(needs), between, shown)


def cleared(
    found: Forecast, worked: Sequence[shifts.Shift], closed: Sequence[date], picture: Path | None, *, weekends: bool,
    handling: float, within: float, waiting: int, shrinkage: float,
) -> Answer:  # fmt: skip
    """The crews that do all work in time where it may wait.

    Args:
        found: what comes, by days.
        worked: the shifts, which are the business hours, too.
        closed: days without work.
        picture: file to draw the week into.
        weekends: whether Saturdays and Sundays are worked.
        handling: seconds of work per item.
        within: business hours within which an item must be done.
        waiting: items that wait at the beginning.
        shrinkage: share of paid time away from work.
    """
    starts, limit = shifts.business_hours(found.first, worked, closed, weekends=weekends), 60 * within
    due = backlog.work(
        found.values, starts, HALF_HOUR, handling=handling, within=limit, waiting=[limit] * waiting, shrinkage=shrinkage
    )
    crews = shifts.clearing(due, worked)
    draw(picture, planned(crews, starts, due.minutes), due.minutes)
    data = plain.tested(found) | plain.work(due, crews)
    return Answer(data, sheets.of_past(found), sheets.of_work(due), sheets.of_crews(crews))


def again(known: Counts, now: datetime, closed: Sequence[date], progress: Progress) -> Answer:
    """The rest of a running day, forecast again.

    Args:
        known: what came until now, and before.
        now: the time, a beginning of an interval.
        closed: days without work.
        progress: takes how many past intervals were tested.
    """
    whole, filled = missing.filled(known, closed)
    taken = forecast.best(forecast.backtest(known, progress)[0])
    found = intraday.update(whole, now, taken, filled)
    tested = intraday.backtest(known, now.time(), taken)
    data = {"method": taken, "filled": [str(one) for one in filled]} | plain.day(found, tested)
    return Answer(data, [sheets.of_filled(filled)] if filled else (), sheets.of_day(found, tested))


def _with(found: Forecast, **more: Any) -> dict[str, Any]:
    return plain.tested(found) | more
