"""Passwords and accounts: each person's own; a manager closes an account, but never chooses its password."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from anyshore.web.accounts import security, throttle, tokens
from anyshore.web.core import permissions
from anyshore.web.core.errors import Invalid, NotFound
from anyshore.web.core.models import Person


@transaction.atomic
def change(by: Person, old: str, new: str, *, revoke: bool = False) -> None:
    """The person's own new password; every other session of theirs ends, and the tokens where they wish it.

    Raises:
        Invalid: the old one is wrong, or the new one is weak or the same.
    """
    problems: dict[str, str] = {}
    if not by.check_password(old):
        problems["old"] = _("This is not your password.")
    problems |= weak(new, by, "new")
    if not problems and old == new:
        problems["new"] = _("This is your password until now.")
    if problems:
        raise Invalid(problems)
    by.set_password(new)
    by.handed = False
    by.save(update_fields=["password", "handed"])
    security.note("password.changed", by, by=by)
    if revoke:
        tokens.revoke_all(by, by, "password.changed")


@transaction.atomic
def deactivate(by: Person, person: Person, active: bool) -> None:
    """Closes the account of a colleague who has left, or opens it again; sessions and tokens end at once.

    Raises:
        Invalid: it is one's own account, or the colleague works elsewhere too.
    """
    own_colleague(by, person)
    person.is_active = active
    person.save(update_fields=["is_active"])
    security.note("person.activated" if active else "person.deactivated", person, by=by)


@transaction.atomic
def unlock(by: Person, person: Person) -> None:
    """Lets a colleague sign in again whose account was guessed at too often."""
    own_colleague(by, person)
    throttle.unlock(person.email)
    security.note("sign-in.unlocked", person, by=by)


def own_colleague(by: Person, person: Person) -> None:
    """Whether an account is ``by``'s to open and to close.

    Raises:
        NotFound: the person works in no organisation of theirs.
        Invalid: it is their own, or that of somebody who works elsewhere too.
    """
    own = permissions.organisations(by, "people.invite")
    if not own.filter(memberships__person=person).exists():
        permissions.require(by, "people.invite")
        raise NotFound(_("There is no such person in your organisation."))
    if by == person:
        raise Invalid({"person": _("Not your own account.")})
    if person.memberships.exclude(organisation__in=own).exists():
        raise Invalid({"person": _("This person works for another organisation too.")})


def weak(password: str, person: Person, field: str) -> dict[str, str]:
    """What is wrong with a password, under the name of its field."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        return {field: " ".join(error.messages)}
    return {}
