"""Signing in: by email and password, by token; guessing is slowed down, by account and by where it comes from."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest
from django.utils import timezone

from anyshore.web.core.models import ApiToken, Person, SignInFailure

MAX_FAILURES = 10
"""For one account within the window."""
MAX_FROM_ADDRESS = 50
"""For all accounts from one address within the window: a whole office may come from one."""
WINDOW = timedelta(minutes=15)


class EmailBackend(BaseBackend):
    """Email and password. After too many failures lately both are refused without looking at the password."""

    def authenticate(  # type: ignore[override]  # backends name what they take, Django's own one too
        self, request: HttpRequest | None, email: str | None = None, password: str | None = None
    ) -> Person | None:
        """The person, or None."""
        if not email or password is None:
            return None
        email = email.strip().lower()
        address = address_of(request)
        if locked(email, address):
            return None
        person = Person.objects.filter(email=email).first()
        if person is None:
            Person().set_password(password)  # the same work as for a known address, so that time tells nothing
        elif person.check_password(password) and person.is_active:
            SignInFailure.objects.filter(email=email).delete()
            return person
        SignInFailure.objects.create(email=email[:254], address=address, at=timezone.now())
        return None

    def get_user(self, user_id: int) -> Person | None:
        """The person of a session, while active."""
        return Person.objects.filter(pk=user_id, is_active=True).first()


def locked(email: str, address: str = "") -> bool:
    """Whether signing in failed too often within the window: for the account, or for all from the client's address."""
    since = timezone.now() - WINDOW
    SignInFailure.objects.filter(at__lt=since).delete()
    failed = SignInFailure.objects.filter(at__gte=since)
    if address and failed.filter(address=address).count() >= MAX_FROM_ADDRESS:
        return True
    return failed.filter(email=email.strip().lower()).count() >= MAX_FAILURES


def address_of(request: HttpRequest | None) -> str:
    """Where a request comes from: an IPv4 address or the /64 network of an IPv6 one; empty where that is not known.

    Behind proxies it is what the outermost of ours wrote into ``X-Forwarded-For`` (``settings.PROXIES`` of them append
    to it); what stands left of that anybody may have written.
    """
    if request is None:
        return ""
    text = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES:
        passed = [one.strip() for one in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        text = passed[-settings.PROXIES] if len(passed) >= settings.PROXIES else ""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is None:
            return str(ipaddress.ip_network((found, 64), strict=False))
        found = found.ipv4_mapped
    return str(found)


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
    valid = ApiToken.objects.filter(digest=digest(token), revoked=None, person__is_active=True)
    found = valid.select_related("person").first()
    return found.person if found else None
