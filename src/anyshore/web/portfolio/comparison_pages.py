"""Pages and files that show a portfolio as a whole: the ten differences, the map, the paper, the workbook."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from anyshore.sourcing.comparison.infographic import infographic
from anyshore.sourcing.comparison.portfolio_map import portfolio_map
from anyshore.web.core.reader import language
from anyshore.web.core.requests import Request
from anyshore.web.portfolio import comparing, queries
from anyshore.web.portfolio.models import Portfolio

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def comparison(request: Request, pk: int) -> HttpResponse:
    """The ten differences with the client's activities on each, and the map."""
    found = queries.portfolio(request.user, pk)
    placed = comparing.activities(found)
    data = {
        "portfolio": found, "infographic": infographic(placed, language()),
        "map": portfolio_map(placed, language(), comparing.UNIT),
    }  # fmt: skip
    return render(request, "portfolio/comparison.html", data)


def _drawn(found: Portfolio) -> bytes:
    return infographic(comparing.activities(found), language()).encode()


def _mapped(found: Portfolio) -> bytes:
    return portfolio_map(comparing.activities(found), language(), comparing.UNIT).encode()


FILES: dict[str, tuple[Callable[[Portfolio], bytes], str]] = {
    "comparison.svg": (_drawn, "image/svg+xml"), "map.svg": (_mapped, "image/svg+xml"),
    "comparison.pdf": (comparing.comparison, "application/pdf"), "paper.pdf": (comparing.paper, "application/pdf"),
    "portfolio.xlsx": (comparing.workbook, XLSX),
}  # fmt: skip
"""What can be downloaded of a portfolio: how it is made, and its type."""


@require_safe
def download(request: Request, pk: int, name: str) -> HttpResponse:
    """A file made of a portfolio."""
    make, kind = FILES[name]
    content = make(queries.portfolio(request.user, pk))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


@require_safe
def draft_terms(request: Request, pk: int) -> HttpResponse:
    """The draft terms of a settled activity."""
    name, text = comparing.draft_terms(request.user, pk)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=headers)


urlpatterns = [
    path("sourcing/<int:pk>/comparison/", comparison, name="portfolio-comparison"),
    *(
        path(f"sourcing/<int:pk>/{name}", download, {"name": name}, name=f"portfolio-{name.replace('.', '-')}")
        for name in FILES
    ),
    path("sourcing/activities/<int:pk>/terms.yaml", draft_terms, name="portfolio-terms"),
]
