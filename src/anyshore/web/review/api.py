"""REST: a blinded review as its reader may see it, and answers."""

from __future__ import annotations

from typing import Any

from ninja import Router, Schema, Status
from pydantic import Field

from anyshore.web.core.errors import NotFound
from anyshore.web.core.requests import Request
from anyshore.web.review import actions, queries

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


@router.get("/cases/{number}/review", summary="Read a review")
def review(request: Request, number: int) -> list[dict[str, Any]]:
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
def draft(request: Request, instance: int, wait: int, given: Given) -> Status[Any]:
    """Kept as a draft that only its author sees; an answer needs a quotation unless the clause is absent."""
    actions.draft(request.user, instance, wait, given.clause, given.answer, reason=given.reason, quotes=given.quotes)
    return Status(204, None)


@router.post("/work/{instance}/{wait}/review", response={204: None}, summary="Give a review")
def finish(request: Request, instance: int, wait: int) -> Status[Any]:
    """All drafts become answers that stay, and the task is done."""
    actions.finish(request.user, instance, wait)
    return Status(204, None)


@router.put("/work/{instance}/{wait}/adjudication", response={204: None}, summary="Decide a difference")
def adjudicate(request: Request, instance: int, wait: int, given: Decision) -> Status[Any]:
    """One difference, with a reason."""
    actions.adjudicate(request.user, instance, wait, given.clause, given.answer, given.reason)
    return Status(204, None)


@router.post("/work/{instance}/{wait}/adjudication", response={204: None}, summary="Finish an adjudication")
def adjudicated(request: Request, instance: int, wait: int) -> Status[Any]:
    """All differences are decided, and the task is done."""
    actions.finish_adjudication(request.user, instance, wait)
    return Status(204, None)
