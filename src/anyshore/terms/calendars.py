"""Business calendars: time zone, weekly hours, public holidays, special days.

A calendar says which wall-clock hours of which days are business hours. It knows no instants beyond turning those
hours into UTC; the clock in ``clocks`` does the counting.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from anyshore.base.errors import DataError, Diagnostic

Span = tuple[int, int]
"""Opening hours as minutes after local midnight: from (included) to (excluded, at most 1440)."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ROUND_THE_CLOCK: tuple[tuple[Span, ...], ...] = (((0, 1440),),) * 7
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years for which calendars are computed."""
HALF_DAY, PUBLIC = "half_day", "public"
"""Kinds of holidays: only the morning or the afternoon is worked; public by law."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class HolidayRegion:
    """Whose holidays count, and which.

    Attributes:
        country: ISO 3166-1.
        subdivision: where holidays differ inside it, the last part of ISO 3166-2.
        also: kinds of holidays that are closed days beside those public by law, for example ``catholic``.
        make_up: hours of weekend days the country has made working days in place of a day off; none: as other weekends.
    """

    country: str
    subdivision: str = ""
    also: tuple[str, ...] = ()
    make_up: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day with its own hours, whatever weekday or holiday it is; no hours: closed."""

    day: date
    hours: tuple[Span, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """When an office works.

    Attributes:
        zone: IANA time zone name, for example ``Europe/Berlin``.
        weekly: seven tuples of opening hours, Monday first.
        regions: whose public holidays are closed days (all of them together).
        special: days with their own hours; they win over holidays and weekdays.
    """

    zone: str = "UTC"
    weekly: tuple[tuple[Span, ...], ...] = ROUND_THE_CLOCK
    regions: tuple[HolidayRegion, ...] = ()
    special: tuple[SpecialDay, ...] = field(default=())

    def holidays(self, year: int) -> Mapping[date, str]:
        """Public holidays of all regions in a year, with their (English or local) names."""
        found: dict[date, str] = {}
        for region in self.regions:
            found |= holiday_table(region.country, region.subdivision, year, region.also).days
        return dict(sorted(found.items()))

    def made_up(self, year: int) -> Mapping[date, tuple[Span, ...]]:
        """The weekend days of a year that are worked in place of a day off, with their hours."""
        found: dict[date, tuple[Span, ...]] = {}
        for region in self.regions:
            if region.make_up:
                table = holiday_table(region.country, region.subdivision, year)
                found |= dict.fromkeys(table.make_up, region.make_up)
        return found

    def closed_days(self, first: date, last: date) -> dict[date, str]:
        """Days from first to last that would be working days but are closed: holidays and special days."""
        special = {s.day: s for s in self.special}
        found = {}
        for year in range(first.year, last.year + 1):
            for day, name in self.holidays(year).items():
                if first <= day <= last and day not in special and self.weekly[day.weekday()]:
                    found[day] = name
        for entry in self.special:
            if first <= entry.day <= last and not entry.hours and self.weekly[entry.day.weekday()]:
                found[entry.day] = entry.name
        return dict(sorted(found.items()))

    def open_spans(self, year: int) -> list[Span]:
        """Business hours of a year as UTC microseconds since 1970, in order; adjoining ones are joined."""
        zone = ZoneInfo(self.zone)
        special = {s.day: s.hours for s in self.special if s.day.year == year}
        closed, made_up = self.holidays(year), self.made_up(year)
        spans: list[Span] = []
        day = date(year, 1, 1)
        while day.year == year:
            hours = special.get(day)
            if hours is None:
                hours = () if day in closed else made_up.get(day, self.weekly[day.weekday()])
            for opens, closes in hours:
                start, end = instant(zone, day, opens), instant(zone, day, closes)
                if spans and spans[-1][1] == start:
                    spans[-1] = (spans[-1][0], end)
                elif start < end:
                    spans.append((start, end))
            day += timedelta(days=1)
        return spans

    def incomplete(self, year: int) -> list[str]:
        """Regions whose holidays of a year are not all known (lunar calendars or years far ahead), with the reason."""
        found = []
        for region in self.regions:
            reason = holiday_table(region.country, region.subdivision, year).incomplete
            if reason:
                found.append(f"{region.country} {region.subdivision}".strip() + f": {reason}")
        return found


class HolidayTable(NamedTuple):
    """What is known of the holidays of a year.

    Attributes:
        days: closed days, with their (English or local) names.
        make_up: weekend days that the country has made working days in place of a day off.
        incomplete: why the days may not be all; empty where nothing speaks against it.
    """

    days: Mapping[date, str]
    make_up: tuple[date, ...]
    incomplete: str


@lru_cache(maxsize=4096)
def holiday_table(country: str, subdivision: str, year: int, also: tuple[str, ...] = ()) -> HolidayTable:
    """The holidays of a country or subdivision in a year: those public by law, and of other kinds those named.

    Raises:
        NotImplementedError: the country or subdivision is not known.
        ValueError: the country has no holidays of such a kind.
    """
    import holidays  # the tables of all countries: only for who counts days

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        kinds = (PUBLIC, *also) if also else None
        found = holidays.country_holidays(country, subdiv=subdivision or None, years=year, categories=kinds)
    reasons = [str(one.message) for one in told]
    if not found.start_year <= year <= found.end_year:
        reasons.append(f"the table of holidays goes from {found.start_year} to {found.end_year}")
    # Countries that never make up for days off have no such attribute.
    worked = sorted(day for day in getattr(found, "weekend_workdays", ()) if day.year == year)
    days = {day: str(name) for day, name in found.items() if day.year == year}
    return HolidayTable(days, tuple(worked), "; ".join(reasons))


def public_holidays(place: str, first: date, last: date) -> list[date]:
    """The days public by law in the years from one day to another, in a country or a part of it (ISO 3166: DE, DE-BY).

    Raises:
        DataError: the place is not known.
    """
    country, _dash, part = place.upper().partition("-")
    try:
        return [day for year in range(first.year, last.year + 1) for day in holiday_table(country, part, year).days]
    except NotImplementedError as unknown:
        hint = "Write it as DE, or as DE-BY (ISO 3166)."
        raise DataError("option.holidays", f"No holidays are known of {place}.", hint=hint) from unknown


@lru_cache(maxsize=512)
def kinds_of_holidays(country: str) -> tuple[str, ...]:
    """The kinds of holidays of a country beside those public by law, for example ``bank`` or ``optional``."""
    import holidays  # as above

    return tuple(kind for kind in holidays.country_holidays(country).supported_categories if kind != PUBLIC)


@lru_cache(maxsize=1)
def known_regions() -> dict[str, tuple[str, ...]]:
    """Countries with known holidays, and the subdivisions of each."""
    import holidays  # as above

    return {country: tuple(parts) for country, parts in holidays.list_supported_countries().items()}


def instant(zone: ZoneInfo, day: date, minutes: int) -> int:
    """The UTC instant (microseconds) at which a local clock first shows a time of a day.

    Where clocks go back, the first of the two; where clocks go forward over the time, the moment they do. So the
    instants of rising local times never fall, and adjoining hours neither overlap nor leave a gap.
    """
    if minutes == 1440:
        day, minutes = day + timedelta(days=1), 0
    wall = datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=zone)
    utc = wall.astimezone(UTC)
    if utc.astimezone(zone).replace(tzinfo=None) != wall.replace(tzinfo=None):
        utc = _change(zone, wall)
    return (utc - _EPOCH) // _MICROSECOND


def _change(zone: ZoneInfo, wall: datetime) -> datetime:
    """The moment clocks go forward over a wall time that never happens (PEP 495: fold 1 is before it, fold 0 after)."""
    after, before = wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=1) // 2)
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


def local_date(zone: str, at: int) -> date:
    """The day a local calendar shows at an instant (microseconds since 1970, UTC)."""
    return (_EPOCH + timedelta(microseconds=at)).astimezone(ZoneInfo(zone)).date()


def local_time(zone: str, at: int) -> datetime:
    """The local date and time at an instant (microseconds since 1970, UTC)."""
    return (_EPOCH + timedelta(microseconds=at)).astimezone(ZoneInfo(zone))


def closed_days(countries: Iterable[str], year: int) -> tuple[dict[str, frozenset[date]], list[Diagnostic]]:
    """Public holidays by country, and a warning of each country whose holidays are not, or not all, known."""
    found: dict[str, frozenset[date]] = {}
    doubts = []
    for country in sorted(countries):
        if country not in known_regions():
            message = f"The holidays of {country} are not known; none are counted."
            doubts.append(Diagnostic("shore.holidays", message, hint="Shared hours are too high.", severity="warning"))
            continue
        table = holiday_table(country, "", year)
        found[country] = frozenset(table.days)
        if table.incomplete:
            message = f"Holidays of {country} in {year} are not all known: {table.incomplete}."
            doubts.append(Diagnostic("shore.holidays", message, severity="warning"))
    return found, doubts
