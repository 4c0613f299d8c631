"""Days on which something can be performed: no Saturday, Sunday or public holiday where it is performed (§ 193 BGB).

Payments move in euros only on days of TARGET, whose calendar is the same everywhere (European Central Bank, "Long-term
calendar for TARGET closing days", 2000).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

from anyshore.base.errors import DataError

TARGET = "XECB"
_PLACE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_SATURDAY = 5


def is_open(day: date, place: str) -> bool:
    """Whether a day is no Saturday, Sunday or public holiday.

    Args:
        day: the day.
        place: country of ISO 3166-1, with a subdivision of ISO 3166-2 where it has holidays of its own: ``DE-BY``.

    Raises:
        DataError: nothing is known of the holidays there.
    """
    return day.weekday() < _SATURDAY and day not in _holidays(place, day.year)


def is_target_day(day: date) -> bool:
    """Whether TARGET is open, so that euros move between banks."""
    return day.weekday() < _SATURDAY and day not in _holidays(TARGET, day.year)


def next_open(day: date, place: str) -> date:
    """The day itself, or the next one on which it can be performed (§ 193 BGB)."""
    return _next(day, lambda one: is_open(one, place))


def next_target_day(day: date) -> date:
    """The day itself, or the next one of TARGET."""
    return _next(day, is_target_day)


def _next(day: date, fits: Callable[[date], bool]) -> date:
    while not fits(day):
        day += timedelta(1)
    return day


@cache
def _holidays(place: str, year: int) -> frozenset[date]:
    import holidays  # a tenth of a second of loading

    try:
        if place == TARGET:
            return frozenset(holidays.financial_holidays(TARGET, years=year))
        if not _PLACE.fullmatch(place):
            raise NotImplementedError
        country, _, subdivision = place.partition("-")
        return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=year))
    except NotImplementedError:
        message = f"The public holidays of {place!r} are not known."
        hint = "Write the country, or country and subdivision, for example DE-BY."
        raise DataError("calendar.place", message, hint=hint) from None
