"""Business hours where the work is done: which events fall into them, and how many of them a case takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anyshore.base.zones import find_zone

_DAY = 86_400_000_000
_HOUR = 3_600_000_000


@dataclass(frozen=True, slots=True)
class Hours:
    """When work is done.

    Attributes:
        zone: IANA name of the zone; what a log gives in UTC is told in it. Times without offset are local already.
        opens: hour of the day at which work begins, 0 to 24.
        closes: hour at which it ends.
        days: weekdays on which work is done, Monday first.
        holidays: days on which none is done.
    """

    zone: str = "UTC"
    opens: int = 8
    closes: int = 18
    days: tuple[bool, ...] = (True, True, True, True, True, False, False)
    holidays: Sequence[date] = ()


def local(time: NDArray[np.int64], hours: Hours, *, zoned: bool) -> NDArray[np.int64]:
    """Times as microseconds of the local clock.

    Raises:
        ValueError: there is no such zone.
    """
    if not zoned or hours.zone == "UTC":
        return time
    find_zone(hours.zone)
    moments = pl.Series(time).cast(pl.Datetime("us", "UTC"))
    there = moments.dt.convert_time_zone(hours.zone).dt.replace_time_zone(None)
    return there.dt.timestamp("us").to_numpy()


def share_inside(time: NDArray[np.int64], hours: Hours) -> float:
    """Share of local times that fall into business hours, 0 to 1."""
    clock = time % _DAY
    open_now = (clock >= hours.opens * _HOUR) & (clock < hours.closes * _HOUR)
    return float((open_now & np.is_busday(_days(time), **_calendar(hours))).mean())


def between(start: NDArray[np.int64], end: NDArray[np.int64], hours: Hours) -> NDArray[np.int64]:
    """Microseconds of business hours between local times, each start not after its end."""
    length = (hours.closes - hours.opens) * _HOUR
    first, last = _days(start), _days(end)
    whole = np.busday_count(first, last, **_calendar(hours)) * length
    return np.asarray(whole - _worked(start, first, hours) + _worked(end, last, hours))


def working_days(start: int, end: int, hours: Hours) -> int:
    """Working days from one local time to another, both days counted."""
    first, last = _days(np.array([start])), _days(np.array([end]))
    return int(np.busday_count(first, last + np.timedelta64(1, "D"), **_calendar(hours))[0])


def _worked(time: NDArray[np.int64], day: NDArray[Any], hours: Hours) -> NDArray[np.int64]:
    """Microseconds of business hours of its day that are over at each time."""
    clock = np.clip(time % _DAY, hours.opens * _HOUR, hours.closes * _HOUR) - hours.opens * _HOUR
    return np.where(np.is_busday(day, **_calendar(hours)), clock, 0)


def _days(time: NDArray[np.int64]) -> NDArray[Any]:
    return (time // _DAY).astype("datetime64[D]")


def _calendar(hours: Hours) -> dict[str, Any]:
    return {"weekmask": list(hours.days), "holidays": np.array(hours.holidays, "datetime64[D]")}
