"""Telling people what happened on their cases. What a person may not see is not told."""

from __future__ import annotations

from collections.abc import Iterable

from anyshore.web.core.models import Engagement, Person, Role
from anyshore.web.engine import queries as engine
from anyshore.web.review import blinding
from anyshore.web.review.models import Comment, Notification, Review


def tell(people: Iterable[Person], case: int, kind: str, now: int, comment: Comment | None = None) -> None:
    """A notification for each of them who is not kept from the case."""
    Notification.objects.bulk_create(
        Notification(person=person, case=case, kind=kind, comment=comment, at=now)
        for person in dict.fromkeys(people)
        if case not in engine.blocked(person)
    )


def disagreed(row: Review, engagement: Engagement, now: int) -> None:
    """The experts of the engagement who did not review learn that two reviews differ."""
    reviewers = {person.pk for person in blinding.people_of(row).values()}
    experts = Person.objects.filter(assignments__engagement=engagement, memberships__role=Role.EXPERT).distinct()
    tell([one for one in experts if one.pk not in reviewers], row.case, Notification.Kind.DISAGREED, now)
