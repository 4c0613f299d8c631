"""REST: comments and notifications."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Router, Schema, Status

from anyshore.web.core.requests import Request
from anyshore.web.core.rest import Paged, cut
from anyshore.web.talk import actions, queries

router = Router(tags=["talk"])


class Said(Schema):
    """A comment; ``about`` is ``case``, ``claim``, ``task`` or ``span``."""

    text: str
    about: str = "case"
    target: str = ""


@router.get("/cases/{number}/comments", summary="List comments")
def comments(request: Request, response: HttpResponse, paging: Paged, number: int) -> list[dict[str, Any]]:
    """Oldest first."""
    queries.checkpoints(request.user, number)  # the check of the case
    return [
        {"by": one.person.email, "at": one.at, "about": one.kind, "target": one.target, "text": one.text}
        for one in cut(request, response, queries.said(request.user, number), paging)
    ]


@router.post("/cases/{number}/comments", response={201: dict[str, int]}, summary="Comment")
def comment(request: Request, number: int, given: Said) -> Status[Any]:
    """People mentioned with @ learn of it."""
    said = actions.comment(request.user, number, given.text, given.about, given.target)
    return Status(201, {"comment": said.pk})


@router.get("/notifications", summary="List my notifications")
def notifications(request: Request, response: HttpResponse, paging: Paged) -> list[dict[str, Any]]:
    """Newest first."""
    shown = list(cut(request, response, queries.notifications(request.user), paging))
    said = queries.remarks(shown)
    return [
        {
            "case": one.case or None,
            "engagement": one.engagement,
            "kind": one.kind,
            "at": one.at,
            "read": one.read,
            "text": said[one.comment].text if one.comment is not None else "",
        }
        for one in shown
    ]
