"""Whom something calls: managers for work that is stuck, they and its holder for an objective about to be missed.

Looked for again and again beside the worker; each incident and each piece of work calls once.
"""

from __future__ import annotations

from anyshore.kernel.state import INCIDENT, WORK
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engine import notices
from anyshore.web.engine.models import Notification, Wait
from anyshore.web.engine.running import host
from anyshore.web.work import due

NEAR = 4 * 3600 * 1_000_000
"""Microseconds before an objective is missed at which people are called."""
LOOKED_AT = 1_000
"""Open pieces of work and incidents looked at in one go: the oldest."""


def call() -> int:
    """Tells whoever has to know and was not told yet; how many pieces of work and incidents they were called for."""
    return _incidents() + _near()


def _incidents() -> int:
    told = set(Notification.objects.filter(kind=Notification.Kind.INCIDENT).values_list("case", "at"))
    rows = Wait.objects.filter(kind=INCIDENT).order_by("-opened")[:LOOKED_AT]
    fresh = [row for row in rows if (row.instance, row.opened) not in told]
    found = Engagement.objects.select_related("provider").in_bulk({row.engagement for row in fresh}, field_name="key")
    for row in fresh:
        if row.engagement in found:
            people = notices.managers(found[row.engagement])
            notices.tell(people, row.instance, Notification.Kind.INCIDENT, row.opened)
    return len(fresh)


def _near() -> int:
    now = host().clock()
    told = set(Notification.objects.filter(kind=Notification.Kind.NEAR).values_list("case", flat=True))
    rows = [row for row in Wait.objects.filter(kind=WORK).order_by("opened")[:LOOKED_AT] if row.instance not in told]
    moments = due.moments(rows, now)
    near = {row.instance: row for row in rows if now <= moments.get(row.instance, 0) <= now + NEAR}
    found = Engagement.objects.select_related("provider").in_bulk(
        {row.engagement for row in near.values()}, field_name="key"
    )
    for number, row in near.items():
        people = list(notices.managers(found[row.engagement]))
        people += Person.objects.filter(email=row.claimed_by or "")
        notices.tell(people, number, Notification.Kind.NEAR, now)
    return len(near)
