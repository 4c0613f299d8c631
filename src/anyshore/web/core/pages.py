"""Pages for everybody: the language, the changes."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from anyshore.web.core import actions, queries
from anyshore.web.core.paging import sheet
from anyshore.web.core.requests import Request
from anyshore.web.core.ways import next_page, remember_language


@require_POST
@login_not_required
def language(request: HttpRequest) -> HttpResponse:
    """Changes the language, for this browser and for the person."""
    code = request.POST.get("language", "")
    response = redirect(next_page(request, reverse("home")))
    if code not in dict(settings.LANGUAGES):
        return response
    if request.user.is_authenticated:
        actions.choose_language(request.user, code)
    return remember_language(response, code)


@require_safe
def audit(request: Request) -> HttpResponse:
    """Who changed what."""
    entries = sheet(queries.audit_trail(request.user), request.GET.get("page"))
    return render(request, "core/audit.html", {"entries": entries})


urlpatterns = [
    path("language/", language, name="language"),
    path("changes/", audit, name="audit"),
]
