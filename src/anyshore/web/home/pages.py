"""The home of each role, and the cases behind its bars."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from anyshore.web.accounts import cards
from anyshore.web.core import permissions
from anyshore.web.core.models import Role
from anyshore.web.core.paging import sheet
from anyshore.web.core.requests import Request
from anyshore.web.home import charts, queries, search, sets
from anyshore.web.work import decisions


@require_safe
def home(request: Request) -> HttpResponse:
    """What to do now, and how it goes: of everything the person's roles are about."""
    person = request.user
    roles = {one.role for one in person.memberships.all()}
    if roles == {Role.LEARNER}:
        return redirect("courses")
    able = permissions.abilities(person)
    data: dict[str, Any] = {"able": able, "roles": roles}
    if "work.do" in able:
        decisions.settle(person)
    if roles & {Role.AGENT, Role.EXPERT}:
        data |= {
            "next": queries.next_of(person), "own": sets.own(person),
            "done": charts.days("done", _("Finished by you, by day"), sets.done(person)),
        }  # fmt: skip
    if "people.manage" in able:
        data |= {
            "backlog": charts.backlog(sets.backlog(person)), "breach": charts.breach(sets.breach(person)),
            "ended": charts.days("ended", _("Cases ended, by day"), sets.ended(person)),
            "incidents": queries.incidents(person), "workers": sets.workers(person),
        }  # fmt: skip
    if "invoice.see" in able:
        data["stakes"] = queries.stakes(person)
    if Role.OWNER in roles:
        data["asked"] = queries.asked(person)
    if request.htmx:
        return render(request, "home/now.html", data)
    return render(request, "home/home.html", data | {"tour": cards.tour(request, person)})


@require_safe
def cases(request: Request, name: str, place: str) -> HttpResponse:
    """The cases behind a bar."""
    permissions.require(request.user, "case.see")
    titles = {
        "backlog": _("Open work by age of its case"), "breach": _("Open work by time until an objective is missed"),
        "ended": _("Cases ended, by day"), "done": _("Finished by you, by day"),
    }  # fmt: skip
    found = sets.cases(request.user, name, place)
    shown = sheet(found, request.GET.get("page"))
    data = {"title": titles[name], "sheet": shown, "total": found.count()}
    return render(request, "home/cases.html", data)


@require_safe
def done(request: Request) -> HttpResponse:
    """What I finished."""
    return render(request, "home/done.html", {"sheet": sets.finished(request.user, request.GET.get("page"))})


@require_safe
def searched(request: Request) -> HttpResponse:
    """What a text finds; within the palette, or as a page."""
    text = request.GET.get("q", "")
    data = {"groups": search.found(request.user, text), "text": text}
    return render(request, "home/found.html" if request.htmx else "home/search.html", data)


urlpatterns = [
    path("search/", searched, name="search"),
    path("work/done/", done, name="work-done"),
    path("", home, name="home"),
    path("home/<slug:name>/<str:place>/", cases, name="home-cases"),
]
