"""Pages: hand work over, see what was received, load reference data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from anyshore.base.errors import DataError
from anyshore.forms import Form, validate
from anyshore.host.intake.parcels import Kind, Parcel, Receipt
from anyshore.host.intake_ports import ACCEPTED, DUPLICATE, REFUSED
from anyshore.web.core import permissions, reader
from anyshore.web.core.errors import Invalid, NotFound
from anyshore.web.core.forms import posted
from anyshore.web.core.models import Engagement
from anyshore.web.core.paging import sheet
from anyshore.web.core.requests import Request
from anyshore.web.intake import actions, forms, queries
from anyshore.web.work import fields

PAIRS = 6
"""Names and values a page asks for at once."""


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: Request, key: str) -> HttpResponse:
    """Hands files over to a service."""
    engagement = permissions.engagement(request.user, key, "work.start")
    doors = queries.doors(engagement)
    by_values = request.POST.get("by") == "values"
    form = forms.Start(doors, None if by_values else posted(request), request.FILES or None)
    open_doors = [one for one in doors if one.takes_values]
    values = forms.Values(open_doors, request.POST if by_values else None)
    if by_values and values.is_valid():
        try:
            parcel = Parcel(
                values.cleaned_data["reference"], None, "browser", sender=request.user.email,
                payload=fields.said(request.POST) or {"reference": values.cleaned_data["reference"]},
                reference=values.cleaned_data["reference"],
            )  # fmt: skip
            answers = actions.receive(request.user, key, values.cleaned_data["service"], [parcel])
        except Invalid as error:
            for field, text in error.fields.items():
                values.add_error(field if field in values.fields else None, text)
        else:
            _tell(request, answers)
            return redirect("received", key)
    if not by_values and request.method == "POST" and form.is_valid():
        uploads = form.cleaned_data["documents"]
        parcels = [Parcel(name, content, "browser", sender=request.user.email) for name, content in uploads]
        try:
            answers = actions.receive(request.user, key, form.cleaned_data["service"], parcels)
        except Invalid as error:
            for field, text in error.fields.items():
                form.add_error(field if field in form.fields else None, text)
        else:
            _tell(request, answers)
            return redirect("received", key)
    language = reader.language()
    ways = [
        (door, kind, kind.title.get(language) or door.pack.title.get(language, ""))
        for door in doors
        for kind in door.forms
    ]
    pairs = [*zip(request.POST.getlist("name"), request.POST.getlist("value"), strict=False)] if by_values else []
    data = {
        "form": form, "engagement": engagement, "files": any(one.takes_files for one in doors), "ways": ways,
        "values": values if open_doors else None, "names": sorted({name for one in open_doors for name in one.values}),
        "pairs": [*pairs, *[("", "")] * (PAIRS - len(pairs))],
    }  # fmt: skip
    return render(request, "intake/start.html", data, status=422 if form.errors or values.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def start_form(request: Request, key: str, service: str, kind: str) -> HttpResponse:
    """Starts work by the answers to a form."""
    engagement = permissions.engagement(request.user, key, "work.start")
    form, way = _form(engagement, service, kind)
    given = fields.answers(form, request.POST) if request.method == "POST" else {}
    errors: dict[str, str] = {}
    if request.method == "POST":
        _values, problems = validate(form, given)
        errors = {one.location.element or "": fields.problem_text(form, one) for one in problems}
        if not problems:
            title = form.text(form.title, reader.language())
            parcel = Parcel(title, None, "browser", sender=request.user.email, form=given, kind=way.name)
            answers = actions.receive(request.user, key, service, [parcel])
            _tell(request, answers)
            return redirect("received", key)
    data = {
        "engagement": engagement, "title": form.text(form.title, reader.language()),
        "fields": fields.fields(form, given, errors), "errors": errors,
    }  # fmt: skip
    return render(request, "intake/start_form.html", data, status=422 if errors else 200)


def _form(engagement: Engagement, service: str, kind: str) -> tuple[Form, Kind]:
    for door in queries.doors(engagement):
        for one in door.forms:
            if (door.service, one.name) == (service, kind):
                return door.pack.forms[one.form or ""], one
    raise NotFound(_("The service has no start form."))


def _tell(request: Request, answers: Sequence[Receipt]) -> None:
    """How many were answered how; the page that follows names them."""
    counts = Counter(one.status for one in answers)
    if counts[ACCEPTED]:
        messages.success(request, _("%d started.") % counts[ACCEPTED])
    for one in answers:
        if one.status == DUPLICATE:
            text = _("%(name)s is here already: case %(case)s.")
            messages.info(request, text % {"name": one.name, "case": one.instance})
    if counts[REFUSED]:
        text = ngettext("%d was refused: see why below.", "%d were refused: see why below.", counts[REFUSED])
        messages.warning(request, text % counts[REFUSED])


@require_safe
def received(request: Request, key: str) -> HttpResponse:
    """What was received, and how each thing was answered."""
    engagement = permissions.engagement(request.user, key, "received.see")
    status = request.GET.get("status", "")
    shown = sheet(queries.received(request.user, key, status), request.GET.get("page"))
    rows = [queries.receipt(row) for row in shown]
    may = permissions.may(request.user, "work.start", engagement)
    data = {
        "engagement": engagement, "rows": rows, "sheet": shown, "form": forms.Filter(request.GET or None),
        "may_start": may, "words": dict(forms.STATUS_WORDS),
    }  # fmt: skip
    return render(request, "intake/received.html", data)


@require_safe
def references(request: Request, key: str) -> HttpResponse:
    """The reference data of an engagement."""
    engagement = permissions.engagement(request.user, key, "references.see")
    data = {"engagement": engagement, "shelves": queries.shelves(request.user, key), "language": reader.language()}
    return render(request, "intake/references.html", data)


@require_http_methods(["GET", "HEAD", "POST"])
def reference(request: Request, key: str, service: str, kind: str) -> HttpResponse:
    """The versions of one kind of reference data, what each changed, and a new one."""
    engagement = permissions.engagement(request.user, key, "references.see")
    shelf = queries.shelf(request.user, key, service, kind)
    may = permissions.may(request.user, "references.load", engagement)
    form, problems = forms.Load(posted(request), request.FILES or None), []
    if request.method == "POST" and form.is_valid():
        ((name, content),) = form.cleaned_data["file"][:1]
        try:
            loaded = actions.load(request.user, key, service, kind, name, content)
        except DataError as error:
            problems = list(error.diagnostics)
        else:
            same = _("Nothing changed: version %d holds the same rows.")
            text = _("Version %d is in force.") if loaded.fresh else same
            messages.success(request, text % loaded.version.number)
            return redirect("reference", key, service, kind)
    number = request.GET.get("version", "")
    chosen = next((row for row in shelf.versions if str(row.number) == number), None)
    chosen = chosen or next(iter(shelf.versions), None)
    data = {
        "engagement": engagement, "shelf": shelf, "title": shelf.kind.title.get(reader.language(), kind), "form": form,
        "problems": problems, "may_load": may, "chosen": chosen,
        "change": queries.change(shelf, key, chosen.number) if chosen is not None else None,
    }  # fmt: skip
    return render(request, "intake/reference.html", data, status=422 if form.errors or problems else 200)


urlpatterns = [
    path("engagements/<slug:key>/start/", start, name="work-start"),
    path("engagements/<slug:key>/start/<slug:service>/<slug:kind>/", start_form, name="work-start-form"),
    path("engagements/<slug:key>/received/", received, name="received"),
    path("engagements/<slug:key>/references/", references, name="references"),
    path("engagements/<slug:key>/references/<slug:service>/<slug:kind>/", reference, name="reference"),
]
