"""The page on which a manager puts experts on cases."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from anyshore.web.core import permissions
from anyshore.web.core.errors import Invalid
from anyshore.web.core.numbers import whole
from anyshore.web.core.requests import Request
from anyshore.web.engine import queries as engine
from anyshore.web.staffing import actions


@require_safe
def overview(request: Request) -> HttpResponse:
    """Where cases wait for experts."""
    return render(request, "staffing/overview.html", {"engagements": actions.waiting(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
def staff(request: Request, key: str) -> HttpResponse:
    """Experts for the open cases of an engagement: all as proposed, or one case as its manager chooses."""
    engagement = permissions.engagement(request.user, key, "people.manage")
    if request.method == "POST":
        number = whole(request.POST.get("case", ""))
        if number is None:
            made = actions.assign(request.user, key)
            messages.success(request, _("%d cases have their experts.") % sum(bool(one.people) for one in made))
            return redirect("staffing", key)
        chosen = {
            name.removeprefix("place-"): str(value) for name, value in request.POST.items() if name.startswith("place-")
        }
        try:
            done = actions.put(request.user, key, number, chosen)
        except Invalid as error:
            messages.warning(request, " ".join(error.fields.values()))
        else:
            messages.success(request, _("On the case: %s") % (", ".join(done.names) or "–"))
        return redirect("staffing", key)
    hidden = engine.blocked(request.user)
    made = [one for one in actions.propose(engagement) if one.row.pk not in hidden]
    return render(request, "staffing/staffing.html", {"engagement": engagement, "proposals": made})


urlpatterns = [
    path("staffing/", overview, name="staffing-all"),
    path("engagements/<slug:key>/staffing/", staff, name="staffing"),
]
