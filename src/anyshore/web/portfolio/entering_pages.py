"""Pages on which a portfolio is typed, or the columns of a table are named."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from anyshore.web.core import permissions
from anyshore.web.core.errors import Invalid
from anyshore.web.core.forms import fitting, offer
from anyshore.web.core.models import Organisation, Person
from anyshore.web.core.requests import Request
from anyshore.web.portfolio import actions, entering


class Whose(forms.Form):
    """Whose portfolio it is, and what it is called."""

    organisation: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        None, label=_("Organisation"), empty_label=None
    )
    name = forms.CharField(label=_("Name"), max_length=200)

    def __init__(self, by: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "organisation", permissions.organisations(by, "portfolio.decide"))


class Table(Whose):
    """A table in whatever columns."""

    name = None  # type: ignore[assignment]  # so Django leaves out a field of the form above
    file = forms.FileField(
        label=_("Table"), widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
        validators=[fitting],
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def typed(request: Request) -> HttpResponse:
    """A portfolio typed in the browser."""
    permissions.require(request.user, "portfolio.decide")
    asked = request.POST.get("rows") or request.GET.get("rows") or str(entering.ROWS)
    rows = min(int(asked) if asked.isdecimal() else entering.ROWS, entering.MOST_ROWS)
    form, entered = Whose(request.user, request.POST or None), entering.empty(rows)
    told: Iterable[str] = ()
    if request.method == "POST":
        try:
            entered, content = entering.typed(request.POST, rows)
            if form.is_valid():
                return _decided(request.user, form.cleaned_data["organisation"], form.cleaned_data["name"], content)
        except Invalid as error:
            told = entering.lines(error)
    grid = [
        [(name, f"{name}-{number}", value, entering.words(name)) for name, value in row.items()]
        for number, row in enumerate(entered)
    ]
    data = {
        "form": form,
        "told": told,
        "grid": grid,
        "columns": entering.TYPED,
        "rows": rows,
        "more": min(rows * 2, 200),
    }
    return render(request, "portfolio/typed.html", data, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: Request) -> HttpResponse:
    """A table whose columns are named here: first the file, then a preview under the names, then the decision."""
    permissions.require(request.user, "portfolio.decide")
    if request.method != "POST":
        return render(request, "portfolio/columns.html", {"form": Table(request.user)})
    if "table" in request.POST:
        return _named(request)
    form = Table(request.user, request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            table = entering.given(upload.read(), upload.name)
        except Invalid as error:
            form.add_error("file", list(entering.lines(error)))
        else:
            organisation = form.cleaned_data["organisation"]
            return _preview(request, table, entering.choices(table), organisation.pk, upload.name)
    return render(request, "portfolio/columns.html", {"form": form}, status=422)


def _named(request: Request) -> HttpResponse:
    form = Whose(request.user, request.POST)
    try:
        table = entering.given(request.POST["table"].encode(), "table.csv")
    except Invalid as error:
        data = {"form": Table(request.user), "told": entering.lines(error)}
        return render(request, "portfolio/columns.html", data, status=422)
    chosen = entering.choices(table, request.POST)
    told: Iterable[str] = ()
    if form.is_valid() and "decide" in request.POST:
        try:
            content = entering.mapped(table, chosen)
            return _decided(request.user, form.cleaned_data["organisation"], form.cleaned_data["name"], content)
        except Invalid as error:
            told = entering.lines(error)
    where, name = request.POST.get("organisation", ""), request.POST.get("name", "")
    return _preview(request, table, chosen, where, name, told, status=422 if "decide" in request.POST else 200)


def _preview(
    request: Request, table: entering.Given, chosen: list[entering.Choice], organisation: object, name: str,
    told: Any = (), status: int = 200,
) -> HttpResponse:  # fmt: skip
    data = {
        "table": table, "choices": chosen, "headers": list(enumerate(table.header)), "organisation": organisation,
        "name": name, "told": told,
    }  # fmt: skip
    return render(request, "portfolio/preview.html", data, status=status)


def _decided(by: Person, organisation: Organisation, name: str, content: bytes) -> HttpResponse:
    name = name if name.lower().endswith(".csv") else f"{name.rpartition('.')[0] or name}.csv"
    return redirect("portfolio", actions.decide(by, organisation, name, content).pk)


urlpatterns = [
    path("sourcing/typed/", typed, name="portfolio-typed"),
    path("sourcing/columns/", columns, name="portfolio-columns"),
]
