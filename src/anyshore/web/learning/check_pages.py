"""Pages anybody may see: whether a certificate holds, and the keys badges are signed with."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from anyshore.web.accounts.addresses import address_of
from anyshore.web.core import reader
from anyshore.web.learning import badges, certificates


@never_cache
@require_safe
@login_not_required
def ask(request: HttpRequest) -> HttpResponse:
    """Asks for a number."""
    number = request.GET.get("number", "").strip()
    plain = "".join(char for char in number.upper() if char in certificates.ALPHABET)
    if plain:
        return redirect("check-certificate", plain[:40])
    return render(request, "learning/check.html", {"asked": ""})


@never_cache
@require_safe
@login_not_required
def check(request: HttpRequest, number: str) -> HttpResponse:
    """Says what a certificate says, and whether it holds: nothing else."""
    try:
        found = certificates.check(number, address_of(request))
    except certificates.TooMany:
        late = render(request, "learning/check.html", {"asked": number, "many": True}, status=429)
        late["Retry-After"] = str(int(certificates.WINDOW.total_seconds()))
        return late
    title = "" if found is None else found.certificate.titles.get(reader.language()) or found.certificate.subject
    data = {"asked": number, "found": found, "title": title}
    return render(request, "learning/check.html", data, status=404 if found is None else 200)


@require_safe
@login_not_required
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys, as a JWK set."""
    return JsonResponse(badges.keys())


urlpatterns = [
    path("check/", ask, name="check"),
    path("check/keys.json", keys, name="check-keys"),
    path("check/<slug:number>/", check, name="check-certificate"),
]
