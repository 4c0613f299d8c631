"""Acts that bind somebody ask again who it is: a session left open on a desk signs nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from anyshore.web.core.errors import Denied
from anyshore.web.core.requests import Request

View = Callable[..., HttpResponse]


class Unconfirmed(Denied):
    """The session may do this once the person has confirmed that it is them."""

    def __init__(self) -> None:
        super().__init__(
            _("Confirm first that it is you."),
            hint=_("Do it in the pages, or with a token that is for it."),
        )
        self.code = "access.unconfirmed"


def confirmed(view: View) -> View:
    """Sending the page's form asks for the password or a second factor, unless that was given minutes ago.

    What was sent is kept and done once it is given.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            ask(request)
        return view(request, *args, **kwargs)

    return asked


def ask(request: HttpRequest) -> None:
    """Asks in a page.

    Raises:
        ReauthenticationRequired: it was not given lately; the middleware leads there and back.
    """
    if not did_recently_reauthenticate(request):
        raise ReauthenticationRequired


def require(request: Request) -> None:
    """Asks in the API. A token that is for it is the confirmation: it was made by one.

    Raises:
        Unconfirmed: a session that was not confirmed lately.
    """
    if request.user.limits is None and not did_recently_reauthenticate(request):
        raise Unconfirmed
