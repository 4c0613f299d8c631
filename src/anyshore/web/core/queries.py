"""Reading people, organisations and the audit trail, as far as the reader may."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from anyshore.knowledge.languages import LEVELS, at_least, primary
from anyshore.packs.skills import Held
from anyshore.web.core import permissions
from anyshore.web.core.errors import NotFound
from anyshore.web.core.models import AuditEntry, Credential, Engagement, Organisation, Person


def colleagues(person: Person, ability: str = "people.manage") -> QuerySet[Person]:
    """The people of the organisations where somebody has an ability: a manager's, or those one may invite to."""
    permissions.require(person, ability)
    managed = permissions.organisations(person, ability)
    found = Person.objects.filter(memberships__organisation__in=managed).distinct().order_by("name")
    return found.prefetch_related(
        "memberships__organisation", "credentials__verified_by", "assignments__engagement", "conflicts__organisation"
    )


def colleague(person: Person, pk: int, ability: str = "people.manage") -> Person:
    """One of them."""
    found = colleagues(person, ability).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such person in your organisation."))
    return found


def clients(person: Person) -> QuerySet[Organisation]:
    """The clients of the providers a person manages."""
    managed = permissions.organisations(person, "people.manage")
    own = Q(introduced_by__in=managed) | Q(bought__provider__in=managed)
    return Organisation.objects.filter(own, kind=Organisation.Kind.CLIENT).distinct().order_by("name")


def engagements(person: Person, ability: str | None = None) -> QuerySet[Engagement]:
    """The engagements a person sees, with their two sides."""
    found = permissions.visible_engagements(person, ability)
    return found.select_related("client", "provider").order_by("title", "pk")


def told_apart(rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Engagements by key (key and title given): their titles, with the key beside a title that stands twice."""
    named = list(rows)
    counted = Counter(title for _key, title in named)
    return {key: f"{title} · {key}" if counted[title] > 1 else title for key, title in named}


def credentials(person: Person, on: date | None = None) -> QuerySet[Credential]:
    """What a person's valid credentials are on a day, today where none is named."""
    day = on or timezone.localdate()
    current = Q(valid_until=None) | Q(valid_until__gte=day)
    return person.credentials.filter(current, valid_from__lte=day)


def held(person: Person, on: date) -> Held:
    """What a person has shown to know on a day. A qualification that nobody verified does not count."""
    return held_of(person.credentials.all(), on)


def held_of(credentials: Iterable[Credential], on: date) -> Held:
    """What somebody with these credentials has shown to know on a day."""
    rows = [one for one in credentials if one.valid_from <= on and (one.valid_until is None or on <= one.valid_until)]

    def subjects(kind: str) -> frozenset[str]:
        return frozenset(one.subject for one in rows if one.kind == kind)

    return Held(
        subjects(Credential.Kind.CERTIFICATE),
        frozenset(one.subject for one in rows if one.kind == Credential.Kind.QUALIFICATION and one.verified_by_id),
        _best(one for one in rows if one.kind == Credential.Kind.LANGUAGE),
        frozenset(one.lower() for one in subjects(Credential.Kind.CHANNEL)),
    )


def ended(credentials: Iterable[Credential], on: date) -> dict[str, date]:
    """The last day of each certificate that was held before a day, and is no more."""
    rows = [one for one in credentials if one.kind == Credential.Kind.CERTIFICATE]
    held = held_of(rows, on).certificates
    found: dict[str, date] = {}
    for one in rows:
        if one.valid_until is not None and one.subject not in held:
            found[one.subject] = max(one.valid_until, found.get(one.subject, date.min))
    return found


def _best(rows: Iterable[Credential]) -> dict[str, str]:
    """The best level of each language; an entry without a level of the framework says nothing."""
    levels: dict[str, str] = {}
    for one in rows:
        code = primary(one.subject)
        if at_least(one.level, levels.get(code, LEVELS[0])):
            levels[code] = one.level
    return levels


KEPT_FROM: list[Callable[[Person], Q]] = []
"""What entries a person must not see; each app above adds its own when it is ready."""


def audit_trail(person: Person) -> QuerySet[AuditEntry]:
    """The changes in the person's organisations and engagements, newest first, without what a wall keeps them from."""
    permissions.require(person, "audit.see")
    organisations = permissions.organisations(person, "audit.see")
    seen = Q(organisation__in=organisations) | Q(engagement__in=permissions.visible_engagements(person, "audit.see"))
    own = Q(organisation=None, engagement=None, person=person)
    found = AuditEntry.objects.filter(seen | own).select_related("person", "engagement")
    for kept in KEPT_FROM:
        found = found.exclude(kept(person))
    return found
