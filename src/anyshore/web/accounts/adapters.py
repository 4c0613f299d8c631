"""How django-allauth behaves here: nobody signs up by himself, guessing is counted, what happens is noted."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from anyshore.web.accounts import secrecy, security, throttle
from anyshore.web.accounts.addresses import address_of, host_of
from anyshore.web.core.models import Person
from anyshore.web.core.ways import remember_language


class Accounts(DefaultAccountAdapter):
    """Signing in, and confirming that it is still oneself."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come in by links alone."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """As everywhere else here."""
        return host_of(request)

    def reauthenticate(self, user: Person, password: str) -> bool:
        """Whether it is the person's password; wrong ones count as failures to sign in."""
        request = context.request
        if throttle.locked(user.email, request):
            return False
        if user.check_password(password):
            throttle.succeeded(user.email, request)
            return True
        throttle.failed(user.email, request, how="confirmation")
        return False

    def post_login(self, request: HttpRequest, user: Person, **facts: Any) -> HttpResponse:
        """The browser is known from now on; ended sessions are cleared away."""
        response = super().post_login(request, user, **facts)
        methods = [one["method"] for one in get_authentication_records(request, user)]
        security.note("sign-in", user, by=user, address=address_of(request), how=methods)
        throttle.remember(request, response, user)
        remember_language(response, user.language)
        clear_ended()
        return response


class Factors(DefaultMFAAdapter):
    """Second factors."""

    def get_totp_issuer(self) -> str:
        """What an app shows beside the code."""
        return "Anyshore"

    def encrypt(self, text: str) -> str:
        """Seeds of codes stand encrypted in the database: a copy of it is no second factor."""
        return secrecy.sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The other way."""
        return secrecy.opened(encrypted_text)


def clear_ended() -> None:
    """Removes sessions that have expired, and what is known of sessions that are no more."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    UserSession.objects.filter(~Exists(Session.objects.filter(session_key=OuterRef("session_key")))).delete()
