"""Telling people what happened on their cases. What a person may not see is not told."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from anyshore.web.core import permissions
from anyshore.web.core.models import Engagement, Person, Role
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import Notification
from anyshore.web.engine.running import host
from anyshore.web.walls import queries as walls


def around(engagement: Engagement, number: int) -> list[Person]:
    """The people who may see a case: experts and agents on it, managers, the client's owners; nobody behind a wall."""
    found = permissions.who_sees(engagement).order_by("name")
    now = host().clock()
    screened = {one.person for one in walls.all_walls(engine.ancestry(number)) if one.stands(now)}
    return [one for one in found if one.email not in screened]


def tell(people: Iterable[Person], case: int, kind: str, now: int, comment: int | None = None) -> None:
    """A notification for each of them who is not kept from the case; ``comment`` is the number of what was said."""
    Notification.objects.bulk_create(
        Notification(person=person, case=case, kind=kind, comment=comment, at=now)
        for person in dict.fromkeys(people)
        if case not in engine.blocked(person)
    )


def tell_of(people: Iterable[Person], engagement: Engagement, kind: str, now: int) -> None:
    """A notification about an engagement as a whole for each of them."""
    Notification.objects.bulk_create(
        Notification(person=person, case=0, engagement=engagement.key, kind=kind, at=now)
        for person in dict.fromkeys(people)
    )


def managers(engagement: Engagement) -> QuerySet[Person]:
    """Who manages the delivery of an engagement."""
    found = Person.objects.filter(is_active=True, memberships__organisation=engagement.provider)
    return found.filter(memberships__role=Role.MANAGER).distinct().order_by("name")


def owners(engagement: Engagement) -> QuerySet[Person]:
    """Who speaks for its client."""
    found = Person.objects.filter(is_active=True, memberships__organisation=engagement.client)
    return found.filter(memberships__role=Role.OWNER).distinct().order_by("name")
