"""The page on which a manager puts experts on cases."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anyshore.web.core import permissions
from anyshore.web.core.requests import Request
from anyshore.web.engine import queries as engine
from anyshore.web.staffing import actions


@require_http_methods(["GET", "HEAD", "POST"])
def staff(request: Request, key: str) -> HttpResponse:
    """Experts for the open cases of an engagement."""
    engagement = permissions.engagement(request.user, key, "people.manage")
    if request.method == "POST":
        made = actions.assign(request.user, key)
        messages.success(request, _("%d cases have their experts.") % sum(bool(one.people) for one in made))
        return redirect("staffing", key)
    hidden = engine.blocked(request.user)
    made = [one for one in actions.propose(engagement) if one.row.pk not in hidden]
    return render(request, "staffing/staffing.html", {"engagement": engagement, "proposals": made})


urlpatterns = [
    path("engagements/<slug:key>/staffing/", staff, name="staffing"),
]
