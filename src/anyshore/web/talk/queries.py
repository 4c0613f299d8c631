"""Comments, checkpoints and notifications, as far as a person may see them.

While a blinded review is under way, what its reviewers say about the case is shown to nobody else: a remark can tell
as much as an answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from anyshore.kernel.state import WORK
from anyshore.web.cases import findings
from anyshore.web.core import permissions
from anyshore.web.core.models import Engagement, Person, Role
from anyshore.web.engine import notices
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import Instance, Notification, Wait
from anyshore.web.review import blinding
from anyshore.web.talk.models import Checkpoint, Comment

NEWEST = 100
"""Notifications that the page shows, and that reading marks as read."""


def is_client(person: Person, engagement: Engagement) -> bool:
    """Whether the person owns the service on the client's side."""
    return person.memberships.filter(organisation=engagement.client, role=Role.OWNER).exists()


def said(person: Person, number: int) -> QuerySet[Comment]:
    """The comments on a case that a person may see, oldest first."""
    hidden = blinding.reviewers([number]).get(number, set()) - {person.pk}
    found = Comment.objects.filter(case=number).exclude(person__in=hidden)
    return found.select_related("person").prefetch_related("mentioned").order_by("at", "pk")


def comments(person: Person, number: int) -> dict[str, Any]:
    """What a case's page of comments shows."""
    row, engagement = engine.instance(person, number)
    return {
        "row": row, "comments": said(person, number), "around": notices.around(engagement, number),
        "checkpoints": checkpoints(person, number), "client": is_client(person, engagement),
        "may_ask": permissions.may(person, "case.plan", engagement),
        "claims": findings.claims_of(row), "tasks": [one.element for one in _open(row)],
    }  # fmt: skip


def _open(row: Instance) -> list[Wait]:
    return list(Wait.objects.filter(instance=row.pk, kind=WORK).order_by("opened"))


def checkpoints(person: Person, number: int) -> QuerySet[Checkpoint]:
    """The questions to the client on one case."""
    engine.instance(person, number)
    found = Checkpoint.objects.filter(case=number).select_related("asked_by", "answered_by")
    return found.order_by("answered_at", "at")


def questions(person: Person) -> list[dict[str, Any]]:
    """The questions that wait for this client's answer, and those answered, over all its cases."""
    seen = _of_own_services(person)
    if seen is None:
        return []
    found = Checkpoint.objects.select_related("asked_by").order_by("-at")
    rows = {row.pk: row for row in seen.filter(pk__in=found.values("case")).defer("state")}
    return [{"checkpoint": one, "row": rows[one.case]} for one in found if one.case in rows]


def questions_open(person: Person) -> int:
    """How many questions wait for this client's answer."""
    seen = _of_own_services(person)
    return 0 if seen is None else Checkpoint.objects.filter(answered_at=None, case__in=seen.values("pk")).count()


def _of_own_services(person: Person) -> QuerySet[Instance] | None:
    """The cases of the engagements somebody owns on the client's side; None where there are no such engagements."""
    clients = [one.organisation_id for one in person.memberships.all() if one.role == Role.OWNER]
    if not clients:
        return None
    seen = permissions.visible_engagements(person).filter(client__in=clients)
    owned = list(seen.values_list("key", flat=True))
    return Instance.objects.filter(engagement__in=owned).exclude(pk__in=engine.blocked(person)) if owned else None


def unread(person: Person) -> int:
    """Notifications the person has not read; mostly there is none, and then nothing else is asked."""
    if not Notification.objects.filter(person=person, read=None).exists():
        return 0
    return notifications(person).filter(read=None).count()


def notifications(person: Person) -> QuerySet[Notification]:
    """The newest first, without cases the person may not see (any more) and comments that are still hidden."""
    theirs = engine.engagement_keys(person, "case.see")
    seen = Instance.objects.filter(engagement__in=theirs).exclude(pk__in=engine.blocked(person))
    about = Q(case__in=seen.values("pk")) | Q(case=0, engagement__in=theirs)
    found = Notification.objects.filter(about, person=person)
    commented = found.exclude(comment=None).values_list("case", flat=True)
    for case, silent in blinding.reviewers(set(commented)).items():
        hidden = Comment.objects.filter(case=case, person__in=silent - {person.pk})
        found = found.exclude(comment__in=hidden.values("pk"))
    return found.order_by("-at", "-pk")


def remarks(shown: Iterable[Notification]) -> dict[int, Comment]:
    """The comments some notifications tell of, by number."""
    return Comment.objects.select_related("person").in_bulk({one.comment for one in shown if one.comment is not None})


def notified(person: Person) -> list[dict[str, Any]]:
    """Notifications with the cases they are about."""
    shown = list(notifications(person)[:NEWEST])
    rows = Instance.objects.defer("state").in_bulk({one.case for one in shown})
    said = remarks(shown)
    titles = dict(Engagement.objects.filter(key__in={one.engagement for one in shown}).values_list("key", "title"))
    return [
        {
            "notification": one, "row": rows.get(one.case), "comment": said.get(one.comment or 0),
            "title": titles.get(one.engagement, ""),
        }
        for one in shown
        if one.case in rows or one.case == 0
    ]  # fmt: skip
