"""What a link leads to: an invitation, or a new password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from anyshore.web.accounts import forms, links
from anyshore.web.accounts.models import Link
from anyshore.web.core.errors import NotFound
from anyshore.web.core.forms import attempt, posted
from anyshore.web.core.models import Person

HELD = "link"
"""Where a session holds the secret of a link: it leaves the address at once, and with it histories and logs."""


@never_cache
@require_safe
@login_not_required
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """Takes the secret out of the address."""
    links.opened(secret)
    request.session[HELD] = secret
    return redirect("link-open")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def open_link(request: HttpRequest) -> HttpResponse:
    """Chooses a password, or accepts with the account there is."""
    secret = request.session.get(HELD, "")
    if not secret:
        raise NotFound(_("This link does not open (any more)."), hint=_("Ask for a new one where you got it."))
    found = links.opened(secret)
    if isinstance(request.user, Person) and found.kind == Link.Kind.INVITE:
        return _accept(request, request.user, found, secret)
    form = forms.Choose(posted(request))
    if request.method == "POST" and attempt(form, links.choose, secret):
        del request.session[HELD]
        messages.success(request, _("Your password is chosen. Sign in with it."))
        return redirect("sign-in")
    return render(request, "accounts/link.html", {"link": found, "form": form}, status=422 if form.errors else 200)


def _accept(request: HttpRequest, person: Person, found: Link, secret: str) -> HttpResponse:
    if request.method == "POST":
        links.accept(person, secret)
        del request.session[HELD]
        messages.success(request, _("Accepted. You belong to %s now.") % found.organisation)
        return redirect("home")
    return render(request, "accounts/accept.html", {"link": found})


urlpatterns = [
    path("links/", open_link, name="link-open"),
    path("links/<str:secret>/", link, name="link"),
]
