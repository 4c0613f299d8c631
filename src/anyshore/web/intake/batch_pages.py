"""Pages: batches of an engagement, what became of one, one row of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anyshore.web.core import permissions
from anyshore.web.core.errors import Invalid
from anyshore.web.core.forms import posted
from anyshore.web.core.numbers import whole
from anyshore.web.core.paging import sheet
from anyshore.web.core.requests import Request
from anyshore.web.intake import batches, forms, trying


@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: Request, key: str) -> HttpResponse:
    """The batches, and a new one."""
    engagement = permissions.engagement(request.user, key, "received.see")
    may = permissions.may(request.user, "work.start", engagement)
    kinds = batches.kinds(engagement) if may else []
    form = forms.Batch(kinds, posted(request), request.FILES or None)
    if request.method == "POST":
        permissions.engagement(request.user, key, "work.start")
        if form.is_valid():
            service, _colon, kind = form.cleaned_data["service"].partition(":")
            ((name, content),) = form.cleaned_data["file"][:1]
            try:
                row, fresh = batches.hand_over(request.user, key, service, kind, name, content)
            except Invalid as error:
                for field, text in error.fields.items():
                    form.add_error(field if field in form.fields else None, text)
            else:
                messages.success(request, _("Decided.") if fresh else _("This file is here already."))
                return redirect("batch", key, row.id)
    shown = sheet(batches.batches(request.user, key), request.GET.get("page"))
    data = {"engagement": engagement, "sheet": shown, "rows": list(shown), "form": form if kinds else None}
    return render(request, "intake/batches.html", data, status=422 if form.errors else 200)


@require_safe
def one(request: Request, key: str, number: int) -> HttpResponse:
    """What became of a batch."""
    engagement = permissions.engagement(request.user, key, "received.see")
    asked = whole(request.GET.get("row", ""))
    if asked is not None:
        return redirect("batch-row", key, number, asked)
    shown = batches.batch(request.user, key, number)
    data = {
        "engagement": engagement, "shown": shown, "tables": _tables(shown),
        "may": permissions.may(request.user, "work.start", engagement),
    }  # fmt: skip
    return render(request, "intake/batch.html", data)


def _tables(shown: batches.Shown) -> list[tuple[str, str, list[tuple[str, int]], str]]:
    """What became of the rows: title, head of what is counted, counts, and what is said where there are none."""
    row = shown.row
    rows = [
        (_("All"), row.rows), (_("Through without a person"), row.through), (_("To queues"), row.waiting),
        (_("As cases of their own from the start"), row.alone), (_("Refused"), shown.refused),
    ]  # fmt: skip
    left = [(one.name, one.rows) for one in shown.left]
    ways = [(" › ".join(one.path), one.rows) for one in shown.ways]
    return [
        (_("Rows"), _("What"), rows, ""), (_("Outcomes"), _("Outcome"), shown.outcomes, "–"),
        (_("Exceptions left"), _("Waits at"), left, _("None: each was taken up.")), (_("Ways"), _("Path"), ways, "–"),
    ]  # fmt: skip


@require_safe
def document(request: Request, key: str, number: int, part: int) -> HttpResponse:
    """A document of decided rows."""
    name, content = batches.document(request.user, key, number, part)
    found = HttpResponse(content, content_type="application/vnd.apache.parquet")
    found["Content-Disposition"] = f'attachment; filename="{name}"'
    return found


@require_safe
def row(request: Request, key: str, number: int, at: int) -> HttpResponse:
    """One row of a batch."""
    engagement = permissions.engagement(request.user, key, "received.see")
    data = {
        "engagement": engagement, "shown": batches.batch(request.user, key, number), "at": at,
        "row": batches.one_row(request.user, key, number, at),
        "may": permissions.may(request.user, "work.start", engagement),
    }  # fmt: skip
    return render(request, "intake/batch_row.html", data)


@require_http_methods(["GET", "HEAD", "POST"])
def tried(request: Request, key: str, number: int) -> HttpResponse:
    """What would become of the rows with changed definitions."""
    engagement = permissions.engagement(request.user, key, "work.start")
    form, found = forms.Try(posted(request), request.FILES or None), None
    if request.method == "POST" and form.is_valid():
        try:
            found = trying.tried(request.user, key, number, form.cleaned_data["file"])
        except Invalid as error:
            form.add_error("file", error.fields["file"])
    else:
        batches.batch(request.user, key, number)
    data = {"engagement": engagement, "number": number, "form": form, "found": found}
    return render(request, "intake/batch_tried.html", data, status=422 if form.errors else 200)


@require_POST
def take_out(request: Request, key: str, number: int, at: int) -> HttpResponse:
    """Makes a case of its own of a row."""
    return redirect("instance", batches.take_out(request.user, key, number, at))


@require_POST
def reopen(request: Request, key: str, number: int, at: int) -> HttpResponse:
    """Opens a row again, with what is put right."""
    named = request.POST.get("variable", "").strip()
    changes = {named: request.POST.get("value", "")} if named else {}
    try:
        instance = batches.reopen(request.user, key, number, at, request.POST.get("reason", ""), changes)
    except Invalid as error:
        messages.error(request, " ".join(error.fields.values()))
        return redirect("batch-row", key, number, at)
    return redirect("instance", instance)


urlpatterns = [
    path("engagements/<slug:key>/batches/", listed, name="batches"),
    path("engagements/<slug:key>/batches/<int:number>/", one, name="batch"),
    path("engagements/<slug:key>/batches/<int:number>/parts/<int:part>/", document, name="batch-document"),
    path("engagements/<slug:key>/batches/<int:number>/try/", tried, name="batch-try"),
    path("engagements/<slug:key>/batches/<int:number>/rows/<int:at>/", row, name="batch-row"),
    path("engagements/<slug:key>/batches/<int:number>/rows/<int:at>/take-out/", take_out, name="batch-row-take-out"),
    path("engagements/<slug:key>/batches/<int:number>/rows/<int:at>/reopen/", reopen, name="batch-row-reopen"),
]
