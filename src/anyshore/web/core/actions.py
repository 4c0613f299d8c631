"""Changes to people, organisations and engagements. Each checks the permission and owns its transaction."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from anyshore.knowledge.languages import LEVELS
from anyshore.web.core import audit, languages, permissions, signin
from anyshore.web.core.errors import Invalid, NotFound
from anyshore.web.core.models import (
    ApiToken,
    Assignment,
    Conflict,
    Credential,
    Engagement,
    Membership,
    Organisation,
    Person,
    Role,
)


@transaction.atomic
def add_person(by: Person, organisation: Organisation, email: str, name: str, role: str, password: str) -> Person:
    """Adds a person to the manager's organisation; an existing person gets a further role."""
    permissions.organisation(by, organisation.key, "people.manage")
    problems: dict[str, str] = {}
    if role not in Role.values or (role == Role.OWNER) != (organisation.kind == Organisation.Kind.CLIENT):
        problems["role"] = _("This role does not exist on this side.")
    person = Person.objects.filter(email=email.strip().lower()).first()
    if person is not None and not person.memberships.filter(organisation=organisation).exists():
        problems["email"] = _("This address belongs to someone of another organisation.")
    if person is None:
        try:
            validate_password(password)
        except ValidationError as error:
            problems["password"] = " ".join(error.messages)
    if problems:
        raise Invalid(problems)
    if person is None:
        person = Person.objects.create_user(email, password, name=name)
    Membership.objects.get_or_create(person=person, organisation=organisation, role=role)
    audit.record(by, "person.added", person.email, organisation=organisation, role=role)
    return person


@transaction.atomic
def add_client(by: Person, provider: Organisation, client: str, name: str, email: str, password: str) -> Organisation:
    """Introduces a client to the manager's provider, with the person who owns the service there."""
    permissions.organisation(by, provider.key, "people.manage")
    problems: dict[str, str] = {}
    key = slugify(client)[:50]
    if not key or Organisation.objects.filter(key=key).exists():
        problems["client"] = _("Give the client a name that is not taken.")
    if Person.objects.filter(email=email.strip().lower()).exists():
        problems["email"] = _("This address belongs to someone of another organisation.")
    try:
        validate_password(password)
    except ValidationError as error:
        problems["password"] = " ".join(error.messages)
    if problems:
        raise Invalid(problems)
    found = Organisation.objects.create(
        key=key, name=client.strip(), kind=Organisation.Kind.CLIENT, introduced_by=provider
    )
    owner = Person.objects.create_user(email, password, name=name)
    Membership.objects.create(person=owner, organisation=found, role=Role.OWNER)
    audit.record(by, "client.introduced", found.name, organisation=provider, owner=owner.email)
    return found


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
def choose_language(by: Person, code: str) -> None:
    """The language the person reads from now on, in every browser."""
    if code not in dict(settings.LANGUAGES):
        raise Invalid({"language": _("There is no such language.")})
    by.language = code
    by.save(update_fields=["language"])


@transaction.atomic
def change_password(by: Person, old: str, new: str) -> None:
    """The person's own new password; every other session of theirs ends.

    Raises:
        Invalid: the old one is wrong, or the new one is weak.
    """
    problems: dict[str, str] = {}
    if not by.check_password(old):
        problems["old"] = _("This is not your password.")
    problems |= _weak(new, by, "new")
    if problems:
        raise Invalid(problems)
    by.set_password(new)
    by.save(update_fields=["password"])
    audit.record(by, "password.changed", by.email)


@transaction.atomic
def reset_password(by: Person, person: Person, password: str) -> None:
    """A new first password for a colleague who has lost theirs; every session of theirs ends.

    Raises:
        Invalid: it is weak, or the colleague works elsewhere too, whose accounts are not the manager's to open.
    """
    _own_colleague(by, person)
    problems = _weak(password, person, "password")
    if problems:
        raise Invalid(problems)
    person.set_password(password)
    person.save(update_fields=["password"])
    audit.record(by, "password.reset", person.email, organisation=person.memberships.all()[0].organisation)


@transaction.atomic
def deactivate(by: Person, person: Person, active: bool) -> None:
    """Closes the account of a colleague who has left, or opens it again; sessions and tokens end at once.

    Raises:
        Invalid: it is one's own account, or the colleague works elsewhere too.
    """
    _own_colleague(by, person)
    person.is_active = active
    person.save(update_fields=["is_active"])
    action = "person.activated" if active else "person.deactivated"
    audit.record(by, action, person.email, organisation=person.memberships.all()[0].organisation)


def _own_colleague(by: Person, person: Person) -> None:
    _colleague(by, person)
    if by == person:
        raise Invalid({"person": _("Not your own account.")})
    managed = permissions.organisations(by, "people.manage")
    if person.memberships.exclude(organisation__in=managed).exists():
        raise Invalid({"person": _("This person works for another organisation too.")})


def _weak(password: str, person: Person, field: str) -> dict[str, str]:
    try:
        validate_password(password, person)
    except ValidationError as error:
        return {field: " ".join(error.messages)}
    return {}


@transaction.atomic
def issue_token(by: Person, name: str) -> str:
    """A token for the person's own programs. Shown once."""
    if not name.strip():
        raise Invalid({"name": _("Give the token a name.")})
    token = signin.issue_token(by, name.strip())
    audit.record(by, "token.issued", name.strip())
    return token


@transaction.atomic
def revoke_token(by: Person, token: int) -> None:
    """Ends one of the person's own tokens."""
    if ApiToken.objects.filter(pk=token, person=by, revoked=None).update(revoked=timezone.now()):
        audit.record(by, "token.revoked", token)


def _colleague(by: Person, person: Person) -> None:
    """The person works in an organisation that ``by`` manages."""
    managed = permissions.organisations(by, "people.manage")
    if not managed.filter(memberships__person=person).exists():
        permissions.require(by, "people.manage")
        raise NotFound(_("There is no such person in your organisation."))
