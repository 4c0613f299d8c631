"""Dates, times and durations as FEEL has them: years to ±999,999,999, nanoseconds, offsets and zone names.

Python's own ``datetime`` ends at the year 9999 and at microseconds, and has no duration of months. The five types here
are immutable, hashable, print their ISO 8601 form with ``str`` and read it back with ``parse``. Comparing with ``==``
compares the parts; comparing points in time is `compare`. Source: DMN 1.5, 10.3.2.3.4 to 10.3.2.3.8.
"""

from __future__ import annotations

import datetime as python
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from anyshore.base.zones import find_zone

MAX_YEAR = 999_999_999
NANOS = 1_000_000_000
DAY_NANOS = 86_400 * NANOS
MAX_OFFSET = 18 * 3600
# Longer durations than this cannot be added to any date, so a product that passes it is an overflow.
MAX_DURATION_NANOS = 2 * 366 * MAX_YEAR * DAY_NANOS
MAX_DURATION_MONTHS = 12 * (2 * MAX_YEAR + 1) - 1

_ZONE = r"([Zz]|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z][A-Za-z0-9_+\-/]*)?"
_DATE = r"(-?(?:[1-9][0-9]{4,8}|[0-9]{4}))-([0-9]{2})-([0-9]{2})"
_TIME = r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?" + _ZONE
_DATE_PATTERN = re.compile(_DATE + r"([Zz]|[+-][0-9]{2}:[0-9]{2})?")
_TIME_PATTERN = re.compile(_TIME)
_DATE_TIME_PATTERN = re.compile(f"{_DATE}T{_TIME}")
_DAYS_PATTERN = re.compile(
    r"(-?)P(?=.)(?:([0-9]+)D)?(?:T(?=.)(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:\.([0-9]*))?S)?)?"
)
_MONTHS_PATTERN = re.compile(r"(-?)P(?=.)(?:([0-9]+)Y)?(?:([0-9]+)M)?")
_MONTH_DAYS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DURATION_DIGITS = 30


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """Number of days of a month in the proleptic Gregorian calendar."""
    return 29 if month == 2 and _is_leap(year) else _MONTH_DAYS[month]


@dataclass(frozen=True, slots=True, order=True)
class Date:
    """A day of the proleptic Gregorian calendar, with astronomical years (the year 0 exists).

    Raises:
        ValueError: there is no such day, or the year is past ±999,999,999.
    """

    year: int
    month: int
    day: int

    EPOCH: ClassVar[Date]

    def __post_init__(self) -> None:
        if not (-MAX_YEAR <= self.year <= MAX_YEAR and 1 <= self.month <= 12):
            raise ValueError(f"no such month: {self.year}-{self.month}")
        if not 1 <= self.day <= 28 and not 1 <= self.day <= days_in_month(self.year, self.month):
            raise ValueError(f"month {self.month} of {self.year} has no day {self.day}")

    @classmethod
    def parse(cls, text: str) -> Date:
        """Read ``yyyy-mm-dd``; raises ValueError for anything else.

        A zone, as XML Schema allows behind a date (``2012-03-07Z``), is read and dropped: a date of FEEL has none.
        """
        return _read_date(text)[0]

    @classmethod
    def from_ordinal(cls, days: int) -> Date:
        """The day that many days after 1970-01-01."""
        # Howard Hinnant, "chrono-compatible low-level date algorithms": years begin in March.
        era, day_of_era = divmod(days + 719_468, 146_097)
        year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
        day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
        shifted = (5 * day_of_year + 2) // 153
        month = shifted + 3 if shifted < 10 else shifted - 9
        return cls(year_of_era + era * 400 + (month <= 2), month, day_of_year - (153 * shifted + 2) // 5 + 1)

    @property
    def ordinal(self) -> int:
        """Days since 1970-01-01."""
        year = self.year - (self.month <= 2)
        era, year_of_era = divmod(year, 400)
        day_of_year = (153 * (self.month + (-3 if self.month > 2 else 9)) + 2) // 5 + self.day - 1
        return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468

    @property
    def weekday(self) -> int:
        """1 for Monday to 7 for Sunday (ISO 8601)."""
        return (self.ordinal + 3) % 7 + 1

    @property
    def day_of_year(self) -> int:
        """1 to 366."""
        return self.ordinal - Date(self.year, 1, 1).ordinal + 1

    @property
    def week_of_year(self) -> int:
        """Week number of ISO 8601: week 1 holds the year's first Thursday."""
        thursday = self.ordinal - self.weekday + 4
        year_start = (thursday - 3, thursday + 3)
        first = Date(Date.from_ordinal(year_start[0] + 3).year, 1, 1).ordinal
        return (thursday - first) // 7 + 1

    def plus_days(self, days: int) -> Date:
        """The day that many days later; raises ValueError past the range of years."""
        return Date.from_ordinal(self.ordinal + days)

    def plus_months(self, months: int) -> Date:
        """The same day of another month, or that month's last day when it is shorter."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Date(year, month + 1, min(self.day, days_in_month(year, month + 1)))

    def __str__(self) -> str:
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04}-{self.month:02}-{self.day:02}"


Date.EPOCH = Date(1970, 1, 1)


def zone_offset(name: str, local: Date, nanosecond_of_day: int) -> int:
    """Seconds a zone's clock is ahead of UTC at a local date and time; the earlier one where a clock shows it twice."""
    zone = find_zone(name)
    seconds = nanosecond_of_day // NANOS
    moment = python.datetime(_known_year(local), local.month, local.day, tzinfo=zone) + python.timedelta(
        seconds=seconds
    )
    offset = moment.utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


@lru_cache(maxsize=1024)
def _standard_offset(zone: str) -> int:
    moment = python.datetime(2000, 1, 1, tzinfo=find_zone(zone))
    offset, summer = moment.utcoffset(), moment.dst()
    return int(((offset or python.timedelta()) - (summer or python.timedelta())).total_seconds())


def _known_year(day: Date) -> int:
    """A year Python knows that has the same calendar: it repeats every 400 years, and so do the zones' last rules."""
    if 1 < day.year < 9999:
        return day.year
    return 9200 + day.year % 400 if day.year > 0 else 400 + day.year % 400


def _offset_text(offset: int) -> str:
    if offset == 0:
        return "Z"
    minutes, seconds = divmod(abs(offset), 60)
    text = f"{'-' if offset < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{seconds:02}" if seconds else text


def _read_zone(text: str | None) -> tuple[int | None, str | None]:
    """Offset in seconds and zone name from the end of a time."""
    if not text:
        return None, None
    if text in ("Z", "z"):
        return 0, None
    if text[0] == "@":
        find_zone(text[1:])
        return None, text[1:]
    hours, minutes, seconds = int(text[1:3]), int(text[4:6]), int(text[7:9] or 0)
    offset = hours * 3600 + minutes * 60 + seconds
    if minutes > 59 or seconds > 59 or offset > MAX_OFFSET:
        raise ValueError(f"not an offset: {text!r}")
    return (-offset if text[0] == "-" else offset), None


def _read_date(text: str) -> tuple[Date, int | None]:
    """The date, and the offset written behind it."""
    match = _DATE_PATTERN.fullmatch(text)
    if match is None:
        raise ValueError(f"not a date: {text!r}")
    offset, _ = _read_zone(match[4])
    return Date(int(match[1]), int(match[2]), int(match[3])), offset


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day, by itself or with an offset from UTC (seconds) or the name of a zone.

    Raises:
        ValueError: a part is out of its range (offsets reach ±18 hours), or there is no such zone.
    """

    hour: int
    minute: int
    second: int
    nanosecond: int = 0
    offset: int | None = None
    zone: str | None = None

    def __post_init__(self) -> None:
        if not (
            0 <= self.hour < 24 and 0 <= self.minute < 60 and 0 <= self.second < 60 and 0 <= self.nanosecond < NANOS
        ):
            raise ValueError(f"no such time of day: {self.hour}:{self.minute}:{self.second}")
        if self.offset is not None and (abs(self.offset) > MAX_OFFSET or self.zone is not None):
            raise ValueError(f"an offset reaches 18 hours and stands alone: {self.offset} s")

    @classmethod
    def parse(cls, text: str) -> Time:
        """Read ``hh:mm:ss``, with a fraction, and ``Z``, an offset or ``@zone`` behind it."""
        match = _TIME_PATTERN.fullmatch(text)
        if match is None:
            raise ValueError(f"not a time: {text!r}")
        return _read_time(*match.groups())[0]

    @classmethod
    def from_nanosecond_of_day(cls, nanos: int, offset: int | None = None, zone: str | None = None) -> Time:
        """The time that many nanoseconds after midnight."""
        seconds, nanosecond = divmod(nanos, NANOS)
        minutes, second = divmod(seconds, 60)
        return cls(minutes // 60, minutes % 60, second, nanosecond, offset, zone)

    @property
    def nanosecond_of_day(self) -> int:
        """Nanoseconds since midnight on its own clock."""
        return (self.hour * 3600 + self.minute * 60 + self.second) * NANOS + self.nanosecond

    @property
    def utc_offset(self) -> int | None:
        """Seconds ahead of UTC; of a zone, its standard time in the year 2000: a time has no day to tell summer by."""
        return self.offset if self.zone is None else _standard_offset(self.zone)

    @property
    def instant(self) -> int:
        """Nanoseconds since midnight UTC where an offset is known, else since local midnight."""
        return self.nanosecond_of_day - (self.utc_offset or 0) * NANOS

    @property
    def is_local(self) -> bool:
        """Whether neither an offset nor a zone is known."""
        return self.offset is None and self.zone is None

    def plus(self, duration: DaysDuration) -> Time:
        """The time that much later, going round at midnight."""
        nanos = (self.nanosecond_of_day + duration.nanoseconds) % DAY_NANOS
        return Time.from_nanosecond_of_day(nanos, self.offset, self.zone)

    def __str__(self) -> str:
        fraction = f".{self.nanosecond:09}".rstrip("0") if self.nanosecond else ""
        zone = f"@{self.zone}" if self.zone else "" if self.offset is None else _offset_text(self.offset)
        return f"{self.hour:02}:{self.minute:02}:{self.second:02}{fraction}{zone}"


def _read_time(hour: str, minute: str, second: str, fraction: str | None, zone_text: str | None) -> tuple[Time, bool]:
    """The time, and whether it was written ``24:00:00``, which is the midnight that ends the day."""
    offset, zone = _read_zone(zone_text)
    nanosecond = int(fraction.ljust(9, "0")) if fraction else 0
    ends_day = hour == "24" and minute == second == "00" and not nanosecond
    return Time(0 if ends_day else int(hour), int(minute), int(second), nanosecond, offset, zone), ends_day


@dataclass(frozen=True, slots=True)
class DateTime:
    """A date and a time of that day."""

    date: Date
    time: Time

    @classmethod
    def parse(cls, text: str) -> DateTime:
        """Read ``<date>T<time>``; a date alone, or with a zone, is its midnight; 24:00:00 is the next midnight."""
        match = _DATE_TIME_PATTERN.fullmatch(text)
        if match is None:
            date, offset = _read_date(text)
            return cls(date, Time(0, 0, 0, 0, offset))
        year, month, day, *parts = match.groups()
        time, ends_day = _read_time(*parts)
        date = Date(int(year), int(month), int(day))
        return cls(date.plus_days(1) if ends_day else date, time)

    @classmethod
    def from_epoch(cls, nanos: int, offset: int | None = 0, zone: str | None = None) -> DateTime:
        """The moment that many nanoseconds after 1970-01-01T00:00Z, on the clock of an offset or a zone.

        A clock that goes back shows an hour twice, and with the zone's name that hour is the first one. In the second
        one the moment carries its offset instead, so that it stays the moment it is.
        """
        if zone is not None:
            date, _ = divmod(nanos, DAY_NANOS)
            offset_seconds = _offset_at(zone, Date.from_ordinal(date), nanos % DAY_NANOS)
            days, nanos_of_day = divmod(nanos + offset_seconds * NANOS, DAY_NANOS)
            found = cls(Date.from_ordinal(days), Time.from_nanosecond_of_day(nanos_of_day, None, zone))
            if found.utc_offset == offset_seconds:
                return found
            return cls(found.date, Time.from_nanosecond_of_day(nanos_of_day, offset_seconds))
        days, nanos_of_day = divmod(nanos + (offset or 0) * NANOS, DAY_NANOS)
        return cls(Date.from_ordinal(days), Time.from_nanosecond_of_day(nanos_of_day, offset))

    @classmethod
    def from_micros(cls, micros: int, zone: str = "UTC") -> DateTime:
        """The moment of an engine's clock (microseconds since 1970-01-01T00:00Z) in a zone."""
        if zone == "UTC":
            return cls.from_epoch(micros * 1000)
        return cls.from_epoch(micros * 1000, None, zone)

    @property
    def utc_offset(self) -> int | None:
        """Seconds ahead of UTC, or None where neither offset nor zone is known."""
        if self.time.zone is None:
            return self.time.offset
        return zone_offset(self.time.zone, self.date, self.time.nanosecond_of_day)

    @property
    def instant(self) -> int:
        """Nanoseconds since 1970-01-01T00:00Z; without an offset, since that midnight on the local clock."""
        return self.date.ordinal * DAY_NANOS + self.time.nanosecond_of_day - (self.utc_offset or 0) * NANOS

    @property
    def is_local(self) -> bool:
        """Whether neither an offset nor a zone is known."""
        return self.time.is_local

    def to_micros(self, zone: str = "UTC") -> int:
        """The moment on an engine's clock; a local one is read in that zone."""
        if self.is_local and zone != "UTC":
            clock = self.time
            return DateTime(
                self.date, Time(clock.hour, clock.minute, clock.second, clock.nanosecond, None, zone)
            ).to_micros()
        return self.instant // 1000

    def plus(self, duration: DaysDuration) -> DateTime:
        """The moment that much later, counted as instants: a day is 24 hours, also where the clock changes."""
        if self.time.zone is not None:
            return DateTime.from_epoch(self.instant + duration.nanoseconds, None, self.time.zone)
        nanos = self.date.ordinal * DAY_NANOS + self.time.nanosecond_of_day + duration.nanoseconds
        days, nanos_of_day = divmod(nanos, DAY_NANOS)
        return DateTime(Date.from_ordinal(days), Time.from_nanosecond_of_day(nanos_of_day, self.time.offset))

    def plus_months(self, months: int) -> DateTime:
        """The same time of day, months later."""
        return DateTime(self.date.plus_months(months), self.time)

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"


def _offset_at(zone: str, date: Date, nanos_of_day: int) -> int:
    """Seconds a zone is ahead of UTC at a moment given in UTC."""
    year = _known_year(date)
    utc = python.datetime(year, date.month, date.day, tzinfo=python.UTC)
    moment = (utc + python.timedelta(seconds=nanos_of_day // NANOS)).astimezone(find_zone(zone))
    offset = moment.utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


@dataclass(frozen=True, slots=True, order=True)
class DaysDuration:
    """A days and time duration, in nanoseconds. Raises ValueError when longer than the calendar."""

    nanoseconds: int

    def __post_init__(self) -> None:
        if abs(self.nanoseconds) > MAX_DURATION_NANOS:
            raise ValueError("the duration is longer than the calendar")

    @classmethod
    def parse(cls, text: str) -> DaysDuration:
        """Read ``PnDTnHnMnS`` with at least one part, an optional minus and a fraction of the seconds."""
        match = _DAYS_PATTERN.fullmatch(text) if len(text) < 8 * _DURATION_DIGITS else None
        if match is None:
            raise ValueError(f"not a days and time duration: {text!r}")
        sign, days, hours, minutes, seconds, fraction = match.groups()
        total = int(days or 0) * 86_400 + int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
        nanos = total * NANOS + int((fraction or "")[:9].ljust(9, "0"))
        return cls(-nanos if sign else nanos)

    @classmethod
    def of(cls, *, days: int = 0, hours: int = 0, minutes: int = 0, seconds: int = 0) -> DaysDuration:
        """The sum of the parts."""
        return cls((days * 86_400 + hours * 3600 + minutes * 60 + seconds) * NANOS)

    def __str__(self) -> str:
        if not self.nanoseconds:
            return "PT0S"
        seconds, nanos = divmod(abs(self.nanoseconds), NANOS)
        days, seconds = divmod(seconds, 86_400)
        text = f"{'-' if self.nanoseconds < 0 else ''}P{f'{days}D' if days else ''}"
        if not seconds and not nanos:
            return text
        hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
        text += f"T{f'{hours}H' if hours else ''}{f'{minutes}M' if minutes else ''}"
        fraction = f".{nanos:09}".rstrip("0") if nanos else ""
        return f"{text}{seconds}{fraction}S" if seconds or nanos else text


@dataclass(frozen=True, slots=True, order=True)
class MonthsDuration:
    """A years and months duration, in months. Raises ValueError when longer than the calendar."""

    months: int

    def __post_init__(self) -> None:
        if abs(self.months) > MAX_DURATION_MONTHS:
            raise ValueError("the duration is longer than the calendar")

    @classmethod
    def parse(cls, text: str) -> MonthsDuration:
        """Read ``PnYnM`` with at least one part and an optional minus."""
        match = _MONTHS_PATTERN.fullmatch(text) if len(text) < 3 * _DURATION_DIGITS else None
        if match is None:
            raise ValueError(f"not a years and months duration: {text!r}")
        sign, years, months = match.groups()
        total = int(years or 0) * 12 + int(months or 0)
        return cls(-total if sign else total)

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        text = f"{f'{years}Y' if years else ''}{f'{months}M' if months or not years else ''}"
        return f"{'-' if self.months < 0 else ''}P{text}"


Duration = DaysDuration | MonthsDuration
Temporal = Date | Time | DateTime | DaysDuration | MonthsDuration


def parse_duration(text: str) -> Duration:
    """Read a duration of either kind."""
    try:
        return MonthsDuration.parse(text)
    except ValueError:
        return DaysDuration.parse(text)


def parse(text: str) -> Temporal:
    """Read any of the five by its form; the inverse of ``str``. Raises ValueError."""
    if text[:1] == "P" or text[:2] == "-P":
        return parse_duration(text)
    if "T" in text and "-" in text.partition("T")[0]:
        return DateTime.parse(text)
    return Time.parse(text) if text[2:3] == ":" else Date.parse(text)


def compare(left: DateTime | Time, right: DateTime | Time) -> int:
    """Negative, zero or positive as left is before, at or after right.

    Where only one has an offset or zone, the other is read with the same offset (DMN 1.5, 10.3.2.13, table 54), so
    their clocks are compared.
    """
    if left.is_local == right.is_local:
        first, second = left.instant, right.instant
    else:
        first, second = (one.instant + (one.utc_offset or 0) * NANOS for one in (left, right))
    return (first > second) - (first < second)
