"""The oldest open work of every kind, found without looking at the rest however much waits.

A kind is what one task of one service asks for in one engagement: it decides the form, so the queue. There are as many
as people modelled tasks, whatever the number of cases.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
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
    WITH RECURSIVE s (service) AS (
        SELECT MIN(service) FROM engine_wait WHERE kind = 'work' AND engagement = %(key)s
        UNION ALL
        SELECT (SELECT MIN(service) FROM engine_wait
                WHERE kind = 'work' AND engagement = %(key)s AND service > s.service)
        FROM s WHERE s.service IS NOT NULL
    ), k (service, element) AS (
        SELECT s.service, (SELECT MIN(element) FROM engine_wait
                           WHERE kind = 'work' AND engagement = %(key)s AND service = s.service)
        FROM s WHERE s.service IS NOT NULL
        UNION ALL
        SELECT k.service, (SELECT MIN(element) FROM engine_wait
                           WHERE kind = 'work' AND engagement = %(key)s AND service = k.service AND element > k.element)
        FROM k WHERE k.element IS NOT NULL
    )
    SELECT service, element FROM k WHERE element IS NOT NULL
"""


def kinds(engagements: Iterable[str]) -> list[Kind]:
    """The kinds of work that are open in some engagements."""
    found = []
    with connection.cursor() as cursor:
        for key in engagements:
            cursor.execute(_KINDS, {"key": key})
            found += [Kind(key, *row) for row in cursor.fetchall()]
    return found


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
