"""Forecasts, needs and crews as plain data: what ``--json`` gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from anyshore.workforce import backlog, forecast, intraday, shifts, staffing
from anyshore.workforce.blending import Blend


def tested(found: forecast.Forecast) -> dict[str, Any]:
    """The method that was taken, and the error of each that was tried."""
    return {
        "minutes": found.minutes, "method": found.method, "wape": dict(found.errors), "tested": found.tested,
        "tested_minutes": found.judged, "filled": [str(day) for day in found.filled],
    }  # fmt: skip


def arrivals(found: forecast.Forecast) -> list[dict[str, Any]]:
    """What is expected, by interval."""
    return [{"start": start.isoformat(), "arrivals": round(value, 2)} for start, value in found.values.items()]


def day(found: intraday.Update, tested: intraday.Test | None) -> dict[str, Any]:
    """The rest of a day, forecast again, and how right that was on earlier days."""
    rest = [
        {"start": start.isoformat(), "morning": round(found.morning[start], 2), "arrivals": round(value, 2)}
        for start, value in found.values.items()
    ]
    wape = None if tested is None else {"morning": tested.morning, "again": tested.again, "days": tested.days}
    return {
        "at": found.at.isoformat(), "came": found.came, "expected": round(found.expected, 2),
        "learnt": round(found.learnt, 6), "days": found.days, "factor": round(found.factor, 6), "wape": wape,
        "rest": rest,
    }  # fmt: skip


def blend(found: Blend) -> dict[str, float]:
    """Hours of work done between calls, and what is left."""
    names = ("hours", "free", "between", "left", "limit", "paid")
    return {name: round(getattr(found, name), 2) for name in names}


def need(need: staffing.Need) -> dict[str, Any]:
    """The people an interval needs, and what they reach."""
    row = {"start": need.start.isoformat(), "arrivals": round(need.arrivals, 2), "scheduled": need.scheduled}
    if need.staffing is None:
        return row | {"agents": 0}
    names = ("agents", "load", "occupancy", "waiting", "service_level", "mean_wait", "abandoned")
    return row | {name: round(getattr(need.staffing, name), 6) for name in names}


def crews(planned: Sequence[shifts.Crew]) -> list[dict[str, Any]]:
    """People by day and shift."""
    return [{"day": str(one.day), "shift": str(one.shift), "people": one.people} for one in planned]


def work(planned: shifts.Work, people: Sequence[shifts.Crew]) -> dict[str, Any]:
    """The hours of work that come and are due, by day, and who does them."""
    days = [
        {"day": str(day), "hours": round(came, 2), "due": round(due, 2)}
        for day, (came, due) in backlog.daily(planned).items()
    ]
    return {"waiting_hours": round(planned.waiting, 2), "days": days, "crews": crews(people)}
