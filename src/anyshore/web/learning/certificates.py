"""Certificates: given to who passes, revoked with a reason, checked by anybody who has the number."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from anyshore.base.temporal import Date
from anyshore.web.core import audit, permissions
from anyshore.web.core.errors import Invalid
from anyshore.web.core.models import Credential, Person
from anyshore.web.engine.running import now
from anyshore.web.learning import badges, queries
from anyshore.web.learning.models import Attempt, Certificate, Lookup
from anyshore.web.learning.queries import Subject
from anyshore.web.work.items import day_of

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters and digits that are not taken for each other."""
LENGTH = 12
"""Of a number: 60 bits, so nobody guesses one."""
WINDOW = timedelta(minutes=15)
MOST = 30
"""Numbers one address may ask for within the window."""

VALID, EXPIRED, REVOKED = "valid", "expired", "revoked"


def issue(found: Subject, attempt: Attempt) -> Certificate:
    """Gives a certificate, and with it the credential the queue asks for. One renewed in time goes on from its end.

    Called within the transaction that marks the test.
    """
    today = day_of(now(), found.engagement.zone)
    goes_on = found.until is not None and found.until >= today
    start = found.until if goes_on and found.until is not None else today
    until = _later(start, found.assessment.months) if found.assessment.months else None
    credential = Credential.objects.create(
        person=attempt.person, kind=Credential.Kind.CERTIFICATE, subject=found.key, valid_from=today, valid_until=until
    )  # fmt: skip
    made = Certificate(
        number=_number(), person=attempt.person, attempt=attempt, credential=credential,
        issuer=found.engagement.provider, holder=attempt.person.name, subject=found.key,
        titles=dict(found.pack.title), issued=today, until=until,
    )  # fmt: skip
    made.badge = badges.signed(made)
    made.save()
    audit.record(attempt.person, "certificate.issued", made.number, organisation=made.issuer, certificate=found.key)
    return made


def _later(day: date, months: int) -> date:
    """So many months on; at most the last day of its month."""
    end = Date(day.year, day.month, day.day).plus_months(months)
    return date(end.year, end.month, end.day)


def _number() -> str:
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))


@transaction.atomic
def revoke(by: Person, number: str, reason: str) -> Certificate:
    """Takes a certificate back: from this moment the queue gives nothing for it.

    Raises:
        Invalid: there is no reason, or it is one's own.
    """
    found = queries.certificate(by, number)
    permissions.organisation(by, found.issuer.key, "people.manage")
    if by == found.person:
        raise Invalid({"reason": _("Nobody revokes their own certificate.")})
    if not reason.strip():
        raise Invalid({"reason": _("Say why.")})
    if found.revoked is None:
        credential = found.credential
        found.revoked, found.reason, found.credential = timezone.now(), reason.strip(), None
        found.save()
        if credential is not None:
            credential.delete()
        audit.record(by, "certificate.revoked", found.number, organisation=found.issuer, reason=reason.strip())
    return found


@dataclass(frozen=True, slots=True)
class Checked:
    """What anybody may know of a certificate: what stands on it, and whether it holds.

    Attributes:
        certificate: what it says.
        state: valid, expired or revoked; nothing of why.
    """

    certificate: Certificate
    state: str


def state_of(found: Certificate, today: date) -> str:
    """Whether a certificate holds on a day."""
    if found.revoked is not None:
        return REVOKED
    return EXPIRED if found.until is not None and found.until < today else VALID


def check(number: str, address: str) -> Checked | None:
    """Looks a certificate up; None: there is none of that number.

    Raises:
        TooMany: the address asked too often of late.
    """
    moment = timezone.now()
    Lookup.objects.filter(at__lt=moment - WINDOW).delete()
    if Lookup.objects.filter(address=address).count() >= MOST:
        raise TooMany
    Lookup.objects.create(address=address, at=moment)
    plain = "".join(char for char in number.upper() if char in ALPHABET)
    found = Certificate.objects.select_related("issuer").filter(number=plain).first() if len(plain) == LENGTH else None
    return None if found is None else Checked(found, state_of(found, day_of(now())))


class TooMany(Exception):
    """An address asked too often."""
