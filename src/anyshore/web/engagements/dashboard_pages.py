"""The page of a service at a glance: pictures, and the tables they are drawn from beside them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from anyshore.web.core.requests import Request
from anyshore.web.engagements import dashboard_charts, dashboard_tables, dashboards


@require_safe
def dashboard(request: Request, key: str, service: str) -> HttpResponse:
    """A service over the last days, weeks or months."""
    shown = dashboards.shown(request.user, key, service, request.GET.get("by", "week"))
    found = shown.dashboard
    data = {
        "shown": shown, "dashboard": found, "service": service, "now": found.periods[-1] if found.periods else None,
        "pictures": dashboard_charts.pictures(found),
        "tables": dashboard_tables.tables(shown),
        "choices": [("day", _("Day")), ("week", _("Week")), ("month", _("Month"))],
    }  # fmt: skip
    return render(request, "engagements/dashboard.html", data)


urlpatterns = [path("engagements/<slug:key>/dashboard/<str:service>/", dashboard, name="dashboard")]
