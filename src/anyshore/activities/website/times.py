"""The activity ``website.availability``: how long a site was up in a month under what was agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from anyshore.activities.activity import ActivityContext
from anyshore.base.errors import DataError
from anyshore.base.plain import from_values
from anyshore.website.checks.availability import Agreed, Look, Window, availability
from anyshore.website.checks.spans import Span

SITE = "watched-site"
LOOK = "site-look"
WINDOW = "maintenance-window"
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Site:
    """A site as agreed, a row of reference data.

    Attributes:
        site: its name.
        target: percent of the agreed time it has to be up.
        every: minutes between two looks.
        zone: whose months and hours count.
        opens: first hour of a day it has to be up, 0 for all of it.
        closes: hour up to which it has to be up, 24 for all of it.
        notice: hours before its beginning in which maintenance is announced.
        maintenance: minutes a month it may take; None for no limit.
    """

    site: str
    target: Decimal
    every: Decimal
    zone: str = "UTC"
    opens: Decimal = Decimal(0)
    closes: Decimal = Decimal(24)
    notice: Decimal = Decimal(0)
    maintenance: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AvailabilityInput:
    """What of.

    Attributes:
        site: which site.
        year: of the month.
        month: 1 to 12.
    """

    site: str
    year: int
    month: int


@dataclass(frozen=True, slots=True)
class Outage:
    """A time a site was down unplanned.

    Attributes:
        begin: when it began.
        end: when it was up again.
        reason: of the first look that failed.
    """

    begin: datetime
    end: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class AvailabilityOutcome:
    """What the looks come to; times in minutes.

    Attributes:
        known: whether such a site was agreed.
        percent: availability, rounded down; None where it was not watched at all.
        target: that was agreed.
        agreed: time it had to be up.
        planned: down in announced maintenance.
        unplanned: down besides.
        unwatched: time in which nobody looked.
        left: of the error budget; negative where it is overspent.
        failures: how many times it went down.
        mttr: mean time until it was up again.
        mtbf: mean time between failures.
        outages: from when until when.
        looks: how many looks it rests on.
    """

    known: bool
    percent: Decimal | None = None
    target: Decimal | None = None
    agreed: Decimal = Decimal(0)
    planned: Decimal = Decimal(0)
    unplanned: Decimal = Decimal(0)
    unwatched: Decimal = Decimal(0)
    left: Decimal = Decimal(0)
    failures: int = 0
    mttr: Decimal | None = None
    mtbf: Decimal | None = None
    outages: tuple[Outage, ...] = ()
    looks: int = 0


def month(data: AvailabilityInput, context: ActivityContext) -> AvailabilityOutcome:
    """Computes a month of a site.

    Raises:
        DataError: a row does not fit, or there is no such month.
    """
    row = context.records(SITE).get(data.site)
    if row is None:
        return AvailabilityOutcome(False)
    site = from_values(Site, row.data, SITE)
    hours = _hours(site, data.year, data.month)
    looks = [_look(dict(one.data)) for one in context.records(LOOK).find(site=data.site)]
    looks = [one for one in looks if hours[0][0] <= one.at < hours[-1][1]]
    windows = [_window(dict(one.data)) for one in context.records(WINDOW).find(site=data.site)]
    limit = None if site.maintenance is None else _minutes(site.maintenance)
    agreed = Agreed(
        tuple(hours), site.target, _minutes(site.every), timedelta(hours=float(site.notice)), limit
    )  # fmt: skip
    found = availability(looks, windows, agreed)
    return AvailabilityOutcome(
        True, found.percent if looks else None, site.target, _told(found.agreed), _told(found.planned),
        _told(found.unplanned), _told(found.unwatched), _told(found.left), found.failures,
        None if found.mttr is None else _told(found.mttr), None if found.mtbf is None else _told(found.mtbf),
        tuple(_outage(one, looks) for one in found.outages), len(looks),
    )  # fmt: skip


def _hours(site: Site, year: int, number: int) -> list[Span]:
    """The agreed hours of every day of a month, in the site's own zone."""
    if not (1 <= number <= 12 and 1970 <= year <= 9998 and 0 <= site.opens < site.closes <= 24):
        raise DataError("website.month", f"{year}-{number} is no month with hours.", hint="Give year and month.")
    zone = ZoneInfo(site.zone)
    day = datetime(year, number, 1)  # noqa: DTZ001  # a day of the calendar: each hour of it gets its zone below
    spans = []
    while day.month == number:
        begin = day + timedelta(hours=float(site.opens))
        end = day + timedelta(hours=float(site.closes))
        spans.append((_exact(begin, zone), _exact(end, zone)))
        day += timedelta(days=1)
    return spans


def _exact(moment: datetime, zone: ZoneInfo) -> datetime:
    """As a moment of UTC: lengths between moments of one zone would pass over its change of time."""
    return moment.replace(tzinfo=zone).astimezone(_UTC)


def _look(data: dict[str, object]) -> Look:
    seconds = data.get("seconds")
    return Look(
        _moment(data["at"]), bool(data["up"]), str(data.get("probe") or ""),
        None if seconds is None else float(str(seconds)), str(data.get("reason") or ""),
    )  # fmt: skip


def _window(data: dict[str, object]) -> Window:
    return Window(_moment(data["begin"]), _moment(data["end"]), _moment(data["announced"]))


def _moment(value: object) -> datetime:
    """A moment as it stands in a table: a text with its zone, for a clock's own hour may be there twice."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise DataError("website.moment", f"{value} is no moment with a zone.", hint="Write 2026-05-01T09:00:00Z.")
    return found.astimezone(_UTC)


def _minutes(value: Decimal) -> timedelta:
    return timedelta(microseconds=int(value * 60_000_000))


def _told(value: timedelta) -> Decimal:
    """Minutes to three places."""
    return (Decimal(value // timedelta(microseconds=1)) / 60_000_000).quantize(Decimal("0.001"))


def _outage(span: Span, looks: list[Look]) -> Outage:
    reason = next((one.reason for one in sorted(looks, key=_at) if one.at >= span[0] and not one.up), "")
    return Outage(span[0], span[1], reason)


def _at(one: Look) -> datetime:
    return one.at
