"""Pages where work is done: the queue, one item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anyshore.web.accounts import confirming
from anyshore.web.core import permissions
from anyshore.web.core.errors import Invalid
from anyshore.web.core.models import Engagement
from anyshore.web.core.requests import Request
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import Instance
from anyshore.web.engine.running import now
from anyshore.web.work import (
    actions,
    acts,
    attached,
    conflicts,
    decisions,
    documents,
    due,
    evidence,
    fields,
    items,
    queries,
    queues,
)
from anyshore.web.work.decisions import Took
from anyshore.web.work.items import Item
from anyshore.web.work.queues import Asked


@require_safe
def work(request: Request) -> HttpResponse:
    """What I have to do: all queues, or one of them sorted and searched."""
    decisions.settle(request.user)
    asked = _asked(request.GET)
    desk = queries.desk(request.user, asked.wanted)
    template = "work/queue.html" if request.htmx else "work/work.html"
    data = {
        "desk": desk, "queues": queues.queues(desk.waiting, desk.fitness, asked, desk.more), "asked": asked,
        "held": decisions.waiting(request.user), "views": request.user.queue_views.all(),
    }  # fmt: skip
    return render(request, template, data)


def _asked(given: QueryDict) -> Asked:
    only = tuple(
        (name.removeprefix("is-"), str(given[name])) for name in given if name.startswith("is-") and given[name]
    )
    return Asked(
        given.get("queue", ""), given.get("sort", ""), given.get("text", ""), given.get("in", ""),
        given.get("page") if given.get("queue") else None, only,
    )  # fmt: skip


@require_POST
def pull(request: Request) -> HttpResponse:
    """The next item."""
    decisions.settle(request.user)
    found = actions.pull(request.user)
    if found is None:
        lacking = queries.desk(request.user).missing
        told = _("Nothing can be given to you: %s. Certificates are renewed under “Certificates”.")
        why = "; ".join(f"{service}: {words}" for service, words in lacking.items())
        messages.info(request, told % why if lacking else _("Nothing waits for you."))
        return redirect("work")
    return redirect("work-item", *found)


@require_POST
def take(request: Request, instance: int, wait: int) -> HttpResponse:
    """One item by choice."""
    actions.take(request.user, instance, wait)
    return redirect("work-item", instance, wait)


@require_POST
def give_back(request: Request, instance: int, wait: int) -> HttpResponse:
    """Back into the queue."""
    actions.give_back(request.user, instance, wait)
    messages.info(request, _("The item is back in its queue."))
    return redirect("work")


@require_http_methods(["GET", "HEAD", "POST"])
def item(request: Request, instance: int, wait: int) -> HttpResponse:
    """One item: the document, the reason, the form."""
    one, row, engagement = queries.item(request.user, instance, wait)
    values: dict[str, str] | None = None
    errors: dict[str, str] = {}
    changed: acts.Changed | None = None
    if conflicts.asked_first(request.user, one, row, engagement):
        return redirect("work-conflicts", instance, wait)
    if one.desk is not None and one.row.claimed_by == request.user.email:
        return redirect(one.desk, instance, wait)
    if request.method == "POST":
        if acts.of(one.form) is not None:
            confirming.ask(request)
        values = fields.answers(one.form, request.POST)
        held = "hold" in request.POST and decisions.can_wait(one)
        try:
            took = Took.of(one.form, request.POST)
            if held:
                decisions.hold(request.user, instance, wait, values, took)
            else:
                decisions.decide(request.user, instance, wait, values, request.POST.get("shown", ""), took)
        except Invalid as error:
            errors = error.fields
        except acts.Changed as error:
            changed = error
            row.refresh_from_db()
        else:
            if not held:
                messages.success(request, _("Done: %s") % (row.reference or one.title))
            following = actions.pull(request.user) if "next" in request.POST else None
            return redirect("work-item", *following) if following else redirect("work")
    return _shown(request, one, row, engagement, values, errors, changed)


def _shown(
    request: Request, one: Item, row: Instance, engagement: Engagement, values: Mapping[str, Any] | None,
    errors: Mapping[str, str], changed: acts.Changed | None,
) -> HttpResponse:  # fmt: skip
    held = engine.documents(row)
    kept = decisions.written(request.user, row.pk, one.row.wait)
    if values is None:
        values = kept.answers if kept is not None else {}
    act = acts.of(one.form)
    compared = queries.counterparts(request.user, one, row)
    data: dict[str, Any] = {
        "one": one, "row": row, "engagement": engagement, "reason": queries.reason(one, row),
        "shown": queries.shown(one, row), "fields": fields.fields(one.form, values, errors),
        "timed": fields.timed(one.form),
        "depends": one.form is not None and any(field.needed for field in one.form.fields),
        "documents": held, "preview": documents.preview(row, held, one.pack, one.form),
        "attached": attached.attached(row, held),
        "counterparts": compared, "differences": queries.differences(compared), "without": queries.given_without(one),
        "due": due.moments([one.row], now()).get(row.pk),
        "since": engine.received([row.pk]).get(row.pk, row.created),
        "mine": one.row.claimed_by == request.user.email, "kept": kept,
        "held": decisions.waiting(request.user), "can_wait": decisions.can_wait(one),
        "spent": request.POST.get("spent", ""),
        "may_work": "work.do" in permissions.able(request.user, engagement),
        "act": act, "changed": changed, "errors": errors,
        "holder": engine.people_by_key({one.row.claimed_by or ""}).get(one.row.claimed_by or "", ""),
    }  # fmt: skip
    if not one.row.claimed_by and data["may_work"]:
        fitness = items.Fitness.of(request.user, [one])
        data |= {"fits": fitness.fits(one), "lacks": next(iter(fitness.missing.values()), "")}
    if one.form is not None and one.form.conflicts is not None:
        data |= {
            "check": conflicts.check(request.user, row, engagement),
            "may_plan": "case.plan" in permissions.able(request.user, engagement),
        }  # fmt: skip
    data["beside"] = []
    for template, told in evidence.beside(request.user, one, row, engagement):
        data |= told
        data["beside"].append(template)
    if act is not None:
        data |= act.look(row, engagement)
    return render(request, "work/item.html", data, status=409 if changed else 422 if errors else 200)


@require_POST
def needed(request: Request, instance: int, wait: int) -> HttpResponse:
    """Which questions need an answer beside those given so far: the marks of the questions, to be put in place."""
    one, _row, _engagement = queries.item(request.user, instance, wait)
    shown = fields.fields(one.form, fields.answers(one.form, request.POST), {})
    return render(request, "work/needed.html", {"fields": shown})


urlpatterns = [
    path("work/", work, name="work"),
    path("work/next/", pull, name="work-next"),
    path("work/<int:instance>/<int:wait>/", item, name="work-item"),
    path("work/<int:instance>/<int:wait>/take/", take, name="work-take"),
    path("work/<int:instance>/<int:wait>/give-back/", give_back, name="work-give-back"),
    path("work/<int:instance>/<int:wait>/needed/", needed, name="work-needed"),
]
