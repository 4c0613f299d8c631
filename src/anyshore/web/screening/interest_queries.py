"""What binds people to others, as far as somebody may know."""

from __future__ import annotations

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from anyshore.web.core import permissions
from anyshore.web.core import queries as people
from anyshore.web.core.models import CLIENT_SIDE, Person
from anyshore.web.walls.models import Interest

_STANDING_FIRST = F("until").asc(nulls_first=True)

RELATIONS = (_("employment"), _("holding"), _("family"), _("former client"), _("earlier mandate"))
"""Words for a relation that are offered; others may be written."""


def own(person: Person) -> QuerySet[Interest]:
    """A person's own, those that stand first."""
    permissions.require(person, "interest.note")
    return Interest.objects.filter(person=person).order_by(_STANDING_FIRST, "-since", "-pk")


def of_colleagues(person: Person) -> QuerySet[Interest]:
    """Those of everybody whose manager the person is; nobody's for others."""
    if "people.manage" not in permissions.abilities(person):
        return Interest.objects.none()
    found = Interest.objects.filter(person__in=people.colleagues(person).values("pk")).exclude(person=person)
    return found.select_related("person").order_by("person__name", _STANDING_FIRST, "-since", "-pk")


def for_whom(person: Person) -> list[Person]:
    """The people for whom somebody may note an interest, themselves first."""
    if "people.manage" not in permissions.abilities(person):
        return [person]
    others = people.colleagues(person).exclude(memberships__role__in=CLIENT_SIDE).exclude(pk=person.pk)
    return [person, *others]
