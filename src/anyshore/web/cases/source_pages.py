"""The page of new versions of a case's sources, and what they did to its findings."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from anyshore.web.cases import findings
from anyshore.web.cases import sources as versions
from anyshore.web.core.errors import Invalid
from anyshore.web.core.forms import fitting
from anyshore.web.core.requests import Request
from anyshore.web.engine import queries as engine


@require_http_methods(["GET", "HEAD", "POST"])
def sources(request: Request, number: int) -> HttpResponse:
    """New versions of a case's sources, and what they did to its findings."""
    row, _engagement = engine.instance(request.user, number, "case.plan")
    errors: dict[str, str] = {}
    if request.method == "POST":
        upload = request.FILES.get("file")
        try:
            if upload is None:
                raise Invalid({"file": _("Choose a file.")})
            fitting(upload)
            versions.replace(request.user, number, request.POST.get("old", ""), upload.name or "", upload.read())
        except Invalid as error:
            errors = error.fields
        except ValidationError as error:
            errors = {"file": " ".join(error.messages)}
        else:
            return redirect("case-sources", number)
    data = {
        "row": row, "changes": versions.changes(row), "errors": errors, "sources": findings.sources(row).values(),
        "claims": {claim.id: claim for claim in findings.claims_of(row)},
    }  # fmt: skip
    return render(request, "cases/changes.html", data, status=422 if errors else 200)


@require_POST
def reanchor(request: Request, number: int) -> HttpResponse:
    """Takes the proposals over."""
    changed = versions.reanchor(request.user, number)
    messages.success(request, _("%d findings rest on the new version now.") % changed)
    return redirect("case-sources", number)


urlpatterns = [
    path("cases/<int:number>/sources/", sources, name="case-sources"),
    path("cases/<int:number>/sources/reanchor/", reanchor, name="case-reanchor"),
]
