"""Signing in by email and password."""

from __future__ import annotations

from django.contrib.auth.backends import BaseBackend
from django.db.models import Prefetch
from django.http import HttpRequest

from anyshore.web.accounts import throttle
from anyshore.web.core.models import Membership, Person


class EmailBackend(BaseBackend):
    """Email and password. After too many failures lately both are refused without looking at the password."""

    def authenticate(  # type: ignore[override]  # backends name what they take, Django's own one too
        self, request: HttpRequest | None, email: str | None = None, password: str | None = None
    ) -> Person | None:
        """The person, or None."""
        if not email or password is None:
            return None
        email = email.strip().lower()
        if throttle.locked(email, request):
            return None
        person = Person.objects.filter(email=email).first()
        if person is None:
            Person().set_password(password)  # the same work as for a known address, so that time tells nothing
        elif person.check_password(password) and person.is_active:
            throttle.succeeded(email, request)
            return person
        throttle.failed(email, request)
        return None

    def get_user(self, user_id: int) -> Person | None:
        """The person of a session, while active, with their roles: a request asks for these again and again."""
        roles = Prefetch("memberships", Membership.objects.select_related("organisation"))
        return Person.objects.filter(pk=user_id, is_active=True).prefetch_related(roles).first()
