"""Pages on which files are checked, looked at, tried and put to use."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anyshore.base.errors import DefinitionError, Diagnostic
from anyshore.web.core import permissions
from anyshore.web.core.errors import Invalid, NotFound
from anyshore.web.core.forms import posted
from anyshore.web.core.requests import Request
from anyshore.web.engine import own_packs
from anyshore.web.library import draft_actions as actions
from anyshore.web.library import draft_queries as queries
from anyshore.web.library import forms
from anyshore.web.library.models import Draft
from anyshore.web.library.pages import HARMLESS


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Request) -> HttpResponse:
    """Upload files to be checked; the drafts there are."""
    permissions.require(request.user, "process.check")
    form = _upload(request)
    if request.method == "POST" and form.is_valid():
        try:
            draft = actions.begin(request.user, form.cleaned_data["files"])
        except Invalid as error:
            form.add_error("files", error.fields["files"])
        else:
            return redirect("process-draft", draft.pk)
    data = {"form": form, "drafts": request.user.drafts.prefetch_related("files")}
    return render(request, "library/check.html", data, status=422 if form.errors else 200)


def _upload(request: Request) -> forms.Upload:
    return forms.Upload(posted(request), request.FILES if request.method == "POST" else None)


@require_safe
def draft(request: Request, pk: int) -> HttpResponse:
    """What was found in the files, and what they look like."""
    return _page(request, queries.one(request.user, pk))


@require_POST
def add(request: Request, pk: int) -> HttpResponse:
    """Further files, or newer ones of the same name."""
    found = queries.one(request.user, pk)
    form = _upload(request)
    if form.is_valid():
        try:
            actions.add(request.user, pk, form.cleaned_data["files"])
        except Invalid as error:
            form.add_error("files", error.fields["files"])
        else:
            return redirect("process-draft", pk)
    return _page(request, found, upload=form, status=422)


@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    """A file less."""
    actions.remove(request.user, pk, request.POST.get("name", ""))
    gone = not request.user.drafts.filter(pk=pk).exists()
    return redirect("process-check") if gone else redirect("process-draft", pk)


@require_safe
def file(request: Request, pk: int, name: str) -> HttpResponse:
    """A file of a draft as it is, for the diagram."""
    content = queries.contents(queries.one(request.user, pk)).get(name)
    if content is None:
        raise NotFound(_("The draft has no such file."))
    kind = "application/xml" if name.endswith((".bpmn", ".dmn", ".cmmn")) else "text/plain"
    return HttpResponse(content, content_type=kind, headers=HARMLESS)


@require_POST
def decide(request: Request, pk: int) -> HttpResponse:
    """Tries a decision with the inputs given."""
    found = queries.one(request.user, pk)
    name, decision = request.POST.get("file", ""), request.POST.get("decision", "")
    names, values = request.POST.getlist("input"), request.POST.getlist("value")
    inputs = dict(zip(names, values, strict=False))
    tried: dict[str, Any] = {"file": name, "decision": decision, "inputs": inputs}
    result = queries.decide(request.user, pk, name, decision, inputs)
    tried["problems"] = result.problems
    if result.value is not None:
        tried |= {"value": result.value, "why": result.why}
    return _page(request, found, tried=tried)


@require_POST
def deploy(request: Request, pk: int) -> HttpResponse:
    """Puts the files to use as a new version of a pack of the organisation's own."""
    found = queries.one(request.user, pk)
    permissions.require(request.user, "process.deploy")
    files = queries.contents(found)
    form = _deploy(request, files, queries.examine(request.user, files).starts, posted(request))
    refused: list[Diagnostic] = []
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            made = actions.put_to_use(request.user, pk, given.pop("organisation"), given)
        except Invalid as error:
            for name, text in error.fields.items():
                form.add_error(name if name in form.fields else None, text)
        except DefinitionError as error:
            refused = list(error.diagnostics)
        else:
            text = _("In use as %(pack)s, version %(number)d. Work starts on it where the terms name the service.")
            said = own_packs.ordinals([f"@{made.number}"])[f"@{made.number}"]
            messages.success(request, text % {"pack": made.pack.partition("/")[2], "number": said})
            return redirect("processes")
    return _page(request, found, form=form, refused=refused, status=422)


def _deploy(request: Request, files: dict[str, bytes], starts: list[str], data: Any = None) -> forms.Deploy:
    return forms.Deploy(request.user, starts, "pack.yaml" in files, data)


def _page(request: Request, found: Draft, *, status: int = 200, **more: Any) -> HttpResponse:
    files = queries.contents(found)
    examined = queries.examine(request.user, files)
    problems = examined.problems
    errors = sum(problem.severity == "error" for problem in problems)
    may_deploy = "process.deploy" in permissions.abilities(request.user)
    data = {
        "draft": found, "files": {name: len(content) for name, content in files.items()}, "problems": problems,
        "errors": errors, "warnings": len(problems) - errors, "pictures": examined.pictures,
        "upload": forms.Upload(),
        "form": _deploy(request, files, examined.starts) if may_deploy and not errors else None,
    } | more  # fmt: skip
    return render(request, "library/draft.html", data, status=status)


urlpatterns = [
    path("processes/check/", check, name="process-check"),
    path("processes/drafts/<int:pk>/", draft, name="process-draft"),
    path("processes/drafts/<int:pk>/files/", add, name="process-draft-add"),
    path("processes/drafts/<int:pk>/files/remove/", remove, name="process-draft-remove"),
    path("processes/drafts/<int:pk>/files/<str:name>/", file, name="process-draft-file"),
    path("processes/drafts/<int:pk>/decide/", decide, name="process-draft-decide"),
    path("processes/drafts/<int:pk>/deploy/", deploy, name="process-draft-deploy"),
]
