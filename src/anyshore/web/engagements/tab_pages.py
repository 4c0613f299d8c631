"""An engagement's further tabs: objectives over months, money, proof, people, and a line's trail to its documents."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from anyshore.terms import explain
from anyshore.web.core import permissions
from anyshore.web.core.paging import Sheet, sheet
from anyshore.web.core.reader import language
from anyshore.web.core.requests import Request
from anyshore.web.engagements import billing, queries, settling, tabs


@require_safe
def objectives(request: Request, key: str) -> HttpResponse:
    """Every objective over the last months."""
    card = queries.card(request.user, key, request.GET.get("month"))
    rows = [{"score": one, "points": tabs.points(card, one.service, one.objective.key)} for one in card.scores]
    data = {"card": card, "months": tabs.shown_months(card), "rows": rows}
    return render(request, "engagements/objectives.html", data)


@require_safe
def money(request: Request, key: str) -> HttpResponse:
    """Months and documents: what was billed, what is open."""
    engagement = permissions.engagement(request.user, key, "invoice.see")
    documents = settling.sent(engagement)
    shown = sheet(queries.card_of(engagement).months, request.GET.get("page"))
    rows = [(month, [one for one in documents if one.document.month == month]) for month in shown]
    data = {
        "engagement": engagement, "totals": tabs.totals(documents), "months": Sheet(rows, shown.number, shown.more),
    }  # fmt: skip
    return render(request, "engagements/money.html", data)


@require_safe
def proof(request: Request, key: str) -> HttpResponse:
    """The ledger, verified in the browser, and what binds in it."""
    engagement = permissions.engagement(request.user, key, "ledger.see")
    data = {
        "engagement": engagement, "head": queries.chain_head(engagement),
        "found": sheet(tabs.bound(engagement), request.GET.get("page")),
    }  # fmt: skip
    return render(request, "engagements/proof.html", data)


@require_safe
def people(request: Request, key: str) -> HttpResponse:
    """Who has to do with an engagement, on both sides."""
    engagement = permissions.engagement(request.user, key, "audit.see")
    found = sheet(tabs.people(engagement), request.GET.get("page"))
    return render(request, "engagements/people.html", {"engagement": engagement, "found": found})


@require_safe
def trail(request: Request, key: str, month: str, line: int, instance: int) -> HttpResponse:
    """From a line of an invoice to a case, its entries in the ledger and its documents."""
    card = queries.card(request.user, key, month, "invoice.see")
    billed = billing.billed(card)
    shown = billed.invoice if billed else card.invoice
    found = queries.line(shown, line)
    assert shown is not None  # it has the line
    data = {
        "card": card, "line": found, "number": line, "billed": billed,
        "sentence": explain.explain_line(found, shown.terms.currency, language()),
        "one": tabs.behind(request.user, card, shown, found, instance),
        "entries": tabs.entries(card.engagement, instance, request.GET.get("page")),
        "documents": tabs.documents(request.user, card.engagement, instance),
    }  # fmt: skip
    return render(request, "engagements/trail.html", data)


urlpatterns = [
    path("engagements/<slug:key>/objectives/", objectives, name="engagement-objectives"),
    path("engagements/<slug:key>/money/", money, name="engagement-money"),
    path("engagements/<slug:key>/proof/", proof, name="engagement-proof"),
    path("engagements/<slug:key>/people/", people, name="engagement-people"),
    path(
        "engagements/<slug:key>/invoices/<str:month>/lines/<int:line>/cases/<int:instance>/",
        trail,
        name="invoice-trail",
    ),
]
