"""Pages of forecasts: those on a case, and how good they were."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anyshore.knowledge import calibration, reliability_diagram
from anyshore.web.core import permissions, reader
from anyshore.web.core.errors import Invalid
from anyshore.web.core.requests import Request
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import Instance
from anyshore.web.forecasts import actions
from anyshore.web.forecasts.models import Forecast


@require_http_methods(["GET", "HEAD", "POST"])
def forecasts(request: Request, number: int) -> HttpResponse:
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
            actions.make(
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
    return render(request, "forecasts/forecasts.html", data, status=422 if errors else 200)


@require_POST
def resolve(request: Request, number: int, forecast: int) -> HttpResponse:
    """What happened."""
    actions.resolve(request.user, number, forecast, request.POST.get("outcome") == "yes")
    return redirect("case-forecasts", number)


@require_safe
def calibrated(request: Request) -> HttpResponse:
    """How good the forecasts were, by expert and by topic."""
    permissions.require(request.user, "case.see")
    keys = engine.engagement_keys(request.user, "case.see")
    seen = Instance.objects.filter(engagement__in=keys).exclude(pk__in=engine.blocked(request.user))
    rows = [actions.plain(one) for one in Forecast.objects.filter(case__in=seen.values("pk")).select_related("person")]
    names = engine.people_by_key({one.expert for one in rows})
    score = calibration.score(rows)
    data: dict[str, Any] = {
        "score": score, "open": sum(one.outcome is None for one in rows),
        "experts": [(names.get(k, k), s) for k, s in calibration.by(rows, lambda one: one.expert).items()],
        "topics": list(calibration.by(rows, lambda one: one.topic).items()),
        # The diagram escapes what it shows; it holds numbers and our own words.
        "diagram": reliability_diagram.render(score, language=reader.language()) if score else "",
    }  # fmt: skip
    return render(request, "forecasts/calibration.html", data)


urlpatterns = [
    path("cases/<int:number>/forecasts/", forecasts, name="case-forecasts"),
    path("cases/<int:number>/forecasts/<int:forecast>/resolve/", resolve, name="case-forecast-resolve"),
    path("forecasts/", calibrated, name="forecasts"),
]
