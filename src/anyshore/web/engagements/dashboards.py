"""The dashboard of a service, as far as a person may see it; every figure comes from ``anyshore.terms.dashboards``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import get_args

from django.utils.translation import gettext as _

from anyshore.terms import dashboard_reading
from anyshore.terms.dashboards import By, Dashboard
from anyshore.web.core import permissions
from anyshore.web.core.errors import NotFound
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engine.books import book, entries, head
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


def of(engagement: Engagement, service: str, by: By) -> Dashboard:
    """The dashboard of a service as it is now, to the minute."""
    _sequence, newest = head(engagement.key)
    return _computed(engagement.key, engagement.zone, service, by, newest, host().clock() // MINUTE)


@lru_cache(maxsize=50)
def _computed(key: str, zone: str, service: str, by: By, newest: str, minute: int) -> Dashboard:
    del newest  # part of the key: a longer ledger is read anew
    until = (minute + 1) * MINUTE  # what happens within this minute counts
    return dashboard_reading.dashboard(entries(key), book(key), service, by, engagement=key, zone=zone, until=until)
