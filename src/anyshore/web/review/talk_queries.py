"""Comments, checkpoints and notifications, as far as a person may see them.

While a blinded review is under way, what its reviewers say about the case is shown to nobody else: a remark can tell
as much as an answer.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from anyshore.web.core import permissions
from anyshore.web.core.models import Engagement, Person, Role
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import Instance
from anyshore.web.engine.running import host
from anyshore.web.review.models import Checkpoint, Comment, Notification, Review
from anyshore.web.walls import queries as walls
from anyshore.web.work import findings

NEWEST = 100
"""Notifications that the page shows, and that reading marks as read."""


def around(engagement: Engagement, number: int) -> list[Person]:
    """The people who may see a case: experts and agents on it, managers, the client's owners; nobody behind a wall."""
    found = permissions.who_sees(engagement).order_by("name")
    now = host().clock()
    screened = {one.person for one in walls.all_walls(engine.ancestry(number)) if one.stands(now)}
    return [one for one in found if one.email not in screened]


def is_client(person: Person, engagement: Engagement) -> bool:
    """Whether the person owns the service on the client's side."""
    return person.memberships.filter(organisation=engagement.client, role=Role.OWNER).exists()


def reviewers(numbers: Collection[int]) -> dict[int, set[int]]:
    """The keys of the reviewers of each case whose review is under way; a case that is open is not among them."""
    sealed = walls.sealed_among(numbers)
    staff = walls.staff(sealed)
    places = dict(Review.objects.filter(case__in=sealed).values_list("case", "places"))
    return {
        number: {person for place in places.get(number, ()) for person in staff.get((number, place), ())}
        for number in sealed
    }


def said(person: Person, number: int) -> QuerySet[Comment]:
    """The comments on a case that a person may see, oldest first."""
    hidden = reviewers([number]).get(number, set()) - {person.pk}
    found = Comment.objects.filter(case=number).exclude(person__in=hidden)
    return found.select_related("person").prefetch_related("mentioned").order_by("at", "pk")


def comments(person: Person, number: int) -> dict[str, Any]:
    """What a case's page of comments shows."""
    row, engagement = engine.instance(person, number)
    return {
        "row": row, "comments": said(person, number), "around": around(engagement, number),
        "checkpoints": checkpoints(person, number), "client": is_client(person, engagement),
        "may_ask": permissions.may(person, "case.plan", engagement),
        "claims": findings.claims_of(row), "tasks": [one.element for one in _open(row)],
    }  # fmt: skip


def _open(row: Instance) -> list[Any]:
    from anyshore.web.engine.models import Wait

    return list(Wait.objects.filter(instance=row.pk, kind="work").order_by("opened"))


def checkpoints(person: Person, number: int) -> QuerySet[Checkpoint]:
    """The questions to the client on one case."""
    engine.instance(person, number)
    found = Checkpoint.objects.filter(case=number).select_related("asked_by", "answered_by")
    return found.order_by("answered_at", "at")


def questions(person: Person) -> list[dict[str, Any]]:
    """The questions that wait for this client's answer, and those answered, over all its cases."""
    owned = Engagement.objects.filter(
        client__memberships__person=person, client__memberships__role=Role.OWNER,
        pk__in=permissions.visible_engagements(person),
    ).values_list("key", flat=True)  # fmt: skip
    seen = Instance.objects.filter(engagement__in=list(owned)).exclude(pk__in=engine.blocked(person))
    found = Checkpoint.objects.select_related("asked_by").order_by("-at")
    rows = {row.pk: row for row in seen.filter(pk__in=found.values("case")).defer("state")}
    return [{"checkpoint": one, "row": rows[one.case]} for one in found if one.case in rows]


def notifications(person: Person) -> QuerySet[Notification]:
    """The newest first, without cases the person may not see (any more) and comments that are still hidden."""
    keys = engine.engagement_keys(person, "case.see")
    seen = Instance.objects.filter(engagement__in=keys).exclude(pk__in=engine.blocked(person))
    found = Notification.objects.filter(person=person, case__in=seen.values("pk"))
    commented = found.exclude(comment=None).values_list("case", flat=True)
    for case, silent in reviewers(set(commented)).items():
        found = found.exclude(case=case, comment__person__in=silent - {person.pk})
    return found.select_related("comment", "comment__person").order_by("-at", "-pk")


def notified(person: Person) -> list[dict[str, Any]]:
    """Notifications with the cases they are about."""
    shown = list(notifications(person)[:NEWEST])
    rows = Instance.objects.defer("state").in_bulk({one.case for one in shown})
    return [{"notification": one, "row": rows[one.case]} for one in shown]
