"""Pages about service packs and processes."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from anyshore.web.core import permissions
from anyshore.web.core.errors import NotFound
from anyshore.web.core.reader import language
from anyshore.web.core.requests import Request
from anyshore.web.engine import counts, own_packs
from anyshore.web.engine import queries as engine
from anyshore.web.library import queries


@require_safe
def library(request: Request) -> HttpResponse:
    """What can be delivered."""
    reader = language()
    shelves = [
        {
            "shelf": one,
            "title": one.pack.title.get(reader, one.pack.id) if one.pack else one.folder,
            "summary": one.pack.summary.get(reader, "") if one.pack else "",
        }
        for one in queries.packs(request.user)
    ]
    return render(request, "library/library.html", {"shelves": shelves})


@require_safe
def processes(request: Request) -> HttpResponse:
    """The processes that run, by version."""
    permissions.require(request.user, "process.see")
    may_check = "process.check" in permissions.abilities(request.user)
    found = engine.definitions(request.user)
    ordinals = own_packs.ordinals(reference for reference, _count in found)
    data = {"definitions": found, "may_check": may_check, "ordinals": ordinals}
    return render(request, "library/processes.html", data)


@require_safe
def process(request: Request, reference: str) -> HttpResponse:
    """A process as its diagram, with counts over its instances."""
    _seen(request, reference)
    total, found = engine.process_counts(request.user, reference)
    named = counts.titled(found, engine.element_names(reference))
    data = {
        "reference": reference, "total": total, "counts": named, "read": engine.PASSED_OVER,
        "ordinals": own_packs.ordinals([reference]),
    }  # fmt: skip
    return render(request, "library/process.html", data)


HARMLESS = {"Content-Security-Policy": "sandbox; default-src 'none'", "Content-Disposition": "attachment"}
"""Markup of others is fetched for a diagram, and runs nothing where somebody opens it by itself."""


@require_safe
def process_xml(request: Request, reference: str) -> HttpResponse:
    """The BPMN file of a process a person may see."""
    _seen(request, reference)
    _name, content = engine.diagram(reference)
    return HttpResponse(content, content_type="application/xml", headers=HARMLESS)


def _seen(request: Request, reference: str) -> None:
    """Only definitions with instances the person may see are shown: files may tell of a client's business."""
    permissions.require(request.user, "process.see")
    if not engine.sees_definition(request.user, reference):
        raise NotFound(_("There is no such process."))


urlpatterns = [
    path("services/", library, name="library"),
    path("processes/", processes, name="processes"),
    path("processes/<str:reference>/", process, name="process"),
    path("processes/<str:reference>/file/", process_xml, name="process-xml"),
]
