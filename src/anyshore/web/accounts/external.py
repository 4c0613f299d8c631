"""Whom an assertion of a provider of identity lets in (see :mod:`anyshore.web.accounts.identities`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from anyshore.web.accounts import security
from anyshore.web.accounts.addresses import address_of
from anyshore.web.accounts.identities import OIDC, SAML, Identity
from anyshore.web.accounts.sessions import gated
from anyshore.web.core.models import Membership, Organisation, Person


@dataclass(frozen=True, slots=True)
class Way:
    """A provider as the sign-in page shows it: its name, and where its button leads."""

    name: str
    path: str


def shown(request: HttpRequest) -> list[Way]:
    """The ways beside email and password."""
    del request
    names = {OIDC: ("openid_connect_login", "provider_id"), SAML: ("saml_login", "organization_slug")}
    return [
        Way(one.name, reverse(names[one.kind][0], kwargs={names[one.kind][1]: one.key})) for one in settings.IDENTITIES
    ]


class Identities(DefaultSocialAccountAdapter):
    """Whom an assertion of a provider lets in."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """An assertion makes nobody."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Finds the person an assertion speaks of, among those the provider speaks for."""
        identity = _of(sociallogin)
        email = _asserted(sociallogin, identity)
        person = Person.objects.filter(email=email, is_active=True).first() if email else None
        known = sociallogin.user if sociallogin.is_existing else None
        if known is not None and known != person:  # the directory renamed somebody, or gave an address to somebody else
            person = None
        if identity is None or person is None or not _speaks_for(identity, person):
            security.write("identity.refused", email, provider=identity and identity.key, address=address_of(request))
            messages.error(request, _("This sign-in opens no account here. Ask who manages your organisation."))
            raise ImmediateHttpResponse(redirect("sign-in"))
        if known is None:
            sociallogin.connect(request, person)
            security.note("identity.linked", person, by=person, provider=identity.key)

    def get_requests_session(self) -> Any:
        """Through the gate."""
        return gated()


def _of(sociallogin: Any) -> Identity | None:
    provider = sociallogin.account.provider
    return next((one for one in settings.IDENTITIES if one.app["provider_id"] == provider), None)


def _asserted(sociallogin: Any, identity: Identity | None) -> str:
    """The address an assertion names; of OpenID Connect only one the provider has verified."""
    found = [
        one.email.strip().lower()
        for one in sociallogin.email_addresses
        if one.verified or (identity is not None and identity.kind == SAML)
    ]
    return found[0] if found else ""


def _speaks_for(identity: Identity, person: Person) -> bool:
    """Whether every organisation a person belongs to is the provider's."""
    mine = Membership.objects.filter(person=person)
    others = Organisation.objects.exclude(key__in=identity.organisations)
    return mine.exists() and not mine.filter(organisation__in=others).exists()
