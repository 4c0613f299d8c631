"""Forecasts, needs and crews as tables and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from anyshore.base.telling import Part, Sheet
from anyshore.workforce import backlog, counts, forecast, shifts, staffing


def of_methods(found: forecast.Forecast) -> Part:
    """The methods tried, and the one taken."""
    rows = [
        (name, f"{100 * error:.1f} %", "taken" if name == found.method else "") for name, error in found.errors.items()
    ]
    if not rows:
        return f"The past is too short to test a method; taken is the {found.method}."
    what = "days" if found.judged == counts.DAY else f"times {found.judged} min"
    return Sheet(f"Backtest: {found.tested:,} {what}", ("Method", "WAPE", ""), rows, right=(1,))


def grid(title: str, values: Mapping[datetime, float], *, sums: bool = False) -> Sheet:
    """A row per time of day and a column per day, with the sums of the days if wanted."""
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
    return Sheet(title, columns, rows, right=range(1, len(columns)))


def of_needs(needs: Sequence[staffing.Need]) -> Iterator[Part]:
    """The people needed, and what they give, over all items."""
    yield grid("People needed", {need.start: need.scheduled for need in needs})
    busy = [(need.arrivals, need.staffing) for need in needs if need.staffing is not None]
    total = sum(arrivals for arrivals, _staffing in busy)
    if total:
        level, wait, gone = (
            sum(arrivals * getattr(one, name) for arrivals, one in busy) / total
            for name in ("service_level", "mean_wait", "abandoned")
        )
        busy_share = sum(one.occupancy * one.agents for _a, one in busy) / sum(one.agents for _a, one in busy)
        text = f"{100 * level:.1f} % are taken up in time, after {wait:.1f} s on average; "
        yield text + f"people are busy {100 * busy_share:.1f} % of the time at work."
        if gone:
            yield f"{100 * gone:.1f} % give up."


def of_work(planned: shifts.Work) -> Sheet:
    """Hours of work that come and are due, by day."""
    rows = [(f"{day:%a %d %b}", f"{came:.1f}", f"{due:.1f}") for day, (came, due) in backlog.daily(planned).items()]
    return Sheet("Hours of work", ("Day", "Comes in", "Must be done"), rows, right=(1, 2))


def of_crews(crews: Sequence[shifts.Crew], least: float | None = None) -> Iterator[Part]:
    """People by day and shift, and what they are paid for beside the hours the intervals alone need."""
    if crews:
        rows = [(f"{one.day:%a %d %b}", one.shift, one.people, f"{one.hours:,.1f}") for one in crews]
        yield Sheet("Crews", ("Day", "Shift", "People", "Paid hours"), rows, right=(2, 3))
        needed = "" if least is None else f"; the intervals alone need {least:,.1f}"
        paid = sum(one.hours for one in crews)
        yield f"{paid:,.1f} paid hours, proven to be the fewest{needed}."
