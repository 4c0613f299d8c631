"""The oldest open work of every kind, found without looking at the rest however much waits.

A kind is what one task of one service asks for in one engagement: it decides the form, so the queue. There are as many
as people modelled tasks, whatever the number of cases.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from django.db import connection

from anyshore.web.core.models import Person
from anyshore.web.engine import queries
from anyshore.web.engine.models import Wait


class Kind(NamedTuple):
    """What a task of a service asks for in an engagement."""

    engagement: str
    service: str
    element: str


# The index is walked from one kind to the next; SELECT DISTINCT would read all of it.
_KINDS = """
    WITH RECURSIVE k (engagement, service, element) AS (
        SELECT * FROM (SELECT engagement, service, element FROM engine_wait WHERE kind = 'work'
                       ORDER BY engagement, service, element LIMIT 1) AS first
        UNION ALL
        SELECT (SELECT w.engagement FROM engine_wait w WHERE w.kind = 'work'
                AND (w.engagement, w.service, w.element) > (k.engagement, k.service, k.element)
                ORDER BY w.engagement, w.service, w.element LIMIT 1),
               (SELECT w.service FROM engine_wait w WHERE w.kind = 'work'
                AND (w.engagement, w.service, w.element) > (k.engagement, k.service, k.element)
                ORDER BY w.engagement, w.service, w.element LIMIT 1),
               (SELECT w.element FROM engine_wait w WHERE w.kind = 'work'
                AND (w.engagement, w.service, w.element) > (k.engagement, k.service, k.element)
                ORDER BY w.engagement, w.service, w.element LIMIT 1)
        FROM k WHERE k.engagement IS NOT NULL
    )
    SELECT engagement, service, element FROM k WHERE engagement IS NOT NULL
"""


def kinds(engagements: Collection[str]) -> list[Kind]:
    """The kinds of work that are open in some engagements."""
    with connection.cursor() as cursor:
        cursor.execute(_KINDS)
        return [Kind(*row) for row in cursor.fetchall() if row[0] in engagements]


def waiting(person: Person, kind: Kind, count: int) -> tuple[list[Wait], bool]:
    """The oldest work of a kind that is in nobody's hands, and whether there is more.

    What a wall keeps the person from is left out.
    """
    # The kind stands there as text, so that the index of open work is found.
    found = Wait.objects.extra(where=["kind = 'work'"]).filter(**kind._asdict(), claimed_by=None)
    found = found.exclude(instance__in=queries.blocked(person)).order_by("opened", "instance", "wait")
    rows = list(found[: count + 1])
    return rows[:count], len(rows) > count


def in_hands(person: Person, engagements: Collection[str]) -> list[Wait]:
    """The open work a person holds, oldest first."""
    found = queries.open_work(list(engagements), person).filter(claimed_by=person.email)
    return list(found)
