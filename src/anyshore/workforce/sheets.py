"""Forecasts, needs and crews as tables and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from anyshore.base.telling import Part, Sheet
from anyshore.workforce import backlog, counts, forecast, intraday, shifts, staffing
from anyshore.workforce.blending import Blend


def of_past(found: forecast.Forecast) -> Iterator[Part]:
    """The methods tried, and the one taken; before them the days that were filled in."""
    if found.filled:
        yield of_filled(found.filled)
    yield of_methods(found)


def of_filled(days: Sequence[date]) -> str:
    """Which days lack in the counts."""
    listed = ", ".join(f"{day:%a %Y-%m-%d}" for day in days)
    return f"No counts on {listed}: filled in from the weeks around. If nothing was open, say so: --closed {days[0]}."


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


def of_day(found: intraday.Update, tested: intraday.Test | None) -> Iterator[Part]:
    """The rest of a day beside the morning's forecast of it."""
    yield f"{found.came:,.0f} came before {found.at:%H:%M}; {found.expected:,.0f} were expected."
    if found.days < intraday.FEWEST:
        yield f"Only {found.days} days tell how a day goes on after that: the morning's forecast stands."
    else:
        times = f"the rest is forecast {found.factor:.2f} times the morning's"
        yield f"{100 * found.learnt:.0f} % of a surplus stayed on {found.days:,} earlier days: {times}."
    if tested is not None:
        wapes = f"WAPE {100 * tested.again:.1f} %, the morning's forecast {100 * tested.morning:.1f} %"
        yield f"Over the rest of {tested.days:,} earlier days: {wapes}."
    rows = [
        (f"{start:%H:%M}", f"{found.morning[start]:,.0f}", f"{value:,.0f}") for start, value in found.values.items()
    ]
    rows.append(("sum", f"{sum(found.morning.values()):,.0f}", f"{sum(found.values.values()):,.0f}"))
    yield Sheet(f"Rest of {found.at:%a %d %b}", ("", "In the morning", "Now"), rows, right=(1, 2))


def of_blend(found: Blend) -> str:
    """What becomes of work that may wait."""
    done = f"{found.between:,.1f} of {found.hours:,.1f} hours of other work are done between calls"
    busy = f" (people busy {100 * found.limit:.0f} % of the time at most)"
    rest = f"; for the other {found.left:,.1f}, {found.paid:,.1f} paid hours more." if found.left else "."
    return done + busy + rest


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
