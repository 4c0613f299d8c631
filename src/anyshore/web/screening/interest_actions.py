"""What binds people to others: noted by themselves or their manager, and the walls that come of it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from anyshore.base.errors import CommandRejected
from anyshore.web.core import audit, permissions
from anyshore.web.core import queries as people
from anyshore.web.core.errors import Invalid, NotFound
from anyshore.web.core.models import Organisation, Person
from anyshore.web.engine.running import host
from anyshore.web.screening import actions
from anyshore.web.walls.models import Interest


@transaction.atomic
def note(by: Person, person: Person, party: str, relation: str) -> tuple[Interest, int]:
    """Notes what binds a person to a party; the walls that calls for stand at once.

    Everybody who works for a provider notes their own; a manager does so for colleagues, too.

    Returns:
        The interest, and how many new walls stand.

    Raises:
        Invalid: party or relation is missing or too long, or it is noted already.
        NotFound: somebody else, who is no colleague the person manages.
    """
    _may(by, person)
    given: dict[str, Any] = {"party": party.strip(), "relation": relation.strip()}
    limits = {one.name: one.max_length or 0 for one in Interest._meta.fields if one.name in given}
    problems = {
        name: _("At most %s characters fit.") % limits[name] for name in given if len(given[name]) > limits[name]
    }
    problems |= {name: _("Name the party and the relation.") for name in given if not given[name]}
    if not problems and Interest.objects.filter(person=person, until=None, **given).exists():
        problems["party"] = _("This is noted already.")
    if problems:
        raise Invalid(problems)
    noted = Interest.objects.create(person=person, since=host().clock(), by=by.email, **given)
    audit.record(by, "interest.noted", person.email, organisation=_employer(person), **given)
    return noted, actions.from_interest(by, noted)


@transaction.atomic
def end(by: Person, interest: int) -> Interest:
    """Ends an interest. Walls that came of it stay until a manager lifts them, with a reason.

    Raises:
        NotFound: there is none, or it is somebody else's, who is no colleague the person manages.
        CommandRejected: it has ended.
    """
    found = Interest.objects.select_for_update().filter(pk=interest).select_related("person").first()
    if found is None:
        raise NotFound(_("There is no such interest."))
    _may(by, found.person)
    if found.until is not None:
        raise CommandRejected("wall.interest", _("This interest has ended."))
    found.until = host().clock()
    found.save(update_fields=["until"])
    facts: dict[str, Any] = {"party": found.party, "relation": found.relation}
    audit.record(by, "interest.ended", found.person.email, organisation=_employer(found.person), **facts)
    return found


def _may(by: Person, person: Person) -> None:
    permissions.require(by, "interest.note")
    if by == person:
        return
    if "people.manage" not in permissions.abilities(by):
        raise NotFound(_("There is no such person in your organisation."))
    people.colleague(by, person.pk)


def _employer(person: Person) -> Organisation:
    """The organisation in whose audit trail it stands."""
    return person.memberships.select_related("organisation").order_by("pk")[0].organisation
