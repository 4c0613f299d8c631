"""Pages on which a portfolio gets its evidence: sites, rates, event logs, and the business case."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from anyshore.base.errors import DataError
from anyshore.sourcing.business_case.case import Frame
from anyshore.web.core.errors import Invalid
from anyshore.web.core.forms import fitting, posted
from anyshore.web.core.requests import Request
from anyshore.web.portfolio import charts, deciding, evidence, queries
from anyshore.web.portfolio.evidence import File, Given
from anyshore.web.portfolio.models import Portfolio

TABLES = ".csv,.xlsx,text/csv"
LOGS = ".xes,.xes.gz,.gz,.csv,.parquet"
YEARS, DISCOUNT = 5, 0.08


def _file(label: Any, accept: str, told: Any = "", *, required: bool = False) -> forms.FileField:
    widget = forms.ClearableFileInput(attrs={"accept": accept})
    return forms.FileField(label=label, help_text=told, required=required, widget=widget, validators=[fitting])


_UNUSUAL = gettext_lazy("Only where the log has another word for it than usual.")


def _named(label: Any, told: Any = _UNUSUAL) -> forms.CharField:
    return forms.CharField(label=label, help_text=told, required=False, max_length=100)


class More(forms.Form):
    """Files beside a portfolio."""

    sites = _file(
        gettext_lazy("Sites"), TABLES, gettext_lazy("site and country; risk, languages and criteria of your own.")
    )
    rates = _file(gettext_lazy("Rate card"), TABLES, gettext_lazy("role, site, currency, rate and source."))
    log = _file(
        gettext_lazy("Event log"),
        LOGS,
        gettext_lazy("XES, CSV or Parquet: a row per event with case, activity and time."),
    )
    activity = forms.ChoiceField(label=gettext_lazy("Log of"), required=False)
    zone = forms.CharField(label=gettext_lazy("Time zone of the log"), initial="Europe/Berlin", max_length=60)
    case_column = _named(gettext_lazy("Column of the case"))
    activity_column = _named(gettext_lazy("Column of the step"))
    time_column = _named(gettext_lazy("Column of the time"))
    time_format = _named(gettext_lazy("Format of the times"), gettext_lazy("For example %d/%m/%Y %H:%M."))

    def __init__(self, found: Portfolio, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(one, one) for one in found.decided.values_list("activity", flat=True)]
        self.fields["activity"].choices = [("", _("the activity that names the file")), *names]  # type: ignore[attr-defined]


class Business(forms.Form):
    """A business case and what holds for all of it."""

    file = _file(
        gettext_lazy("Business case"), TABLES, gettext_lazy("A row per quantity, with its source."), required=True
    )
    start = forms.DateField(
        label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    years = forms.IntegerField(label=gettext_lazy("Years"), initial=YEARS, min_value=1, max_value=30)
    discount = forms.FloatField(
        label=gettext_lazy("Discount rate, as 0.08"), initial=DISCOUNT, min_value=-0.99, max_value=9.99
    )
    currency = forms.RegexField(r"^[A-Za-z]{3}$", label=gettext_lazy("Currency"), initial="EUR")


@require_http_methods(["GET", "HEAD", "POST"])
def more(request: Request, pk: int) -> HttpResponse:
    """The files a portfolio is decided with, and more of them."""
    found = queries.portfolio(request.user, pk)
    form = More(found, posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        files: dict[str, Any] = {name: _read(given[name]) for name in ("sites", "rates", "log")}
        try:
            columns = {name: given[f"{name}_column"] for name in ("case", "activity", "time")}
            columns = {name: column for name, column in columns.items() if column}
            told: dict[str, Any] = {name: given[name] for name in ("activity", "zone", "time_format")}
            changed = evidence.add(request.user, pk, Given(**files, columns=columns, **told))
        except Invalid as error:
            _show(form, error)
        else:
            text = ngettext(
                "Decided again: %(n)d activity is another now.",
                "Decided again: %(n)d activities are others now.",
                changed,
            )
            messages.success(request, text % {"n": changed})
            return redirect("portfolio", pk)
    data = {"portfolio": found, "form": form, "files": queries.kept_files(found)}
    return render(request, "portfolio/evidence.html", data, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def case(request: Request, pk: int) -> HttpResponse:
    """What a portfolio brings, and a case to tell it by."""
    found = queries.portfolio(request.user, pk)
    form = Business(posted(request), request.FILES or None, initial={"start": _next_year()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        file = _read(given["file"])
        try:
            frame = Frame(given["start"], given["years"], given["discount"], given["currency"].upper())
            evidence.add_case(request.user, pk, file or ("", b""), frame)
        except DataError as error:
            form.add_error(None, deciding.said(error))
        except Invalid as error:
            _show(form, error)
        else:
            return redirect("portfolio-case", pk)
    kept = queries.business_case(found)
    data: dict[str, Any] = {"portfolio": found, "form": form, "kept": kept}
    if kept and kept.figures:
        outcomes = queries.outcomes(kept)
        data |= {
            "case": kept.figures, "gains": 100 * kept.figures["gains"], "outcomes": outcomes,
            "spreads": charts.spreads(outcomes),
            "tornados": [(one, charts.tornado(one["tornado"], one["median_npv"])) for one in outcomes if one["best"]],
        }  # fmt: skip
    return render(request, "portfolio/case.html", data, status=422 if form.errors else 200)


@require_safe
def file(request: Request, pk: int, one: int) -> HttpResponse:
    """A file a portfolio was decided with, as it was handed in."""
    kept = queries.kept_file(request.user, pk, one)
    ending = kept.name.rpartition(".")[2].lower()
    name = f"{kept.kind}-{kept.pk}.{ending if ending.isalnum() else 'bin'}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(bytes(kept.content), content_type="application/octet-stream", headers=headers)


def _read(upload: Any) -> File | None:
    return (upload.name, upload.read()) if upload else None


def _show(form: forms.Form, error: Invalid) -> None:
    for field, text in error.fields.items():
        form.add_error(field or None, text.splitlines())


def _next_year() -> date:
    return date(timezone.localdate().year + 1, 1, 1)


urlpatterns = [
    path("sourcing/<int:pk>/evidence/", more, name="portfolio-evidence"),
    path("sourcing/<int:pk>/evidence/<int:one>/", file, name="portfolio-file"),
    path("sourcing/<int:pk>/case/", case, name="portfolio-case"),
]
