"""Changes to walls, accesses and staff. Callers above check who may; each action owns its transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Q

from anyshore.knowledge import walls
from anyshore.web.core import audit
from anyshore.web.core.models import CLIENT_SIDE, Conflict, Organisation, Person
from anyshore.web.walls import queries
from anyshore.web.walls.models import Access, Interest, Party, Seal, Staff, Wall


def note_access(person: Person, case: int, action: str, at: int, *, denied: bool) -> None:
    """Adds to the access record."""
    Access.objects.create(at=at, person=person, case=case, action=action[:80], denied=denied)


@transaction.atomic
def screen(person: Person, case: int, kind: str, reason: str, by: str, at: int) -> Wall:
    """Puts a wall between a person and a case; one that stands for the same reason stays as it is."""
    standing = Wall.objects.filter(case=case, person=person, reason=reason, until=None).first()
    return standing or Wall.objects.create(case=case, person=person, kind=kind, reason=reason, since=at, by=by)


@transaction.atomic
def concern(case: int, parties: Iterable[str]) -> list[str]:
    """Notes whom a case concerns; gives everybody it is known to concern."""
    for name in dict.fromkeys(party.strip()[:200] for party in parties if party.strip()):
        Party.objects.get_or_create(case=case, name=name)
    return list(Party.objects.filter(case=case).order_by("pk").values_list("name", flat=True))


@transaction.atomic
def wall_off_clients(interests: Iterable[Interest], at: int) -> list[Conflict]:
    """Walls between people and the clients of their providers that an interest binds them to; those new now."""
    made = []
    for interest in interests:
        person = interest.person
        providers = person.memberships.exclude(role__in=CLIENT_SIDE).values("organisation")
        served = Q(introduced_by__in=providers) | Q(bought__provider__in=providers)
        clients = Organisation.objects.filter(served, kind=Organisation.Kind.CLIENT).exclude(
            pk__in=person.conflicts.values("organisation")
        )
        for client in clients.distinct().order_by("pk"):
            for found in walls.find("", [client.name], [queries.plain_interest(interest)], at):
                made.append(Conflict.objects.create(person=person, organisation=client, reason=found.reason))
                audit.record(None, "conflict.found", person.email, organisation=client, reason=found.reason)
    return made


@transaction.atomic
def lift(wall: Wall, at: int, reason: str) -> Wall:
    """Gives a wall its end.

    Raises:
        CommandRejected: it is lifted already, or no reason is given.
    """
    ended = walls.lift(queries.plain(wall), at, reason)
    wall.until, wall.lifted_reason = ended.until, ended.lifted_reason
    wall.save(update_fields=["until", "lifted_reason"])
    return wall


@transaction.atomic
def staff(
    person: Person, case: int, role: str, at: int, by: str, *, taken: bool = False, why: Sequence[str] = ()
) -> Staff:
    """Puts a person on a case in a role; whoever is put there, or has done what the role is for, stays in it."""
    found, _new = Staff.objects.get_or_create(
        case=case, role=role, person=person, defaults={"taken": taken, "at": at, "by": by, "why": list(why)}
    )
    if found.taken and not taken:
        found.taken = False
        found.save(update_fields=["taken"])
    return found


@transaction.atomic
def leave(person: Person, case: int, role: str | None = None) -> None:
    """Takes a person off a role, or all of them, that they have only because they took its task."""
    found = Staff.objects.filter(case=case, person=person, taken=True)
    (found if role is None else found.filter(role=role)).delete()


@transaction.atomic
def seal(case: int, at: int) -> None:
    """Begins a blinded review."""
    Seal.objects.get_or_create(case=case, defaults={"since": at})


@transaction.atomic
def unseal(case: int, at: int) -> None:
    """Ends it: what was found may be seen."""
    Seal.objects.filter(case=case, opened=None).update(opened=at)
