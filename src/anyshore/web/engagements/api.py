"""REST: scorecards, invoices, the ledger."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from ninja import Router, Schema, Status

from anyshore.terms import dashboards as computed
from anyshore.terms import figures
from anyshore.web.accounts import confirming
from anyshore.web.core import queries as people
from anyshore.web.core.requests import Request
from anyshore.web.core.rest import Paged, cut
from anyshore.web.engagements import actions, billing, dashboards, listed, queries

router = Router(tags=["engagements"])


@router.get("/engagements", summary="List engagements")
def engagements(request: Request, response: HttpResponse, paging: Paged) -> list[dict[str, Any]]:
    """The engagements whose scorecard one may see, by title."""
    found = cut(request, response, people.engagements(request.user, "scorecard.see"), paging)
    return [
        {
            "engagement": card.engagement.key, "title": card.engagement.title, "client": card.engagement.client.key,
            "provider": card.engagement.provider.key, "status": card.engagement.status,
            "months": [str(month) for month in card.months],
        }
        for card in map(queries.card_of, found)
    ]  # fmt: skip


@router.get("/engagements/{key}/services/{service}/dashboard", summary="Read the dashboard of a service")
def dashboard(request: Request, key: str, service: str, by: str = "week") -> dict[str, Any]:
    """A service over the last days, weeks or months (``by=day``, ``week``, ``month``), from the ledger alone."""
    shown = dashboards.shown(request.user, key, service, by)
    return computed.as_dict(shown.dashboard, money=shown.sees_money)


@router.get("/engagements/{key}/scorecard", summary="Read a scorecard")
def scorecard(request: Request, key: str, month: str = "") -> dict[str, Any]:
    """The objectives of a month; the current month where none is named.

    Of the cases behind each figure the first 100 are listed; all of them come in sheets from
    ``/engagements/{key}/objectives/{service}/{objective}/cases``.
    """
    return listed.scorecard(request.user, queries.card(request.user, key, month or None))


@router.get("/engagements/{key}/objectives/{service}/{objective}/cases", summary="List the cases behind an objective")
def cases(
    request: Request, response: HttpResponse, key: str, service: str, objective: str, paging: Paged, month: str = ""
) -> dict[str, Any]:
    """The cases of an objective in a month in the order in which their fates were sealed, and how many count."""
    card = queries.card(request.user, key, month or None)
    score = queries.objective(card, service, objective)
    found = cut(request, response, listed.cases(request.user, card, score, paging.page, paging.limit), paging)
    return {"total": score.denominator, "cases": [figures.result(one) for one in found]}


@router.get("/engagements/{key}/invoices/{month}", summary="Read an invoice")
def invoice(request: Request, key: str, month: str) -> dict[str, Any]:
    """Lines, credits and totals as issued, and corrections. Amounts are decimal texts.

    Of the cases behind each line the first 100 are listed; all of them come in sheets from ``…/lines/{line}/cases``.
    """
    card = queries.card(request.user, key, month, "invoice.see")
    billed = billing.billed(card)
    shown = listed.invoice(request.user, card) if billed is None else billing.issued_figures(billed, listed.MOST)
    return queries.pruned(request.user, shown) | {
        "running": card.running,
        "number": billed.document.number if billed else None,
        "corrections": [billing.document(one) for one in billed.corrections] if billed else [],
        "correction_due": card.month in billing.due(card.engagement),
    }


@router.get("/engagements/{key}/invoices/{month}/lines/{line}/cases", summary="List the cases behind a line")
def line_cases(
    request: Request, response: HttpResponse, key: str, month: str, line: int, paging: Paged
) -> dict[str, Any]:
    """The cases behind one line of an invoice, counted from 1, in the order of time, and how many there are."""
    card = queries.card(request.user, key, month, "invoice.see")
    billed = billing.billed(card)
    found = queries.line(billed.invoice if billed else card.invoice, line)
    rows = queries.behind(request.user, card, found, paging.page, paging.limit)
    return {"total": found.cases, "cases": [figures.behind(one) for one in cut(request, response, rows, paging)]}


@router.post("/engagements/{key}/invoices/{month}/issue", response={201: dict[str, str]}, summary="Issue an invoice")
def issue(request: Request, key: str, month: str) -> Status[Any]:
    """Writes the figures of a month that is over into the ledger, once."""
    confirming.require(request)
    return Status(201, {"number": actions.issue_invoice(request.user, key, month)})


class Correct(Schema):
    """Why a billed month is corrected."""

    reason: str
    shown: str = ""


@router.get("/engagements/{key}/invoices/{month}/correction", summary="Look at what is to be corrected")
def correction(request: Request, key: str, month: str) -> dict[str, Any]:
    """What a billed month comes to on all entries, and the difference to what was billed, row by row."""
    card = queries.card(request.user, key, month, "invoice.see")
    return billing.plain(billing.correction(card.engagement, month), request.user)


@router.post(
    "/engagements/{key}/invoices/{month}/correction", response={201: dict[str, str]}, summary="Correct an invoice"
)
def correct(request: Request, key: str, month: str, body: Correct) -> Status[Any]:
    """Writes the difference into the ledger; where ``shown`` is given, only the one of this digest."""
    confirming.require(request)
    number = actions.issue_correction(request.user, key, month, body.reason, body.shown)
    return Status(201, {"number": number})


@router.get("/engagements/{key}/ledger", summary="Export the ledger")
def ledger(request: Request, key: str) -> StreamingHttpResponse:
    """The whole chain as JSON lines: recompute every figure offline from it."""
    name, content = queries.export(request.user, key)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(content, content_type="application/jsonl", headers=headers)
