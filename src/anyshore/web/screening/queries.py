"""Who was kept from what, and the proof that nobody came near."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from anyshore.base.telling import Sheet
from anyshore.knowledge import walls
from anyshore.web.core import permissions
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import Instance
from anyshore.web.walls import queries as known
from anyshore.web.walls.models import Wall


def case(person: Person, number: int) -> dict[str, Any]:
    """The walls of one case, for whoever manages its people."""
    row, engagement = engine.instance(person, number)
    permissions.engagement(person, engagement.key, "people.manage")
    sides = Q(memberships__organisation=engagement.provider) | Q(memberships__organisation=engagement.client)
    return {
        "row": row, "engagement": engagement, "people": Person.objects.filter(sides).distinct().order_by("name"),
        "walls": Wall.objects.filter(case=number).select_related("person").order_by("since"),
        "screenings": _report([row]), "rows": {row.pk: row},
    }  # fmt: skip


def report(person: Person) -> dict[str, Any]:
    """The report over all cases a manager looks after; walls around the manager are left out."""
    permissions.require(person, "people.manage")
    keys = engine.engagement_keys(person, "people.manage")
    rows = Instance.objects.filter(engagement__in=keys, pk__in=Wall.objects.values("case"))
    rows = rows.exclude(pk__in=engine.blocked(person)).defer("state")
    screenings = _report(list(rows))
    return {"screenings": screenings, "clean": all(one["screening"].clean for one in screenings)}


def everything(engagement: Engagement) -> list[dict[str, Any]]:
    """The report of one engagement, for the command line."""
    rows = Instance.objects.filter(engagement=engagement.key, pk__in=Wall.objects.values("case")).defer("state")
    return _report(list(rows))


def sheet(engagement: Engagement) -> Sheet:
    """The same as a table; the last cell of a row counts the accesses that should not have been."""
    rows = []
    for one in everything(engagement):
        found = one["screening"]
        wall = found.wall
        seen = (len(found.before), len(found.refused), len(found.breaches))
        rows.append((one["row"].reference, one["person"], wall.since, wall.until or "", wall.reason, *seen))
    columns = ("Case", "Person", "Since", "Until", "Reason", "Seen before", "Refused", "Accesses")
    return Sheet(f"Walls in {engagement.key}", columns, rows, right=(5, 6, 7))


def _report(rows: list[Instance]) -> list[dict[str, Any]]:
    by_number = {row.pk: row for row in rows}
    parents = _parents(set(by_number))
    standing = known.all_walls(by_number)
    accesses = known.accesses({*by_number, *(int(child) for child in parents)})
    people = dict(Person.objects.filter(email__in={one.person for one in standing}).values_list("email", "name"))
    return [
        {"screening": one, "row": by_number[int(one.wall.case)], "person": people.get(one.wall.person, one.wall.person)}
        for one in walls.report(standing, accesses, parents=parents)
    ]


def _parents(numbers: set[int]) -> dict[str, str]:
    """Sub-case → case, downwards from these cases."""
    found: dict[str, str] = {}
    edge = numbers
    while edge:
        children = Instance.objects.filter(parent__in=edge).values_list("pk", "parent")
        fresh = {child: parent for child, parent in children if str(child) not in found}
        found |= {str(child): str(parent) for child, parent in fresh.items()}
        edge = set(fresh)
    return found
