"""Signing in: by email and password, by token; guessing is slowed down."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth.backends import BaseBackend
from django.utils import timezone

from anyshore.web.core.models import ApiToken, Person, SignInFailure

MAX_FAILURES = 10
WINDOW = timedelta(minutes=15)


class EmailBackend(BaseBackend):
    """Email and password. An address with too many failures lately is refused without looking at the password."""

    def authenticate(self, request, email=None, password=None):
        """The person, or None."""
        if not email or password is None:
            return None
        email = email.strip().lower()
        if locked(email):
            return None
        person = Person.objects.filter(email=email).first()
        if person is None:
            Person().set_password(password)  # the same work as for a known address, so that time tells nothing
        elif person.check_password(password) and person.is_active:
            SignInFailure.objects.filter(email=email).delete()
            return person
        SignInFailure.objects.create(email=email[:254], at=timezone.now())
        return None

    def get_user(self, user_id):
        """The person of a session, while active."""
        return Person.objects.filter(pk=user_id, is_active=True).first()


def locked(email: str) -> bool:
    """Whether an address failed too often within the window."""
    since = timezone.now() - WINDOW
    SignInFailure.objects.filter(at__lt=since).delete()
    return SignInFailure.objects.filter(email=email.strip().lower(), at__gte=since).count() >= MAX_FAILURES


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def issue_token(person: Person, name: str) -> str:
    """A fresh token; this is the only time anyone sees it."""
    token = f"any_{secrets.token_urlsafe(32)}"
    ApiToken.objects.create(person=person, name=name[:80], digest=digest(token))
    return token


def person_of_token(token: str) -> Person | None:
    """Whose token it is, unless revoked."""
    found = ApiToken.objects.filter(digest=digest(token), revoked=None, person__is_active=True)
    found = found.select_related("person").first()
    return found.person if found else None
