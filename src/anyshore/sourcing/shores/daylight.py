"""Hours in which two offices are both at work, over a whole year: clocks change on different days, holidays differ.

Nobody works at night here: an office has its hours by its own clock, and what both share is what they can talk in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import fmean

from anyshore.base.errors import DataError
from anyshore.base.zones import find_zone

_DAY_MINUTES = 1440
_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Office:
    """When an office works.

    Attributes:
        zone: IANA time zone.
        opens: minutes after local midnight.
        closes: likewise; after ``opens``.
        weekdays: on which it works, Monday 0.
        closed: days on which it does not, such as public holidays.
    """

    zone: str
    opens: int = 540
    closes: int = 1020
    weekdays: frozenset[int] = frozenset(range(5))
    closed: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if not (0 <= self.opens < self.closes <= _DAY_MINUTES and self.weekdays):
            message = f"An office from minute {self.opens} to {self.closes} never works."
            raise DataError("shore.hours", message, hint="Open after midnight, close later on the same day.")


@dataclass(frozen=True, slots=True)
class Shared:
    """What two offices share in a year.

    Attributes:
        hours: mean per working day of the client, days on which the site is closed counted as none.
        least: the mean of the month with the fewest.
        days: share of the client's working days with at least an hour in common.
        apart: mean difference of the clocks in hours, over the client's working days.
    """

    hours: float
    least: float
    days: float
    apart: float


def shared(client: Office, site: Office, year: int) -> Shared:
    """Compares the two over a year.

    Raises:
        DataError: the client has no working day in that year.
    """
    theirs = list(_spans(site, date(year - 1, 12, 31), date(year + 1, 1, 1)))
    by_month: dict[int, list[float]] = {}
    apart: list[float] = []
    at = 0
    for day, start, end in _spans(client, date(year, 1, 1), date(year, 12, 31)):
        while at < len(theirs) and theirs[at][2] <= start:
            at += 1
        common = 0.0
        for _day, opens, closes in theirs[at:]:
            if opens >= end:
                break
            common += (min(end, closes) - max(start, opens)).total_seconds() / _HOUR
        by_month.setdefault(day.month, []).append(common)
        apart.append(_apart(client.zone, site.zone, start))
    every = [hours for month in by_month.values() for hours in month]
    if not every:
        hint = "Give it hours on at least one day of the week."
        raise DataError("shore.hours", f"The client's office has no working day in {year}.", hint=hint)
    least = min(fmean(month) for month in by_month.values())
    return Shared(fmean(every), least, sum(hours >= 1 for hours in every) / len(every), fmean(apart))


def _spans(office: Office, first: date, last: date) -> Iterator[tuple[date, datetime, datetime]]:
    zone, day = find_zone(office.zone), first
    while day <= last:
        if day.weekday() in office.weekdays and day not in office.closed:
            midnight = datetime.combine(day, time(), tzinfo=zone)
            opens = (midnight + timedelta(minutes=office.opens)).astimezone(UTC)
            yield day, opens, (midnight + timedelta(minutes=office.closes)).astimezone(UTC)
        day += timedelta(days=1)


def _apart(one: str, other: str, at: datetime) -> float:
    """Difference of two clocks in hours, the short way around: 23 hours behind is an hour ahead, a day later."""
    offsets = [at.astimezone(find_zone(zone)).utcoffset() or timedelta() for zone in (one, other)]
    hours = abs((offsets[0] - offsets[1]).total_seconds()) / _HOUR
    return min(hours, 24 - hours)
