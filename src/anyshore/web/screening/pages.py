"""Pages of ethical walls."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anyshore.web.core.errors import Invalid
from anyshore.web.core.requests import Request
from anyshore.web.screening import actions, queries


@require_http_methods(["GET", "HEAD", "POST"])
def walls(request: Request, number: int) -> HttpResponse:
    """The walls around a case; declaring and finding them."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            if "find" in request.POST:
                made = actions.find(request.user, number, request.POST.get("parties", "").splitlines())
                messages.info(request, _("%d walls stand from interests.") % len(made))
            else:
                actions.declare(request.user, number, request.POST.get("person", ""), request.POST.get("reason", ""))
                messages.success(request, _("The wall stands."))
        except Invalid as error:
            errors = error.fields
        else:
            declared_own = request.POST.get("person") == request.user.email
            return redirect("work") if declared_own else redirect("case-walls", number)
    data = queries.case(request.user, number) | {"errors": errors}
    return render(request, "screening/walls.html", data, status=422 if errors else 200)


@require_POST
def lift(request: Request, number: int, wall: int) -> HttpResponse:
    """Ends a wall."""
    actions.lift(request.user, number, wall, request.POST.get("reason", ""))
    return redirect("case-walls", number)


@require_safe
def report(request: Request) -> HttpResponse:
    """Who was kept from what."""
    return render(request, "screening/report.html", queries.report(request.user))


urlpatterns = [
    path("cases/<int:number>/walls/", walls, name="case-walls"),
    path("cases/<int:number>/walls/<int:wall>/lift/", lift, name="case-wall-lift"),
    path("walls/", report, name="walls"),
]
