"""The page on which people say what binds them to others."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from anyshore.web.core import queries as people
from anyshore.web.core.errors import Invalid
from anyshore.web.core.models import Person
from anyshore.web.core.numbers import whole
from anyshore.web.core.requests import Request
from anyshore.web.screening import interest_actions, interest_queries


@require_http_methods(["GET", "HEAD", "POST"])
def interests(request: Request) -> HttpResponse:
    """One's own interests, a manager's colleagues' too, and noting one."""
    mine = interest_queries.own(request.user)
    chosen = request.POST.get("person") or request.GET.get("person") or ""
    errors: dict[str, str] = {}
    if request.method == "POST":
        person = _whose(request, chosen)
        try:
            _noted, made = interest_actions.note(
                request.user, person, request.POST.get("party", ""), request.POST.get("relation", "")
            )
        except Invalid as error:
            errors = error.fields
        else:
            # Who is behind a wall learns nothing of the case, not even that there is one.
            text = _("Noted.") if person == request.user else _("Noted. New walls from it: %d.") % made
            messages.success(request, text)
            return redirect("interests")
    data = {
        "mine": mine, "colleagues": interest_queries.of_colleagues(request.user), "errors": errors,
        "people": interest_queries.for_whom(request.user), "chosen": chosen, "given": request.POST,
        "relations": interest_queries.RELATIONS,
    }  # fmt: skip
    return render(request, "screening/interests.html", data, status=422 if errors else 200)


def _whose(request: Request, chosen: str) -> Person:
    """Oneself, or the colleague that was chosen."""
    number = whole(chosen)
    if number is None or number == request.user.pk:
        return request.user
    return people.colleague(request.user, number)


@require_POST
def end(request: Request, interest: int) -> HttpResponse:
    """Ends an interest."""
    interest_actions.end(request.user, interest)
    messages.success(request, _("The interest has ended. Walls that came of it stay until a manager lifts them."))
    return redirect("interests")


urlpatterns = [
    path("interests/", interests, name="interests"),
    path("interests/<int:interest>/end/", end, name="interest-end"),
]
