"""REST: invoices and corrections as documents, what became of them, and their files."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from ninja import Router, Schema, Status

from anyshore.web.accounts import confirming
from anyshore.web.core import permissions
from anyshore.web.core.requests import Request
from anyshore.web.core.rest import Paged, cut
from anyshore.web.engagements import settling

router = Router(tags=["engagements"])


@router.get("/engagements/{key}/documents", summary="List invoices and corrections")
def documents(request: Request, response: HttpResponse, key: str, paging: Paged) -> list[dict[str, Any]]:
    """Invoices and corrections of an engagement, oldest first, with what became of them: a few for each month."""
    engagement = permissions.engagement(request.user, key, "invoice.see")
    return [settling.plain(one) for one in cut(request, response, settling.sent(engagement), paging)]


@router.get("/engagements/{key}/documents/{document}", summary="Read an invoice or correction as a document")
def read(request: Request, key: str, document: str) -> dict[str, Any]:
    """What it asks for, where it stands, what became of it; ``missing`` says why it cannot be sent electronically."""
    return settling.plain(settling.document(permissions.engagement(request.user, key, "invoice.see"), document))


@router.get("/engagements/{key}/documents/{document}/file/{kind}", summary="Get an invoice or correction as a file")
def file(request: Request, key: str, document: str, kind: str) -> HttpResponse:
    """``pdf`` (Factur-X), ``xml`` (XRechnung in UBL) or ``cii.xml`` (XRechnung in CII)."""
    engagement = permissions.engagement(request.user, key, "invoice.see")
    content = settling.written(settling.document(engagement, document), kind)
    headers = {"Content-Disposition": f'attachment; filename="{document}.{kind}"'}
    return HttpResponse(content, content_type=settling.KINDS[kind], headers=headers)


@router.post("/engagements/{key}/documents/{document}/accept", response={204: None}, summary="Accept an invoice")
def accept(request: Request, key: str, document: str) -> Status[None]:
    """The client accepts it."""
    confirming.require(request)
    settling.accept(request.user, key, document)
    return Status(204, None)


class Dispute(Schema):
    """What is wrong with a document."""

    reason: str


@router.post("/engagements/{key}/documents/{document}/dispute", response={204: None}, summary="Dispute an invoice")
def dispute(request: Request, key: str, document: str, body: Dispute) -> Status[None]:
    """The client says what is wrong with it."""
    confirming.require(request)
    settling.dispute(request.user, key, document, body.reason)
    return Status(204, None)


class Pay(Schema):
    """A payment."""

    day: date
    amount: Decimal
    reference: str = ""


@router.post("/engagements/{key}/documents/{document}/payments", response={204: None}, summary="Note a payment")
def pay(request: Request, key: str, document: str, body: Pay) -> Status[None]:
    """The provider notes what came in; a negative amount takes back what was noted wrongly."""
    confirming.require(request)
    settling.pay(request.user, key, document, body.day, body.amount, body.reference)
    return Status(204, None)
