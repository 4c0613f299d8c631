"""Pages about engagements: scorecard, invoice, terms, ledger."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anyshore.base.errors import AnyshoreError
from anyshore.terms import explain
from anyshore.terms.model import Duration
from anyshore.web.accounts.confirming import confirmed
from anyshore.web.core import permissions
from anyshore.web.core.forms import attempt, posted
from anyshore.web.core.paging import sheet
from anyshore.web.core.reader import language
from anyshore.web.core.requests import Request
from anyshore.web.engagements import (
    actions,
    benefits,
    billing,
    by_form,
    charts,
    contents,
    forms,
    previewing,
    queries,
    settling,
)
from anyshore.web.engagements import week as planning
from anyshore.web.engine import people
from anyshore.web.engine.tallies import services_of


@require_safe
def engagements(request: Request) -> HttpResponse:
    """All engagements at a glance."""
    able = permissions.abilities(request.user)
    data = {"cards": queries.cards(request.user), "may_propose": "engagement.create" in able}
    permissions.require(request.user, "scorecard.see")
    return render(request, "engagements/engagements.html", data)


@require_safe
def scorecard(request: Request, key: str) -> HttpResponse:
    """The service levels of a month, with the case behind every figure one click away."""
    card = queries.card(request.user, key, request.GET.get("month"))
    sees_money = permissions.may(request.user, "invoice.see", key)
    rows = [
        {
            "score": one,
            "is_duration": isinstance(one.objective, Duration),
            "meter": charts.meter(one.attainment, one.objective.target),
            "trend": charts.trend(queries.trend(card, one.service, one.objective.key), one.objective.target),
            "sentence": explain.headline(one, language()),
        }
        for one in card.scores
    ]
    data = {
        "card": card, "rows": rows, "sees_money": sees_money,
        "sees_benefits": benefits.sees(request.user, card.engagement), "head": queries.chain_head(card.engagement),
        "costs": queries.arbitrage(card) if sees_money else [],
        "may_plan": permissions.may(request.user, "people.manage", key),
        "due": billing.due(card.engagement) if sees_money else (), "services": services_of(card.engagement),
    }  # fmt: skip
    return render(request, "engagements/scorecard.html", data)


@require_safe
def objective(request: Request, key: str, service: str, objective: str) -> HttpResponse:
    """The cases behind one figure."""
    card = queries.card(request.user, key, request.GET.get("month"))
    score = queries.objective(card, service, objective)
    results = queries.worst_first(request.user, card, score, request.GET.get("page"))
    missed = [one for one in results if not one.met]
    data = {
        "card": card, "score": score, "results": results,
        "sentences": explain.explain_some(score, missed, card.engagement.zone, language()),
        "is_duration": isinstance(score.objective, Duration),
    }  # fmt: skip
    return render(request, "engagements/objective.html", data)


@require_safe
def invoice(request: Request, key: str, month: str) -> HttpResponse:
    """What a month costs, and why: as it was issued, with its corrections, or as it stands."""
    card = queries.card(request.user, key, month, "invoice.see")
    billed = billing.billed(card)
    shown = billed.invoice if billed else card.invoice
    may_issue = permissions.may(request.user, "invoice.issue", key)
    data = {
        "card": card, "invoice": shown, "billed": billed, "may_correct": may_issue and billed is not None,
        "due": card.month in billing.due(card.engagement), "documents": settling.sent(card.engagement, card.month),
        "may_issue": may_issue and not card.running and shown is not None and billed is None,
        "credits": [
            (one, explain.explain_credit(one, shown.terms.currency, language())) for one in shown.credits
        ] if shown else [],
    }  # fmt: skip
    return render(request, "engagements/invoice.html", data)


@require_safe
def invoice_line(request: Request, key: str, month: str, line: int) -> HttpResponse:
    """The cases behind one line of an invoice."""
    card = queries.card(request.user, key, month, "invoice.see")
    billed = billing.billed(card)
    shown = billed.invoice if billed else card.invoice
    found = queries.line(shown, line)
    assert shown is not None  # it has the line
    data = {
        "card": card,
        "line": found,
        "number": line,
        "behind": queries.behind(request.user, card, found, request.GET.get("page")),
        "sentence": explain.explain_line(found, shown.terms.currency, language()),
    }
    return render(request, "engagements/invoice_line.html", data)


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def correction(request: Request, key: str, month: str) -> HttpResponse:
    """What a billed month comes to by now beside what was billed, and the way to issue the difference."""
    card = queries.card(request.user, key, month, "invoice.see")
    found = billing.correction(card.engagement, month)
    form = forms.Correct(posted(request), initial={"shown": found.digest})
    if request.method == "POST" and attempt(form, actions.issue_correction, request.user, key, month):
        messages.success(request, _("The correction was issued; its figures stand in the ledger."))
        return redirect("invoice", key, month)
    may_issue = permissions.may(request.user, "invoice.issue", key)
    data = {
        "card": card, "found": found, "rows": billing.rows(found.difference, found.invoice.terms),
        "type_code": found.type_code, "currency": found.invoice.terms.currency, "preceding": found.preceding,
        "late": sheet(billing.late_for(request.user, found), request.GET.get("page")),
        "form": form if may_issue and not found.empty else None,
    }  # fmt: skip
    return render(request, "engagements/correction.html", data, status=422 if form.errors else 200)


@require_safe
def correction_issued(request: Request, key: str, month: str, document: str) -> HttpResponse:
    """A correction as it was issued."""
    card = queries.card(request.user, key, month, "invoice.see")
    found = billing.issued(card, document)
    before = [one for one in card.book.documents[card.month] if one.sequence < found.sequence]
    data = {
        "card": card, "document": found, "rows": billing.rows(found.data["difference"], billing.terms_of(card, found)),
        "type_code": found.data["type_code"], "currency": found.data["figures"]["currency"],
        "preceding": before, "issued_by": people.address(found.data.get("by")),
    }  # fmt: skip
    return render(request, "engagements/correction.html", data)


@require_POST
@confirmed
def issue(request: Request, key: str, month: str) -> HttpResponse:
    """Issues the invoice of a month."""
    number = actions.issue_invoice(request.user, key, month)
    messages.success(request, _("Invoice %s was issued; its figures stand in the ledger.") % number)
    return redirect("invoice", key, month)


@require_safe
def terms(request: Request, key: str) -> HttpResponse:
    """The terms, version by version."""
    engagement, versions = queries.terms_versions(request.user, key)
    owner = request.user.memberships.filter(organisation=engagement.client, role="owner").exists()
    shown = contents.of_versions(versions, billing.in_force(engagement))
    may_propose = permissions.may(request.user, "engagement.create", engagement)
    data = {"engagement": engagement, "versions": shown, "may_accept": owner, "may_propose": may_propose}
    return render(request, "engagements/terms.html", data)


@require_POST
@confirmed
def accept(request: Request, key: str, version: int) -> HttpResponse:
    """The client accepts proposed terms."""
    actions.accept(request.user, key, version)
    messages.success(request, _("Accepted. The terms stand in the ledger."))
    return redirect("engagement", key)


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: Request) -> HttpResponse:
    """Proposes terms to a client."""
    permissions.require(request.user, "engagement.create")
    given = _entered(request)
    form = forms.Propose(request.user, given, initial=_begun(request))
    do = request.POST.get("do", "")
    if given is None or do:
        return _shown(request, form, as_text=do == "text" or (not do and request.GET.get("as") == "text"))
    if attempt(form, actions.propose, request.user):
        messages.success(request, _("Proposed. The client can accept the terms now."))
        return redirect("engagements")
    return _shown(request, form, as_text=request.POST.get("by") != "form", status=422)


def _entered(request: Request) -> QueryDict | None:
    """What was entered; the fields of a form of terms as their text."""
    if request.method != "POST":
        return None
    given = request.POST.copy()
    if given.get("by") == "form":
        lists = {name: given.getlist(name) for name in given}
        given["text"] = by_form.changed(given.get("text", ""), lists, given.get("do", ""))
    return given


def _shown(request: Request, form: forms.Propose, as_text: bool, status: int = 200) -> HttpResponse:
    """Terms to be proposed, as a form or as text, with what they would agree."""
    text = str(form["text"].value() or "")
    made = by_form.form_of(text) if text.strip() else None
    if request.method == "POST" and status == 200:
        form = forms.Propose(request.user, None, initial={"text": text} | {
            name: request.POST.get(name) for name in ("provider", "client")
        })  # fmt: skip
    data: dict[str, object] = {"form": form, "by_form": None if as_text else made, "may_form": made is not None}
    if request.method == "POST":
        data["preview"] = previewing.preview(request.user, text)
    return render(request, "engagements/propose.html", data, status=status)


def _begun(request: Request) -> dict[str, object]:
    """What the form of terms begins with: the sample of a service, or an amendment of an engagement."""
    amends = request.GET.get("amend", "")
    if not amends:
        return {"text": forms.sample(request.user, request.GET.get("pack", ""))}
    found = permissions.engagement(request.user, amends, "engagement.create")
    text = previewing.amended(request.user, amends)
    return {"text": text, "client": found.client_id, "provider": found.provider_id}


@require_POST
def preview(request: Request) -> HttpResponse:
    """What terms would agree and cost, before they are proposed."""
    given = _entered(request)
    if request.htmx:
        found = previewing.preview(request.user, str(given.get("text", "") if given is not None else ""))
        return render(request, "engagements/preview.html", {"preview": found})
    permissions.require(request.user, "engagement.create")
    return _shown(request, forms.Propose(request.user, given), as_text=request.POST.get("by") != "form")


@require_safe
def ledger(request: Request, key: str) -> StreamingHttpResponse:
    """The ledger as a file."""
    name, content = queries.export(request.user, key)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(content, content_type="application/jsonl", headers=headers)


@require_safe
def week(request: Request, key: str) -> HttpResponse:
    """What comes in the seven days from tomorrow, and who has to be there."""
    engagement = permissions.engagement(request.user, key, "people.manage")
    services = planning.services(engagement)
    form = forms.Week(list(services.items()), request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    minutes, away = given.get("minutes"), given.get("away") or 0.0
    found = None
    if services:
        try:
            found = planning.plan(
                engagement, given.get("service"), handling=minutes and 60 * minutes, shrinkage=away / 100,
                options=given.get("shifts", ()),
            )  # fmt: skip
        except AnyshoreError as error:
            told = {
                "workforce.uncovered": _("These shifts are not there when work is due."),
                "workforce.solver": _("The best plan was not found in time. Take fewer shifts."),
            }
            if error.code not in told:
                raise
            form.add_error("shifts", told[error.code])
    data = {
        "engagement": engagement, "week": found, "form": form,
        "methods": charts.methods(found.forecast) if found and found.forecast else [],
        "picture": charts.week(found) if found and found.work else "",
    }  # fmt: skip
    return render(request, "engagements/week.html", data, status=422 if form.errors else 200)


urlpatterns = [
    path("engagements/", engagements, name="engagements"),
    path("engagements/propose/", propose, name="engagement-propose"),
    path("engagements/propose/preview/", preview, name="engagement-preview"),
    path("engagements/<slug:key>/", scorecard, name="engagement"),
    path("engagements/<slug:key>/objectives/<str:service>/<str:objective>/", objective, name="engagement-objective"),
    path("engagements/<slug:key>/week/", week, name="engagement-week"),
    path("engagements/<slug:key>/terms/", terms, name="engagement-terms"),
    path("engagements/<slug:key>/terms/<int:version>/accept/", accept, name="engagement-accept"),
    path("engagements/<slug:key>/ledger/", ledger, name="engagement-ledger"),
    path("engagements/<slug:key>/invoices/<str:month>/", invoice, name="invoice"),
    path("engagements/<slug:key>/invoices/<str:month>/lines/<int:line>/", invoice_line, name="invoice-line"),
    path("engagements/<slug:key>/invoices/<str:month>/issue/", issue, name="invoice-issue"),
    path("engagements/<slug:key>/invoices/<str:month>/correction/", correction, name="correction"),
    path(
        "engagements/<slug:key>/invoices/<str:month>/corrections/<str:document>/",
        correction_issued,
        name="correction-issued",
    ),
]
