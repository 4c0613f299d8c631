"""Walls around cases: declared by somebody, found from interests, lifted with a reason."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from anyshore.host import hands
from anyshore.knowledge import walls
from anyshore.web.cases import actions as cases
from anyshore.web.cases import queries as known
from anyshore.web.cases.models import Interest, Staff, Wall
from anyshore.web.core import audit, permissions
from anyshore.web.core.errors import Denied, Invalid, NotFound
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import Wait
from anyshore.web.engine.running import host


@transaction.atomic
def declare(by: Person, number: int, email: str, reason: str) -> Wall:
    """Keeps a person from a case from now on, wherever they stand in it; tasks in their hands go back.

    An expert may declare a wall for themselves; for others the delivery manager does.

    Raises:
        Invalid: there is no such person on either side, or no reason.
        Denied: for somebody else without the right.
    """
    row, engagement = engine.instance(by, number)
    manages = permissions.visible_engagements(by, "people.manage").filter(pk=engagement.pk).exists()
    person = Person.objects.filter(
        email=email.strip().lower(), memberships__organisation__in=_sides(engagement)
    ).first()
    if by.email != email.strip().lower() and not manages:
        raise Denied(_("Your role does not allow this."))
    if person is None or not reason.strip():
        raise Invalid({"reason": _("Name a person of this engagement, and say why.")})
    return _screen(by, engagement, row.pk, person, Wall.Kind.DECLARED, reason.strip(), by.email)


@transaction.atomic
def find(by: Person, number: int, parties: Iterable[str]) -> list[Wall]:
    """Compares the parties of a case with the interests of everybody who could work on it; walls stand at once."""
    row, engagement = engine.instance(by, number)
    permissions.engagement(by, engagement.key, "people.manage")
    people = {one.email: one for one in Person.objects.filter(memberships__organisation__in=_sides(engagement))}
    concerned = [engagement.client.name, *(party for party in parties if party.strip())]
    found = walls.find(str(number), concerned, known.interests(people.values()), host().clock())
    return [_screen(by, engagement, row.pk, people[one.person], Wall.Kind.FOUND, one.reason, one.by) for one in found]


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
    cases.lift(found, host().clock(), reason.strip())
    audit.record(by, "wall.lifted", found.person.email, engagement=engagement, case=number, reason=reason.strip())
    return found


@transaction.atomic
def note_interest(by: Person, person: Person, party: str, relation: str) -> Interest:
    """Notes what binds a colleague to a party."""
    permissions.require(by, "people.manage")
    managed = permissions.organisations(by, "people.manage")
    if not managed.filter(memberships__person=person).exists():
        raise NotFound(_("There is no such person in your organisation."))
    if not party.strip() or not relation.strip():
        raise Invalid({"party": _("Name the party and the relation.")})
    noted = Interest.objects.create(person=person, party=party.strip(), relation=relation.strip())
    audit.record(by, "interest.noted", person.email, party=party.strip(), relation=relation.strip())
    return noted


def _screen(
    by: Person, engagement: Engagement, number: int, person: Person, kind: str, reason: str, source: str
) -> Wall:
    wall = cases.screen(person, number, kind, reason, source, host().clock())
    with host().store.transaction() as tx:
        for held in Wait.objects.filter(instance=number, kind="work", claimed_by=person.email):
            hands.give_back(tx, host().clock(), number, held.wait)
    Staff.objects.filter(case=number, person=person, taken=True).exclude(role__in=_given(number, person)).delete()
    audit.record(by, f"wall.{kind}", person.email, engagement=engagement, case=number)
    return wall


def _given(number: int, person: Person) -> list[str]:
    """The places in which the person has given a review: that stays."""
    from anyshore.web.review.models import Reviewer

    return list(Reviewer.objects.filter(review__case=number, person=person).values_list("place", flat=True))


def _sides(engagement: Engagement) -> list[int]:
    return [engagement.client_id, engagement.provider_id]
