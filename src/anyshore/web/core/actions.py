"""Changes to people, organisations and engagements. Each checks the permission and owns its transaction."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from anyshore.knowledge.languages import LEVELS
from anyshore.web.core import audit, languages, permissions
from anyshore.web.core.errors import Invalid, NotFound
from anyshore.web.core.models import (
    Assignment,
    Conflict,
    Credential,
    Engagement,
    Organisation,
    Person,
    Theme,
)


@transaction.atomic
def assign(by: Person, person: Person, engagement: Engagement, assigned: bool) -> None:
    """Puts an agent or expert on an engagement, or takes them off it."""
    permissions.engagement(by, engagement.key, "people.manage")
    _colleague(by, person)
    if assigned:
        Assignment.objects.get_or_create(person=person, engagement=engagement)
    else:
        Assignment.objects.filter(person=person, engagement=engagement).delete()
    action = "person.assigned" if assigned else "person.unassigned"
    audit.record(by, action, person.email, engagement=engagement)


@transaction.atomic
def certify(
    by: Person, person: Person, kind: str, subject: str, level: str, valid_from: date, valid_until: date | None
) -> Credential:
    """Notes what a person has shown to know, and who verified it.

    A language is kept by its tag and has a level of the framework; a channel is kept in small letters.

    Raises:
        Invalid: a part is missing or does not fit; says which.
    """
    _colleague(by, person)
    problems = {}
    if kind not in Credential.Kind.values:
        problems["kind"] = _("Choose a kind.")
    if not subject.strip():
        problems["subject"] = _("Say what it is about.")
    elif kind == Credential.Kind.LANGUAGE:
        found = languages.tag(subject)
        subject = found or subject
        if found is None:
            problems["subject"] = _("There is no such language. Write its name or its code, as de.")
        if level not in LEVELS:
            problems["level"] = _("A language needs a level, from A1 to C2, or native.")
    elif kind == Credential.Kind.CHANNEL:
        subject = subject.lower()
    if valid_until is not None and valid_until < valid_from:
        problems["valid_until"] = _("It ends before it begins.")
    if by == person:
        problems["person"] = _("Nobody verifies their own knowledge.")
    if problems:
        raise Invalid(problems)
    credential = Credential.objects.create(
        person=person, kind=kind, subject=subject.strip(), level=level, valid_from=valid_from, valid_until=valid_until,
        verified_by=by,
    )  # fmt: skip
    audit.record(by, "credential.verified", person.email, kind=kind, subject=subject, level=level)
    return credential


@transaction.atomic
def wall_off(by: Person, person: Person, client: Organisation, reason: str) -> Conflict:
    """Puts a conflict-of-interest wall between a person and a client."""
    _colleague(by, person)
    if not reason.strip():
        raise Invalid({"reason": _("Say why.")})
    wall, _new = Conflict.objects.update_or_create(person=person, organisation=client, defaults={"reason": reason})
    audit.record(by, "conflict.declared", person.email, organisation=client, reason=reason)
    return wall


@transaction.atomic
def lift_conflict(by: Person, person: Person, conflict: int, reason: str) -> None:
    """Takes the wall between a person and a client down; that it stood, and why it fell, stays in the audit trail.

    Raises:
        Invalid: there is no reason, or it is one's own.
        NotFound: there is no such wall.
    """
    _colleague(by, person)
    if by == person:
        raise Invalid({"reason": _("Nobody takes down their own wall.")})
    if not reason.strip():
        raise Invalid({"reason": _("Say why.")})
    wall = Conflict.objects.select_for_update().filter(pk=conflict, person=person).first()
    if wall is None:
        raise NotFound(_("There is no such wall."))
    facts: dict[str, Any] = {"reason": reason.strip(), "declared": wall.reason}
    audit.record(by, "conflict.lifted", person.email, organisation=wall.organisation, **facts)
    wall.delete()


@transaction.atomic
def choose_zone(by: Person, zone: str) -> None:
    """The time zone by whose clock the person is told times from now on; empty for none."""
    if zone and zone not in available_timezones():
        raise Invalid({"zone": _("There is no such time zone. Write it as Europe/Berlin.")})
    by.zone = zone
    by.save(update_fields=["zone"])


def notice_zone(by: Person, zone: str) -> None:
    """Takes the time zone a browser names for that of a person who has not chosen one."""
    if not by.zone and zone in available_timezones():
        choose_zone(by, zone)


def choose_look(by: Person, theme: str, dense: bool) -> None:
    """The colours of the person's pages, and whether rows stand closer together."""
    if theme not in Theme.values:
        raise Invalid({"theme": _("There are no such colours.")})
    by.theme, by.dense = theme, dense
    by.save(update_fields=["theme", "dense"])


HOURS = range(24)


def choose_digest(by: Person, hour: int | None) -> None:
    """At which hour of the day the person is mailed what waits for them; None: never."""
    if hour is not None and hour not in HOURS:
        raise Invalid({"hour": _("There is no such hour.")})
    by.digest = hour
    by.save(update_fields=["digest"])


def choose_language(by: Person, code: str) -> None:
    """The language the person reads from now on, in every browser."""
    if code not in dict(settings.LANGUAGES):
        raise Invalid({"language": _("There is no such language.")})
    by.language = code
    by.save(update_fields=["language"])


def _colleague(by: Person, person: Person) -> None:
    """The person works in an organisation that ``by`` manages."""
    managed = permissions.organisations(by, "people.manage")
    if not managed.filter(memberships__person=person).exists():
        permissions.require(by, "people.manage")
        raise NotFound(_("There is no such person in your organisation."))
