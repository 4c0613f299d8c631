"""What each role may do: one table. Every action and query asks here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from anyshore.web.core import once
from anyshore.web.core.errors import Denied, NotFound
from anyshore.web.core.models import CLIENT_SIDE, Conflict, Engagement, Membership, Organisation, Person, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LEARN = "course.take"
"""The one ability of people who only learn: they know an engagement by its courses alone."""

ABILITIES: dict[str, frozenset[str]] = {
    Role.OWNER: frozenset({
        "work.see", "case.see", "document.see", "scorecard.see", "invoice.see", "ledger.see", "process.see",
        "portfolio.see", "portfolio.decide", "audit.see", "work.do", "question.answer", "process.check", "received.see",
        "references.see", "people.invite", "webhook.manage", "invoice.answer",
    }),
    Role.MANAGER: frozenset({
        "work.see", "work.start", "work.do", "case.see", "document.see", "scorecard.see", "invoice.see",
        "invoice.issue", "ledger.see", "process.see", "incident.see", "incident.act", "people.manage", "audit.see",
        "library.see", "engagement.create", "process.check", "process.deploy", "interest.note", "received.see",
        "references.see", "references.load", "channel.manage", "people.invite", "webhook.manage",
    }),
    Role.AGENT: frozenset({"work.see", "work.do", "case.see", "document.see", "process.see", "interest.note"}),
    Role.EXPERT: frozenset({
        "work.see", "work.do", "case.see", "case.plan", "case.sign", "document.see", "process.see", "scorecard.see",
        "process.check", "interest.note",
    }),
    Role.LEARNER: frozenset({LEARN}),
}  # fmt: skip
"""Role → abilities. Owners and learners act through their client, everybody else through their provider."""

_ASSIGNED = (Role.AGENT, Role.EXPERT)


def _may(person: Person, role: str) -> frozenset[str]:
    """What a role lets somebody do: a person all of it, a program that acts for one as far as its token goes."""
    found = ABILITIES[role]
    return found if person.limits is None else found & person.limits.abilities


def visible_engagements(person: Person, ability: str | None = None) -> QuerySet[Engagement]:
    """The engagements a person may see (and do ``ability`` in).

    Owners see their client's, managers their provider's, agents and experts those they are assigned to; learners those
    of their client where their courses are asked for, and otherwise none; nobody sees one behind a conflict-of-interest
    wall.
    """
    if not person.is_authenticated or not person.is_active:
        return Engagement.objects.none()
    known = _known(person)
    if known is not None:
        return Engagement.objects.filter(pk__in=[one.pk for one in known if _seen_by(person, one.roles, ability)])
    return _by_roles(person, [one for one in person.memberships.all() if _seen_by(person, {one.role}, ability)])


def keys_seen(person: Person, ability: str) -> list[str]:
    """The keys of the engagements in which a person has an ability: what a host is asked with."""
    if not person.is_authenticated or not person.is_active:
        return []
    known = _known(person)
    if known is not None:
        return [one.key for one in known if _seen_by(person, one.roles, ability)]
    return list(visible_engagements(person, ability).values_list("key", flat=True))


def _seen_by(person: Person, roles: Iterable[str], ability: str | None) -> bool:
    """Whether one of the roles shows an engagement: a learner's does for courses alone."""
    if ability is None:
        return any(role != Role.LEARNER for role in roles)
    return any(ability in _may(person, role) for role in roles)


def _by_roles(person: Person, memberships: Iterable[Membership]) -> QuerySet[Engagement]:
    able = Q(pk__in=[])
    for membership in memberships:
        if membership.role in CLIENT_SIDE:
            able |= Q(client=membership.organisation_id)
        elif membership.role in _ASSIGNED:
            able |= Q(provider=membership.organisation_id, assignments__person=person)
        else:
            able |= Q(provider=membership.organisation_id)
    walled = person.conflicts.values("organisation")
    return Engagement.objects.filter(able).exclude(client__in=walled).distinct()


@dataclass(frozen=True, slots=True)
class _Known:
    """An engagement, and the roles that show it to somebody."""

    pk: int
    key: str
    roles: frozenset[str]


MOST_KNOWN = 500
"""Engagements of somebody up to which they are looked up once for a page, and named one by one in its queries."""


def _known(person: Person) -> Sequence[_Known] | None:
    """All engagements of a person, within a request that only reads; None where each query finds its own."""
    return once.found(("engagements", person.pk), lambda: _look_up(person)) if once.within() else None


def _look_up(person: Person) -> Sequence[_Known] | None:
    memberships = list(person.memberships.all())
    found = _by_roles(person, memberships).values_list("pk", "key", "client", "provider")
    rows = list(found.order_by("pk")[: MOST_KNOWN + 1])
    if len(rows) > MOST_KNOWN:
        return None
    narrow = [one for one in memberships if one.role in _ASSIGNED]
    assigned = {pk for pk, *_ in rows}
    if narrow and len(narrow) < len(memberships):
        assigned = set(person.assignments.values_list("engagement", flat=True))
    return [
        _Known(pk, key, frozenset(
            one.role for one in memberships
            if one.organisation_id == (client if one.role in CLIENT_SIDE else provider)
            and (one.role not in _ASSIGNED or pk in assigned)
        ))
        for pk, key, client, provider in rows
    ]  # fmt: skip


def able(person: Person, engagement: Engagement) -> frozenset[str]:
    """All a person may do in one engagement: the rule of :func:`visible_engagements`, for every ability at once."""
    if not person.is_authenticated or not person.is_active:
        return frozenset()
    if person.conflicts.filter(organisation=engagement.client_id).exists():
        return frozenset()
    assigned = engagement.assignments.filter(person=person).exists()
    found: frozenset[str] = frozenset()
    for membership in person.memberships.all():
        side = engagement.client_id if membership.role in CLIENT_SIDE else engagement.provider_id
        if membership.organisation_id == side and (assigned or membership.role not in _ASSIGNED):
            found |= _may(person, membership.role)
    return found


def who_sees(engagement: Engagement) -> QuerySet[Person]:
    """The people an engagement is visible to: the same rule as :func:`visible_engagements`, asked the other way."""
    owners = Q(memberships__organisation=engagement.client, memberships__role=Role.OWNER)
    managers = Q(memberships__organisation=engagement.provider, memberships__role=Role.MANAGER)
    able = Person.objects.filter(memberships__organisation=engagement.provider, memberships__role__in=_ASSIGNED)
    assigned = Q(pk__in=able, assignments__engagement=engagement)
    walled = Conflict.objects.filter(organisation=engagement.client).values("person")
    return Person.objects.filter(owners | managers | assigned, is_active=True).exclude(pk__in=walled).distinct()


def engagement(person: Person, key: str, ability: str | None = None) -> Engagement:
    """One engagement by its key.

    Raises:
        NotFound: there is none, or the person may not know of it.
        Denied: the person sees it but lacks the ability.
    """
    found = visible_engagements(person).filter(key=key).select_related("client", "provider").first()
    if found is None:
        raise NotFound(_("There is no such engagement."))
    if ability is not None and not may(person, ability, found):
        raise Denied(_("Your role does not allow this."), hint=_("Ask the delivery manager of the engagement."))
    return found


def may(person: Person, ability: str, engagement: Engagement | str) -> bool:
    """Whether a person sees an engagement (or the one with a key) and has an ability in it."""
    known = _known(person) if person.is_authenticated and person.is_active else None
    if known is not None:
        asked = engagement if isinstance(engagement, str) else engagement.key
        return any(one.key == asked and _seen_by(person, one.roles, ability) for one in known)
    wanted = Q(key=engagement) if isinstance(engagement, str) else Q(pk=engagement.pk)
    return visible_engagements(person, ability).filter(wanted).exists()


def organisations(person: Person, ability: str) -> QuerySet[Organisation]:
    """The organisations in which a person has an ability."""
    if not person.is_authenticated or not person.is_active:
        return Organisation.objects.none()
    roles = [role for role in ABILITIES if ability in _may(person, role)]
    return Organisation.objects.filter(memberships__person=person, memberships__role__in=roles).distinct()


def organisation(person: Person, key: str, ability: str) -> Organisation:
    """One organisation in which the person has the ability.

    Raises:
        NotFound: there is none, or the person is no member.
        Denied: a member without the ability.
    """
    found = Organisation.objects.filter(key=key, memberships__person=person).distinct().first()
    if found is None:
        raise NotFound(_("There is no such organisation."))
    if not organisations(person, ability).filter(pk=found.pk).exists():
        raise Denied(_("Your role does not allow this."))
    return found


def abilities(person: Person | AnonymousUser) -> frozenset[str]:
    """All a person may do somewhere; what navigation shows."""
    if not isinstance(person, Person):
        return frozenset()
    return frozenset[str]().union(*(_may(person, one.role) for one in person.memberships.all()))


def require(person: Person, ability: str) -> None:
    """The person has the ability somewhere.

    Raises:
        Denied: nowhere.
    """
    if ability not in abilities(person):
        raise Denied(_("Your role does not allow this."))


def keys(engagements: Iterable[Engagement]) -> list[str]:
    """Their keys, as the host knows them."""
    return [one.key for one in engagements]
