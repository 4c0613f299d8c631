"""What experts do with their case: change its plan, note findings, sign, hand the deliverable over."""

from __future__ import annotations

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anyshore.knowledge import deliverable_pdf
from anyshore.web.accounts.confirming import confirmed
from anyshore.web.cases import added, boards, findings, forms, plan, signing
from anyshore.web.cases import deliverable as document
from anyshore.web.core.errors import NotFound
from anyshore.web.core.forms import attempt, posted
from anyshore.web.core.numbers import whole
from anyshore.web.core.requests import Request
from anyshore.web.engine import queries as engine


@require_POST
def act(request: Request, number: int) -> HttpResponse:
    """One change of plan."""
    node = request.POST.get("node", "")
    plan.change(
        request.user, number, request.POST.get("verb", ""), request.POST.get("reason", ""),
        node=whole(node), element=request.POST.get("element") or None,
    )  # fmt: skip
    messages.success(request, _("The plan was changed."))
    return redirect("instance", number)


def _filled(request: Request, number: int, form: django_forms.Form, title: str, text: str) -> HttpResponse:
    data = {"form": form, "number": number, "title": title, "text": text}
    return render(request, "cases/case_form.html", data, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def add_task(request: Request, number: int) -> HttpResponse:
    """A task of the expert's own."""
    row, _engagement = engine.instance(request.user, number, "case.plan")
    columns = boards.case(row, request.user)["stages"]
    stages = [(one.node, one.name) for one in columns if one.state == "active"]
    form = forms.AddTask(stages, added.people(row, request.user), posted(request))
    if request.method == "POST" and attempt(form, added.add, request.user, number):
        messages.success(request, _("The task is part of the plan."))
        return redirect("instance", number)
    return _filled(request, number, form, _("Add a task"), _("It becomes part of this case; the reason stays with it."))


@require_http_methods(["GET", "HEAD", "POST"])
def add_finding(request: Request, number: int) -> HttpResponse:
    """A finding with its evidence."""
    row, _engagement = engine.instance(request.user, number, "case.plan")
    named = {digest: source.name for digest, source in findings.sources(row).items()}
    form = forms.Finding(named, posted(request))
    if request.method == "POST" and attempt(form, findings.add, request.user, number):
        messages.success(request, _("Noted, and found in the source."))
        return redirect("instance", number)
    text = _("A finding rests on words of a source. A quotation that does not stand there is refused.")
    return _filled(request, number, form, _("Note a finding"), text)


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def sign(request: Request, number: int) -> HttpResponse:
    """The expert's signature, where the plan of the case has no task for it."""
    row, engagement = engine.instance(request.user, number, "case.sign")
    task = boards.signing_task(row)
    if task is not None:
        return redirect("work-item", number, task)
    form = forms.Sign(posted(request))
    changed: signing.Changed | None = None
    try:
        if request.method == "POST" and attempt(form, signing.sign, request.user, number):
            messages.success(request, _("Signed."))
            return redirect("instance", number)
    except signing.Changed as refused:
        changed = refused
        row.refresh_from_db()
    found = document.report(row, engagement)
    data = {
        "form": form, "number": number, "title": _("Sign the findings"), "report": found,
        "lines": document.lines(found), "in_view": signing.in_view(row, found), "changed": changed,
        "text": _("Your signature covers every word and every quotation you see here."),
    }  # fmt: skip
    status = 409 if changed else 422 if form.errors else 200
    return render(request, "cases/sign.html", data, status=status)


@require_safe
def deliverable(request: Request, number: int) -> HttpResponse:
    """The deliverable as PDF."""
    row, engagement = engine.instance(request.user, number, "document.see")
    found = document.report(row, engagement)
    if found is None:
        raise NotFound(_("This case has nothing to deliver yet."))
    name = "".join(c if c.isalnum() or c in "-_." else "-" for c in row.reference or str(row.pk))
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(deliverable_pdf.render(found.composed), content_type="application/pdf", headers=headers)


urlpatterns = [
    path("cases/<int:number>/plan/", act, name="case-act"),
    path("cases/<int:number>/tasks/add/", add_task, name="case-add-task"),
    path("cases/<int:number>/findings/add/", add_finding, name="case-add-finding"),
    path("cases/<int:number>/sign/", sign, name="case-sign"),
    path("cases/<int:number>/deliverable/", deliverable, name="case-deliverable"),
]
