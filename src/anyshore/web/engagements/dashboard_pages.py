"""The page of a service at a glance: pictures, and the table they are drawn from beside them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from anyshore.terms.dashboards import AGES, Period
from anyshore.web.core.reader import language
from anyshore.web.core.requests import Request
from anyshore.web.engagements import dashboard_charts, dashboards
from anyshore.web.engagements.dashboards import Shown


@require_safe
def dashboard(request: Request, key: str, service: str) -> HttpResponse:
    """A service over the last days, weeks or months."""
    shown = dashboards.shown(request.user, key, service, request.GET.get("by", "week"))
    found = shown.dashboard
    reader = language()
    data = {
        "shown": shown, "dashboard": found, "service": service, "now": found.periods[-1] if found.periods else None,
        "pictures": dashboard_charts.pictures(found),
        "ages": [dashboard_charts.age_name(place) for place in range(len(AGES) + 1)],
        "measures": [(one["title"][reader], one["standard"]) for one in found.measures.values()],
        "rows": [_row(shown, period) for period in reversed(found.periods)],
        "choices": [("day", _("Day")), ("week", _("Week")), ("month", _("Month"))],
    }  # fmt: skip
    return render(request, "engagements/dashboard.html", data)


def _row(shown: Shown, period: Period) -> dict[str, Any]:
    found = shown.dashboard
    held = period.held.value
    return {
        "period": period, "minutes": None if held is None else held / Decimal(60_000_000),
        "attained": [_share(*period.attained.get(key, (0, 0))) for key in found.objectives],
        "figures": [
            (period.figures[name].value if name in period.figures else None, one["unit"])
            for name, one in found.measures.items()
        ],
    }  # fmt: skip


def _share(met: int, total: int) -> Decimal | None:
    return Decimal(100 * met) / total if total else None


urlpatterns = [path("engagements/<slug:key>/dashboard/<str:service>/", dashboard, name="dashboard")]
