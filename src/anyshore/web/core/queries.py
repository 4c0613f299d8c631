"""Reading people, organisations and the audit trail, as far as the reader may."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from anyshore.web.core import permissions
from anyshore.web.core.errors import NotFound
from anyshore.web.core.models import AuditEntry, Credential, Engagement, Organisation, Person


def colleagues(person: Person) -> QuerySet[Person]:
    """The people of the organisations a manager manages."""
    permissions.require(person, "people.manage")
    managed = permissions.organisations(person, "people.manage")
    found = Person.objects.filter(memberships__organisation__in=managed).distinct().order_by("name")
    return found.prefetch_related("memberships__organisation", "credentials", "assignments__engagement", "conflicts")


def colleague(person: Person, pk: int) -> Person:
    """One of them."""
    found = colleagues(person).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such person in your organisation."))
    return found


def managed_organisations(person: Person) -> QuerySet[Organisation]:
    """The organisations whose people a person manages."""
    return permissions.organisations(person, "people.manage")


def clients(person: Person) -> QuerySet[Organisation]:
    """The clients of the providers a person manages."""
    managed = permissions.organisations(person, "people.manage")
    own = Q(introduced_by__in=managed) | Q(bought__provider__in=managed)
    return Organisation.objects.filter(own, kind=Organisation.Kind.CLIENT).distinct().order_by("name")


def engagements(person: Person, ability: str | None = None) -> QuerySet[Engagement]:
    """The engagements a person sees, with their two sides."""
    found = permissions.visible_engagements(person, ability)
    return found.select_related("client", "provider").order_by("title", "pk")


def credentials(person: Person) -> QuerySet[Credential]:
    """What a person's valid credentials are today."""
    today = timezone.localdate()
    current = Q(valid_until=None) | Q(valid_until__gte=today)
    return person.credentials.filter(current, valid_from__lte=today)


def audit_trail(person: Person) -> QuerySet[AuditEntry]:
    """The changes in the person's organisations and engagements, newest first."""
    permissions.require(person, "audit.see")
    organisations = permissions.organisations(person, "audit.see")
    seen = Q(organisation__in=organisations) | Q(engagement__in=permissions.visible_engagements(person, "audit.see"))
    own = Q(organisation=None, engagement=None, person=person)
    return AuditEntry.objects.filter(seen | own).select_related("person", "engagement")
