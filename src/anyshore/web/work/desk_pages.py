"""What people do at the desk beside one decision: drafts, undoing, several at once, views of their own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from anyshore.web.core import permissions
from anyshore.web.core.errors import Invalid
from anyshore.web.core.requests import Request
from anyshore.web.engine import queries as engine
from anyshore.web.work import decisions, fields, looks, many, queries, saved
from anyshore.web.work.decisions import Took


@require_POST
def draft(request: Request, instance: int, wait: int) -> HttpResponse:
    """Keeps what is written so far."""
    one, _row, _engagement = queries.item(request.user, instance, wait)
    try:
        took = Took.of(one.form, request.POST)
    except Invalid:
        took = Took.read(request.POST.get("measured", ""), "")
    decisions.keep(request.user, instance, wait, fields.answers(one.form, request.POST), took)
    return HttpResponse(status=204)


@require_POST
def undo(request: Request, instance: int, wait: int) -> HttpResponse:
    """Back to the item whose decision was not done yet."""
    engine.instance(request.user, instance, "work.see")  # who may not know of it is told nothing
    decisions.undo(request.user, instance, wait)
    return redirect("work-item", instance, wait)


@require_POST
def looking(request: Request, instance: int, wait: int) -> HttpResponse:
    """That the item is open on a page of theirs, and who else has it open."""
    _one, _row, engagement = queries.item(request.user, instance, wait)  # who may not know of it is told nothing
    works = "work.do" in permissions.able(request.user, engagement)
    found = looks.look(request.user, instance, wait) if works else []
    return render(request, "work/looking.html", {"others": found})


@require_POST
def settle(request: Request) -> HttpResponse:
    """Does the decisions whose time to be undone is over, and shows what is left of them."""
    permissions.require(request.user, "work.do")
    decisions.settle(request.user)
    return render(request, "work/held.html", {"held": decisions.waiting(request.user)})


@require_POST
def several(request: Request) -> HttpResponse:
    """Several pieces of work at once: what is asked, then how it went."""
    permissions.require(request.user, "work.do")
    try:
        found = many.chosen(request.user, request.POST.getlist("item"))
    except Invalid as error:
        messages.warning(request, " ".join(error.fields.values()))
        return redirect("work")
    form = found[0].form
    given = fields.answers(form, request.POST) if "decide" in request.POST else {}
    errors: dict[str, str] = {}
    told: list[many.Told] = []
    if "give" in request.POST:
        told = many.give(request.user, found, many.person(request.user, found, request.POST.get("to", "")))
    elif "decide" in request.POST:
        try:
            told = many.decide(request.user, found, given)
        except Invalid as error:
            errors = error.fields
    if told:
        done = sum(not one.problem for one in told)
        text = ngettext("%d piece of work is done.", "%d pieces of work are done.", done)
        messages.success(request, text % done)
    data = {
        "found": found, "told": [one for one in told if one.problem], "ended": bool(told), "errors": errors,
        "fields": fields.fields(form, given, errors) if many.alike(found) else None,
        "people": many.people(request.user, found), "title": found[0].title,
    }  # fmt: skip
    if told and not data["told"]:
        return redirect("work")
    return render(request, "work/many.html", data, status=422 if errors else 200)


@require_POST
def keep_view(request: Request) -> HttpResponse:
    """Keeps the queue as it is seen under a name."""
    found = saved.keep(request.user, request.POST.get("name", ""), request.POST.get("query", ""))
    return redirect(f"{reverse('work')}?{found.query}")


@require_POST
def drop_view(request: Request, pk: int) -> HttpResponse:
    """Forgets a view."""
    saved.drop(request.user, pk)
    messages.info(request, _("The view is gone."))
    return redirect("work")


urlpatterns = [
    path("work/<int:instance>/<int:wait>/draft/", draft, name="work-draft"),
    path("work/<int:instance>/<int:wait>/looking/", looking, name="work-looking"),
    path("work/<int:instance>/<int:wait>/undo/", undo, name="work-undo"),
    path("work/settle/", settle, name="work-settle"),
    path("work/many/", several, name="work-many"),
    path("work/views/", keep_view, name="work-view"),
    path("work/views/<int:pk>/drop/", drop_view, name="work-view-drop"),
]
