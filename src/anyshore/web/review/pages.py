"""Pages of blinded review: the reviewer's desk, the adjudicator's, the result, agreement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from anyshore.web.core.errors import Invalid
from anyshore.web.core.numbers import whole
from anyshore.web.core.requests import Request
from anyshore.web.review import actions, queries
from anyshore.web.work import conflicts, decisions, fields
from anyshore.web.work.items import Item


@require_safe
def desk(request: Request, instance: int, wait: int) -> HttpResponse:
    """A reviewer's clauses beside the contract."""
    found = queries.desk(request.user, instance, wait)
    if not found["mine"]:
        return redirect("work-item", instance, wait)
    if conflicts.asked_first(request.user, found["one"], found["row"], found["engagement"]):
        return redirect("work-conflicts", instance, wait)
    return render(request, "review/desk.html", found | _time(request, found))


def _time(request: Request, found: Mapping[str, Any]) -> dict[str, Any]:
    """The field for the time worked, with what the page measured so far."""
    one: Item = found["one"]
    kept = decisions.written(request.user, one.row.instance, one.row.wait)
    values = {} if kept is None else kept.answers
    asked = fields.fields(one.form, values, {})
    return {"kept": kept, "time": next((field for field in asked if field.type == "minutes"), None)}


@require_POST
def answer(request: Request, instance: int, wait: int) -> HttpResponse:
    """One answer, kept as a draft."""
    kind = request.POST.get("kind", "")
    near = request.POST.get("near", "")
    errors: dict[str, str] = {}
    if "undo" in request.POST:
        actions.withdraw(request.user, instance, wait, kind)
        return render(request, "review/card.html", queries.one_card(request.user, instance, wait, kind))
    try:
        actions.draft(
            request.user, instance, wait, kind, request.POST.get("value", ""), reason=request.POST.get("reason", ""),
            quotes=request.POST.get("quote", "").split("\n---\n"), near=whole(near),
        )  # fmt: skip
    except Invalid as error:
        errors = error.fields
    if not request.htmx and not errors:
        return redirect(reverse("review-desk", args=[instance, wait]) + f"#{kind}")
    found = queries.one_card(request.user, instance, wait, kind)
    if errors:  # what was typed stays on the page, with what is wrong with it
        found["card"] |= {name: request.POST.get(name, "") for name in ("value", "reason", "quote")}
        found["card"] |= {"errors": list(errors.values()), "complete": False}
    status = 422 if errors and not request.htmx else 200
    template = "review/card.html" if request.htmx else "review/card_page.html"
    return render(request, template, found, status=status)


@require_POST
def finish(request: Request, instance: int, wait: int) -> HttpResponse:
    """All answers, for good."""
    try:
        actions.finish(request.user, instance, wait, request.POST.get("minutes", ""))
    except Invalid as error:
        found = queries.desk(request.user, instance, wait) | {"errors": error.fields}
        return render(request, "review/desk.html", found | _time(request, found), status=422)
    messages.success(request, _("Your review is given."))
    return redirect("review-result", instance)


@require_safe
def adjudication(request: Request, instance: int, wait: int) -> HttpResponse:
    """The clauses two reviews differ about."""
    found = queries.differences(request.user, instance, wait)
    if not found["mine"]:
        return redirect("work-item", instance, wait)
    if conflicts.asked_first(request.user, found["one"], found["row"], found["engagement"]):
        return redirect("work-conflicts", instance, wait)
    return render(request, "review/adjudication.html", found | _time(request, found))


@require_POST
def adjudicate(request: Request, instance: int, wait: int) -> HttpResponse:
    """One decision with its reason."""
    kind = request.POST.get("kind", "")
    try:
        actions.adjudicate(
            request.user, instance, wait, kind, request.POST.get("value", ""), request.POST.get("reason", "")
        )
    except Invalid as error:
        found = queries.differences(request.user, instance, wait) | {"errors": error.fields, "wrong": kind}
        return render(request, "review/adjudication.html", found | _time(request, found), status=422)
    return redirect("review-adjudication", instance, wait)


@require_POST
def adjudicated(request: Request, instance: int, wait: int) -> HttpResponse:
    """All differences are decided."""
    actions.finish_adjudication(request.user, instance, wait, request.POST.get("minutes", ""))
    messages.success(request, _("The differences are decided."))
    return redirect("review-result", instance)


@require_safe
def result(request: Request, number: int) -> HttpResponse:
    """Where a case's review stands, and what came of it."""
    return render(request, "review/result.html", queries.result(request.user, number))


@require_safe
def agreement(request: Request) -> HttpResponse:
    """How far reviewers agree."""
    return render(request, "review/agreement.html", queries.agreement(request.user, request.GET.get("engagement", "")))


urlpatterns = [
    path("work/<int:instance>/<int:wait>/review/", desk, name="review-desk"),
    path("work/<int:instance>/<int:wait>/review/answer/", answer, name="review-answer"),
    path("work/<int:instance>/<int:wait>/review/finish/", finish, name="review-finish"),
    path("work/<int:instance>/<int:wait>/adjudication/", adjudication, name="review-adjudication"),
    path("work/<int:instance>/<int:wait>/adjudication/decide/", adjudicate, name="review-adjudicate"),
    path("work/<int:instance>/<int:wait>/adjudication/finish/", adjudicated, name="review-adjudicated"),
    path("cases/<int:number>/review/", result, name="review-result"),
    path("reviews/agreement/", agreement, name="reviews"),
]
