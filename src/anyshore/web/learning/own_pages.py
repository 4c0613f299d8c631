"""Pages of people of a client who learn: their courses, material, sessions, tests and evaluations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anyshore.base.errors import DataError
from anyshore.web.core.errors import Invalid, NotFound
from anyshore.web.core.requests import Request
from anyshore.web.engine.running import now
from anyshore.web.learning import own_actions as actions
from anyshore.web.learning import own_queries as queries
from anyshore.web.work import fields
from anyshore.web.work.items import Item


@require_safe
def courses(request: Request) -> HttpResponse:
    """What I have to learn, can learn and have learnt; what I asked for, and what I have to do."""
    return render(request, "learning/courses.html", {"mine": queries.mine(request.user)})


@require_safe
def course(request: Request, key: str, service: str) -> HttpResponse:
    """One course: its material, its sessions, my seat."""
    id = request.GET.get("course", "")
    where, found = queries.course(request.user, key, service, id)
    asked = [one for one in where.work if one.told.get("course") == id]
    waits = any(one.running for one in asked)
    return render(request, "learning/course.html", {"where": where, "course": found, "work": asked, "waits": waits})


@require_safe
def page(request: Request, key: str, service: str) -> HttpResponse:
    """A page of the material, or a file of it, handed down."""
    name = request.GET.get("name", "")
    where, found = queries.course(request.user, key, service, request.GET.get("course", ""))
    item = next((one for one in found["items"] if one["name"] == name), None)
    if item is None:
        raise NotFound(_("There is no such page."))
    if item["page"] is not None:
        text = "\n".join(line for line in item["page"].splitlines() if line.lstrip("# ") != item["title"])
        return render(request, "learning/material.html", {"where": where, "course": found, "item": item, "text": text})
    answer = HttpResponse(queries.file(where, found, name), content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return answer


@require_POST
def ask(request: Request, key: str, service: str) -> HttpResponse:
    """Asks for a seat."""
    id = request.POST.get("course", "")
    try:
        actions.ask(request.user, key, service, id, request.POST.get("session", ""))
    except DataError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("You asked for a seat. You get a mail with the answer."))
    return redirect(f"{reverse('course', args=[key, service])}?{urlencode({'course': id})}")


@require_http_methods(["GET", "HEAD", "POST"])
def todo(request: Request, instance: int, wait: int) -> HttpResponse:
    """A test to take, or a form to fill in."""
    where, found, one = queries.item(request.user, instance, wait)
    if one.form is not None and one.form.id == where.learning.test.form:
        return _test(request, where, found, one)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            actions.fill_in(request.user, instance, wait, fields.answers(one.form, request.POST))
        except Invalid as refused:
            errors = refused.fields
        else:
            messages.success(request, _("Thank you."))
            return redirect("courses")
    shown = fields.fields(one.form, request.POST.dict(), errors)
    data = {"where": where, "work": found, "one": one, "fields": shown}
    return render(request, "learning/form.html", data, status=422 if errors else 200)


def _test(request: Request, where: queries.Mine, found: queries.Work, one: Item) -> HttpResponse:
    place = one.row.instance, one.row.wait
    if request.method == "POST" and "begin" in request.POST:
        actions.begin(request.user, *place)
        return redirect("course-todo", *place)
    if request.method == "POST":
        given = {name.removeprefix("q"): request.POST.getlist(name) for name in request.POST if name.startswith("q")}
        actions.test(request.user, *place, given)
        messages.success(request, _("Your test is handed in. You get a mail with the result."))
        return redirect("courses")
    started = queries.begun(*place) if one.row.claimed_by == request.user.email else None
    due = None if started is None else queries.due(where, one, started)
    data: dict[str, Any] = {
        "where": where, "work": found, "begun": started is not None,
        "minutes": one.inputs.get(where.learning.test.minutes),
        "questions": [_shown(asked) for asked in one.inputs.get(where.learning.test.questions) or ()],
        "left": None if due is None else max(0, due - now()),
    }  # fmt: skip
    return render(request, "learning/own_test.html", data)


def _shown(asked: Mapping[str, Any]) -> dict[str, Any]:
    """A question as its page shows it; what can be chosen is told by its words."""
    options = [{"place": option, "text": option} for option in asked["options"]]
    kind = "several" if asked["kind"] == "choice" and asked["several"] else asked["kind"]
    return {
        "number": asked["number"], "text": asked["text"], "kind": kind, "options": options, "partners": options,
        "asked": asked["parts"],
    }  # fmt: skip


urlpatterns = [
    path("courses/", courses, name="courses"),
    path("courses/todo/<int:instance>/<int:wait>/", todo, name="course-todo"),
    path("courses/<slug:key>/<slug:service>/", course, name="course"),
    path("courses/<slug:key>/<slug:service>/ask/", ask, name="course-ask"),
    path("courses/<slug:key>/<slug:service>/material/", page, name="course-material"),
]
