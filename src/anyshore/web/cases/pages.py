"""Pages of processes and cases: all of them, one of them, its documents."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from anyshore.base.errors import HostError
from anyshore.web.cases import added, boards, forms
from anyshore.web.cases.sheet_pages import sheet_of
from anyshore.web.core import permissions
from anyshore.web.core.models import Engagement
from anyshore.web.core.paging import sheet
from anyshore.web.core.queries import told_apart
from anyshore.web.core.requests import Request
from anyshore.web.engine import counts, services
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import Instance
from anyshore.web.walls import queries as walls
from anyshore.web.work import attached, documents

SHOWN = 200
"""Turns of an instance that its page tells: the newest."""


@require_safe
def instances(request: Request) -> HttpResponse:
    """Processes and cases, newest first."""
    permissions.require(request.user, "case.see")
    form = forms.Find(request.user, request.GET or None)
    chosen: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    wanted = {name: str(value or "") for name, value in chosen.items()}
    found = sheet(engine.instances(request.user, **wanted, limit=None), request.GET.get("page"))
    titles = told_apart(permissions.visible_engagements(request.user, "case.see").values_list("key", "title"))
    data = {
        "instances": [
            {"row": row, "outcome": engine.outcome(row), "engagement": titles.get(row.engagement, row.engagement)}
            for row in found
        ],
        "sheet": found, "form": form, "filtered": any(wanted.values()),
        "startable": permissions.visible_engagements(request.user, "work.start").order_by("title"),
    }  # fmt: skip
    return render(request, "cases/instances.html", data)


@require_safe
def instance(request: Request, number: int) -> HttpResponse:
    """One process or case: where it stands, what happened, what it holds."""
    row, engagement = engine.instance(request.user, number)
    try:
        return _instance(request, row, engagement)
    except HostError as error:  # its state or its log: what is known without them is shown, and help
        data = {"row": row, "engagement": engagement, "error": error, "may": _may(request, engagement)}
        return render(request, "cases/unreadable.html", data | {"waits": boards.open_waits(row)})


def _instance(request: Request, row: Instance, engagement: Engagement) -> HttpResponse:
    held = engine.documents(row)
    log = engine.log(row)[:SHOWN]
    names = {
        one: engine.element_name(row, one)
        for turn in log
        for one in (*dict(turn.passed), *turn.reached, *(change[1] for change in turn.changes))
    }
    data: dict[str, Any] = {
        "row": row, "engagement": engagement, "log": log, "names": names, "documents": held,
        "variables": _known(row), "outcome": engine.outcome(row), "waits": boards.open_waits(row),
        "may": _may(request, engagement),
        "children": Instance.objects.filter(parent=row.pk).defer("state"),
    }  # fmt: skip
    if row.kind == "case":
        data |= boards.case(row, request.user)
        if row.status == "active" and "case.plan" in data["may"] and data["sources"] and not walls.sealed(row.pk):
            data["finding"] = forms.Finding({one["source"].hash: one["source"].name for one in data["sources"]})
        return render(request, "cases/case.html", data)
    data |= {
        "counts": counts.titled(engine.counts(row), engine.element_names(row.definition)),
        "preview": documents.preview(row, held, services.pack(row.service, row.engagement)),
        "attached": attached.attached(row, held), "blocked": engine.blocked_by(row), "sheet": sheet_of(row),
    }  # fmt: skip
    return render(request, "cases/instance.html", data)


def _known(row: Instance) -> dict[str, Any]:
    """The variables that say something and are not shown elsewhere on the page, as documents are."""
    elsewhere = {"document", "documents", "name", "findings", "signatures", "deviations", added.RESULTS}
    held = list(engine.documents(row))
    return {
        name: value
        for name, value in engine.shown_variables(row).items()
        if name not in elsewhere and value not in (None, [], {}) and not _sealed(value) and value not in held
    }


def _sealed(value: Any) -> bool:
    """Whether a variable holds the seals of a blinded review, which tell nobody anything."""
    return isinstance(value, list) and all(isinstance(one, dict) and "seal" in one for one in value)


def _may(request: Request, engagement: Engagement) -> frozenset[str]:
    return permissions.able(request.user, engagement)


@require_safe
def document(request: Request, number: int, digest: str) -> HttpResponse:
    """A document of an instance, as it is."""
    row, _engagement = engine.instance(request.user, number, "document.see")
    return documents.response(engine.document(row, digest))


@require_safe
def attachment(request: Request, number: int, digest: str, place: int) -> HttpResponse:
    """What is embedded in a document of an instance, to be saved."""
    row, _engagement = engine.instance(request.user, number, "document.see")
    return attached.response(row, digest, place)


urlpatterns = [
    path("cases/", instances, name="instances"),
    path("cases/<int:number>/", instance, name="instance"),
    path("cases/<int:number>/documents/<str:digest>/", document, name="instance-document"),
    path("cases/<int:number>/documents/<str:digest>/attachments/<int:place>/", attachment, name="instance-attachment"),
]
