"""The host of this process: the store over the database, the activities, and every deployment the database knows."""

from __future__ import annotations

import threading

from django.conf import settings

from anyshore.activities import families
from anyshore.host.driver import Host
from anyshore.host.limits import Limits
from anyshore.packs import reading
from anyshore.runtime.catalogue import Catalogue
from anyshore.web.engine.models import Definition
from anyshore.web.engine.store import DatabaseStore

_lock = threading.Lock()
_hosts: dict[str, Host] = {}
_seen: dict[str, int] = {}


def host(using: str = "default") -> Host:
    """The host, with the newest deployments of the database read in.

    Another process may have deployed something since: that is one indexed look into the database per call.
    """
    with _lock:
        found = _hosts.get(using)
        if found is None:
            limits = Limits(endless_after=settings.ENDLESS_AFTER) if settings.ENDLESS_AFTER else Limits()
            found = _hosts[using] = Host(
                DatabaseStore(using), families.ACTIVITIES, limits=limits, report_of=reading.report_of
            )
        _read_new(found, using)
        return found


def catalogue(using: str = "default") -> Catalogue:
    """The definitions, without a look for newer deployments: whatever has a reference is found anyhow."""
    return (_hosts.get(using) or host(using)).catalogue


def now(using: str = "default") -> int:
    """The time of the host's clock, microseconds since 1970 UTC, without a look for newer deployments."""
    return (_hosts.get(using) or host(using)).clock()


def install(runtime: Host, using: str = "default") -> None:
    """Uses a host made elsewhere: with another clock, for a demonstration or a test."""
    forget(using)
    with _lock:
        _hosts[using] = runtime


def forget(using: str = "default") -> None:
    """Drops the host, with everything it has read."""
    with _lock:
        _hosts.pop(using, None)
        _seen.pop(using, None)


def _read_new(found: Host, using: str) -> None:
    seen = _seen.get(using, 0)
    numbers = Definition.objects.using(using).filter(deployment__gt=seen).order_by("deployment")
    for number in numbers.values_list("deployment", flat=True).distinct():
        found.catalogue.learn([number])
        _seen[using] = number
