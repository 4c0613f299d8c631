"""Who has the same item open: two who are about to answer one customer are both told.

An item is in one pair of hands when somebody takes it; before that, and while others read it, nothing else says that
two people work at the same thing. Pages tell every few seconds that they are open, and are told who else is there.
"""

from __future__ import annotations

from dataclasses import dataclass

from anyshore.web.core.models import Person, Role
from anyshore.web.engine.models import Wait
from anyshore.web.engine.running import host
from anyshore.web.work.models import Look

GONE = 30_000_000
"""Microseconds without a word after which a page is taken to be closed: it tells every ten seconds."""


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else who has the item open.

    Attributes:
        person: who.
        since: microseconds since 1970 UTC at which they opened it.
        holds: whether it is in their hands.
    """

    person: Person
    since: int
    holds: bool


def look(by: Person, instance: int, wait: int) -> list[Other]:
    """Notes that somebody has an item open, and tells who else of their side has, the longest first.

    The two sides are those who do the work and the client: neither is told what the other looks at. Who may see the
    item is told by the caller. What nobody looks at any more is forgotten.
    """
    now = host().clock()
    Look.objects.filter(seen__lt=now - GONE).delete()
    Look.objects.update_or_create(
        person=by, instance=instance, wait=wait, defaults={"seen": now}, create_defaults={"since": now, "seen": now}
    )
    holder = Wait.objects.filter(instance=instance, wait=wait).values_list("claimed_by", flat=True).first()
    rows = Look.objects.filter(instance=instance, wait=wait).exclude(person=by).select_related("person")
    rows = rows.prefetch_related("person__memberships").order_by("since", "pk")
    others = [one for one in rows if _provides(one.person) == _provides(by)]
    return [Other(one.person, one.since, one.person.email == holder) for one in others]


def _provides(person: Person) -> bool:
    return any(one.role != Role.OWNER for one in person.memberships.all())
