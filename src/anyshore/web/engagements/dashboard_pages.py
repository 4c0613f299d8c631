"""The page of a service at a glance: pictures, and the tables they are drawn from beside them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from anyshore.web.core.requests import Request
from anyshore.web.engagements import dashboard_charts, dashboard_tables, dashboards, month_report


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


@require_safe
def report(request: Request, key: str, service: str, month: str) -> HttpResponse:
    """A month of a service on paper."""
    content = month_report.pdf(request.user, key, service, month)
    headers = {"Content-Disposition": f'inline; filename="{month_report.name_of(key, service, month)}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


urlpatterns = [
    path("engagements/<slug:key>/dashboard/<str:service>/", dashboard, name="dashboard"),
    path("engagements/<slug:key>/report/<str:service>/<str:month>/", report, name="month-report-pdf"),
]
