"""When something is due by a business calendar: so many business days, so much business time from now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from anyshore.base.errors import AnyshoreError
from anyshore.terms.calendars import LAST_YEAR, Calendar, instant, local_time
from anyshore.terms.clocks import clock_of


def after(calendar: Calendar, at: int, days: int, time: int) -> int:
    """The moment so many business days, and then so much business time, after another.

    Counting begins with the next open moment. A business day later is the same local time of the next day that has
    hours at all; where that day is closed by then, or the clocks skip that time, the next open moment. Business time
    ends at closing time rather than at the next opening.

    Args:
        calendar: the calendar.
        at: microseconds since 1970 UTC.
        days: business days, 0 or more.
        time: microseconds of business time, 0 or more; with no days either, the next open moment is meant.

    Raises:
        AnyshoreError: the calendar has no such moment before the year 2200.
    """
    clock = clock_of(calendar)
    at = clock.add_business_time(at, 0, late=True)
    if days:
        at = clock.add_business_time(_days_later(calendar, at, days), 0, late=True)
    return clock.add_business_time(at, time) if time else at


def _days_later(calendar: Calendar, at: int, days: int) -> int:
    local = local_time(calendar.zone, at)
    day, special = local.date(), {entry.day: bool(entry.hours) for entry in calendar.special}
    closed: dict[int, Mapping[date, str]] = {}
    while days:
        day += timedelta(days=1)
        if day.year > LAST_YEAR:
            raise AnyshoreError("terms.calendar-exhausted", f"the calendar has too few days before {LAST_YEAR + 1}")
        if day.year not in closed:
            closed[day.year] = calendar.holidays(day.year)
        opens = special.get(day)
        if opens is None:
            opens = day not in closed[day.year] and bool(calendar.weekly[day.weekday()])
        days -= opens
    into = local.second * 1_000_000 + local.microsecond
    return instant(ZoneInfo(calendar.zone), day, local.hour * 60 + local.minute) + into
