"""Pages of staffing, forecasts, and new versions of sources."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anyshore.knowledge import calibration, reliability_diagram
from anyshore.web.core import permissions, reader
from anyshore.web.core.errors import Invalid
from anyshore.web.core.forms import fitting
from anyshore.web.engine import queries as engine
from anyshore.web.review import forecast_actions, source_actions, staffing
from anyshore.web.review.models import Forecast
from anyshore.web.work import findings


@require_http_methods(["GET", "HEAD", "POST"])
def staff(request: HttpRequest, key: str) -> HttpResponse:
    """Experts for the open cases of an engagement."""
    engagement = permissions.engagement(request.user, key, "people.manage")
    if request.method == "POST":
        made = staffing.assign(request.user, key)
        messages.success(request, _("%d cases have their experts.") % sum(bool(one.people) for one in made))
        return redirect("staffing", key)
    hidden = engine.blocked(request.user)
    made = [one for one in staffing.propose(engagement) if one.row.pk not in hidden]
    return render(request, "review/staffing.html", {"engagement": engagement, "proposals": made})


@require_http_methods(["GET", "HEAD", "POST"])
def forecasts(request: HttpRequest, number: int) -> HttpResponse:
    """The forecasts on a case."""
    row, engagement = engine.instance(request.user, number)
    errors: dict[str, str] = {}
    given = request.POST
    if request.method == "POST":
        try:
            try:
                probability = float(given.get("probability", "").replace(",", "."))
            except ValueError as error:
                raise Invalid({"probability": _("A number is needed, with a decimal point: 12.5")}) from error
            forecast_actions.make(
                request.user, number, given.get("topic", ""), given.get("event", ""), probability,
                given.get("resolves", ""),
            )  # fmt: skip
        except Invalid as error:
            errors = error.fields
        else:
            return redirect("case-forecasts", number)
    found = Forecast.objects.filter(case=number).select_related("person").order_by("resolves")
    may = permissions.may(request.user, "case.plan", engagement)
    data = {"row": row, "forecasts": found, "errors": errors, "given": given, "may": may, "now": reader.language()}
    return render(request, "review/forecasts.html", data, status=422 if errors else 200)


@require_POST
def resolve(request: HttpRequest, number: int, forecast: int) -> HttpResponse:
    """What happened."""
    forecast_actions.resolve(request.user, number, forecast, request.POST.get("outcome") == "yes")
    return redirect("case-forecasts", number)


@require_safe
def calibrated(request: HttpRequest) -> HttpResponse:
    """How good the forecasts were, by expert and by topic."""
    permissions.require(request.user, "case.see")
    keys = engine.engagement_keys(request.user, "case.see")
    seen = engine.Instance.objects.filter(engagement__in=keys).exclude(pk__in=engine.blocked(request.user))
    rows = [
        forecast_actions.plain(one)
        for one in Forecast.objects.filter(case__in=seen.values("pk")).select_related("person")
    ]
    names = engine.people_by_key({one.expert for one in rows})
    score = calibration.score(rows)
    data: dict[str, Any] = {
        "score": score, "open": sum(one.outcome is None for one in rows),
        "experts": [(names.get(k, k), s) for k, s in calibration.by(rows, lambda one: one.expert).items()],
        "topics": list(calibration.by(rows, lambda one: one.topic).items()),
        # The diagram escapes what it shows; it holds numbers and our own words.
        "diagram": reliability_diagram.render(score, language=reader.language()) if score else "",
    }  # fmt: skip
    return render(request, "review/calibration.html", data)


@require_http_methods(["GET", "HEAD", "POST"])
def sources(request: HttpRequest, number: int) -> HttpResponse:
    """New versions of a case's sources, and what they did to its findings."""
    row, _engagement = engine.instance(request.user, number, "case.plan")
    errors: dict[str, str] = {}
    if request.method == "POST":
        upload = request.FILES.get("file")
        try:
            if upload is None:
                raise Invalid({"file": _("Choose a file.")})
            fitting(upload)
            source_actions.replace(request.user, number, request.POST.get("old", ""), upload.name, upload.read())
        except Invalid as error:
            errors = error.fields
        except ValidationError as error:
            errors = {"file": " ".join(error.messages)}
        else:
            return redirect("case-sources", number)
    data = {
        "row": row, "changes": source_actions.changes(row), "errors": errors, "sources": findings.sources(row).values(),
        "claims": {claim.id: claim for claim in findings.claims_of(row)},
    }  # fmt: skip
    return render(request, "review/changes.html", data, status=422 if errors else 200)


@require_POST
def reanchor(request: HttpRequest, number: int) -> HttpResponse:
    """Takes the proposals over."""
    changed = source_actions.reanchor(request.user, number)
    messages.success(request, _("%d findings rest on the new version now.") % changed)
    return redirect("case-sources", number)


urlpatterns = [
    path("engagements/<slug:key>/staffing/", staff, name="staffing"),
    path("cases/<int:number>/forecasts/", forecasts, name="case-forecasts"),
    path("cases/<int:number>/forecasts/<int:forecast>/resolve/", resolve, name="case-forecast-resolve"),
    path("forecasts/", calibrated, name="forecasts"),
    path("cases/<int:number>/sources/", sources, name="case-sources"),
    path("cases/<int:number>/sources/reanchor/", reanchor, name="case-reanchor"),
]
