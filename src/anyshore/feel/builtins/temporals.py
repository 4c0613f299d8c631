"""Functions of dates and of the present. Source: DMN 1.5, 10.3.4.7, 10.3.4.11."""

from __future__ import annotations

from decimal import Decimal

from anyshore.base.temporal import Date, DateTime
from anyshore.feel import types
from anyshore.feel.run import Run
from anyshore.feel.signatures import DAY, P, Row

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def _date(value: Date | DateTime) -> Date:
    return value.date if isinstance(value, DateTime) else value


def day_of_year(run: Run, date: Date | DateTime) -> Decimal:
    """1 to 366."""
    return Decimal(_date(date).day_of_year)


def day_of_week(run: Run, date: Date | DateTime) -> str:
    """The day's English name."""
    return _DAYS[_date(date).weekday - 1]


def month_of_year(run: Run, date: Date | DateTime) -> str:
    """The month's English name."""
    return _MONTHS[_date(date).month - 1]


def week_of_year(run: Run, date: Date | DateTime) -> Decimal:
    """The week's number by ISO 8601."""
    return Decimal(_date(date).week_of_year)


def now(run: Run) -> object:
    """The evaluation's date and time, in its zone."""
    return run.fail("the evaluation was given no time") if run.now is None else DateTime.from_micros(run.now, run.zone)


def today(run: Run) -> object:
    """The evaluation's date, in its zone."""
    if run.now is None:
        return run.fail("the evaluation was given no time")
    return DateTime.from_micros(run.now, run.zone).date


_DATE = (P("date", DAY),)

ROWS = (
    Row("day of year", _DATE, day_of_year, types.NUMBER),
    Row("day of week", _DATE, day_of_week, types.STRING),
    Row("month of year", _DATE, month_of_year, types.STRING),
    Row("week of year", _DATE, week_of_year, types.NUMBER),
    Row("now", (), now, types.DATE_AND_TIME),
    Row("today", (), today, types.DATE),
)
