"""Pages of document review: sets, the queue, the report."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anyshore.web.core.errors import Invalid
from anyshore.web.core.forms import Documents, Files, offer, posted
from anyshore.web.core.models import Engagement, Person
from anyshore.web.core.permissions import visible_engagements
from anyshore.web.core.requests import Request
from anyshore.web.discovery import actions, queries


class Upload(forms.Form):
    """A set of documents and what is looked for in it."""

    engagement: forms.ModelChoiceField[Engagement] = forms.ModelChoiceField(
        None, label=_("Engagement"), empty_label=None, to_field_name="key"
    )
    name = forms.CharField(label=_("Name"), max_length=200)
    question = forms.CharField(
        label=_("When is a document relevant?"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )
    target = forms.FloatField(label=_("Recall to reach"), min_value=0.5, max_value=0.999, initial=0.95)
    documents = Documents(
        label=_("Documents"), widget=Files(attrs={"multiple": True}),
        help_text=_(
            "One CSV table with title and abstract (or text), id and family if there are; references (RIS, .nbib); "
            "or texts and PDFs."
        ),
    )  # fmt: skip

    def __init__(self, by: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "engagement", visible_engagements(by, "case.plan").order_by("title"))


@require_http_methods(["GET", "HEAD", "POST"])
def sets(request: Request) -> HttpResponse:
    """All sets, and a new one."""
    found = queries.sets(request.user)
    form = Upload(request.user, posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made, left_out = actions.upload(
                request.user, given["engagement"].key, given["name"], given["question"], given["documents"],
                given["target"],
            )  # fmt: skip
        except Invalid as error:
            for field, text in error.fields.items():
                form.add_error(field, text)
        else:
            if left_out:
                told = ngettext(
                    "%d record was left out: its work is in the set.",
                    "%d records were left out: their works are in the set.", left_out,
                )  # fmt: skip
                messages.success(request, told % left_out)
            return redirect("document-set", made.pk)
    return render(request, "discovery/sets.html", {"sets": found, "form": form}, status=422 if form.errors else 200)


@require_safe
def one(request: Request, pk: int) -> HttpResponse:
    """The next document of a set."""
    return render(request, "discovery/set.html", queries.page(request.user, pk))


@require_POST
def decide(request: Request, pk: int) -> HttpResponse:
    """Relevant or not."""
    actions.decide(request.user, pk, request.POST.get("document", ""), request.POST.get("relevant") == "yes")
    return redirect("document-set", pk)


@require_POST
def sample(request: Request, pk: int) -> HttpResponse:
    """Draws the sample."""
    actions.sample(request.user, pk)
    return redirect("document-set", pk)


@require_safe
def report(request: Request, pk: int) -> HttpResponse:
    """The report to hand over."""
    return render(request, "discovery/report.html", queries.report(request.user, pk))


urlpatterns = [
    path("documents/", sets, name="document-sets"),
    path("documents/<int:pk>/", one, name="document-set"),
    path("documents/<int:pk>/decide/", decide, name="document-set-decide"),
    path("documents/<int:pk>/sample/", sample, name="document-set-sample"),
    path("documents/<int:pk>/report/", report, name="document-set-report"),
]
