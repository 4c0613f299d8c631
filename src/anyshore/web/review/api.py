"""REST: a blinded review as its reader may see it, answers, comments, notifications."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from anyshore.web.core.errors import NotFound
from anyshore.web.core.rest import Paged, cut
from anyshore.web.review import actions, queries, talk_actions, talk_queries

router = Router(tags=["review"])


class Given(Schema):
    """A reviewer's answer to one clause."""

    clause: str = Field(examples=["Governing Law"])
    answer: str = Field(examples=["present"])
    reason: str = ""
    quotes: list[str] = Field(default=[], examples=[["governed by the laws of Ireland"]])


class Decision(Schema):
    """An adjudicator's decision about one clause."""

    clause: str
    answer: str
    reason: str


class Said(Schema):
    """A comment; ``about`` is ``case``, ``claim``, ``task`` or ``span``."""

    text: str
    about: str = "case"
    target: str = ""


@router.get("/cases/{number}/review", summary="Read a review")
def review(request: HttpRequest, number: int) -> list[dict[str, Any]]:
    """Per clause where it stands; the answers only once all reviewers have given theirs."""
    _row, found, views = queries.views(request.user, number)
    if found is None:
        raise NotFound("This case has no review.")
    return [
        {
            "clause": one.question, "question": one.text, "labels": one.labels, "status": one.status,
            "given": one.given, "expected": one.expected,
            "answers": [
                {"reviewer": a.reviewer, "answer": a.value, "reason": a.reason, "at": a.at,
                 "quotes": [span.quote for span in a.evidence]}
                for a in one.answers
            ],
            "adjudication": one.adjudication and {"answer": one.adjudication.value, "reason": one.adjudication.reason},
        }
        for one in views
    ]  # fmt: skip


@router.put("/work/{instance}/{wait}/review", response={204: None}, summary="Draft an answer")
def draft(request: HttpRequest, instance: int, wait: int, given: Given) -> Status:
    """Kept as a draft that only its author sees; an answer needs a quotation unless the clause is absent."""
    actions.draft(request.user, instance, wait, given.clause, given.answer, reason=given.reason, quotes=given.quotes)
    return Status(204, None)


@router.post("/work/{instance}/{wait}/review", response={204: None}, summary="Give a review")
def finish(request: HttpRequest, instance: int, wait: int) -> Status:
    """All drafts become answers that stay, and the task is done."""
    actions.finish(request.user, instance, wait)
    return Status(204, None)


@router.put("/work/{instance}/{wait}/adjudication", response={204: None}, summary="Decide a difference")
def adjudicate(request: HttpRequest, instance: int, wait: int, given: Decision) -> Status:
    """One difference, with a reason."""
    actions.adjudicate(request.user, instance, wait, given.clause, given.answer, given.reason)
    return Status(204, None)


@router.post("/work/{instance}/{wait}/adjudication", response={204: None}, summary="Finish an adjudication")
def adjudicated(request: HttpRequest, instance: int, wait: int) -> Status:
    """All differences are decided, and the task is done."""
    actions.finish_adjudication(request.user, instance, wait)
    return Status(204, None)


@router.get("/cases/{number}/comments", summary="List comments")
def comments(request: HttpRequest, response: HttpResponse, paging: Paged, number: int) -> list[dict[str, Any]]:
    """Oldest first."""
    talk_queries.checkpoints(request.user, number)  # the check of the case
    return [
        {"by": one.person.email, "at": one.at, "about": one.kind, "target": one.target, "text": one.text}
        for one in cut(request, response, talk_queries.said(request.user, number), paging)
    ]


@router.post("/cases/{number}/comments", response={201: dict[str, int]}, summary="Comment")
def comment(request: HttpRequest, number: int, given: Said) -> Status:
    """People mentioned with @ learn of it."""
    said = talk_actions.comment(request.user, number, given.text, given.about, given.target)
    return Status(201, {"comment": said.pk})


@router.get("/notifications", summary="List my notifications")
def notifications(request: HttpRequest, response: HttpResponse, paging: Paged) -> list[dict[str, Any]]:
    """Newest first."""
    return [
        {
            "case": one.case,
            "kind": one.kind,
            "at": one.at,
            "read": one.read,
            "text": one.comment.text if one.comment else "",
        }
        for one in cut(request, response, talk_queries.notifications(request.user), paging)
    ]
