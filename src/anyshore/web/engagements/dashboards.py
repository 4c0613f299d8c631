"""The dashboard of a service, as far as a person may see it; every figure comes from ``anyshore.terms.dashboards``."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import partial
from typing import get_args

from django.db import DatabaseError
from django.utils.translation import gettext as _

from anyshore.terms import dashboard_reading
from anyshore.terms.dashboard_reading import Agreed, Reader
from anyshore.terms.dashboards import By, Dashboard
from anyshore.terms.ledger import Entry
from anyshore.web.core import permissions
from anyshore.web.core.errors import NotFound
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engagements.dashboard_months import Months
from anyshore.web.engine import tallies
from anyshore.web.engine.books import Readings, book
from anyshore.web.engine.running import host
from anyshore.web.engine.tallies import services_of

MINUTE = 60_000_000
PERIODS: tuple[By, ...] = get_args(By)


@dataclass(frozen=True, slots=True)
class Shown:
    """A dashboard and who looks at it.

    Attributes:
        engagement: whose it is.
        dashboard: the figures.
        services: keys of the services one can look at.
        sees_money: whether the reader may see what work costs.
    """

    engagement: Engagement
    dashboard: Dashboard
    services: list[str]
    sees_money: bool


def shown(person: Person, key: str, service: str, by: str) -> Shown:
    """The dashboard of a service of an engagement.

    Raises:
        NotFound: there is no such engagement, service or period.
        Denied: the person may not see figures.
    """
    engagement = permissions.engagement(person, key, "scorecard.see")
    services = services_of(engagement)
    if service not in services or by not in PERIODS:
        raise NotFound(_("There is no such dashboard."))
    sees_money = permissions.may(person, "invoice.see", key)
    return Shown(engagement, of(engagement, service, by), services, sees_money)


class _Reading:
    """What is kept of a service between two looks."""

    def __init__(self, engagement: str, service: str, zone: str) -> None:
        self.reader, self.months = Reader(service, zone), Months(engagement, service)

    def add(self, entry: Entry) -> None:
        """Takes one entry."""
        self.reader.add(entry)


_readings: Readings[_Reading] = Readings(50)
_lock = threading.Lock()


def of(engagement: Engagement, service: str, by: By) -> Dashboard:
    """The dashboard of a service as it is now, to the minute."""
    until = (host().clock() // MINUTE + 1) * MINUTE  # what happens within this minute counts
    return as_of(engagement.key, engagement.zone, service, by, until)


def as_of(key: str, zone: str, service: str, by: By, until: int) -> Dashboard:
    """The dashboard of a service as of an instant after the last entry.

    Args:
        key: id of the engagement.
        zone: IANA time zone of its days.
        service: key of the service.
        by: length of a period.
        until: microseconds since 1970 UTC, excluded.
    """
    with _lock:  # a reading goes on while nobody is told of it
        read = _readings.of(key, partial(_Reading, key, service, zone), service, zone)
        return dashboard_reading.dashboard(read.reader, _agreed(key, read.months), by, engagement=key, until=until)


def _agreed(key: str, months: Months) -> Agreed:
    """What depends on the terms: from the totals kept beside the ledger, or the whole of it while there are none."""
    try:
        known = tallies.ready(key)
    except DatabaseError:  # nothing can be written: viewing goes on
        known = None
    return dashboard_reading.by_book(book(key)) if known is None else months.agreed(known.hash)
