"""Pages about sourcing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from anyshore.web.core import permissions
from anyshore.web.core.errors import Invalid
from anyshore.web.core.forms import attempt
from anyshore.web.core.paging import sheet
from anyshore.web.core.requests import Request
from anyshore.web.portfolio import actions, charts, forms, queries


@require_http_methods(["GET", "HEAD", "POST"])
def portfolios(request: Request) -> HttpResponse:
    """All portfolios, and a new one."""
    found = queries.portfolios(request.user)
    form = forms.Upload(request.user, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            decided = actions.decide(request.user, **form.cleaned_data)
        except Invalid as error:
            for field, text in error.fields.items():
                form.add_error(field, text)
        else:
            return redirect("portfolio", decided.pk)
    cut = sheet(found, request.GET.get("page"))
    data = {"portfolios": cut, "form": form, "columns": queries.columns()}
    return render(request, "portfolio/portfolios.html", data, status=422 if form.errors else 200)


@require_safe
def sample(request: Request) -> HttpResponse:
    """A portfolio to start from."""
    permissions.require(request.user, "portfolio.see")
    headers = {"Content-Disposition": 'attachment; filename="portfolio.csv"'}
    return HttpResponse(queries.sample(), content_type="text/csv; charset=utf-8", headers=headers)


@require_safe
def portfolio(request: Request, pk: int) -> HttpResponse:
    """The decisions of a portfolio."""
    found = queries.portfolio(request.user, pk)
    decided = list(found.decided.all())
    kind = request.GET.get("kind", "")
    shown = [one for one in decided if not kind or (one.settled_kind or one.kind) == kind]
    data = {
        "portfolio": found,
        "decided": [(one, queries.reasons(one)[0]) for one in shown],
        "total": len(decided),
        "shares": [(one, charts.share(one)) for one in queries.shares(decided)],
        "kind": kind,
    }
    return render(request, "portfolio/portfolio.html", data)


@require_http_methods(["GET", "HEAD", "POST"])
def activity(request: Request, pk: int) -> HttpResponse:
    """One activity: criterion by criterion, and the decision."""
    found = queries.decided(request.user, pk)
    initial = {
        "kind": found.settled_kind or actions.AGREES.get(found.kind, found.kind),
        "shore": found.settled_shore or found.shore,
        "reason": found.settled_reason,
    }  # fmt: skip
    form = forms.Settle(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and attempt(form, actions.settle, request.user, pk):
        messages.success(request, _("Settled."))
        return redirect("portfolio-activity", pk)
    why, shore_reasons = queries.reasons(found)
    evidence = queries.evidence(found)
    data = {
        "one": found, "criteria": queries.criteria(found), "why": why, "shore_reasons": shore_reasons, "form": form,
        "evidence": evidence, "leaning": charts.leaning(evidence.judgement),
    }  # fmt: skip
    return render(request, "portfolio/activity.html", data, status=422 if form.errors else 200)


urlpatterns = [
    path("sourcing/", portfolios, name="portfolios"),
    path("sourcing/sample.csv", sample, name="portfolio-sample"),
    path("sourcing/<int:pk>/", portfolio, name="portfolio"),
    path("sourcing/activities/<int:pk>/", activity, name="portfolio-activity"),
]
