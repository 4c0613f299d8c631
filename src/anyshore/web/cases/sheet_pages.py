"""A piece of work as a sheet: its figures, each opened to formula, law and operands, and its paper."""

from __future__ import annotations

import base64
from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from anyshore.packs.sheet import Sheet
from anyshore.web.core import reader
from anyshore.web.core.errors import NotFound
from anyshore.web.core.requests import Request
from anyshore.web.engine import outside, services
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import Instance


def sheet_of(row: Instance) -> tuple[Sheet, dict[str, object]] | None:
    """The sheet of a piece of work and what it is made of; None where it has none, or nobody may see that yet."""
    pack = services.pack(row.service, row.engagement)
    if pack is None or pack.sheet is None:
        return None
    given = pack.sheet.of(engine.shown_variables(row))
    return None if given is None else (pack.sheet, given)


def _asked(request: Request, number: int) -> tuple[Instance, Sheet, dict[str, object]]:
    row, _engagement = engine.instance(request.user, number, "document.see")
    found = sheet_of(row)
    if found is None:
        raise NotFound(_("This case has no sheet."), hint=_("It has one when it is done."))
    return row, *found


@require_safe
def sheet(request: Request, number: int) -> HttpResponse:
    """The sheet of a piece of work."""
    row, found, given = _asked(request, number)
    told = outside.run(row.engagement, found.activity, given)
    data = {"row": row, "sheet": found, "told": told, "language": reader.language()}
    return render(request, "cases/sheet.html", data)


@require_safe
def paper(request: Request, number: int, language: str) -> HttpResponse:
    """The sheet as a file."""
    row, found, given = _asked(request, number)
    if not found.paper:
        raise NotFound(_("This case has no paper."))
    told = outside.run(row.engagement, found.paper, {**given, "language": language})
    name = str(told["name"])
    shown = name.endswith(".pdf")
    kind = "application/pdf" if shown else "application/zip"
    answer = HttpResponse(base64.b64decode(told["content"]), content_type=kind)
    way = "inline" if shown else "attachment"
    answer.headers["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(name, safe='')}"
    return answer


urlpatterns = [
    path("cases/<int:number>/sheet/", sheet, name="instance-sheet"),
    path("cases/<int:number>/sheet/<slug:language>/", paper, name="instance-paper"),
]
