"""Programs at the API: whose token it is, and whether what it asks for is what the token is for.

The abilities of a token are asked where those of people are (:mod:`anyshore.web.core.permissions`). Here stands what
they do not say: a token that only reads sends nothing, and one that is bound to services reaches what is theirs alone.
"""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from anyshore.web.accounts.tokens import SCOPES, person_of_token
from anyshore.web.core.errors import Denied
from anyshore.web.core.models import Limits, Person
from anyshore.web.core.numbers import whole
from anyshore.web.engine.models import Instance

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OF_NO_SERVICE = frozenset({"/api/me", "/api/me/tokens"})
"""What every token may ask: who it is."""


class OutOfScope(Denied):
    """The token is not for this."""

    def __init__(self, hint: str) -> None:
        super().__init__(_("This token is not for this."), hint=hint)
        self.code = "access.scope"


class Token(HttpBearer):
    """``Authorization: Bearer any_…``; tokens are made on the account page."""

    def authenticate(self, request: HttpRequest, token: str) -> Person | None:
        """The token's owner acts, as far as the token goes."""
        person = person_of_token(token)
        if person is None:
            return None
        if person.handed:
            raise Denied(_("Somebody else chose your password."), hint=_("Choose one of your own on the account page."))
        assert person.limits is not None
        _check(request, person.limits)
        request.user = person
        return person


def _check(request: HttpRequest, limits: Limits) -> None:
    if request.method not in SAFE and limits.abilities <= SCOPES["read"][1]:
        raise OutOfScope(_("It only reads. Make one that may do this."))
    if limits.services and request.path_info not in OF_NO_SERVICE and not (_services(request) & limits.services):
        raise OutOfScope(_("It is bound to services: %s.") % ", ".join(sorted(limits.services)))


def _services(request: HttpRequest) -> set[str]:
    """The one service a request is about: that of the piece of work, or the one its address or body names.

    A request that names several, or a piece of work of one and the name of another, is about none.
    """
    match = request.resolver_match
    named: list[Any] = [match.kwargs.get("service")] if match else []
    number = whole(str((match and (match.kwargs.get("number") or match.kwargs.get("instance"))) or ""))
    if number is not None:
        named.append(Instance.objects.filter(pk=number).values_list("service", flat=True).first())
    if request.content_type == "application/json" and request.method not in SAFE:
        try:
            body = json.loads(request.body or b"null")
        except (ValueError, RecursionError):
            body = None
        named.append(body.get("service") if isinstance(body, dict) else None)
    found = {str(one) for one in named if one}
    return found if len(found) == 1 else set()
