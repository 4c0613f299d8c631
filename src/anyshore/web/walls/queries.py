"""Walls, accesses and staff as the rest of the system asks for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.db.models import QuerySet

from anyshore.knowledge import walls
from anyshore.web.core.models import Organisation, Person
from anyshore.web.walls.models import Access, Interest, Seal, Staff, Wall


def standing(person: Person, at: int) -> frozenset[int]:
    """The cases a person is kept from at a time, without their sub-cases."""
    rows = [plain(one) for one in Wall.objects.filter(person=person).select_related("person")]
    return frozenset(int(case) for case in walls.blocked_cases(rows, person.email, at))


def plain(row: Wall) -> walls.Wall:
    """A wall as the pure functions know it: people by email, cases by their number in digits."""
    return walls.Wall(
        str(row.case), row.person.email, "found" if row.kind == Wall.Kind.FOUND else "declared", row.reason, row.since,
        row.by, row.until, row.lifted_reason,
    )  # fmt: skip


def all_walls(cases: Iterable[int] | None = None) -> list[walls.Wall]:
    """The walls around cases, or all, lifted ones included."""
    rows = Wall.objects.select_related("person").order_by("since", "pk")
    return [plain(one) for one in (rows if cases is None else rows.filter(case__in=list(cases)))]


def accesses(cases: Iterable[int]) -> list[walls.Access]:
    """The access record of cases."""
    rows = Access.objects.filter(case__in=list(cases)).select_related("person").order_by("at", "pk")
    return [walls.Access(one.at, one.person.email, str(one.case), one.action, one.denied) for one in rows]


def interests(people: Iterable[Person]) -> list[walls.Interest]:
    """What binds people to parties."""
    rows = Interest.objects.filter(person__in=list(people)).select_related("person")
    return [plain_interest(one) for one in rows]


def standing_interests(provider: Organisation) -> QuerySet[Interest]:
    """What binds the people of a provider to others, as things stand."""
    people = Person.objects.filter(memberships__organisation=provider)
    return Interest.objects.filter(until=None, person__in=people).select_related("person").order_by("pk")


def plain_interest(row: Interest) -> walls.Interest:
    """An interest as the pure functions know it."""
    return walls.Interest(row.person.email, row.party, row.relation, row.until)


def staff(cases: Iterable[int]) -> Mapping[tuple[int, str], dict[int, bool]]:
    """(case, role) → people on it by key, and whether they came by taking the task."""
    found: dict[tuple[int, str], dict[int, bool]] = {}
    for one in Staff.objects.filter(case__in=list(cases)):
        found.setdefault((one.case, one.role), {})[one.person_id] = one.taken
    return found


def may_have(
    person: Person,
    case: int,
    role: str,
    known: Mapping[tuple[int, str], Mapping[int, bool]],
    apart: Collection[str] = (),
) -> bool:
    """Whether a person may have the task of a role: it is theirs or nobody's, and no role of theirs forbids it.

    Args:
        person: who would have it.
        case: the number of the case.
        role: of the task.
        known: (case, role) → people on it.
        apart: the roles that whoever has this one has not.
    """
    on_it = known.get((case, role))
    if on_it and person.pk not in on_it:
        return False
    return not any(person.pk in known.get((case, other), ()) for other in apart)


def sealed_among(cases: Iterable[int]) -> frozenset[int]:
    """Those of the cases whose blinded review is under way."""
    return frozenset(Seal.objects.filter(case__in=list(cases), opened=None).values_list("case", flat=True))


def sealed(case: int) -> bool:
    """Whether a blinded review of the case is under way."""
    return Seal.objects.filter(case=case, opened=None).exists()
