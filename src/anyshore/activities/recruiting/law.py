"""The dated figures of German law on notice and on keeping applications, and calendar arithmetic of the BGB."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from anyshore import params
from anyshore.base.errors import DataError


@cache
def parameters() -> params.Parameters:
    """The parameters, read once."""
    return params.loads(files(__package__).joinpath("law_de.yaml").read_text(encoding="utf-8"), file="law_de.yaml")


def whole(name: str, day: date) -> int:
    """A whole number valid on a day.

    Raises:
        ParamsError: no value is valid yet.
    """
    return int(parameters()[name].number(day))


def source(name: str, day: date) -> str:
    """The law a value of a day rests on."""
    return parameters()[name].dated(day).source


def month_end(day: date) -> date:
    """The last day of a month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def months_later(day: date, months: int) -> date:
    """The day on which a period of months ends that began with the day after (§ 188 (2), (3) BGB).

    It has the number of that day, or is the last of a month that is too short.

    Raises:
        DataError: the calendar ends before.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise DataError("recruiting.day", f"{months} months from {day} is no day.", hint="Give a day of our time.")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def days_later(day: date, days: int) -> date:
    """The day on which a period of days ends that began with the day after (§ 188 (1) BGB).

    Raises:
        DataError: the calendar ends before.
    """
    try:
        return day + timedelta(days)
    except OverflowError:
        raise DataError(
            "recruiting.day", f"{days} days from {day} is no day.", hint="Give a day of our time."
        ) from None


def completed(since: date, months: int) -> date:
    """The first day on which a period of months is over that began with a day itself (§ 187 (2), § 188 (2), (3) BGB).

    Whoever began on 29 February has been there two years from 1 March on where that year has no such day.
    """
    year, month = divmod(since.year * 12 + since.month - 1 + months, 12)
    if since.day > monthrange(year, month + 1)[1]:
        return days_later(month_end(date(year, month + 1, 1)), 1)
    return date(year, month + 1, since.day)
