"""What is over goes by itself: once an hour a worker looks what the rules of each engagement no longer keep."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from anyshore.base.errors import AnyshoreError
from anyshore.web.core.models import Engagement
from anyshore.web.engine import books, holding
from anyshore.web.engine.models import Instance, LedgerEntry, Receipt
from anyshore.web.engine.running import host
from anyshore.web.retention import erasing, rules
from anyshore.web.retention.rules import Period
from anyshore.web.walls.models import Access
from anyshore.web.work.models import Handled

log = logging.getLogger(__name__)

FIRST, PAUSE = 60.0, 3600.0
"""Seconds before the first look, and between two."""
MOST = 2_000
"""Cases of one engagement in one look; the rest is for the next."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What one rule came to: cases, documents or rows that went, and cases that stay because a law asks for them."""

    engagement: str
    kind: str
    gone: int
    bound: int = 0


def sweep(day: date | None = None) -> list[Swept]:
    """Erases what the rules of all engagements no longer keep.

    Args:
        day: as of which; None: today, where each client is.
    """
    found = []
    for engagement in Engagement.objects.filter(retention__isnull=False).distinct().order_by("key"):
        agreed = rules.of(engagement.key)
        on = day or holding.today(engagement.key)
        for period in rules.on(agreed, on) if agreed is not None else []:
            found.append(_one(engagement, period, on))
    return found


def _one(engagement: Engagement, period: Period, day: date) -> Swept:
    before = period.before(day, engagement.zone)
    facts = {"rule": period.kind, "kept": f"{period.number} {period.unit}", "source": period.source}
    if period.kind == "cases":
        old = erasing.ended(engagement.key, before, MOST)
        done = erasing.erase(engagement.key, old, day, facts)
        return Swept(engagement.key, period.kind, len(done.cases), len(done.bound))
    if period.kind == "documents":
        return Swept(engagement.key, period.kind, erasing.documents(engagement.key, before, day, facts))
    return Swept(engagement.key, period.kind, _ROWS[period.kind](engagement.key, before).delete()[0])


def _received(engagement: str, before: int) -> QuerySet[Receipt]:
    return Receipt.objects.filter(engagement=engagement, at__lt=before)


def _accesses(engagement: str, before: int) -> QuerySet[Access]:
    here = Instance.objects.filter(engagement=engagement).values("id")
    gone = LedgerEntry.objects.filter(engagement=engagement, type=books.ERASED).values("instance")
    old = Access.objects.filter(at__lt=before)
    return old.filter(case__in=here) | old.filter(case__in=gone)


def _times(engagement: str, before: int) -> QuerySet[Handled]:
    return Handled.objects.filter(engagement=engagement, at__lt=before)


_ROWS: dict[str, Callable[[str, int], QuerySet[Receipt] | QuerySet[Access] | QuerySet[Handled]]] = {
    "received": _received, "access": _accesses, "times": _times,
}  # fmt: skip


class Sweeper:
    """Looks once an hour; see ``host.channels.working.Beside``."""

    def run(self, stop: threading.Event) -> None:
        """Erases what is over until ``stop`` is set. A database that is away is waited for."""
        pause = FIRST
        try:
            while not stop.wait(pause):
                pause = PAUSE
                try:
                    self.work()
                except AnyshoreError as problem:
                    log.warning("retention: %s %s", problem.message, problem.hint)
                except Exception as problem:
                    log.exception("a fault of ours", exc_info=problem)
                host().store.release()
        finally:
            host().store.release()

    def work(self) -> int:
        """Looks once; how much went."""
        done = sweep()
        for one in done:
            if one.gone:
                log.info("retention: %s, %s: %d erased", one.engagement, one.kind, one.gone)
        return sum(one.gone for one in done)
