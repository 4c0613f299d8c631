"""Walls around cases: declared by somebody, found from interests, lifted with a reason."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from anyshore.knowledge import walls
from anyshore.web.core import audit, permissions
from anyshore.web.core.errors import Denied, Invalid, NotFound
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import Instance
from anyshore.web.engine.running import host
from anyshore.web.walls import actions as known_actions
from anyshore.web.walls import queries as known
from anyshore.web.walls.models import Interest, Party, Wall
from anyshore.web.work import conflicts


@transaction.atomic
def declare(by: Person, number: int, email: str, reason: str) -> Wall:
    """Keeps a person from a case from now on, wherever they stand in it; tasks in their hands go back.

    An expert may declare a wall for themselves; for others the delivery manager does.

    Raises:
        Invalid: there is no such person on either side, or no reason.
        Denied: for somebody else without the right.
    """
    row, engagement = engine.instance(by, number)
    manages = permissions.may(by, "people.manage", engagement)
    person = Person.objects.filter(
        email=email.strip().lower(), memberships__organisation__in=_sides(engagement)
    ).first()
    if by.email != email.strip().lower() and not manages:
        raise Denied(_("Your role does not allow this."))
    if person is None or not reason.strip():
        raise Invalid({"reason": _("Name a person of this engagement, and say why.")})
    return conflicts.screen(by, engagement, row.pk, person, Wall.Kind.DECLARED, reason.strip(), by.email)


@transaction.atomic
def find(by: Person, number: int, parties: Iterable[str]) -> list[Wall]:
    """Compares the parties of a case with the interests of everybody who could work on it; walls stand at once.

    The parties stay with the case: interests that are noted later are compared with them, too.
    """
    row, engagement = engine.instance(by, number)
    permissions.engagement(by, engagement.key, "people.manage")
    return conflicts.concern(by, row, engagement, parties)


@transaction.atomic
def lift(by: Person, number: int, wall: int, reason: str) -> Wall:
    """Ends a wall; that it stood stays on record.

    Raises:
        CommandRejected: it is lifted already, or there is no reason.
    """
    _row, engagement = engine.instance(by, number)
    permissions.engagement(by, engagement.key, "people.manage")
    found = Wall.objects.select_for_update().filter(pk=wall, case=number).select_related("person").first()
    if found is None:
        raise NotFound(_("There is no such wall."))
    known_actions.lift(found, host().clock(), reason.strip())
    audit.record(by, "wall.lifted", found.person.email, engagement=engagement, case=number, reason=reason.strip())
    return found


@transaction.atomic
def from_interest(by: Person, interest: Interest) -> int:
    """The walls one interest calls for: around clients, and around the open cases whose parties are known.

    Returns:
        How many new ones stand.
    """
    now, person = host().clock(), interest.person
    made = len(known_actions.wall_off_clients([interest], now))
    plain = [known.plain_interest(interest)]
    parties: dict[int, list[str]] = {}
    for case, name in Party.objects.order_by("pk").values_list("case", "name"):
        parties.setdefault(case, []).append(name)
    open_cases = Instance.objects.filter(pk__in=parties, status__in=["active", "suspended"]).defer("state")
    sides = Engagement.objects.filter(provider__memberships__person=person).in_bulk(field_name="key")
    for row in open_cases.filter(engagement__in=sides):
        for found in walls.find(str(row.pk), parties[row.pk], plain, now):
            standing = Wall.objects.filter(case=row.pk, person=person, reason=found.reason, until=None).exists()
            conflicts.screen(by, sides[row.engagement], row.pk, person, Wall.Kind.FOUND, found.reason, found.by)
            made += not standing
    return made


def _sides(engagement: Engagement) -> list[int]:
    return [engagement.client_id, engagement.provider_id]
