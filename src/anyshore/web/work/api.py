"""REST: start work, do work items, look at instances."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from anyshore import feel
from anyshore.web.core.rest import Paged, Upload, cut, decoded
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import Instance
from anyshore.web.work import actions, acts, boards, queries
from anyshore.web.work.items import Item

router = Router(tags=["work"])


class StartWork(Schema):
    """What to start."""

    service: str = Field(examples=["requests"])
    reference: str = Field(
        "", max_length=300, description="Asked again with the same one, nothing starts twice.", examples=["2026-0417"]
    )
    variables: dict[str, Any] = Field(default_factory=dict)
    documents: list[Upload] = Field(default_factory=list)


class Answers(Schema):
    """The answers to a work item's form."""

    answers: dict[str, Any] = Field(
        default_factory=dict, examples=[{"decision": "return", "note": "There is no order number on it."}]
    )
    shown: str = Field(
        "", max_length=200, description="Where the item stands for an act: its “shown”, which you looked at."
    )


def _instance(row: Instance) -> dict[str, Any]:
    return {
        "id": row.pk, "engagement": row.engagement, "service": row.service, "reference": row.reference,
        "kind": row.kind, "definition": row.definition, "status": row.status, "outcome": row.outcome,
        "started": row.created, "ended": row.ended, "turns": row.turns, "digest": row.digest,
    }  # fmt: skip


def _item(one: Item) -> dict[str, Any]:
    row = one.row
    return {
        "instance": row.instance, "wait": row.wait, "title": one.title, "element": row.element, "service": row.service,
        "engagement": row.engagement, "reference": row.reference, "opened": row.opened, "holder": row.claimed_by,
        "performer": one.performer,
        "fields": [
            {"id": field.id, "type": field.type, "required": field.required, "label": field.label,
             "choices": [choice.value for choice in field.choices]}
            for field in (one.form.fields if one.form else ())
        ],
    }  # fmt: skip


@router.post("/engagements/{key}/work", response={201: dict[str, int]}, summary="Start work")
def start(request: HttpRequest, key: str, given: StartWork) -> Status:
    """Starts an instance of a service; its first turn follows within a second."""
    documents = decoded("documents", given.documents)
    number = actions.start(request.user, key, given.service, given.reference, given.variables, documents)
    return Status(201, {"instance": number})


@router.get("/instances", summary="List processes and cases")
def instances(
    request: HttpRequest, response: HttpResponse, paging: Paged, engagement: str = "", status: str = "",
    text: str = "", kind: str = "",
) -> list[dict[str, Any]]:  # fmt: skip
    """Those that fit, newest first. Times are microseconds since 1970 UTC."""
    found = engine.instances(
        request.user, engagement=engagement, status=status, text=text, kind=kind, limit=None
    ).defer("state")
    return [_instance(row) for row in cut(request, response, found, paging)]


@router.get("/instances/{number}", summary="Read a process or case")
def instance(request: HttpRequest, number: int) -> dict[str, Any]:
    """With its variables as FEEL texts, its open waits and its documents."""
    row, _engagement = engine.instance(request.user, number)
    return _instance(row) | {
        "variables": {name: feel.format(value) for name, value in engine.variables(row).items()},
        "waits": [
            {"wait": one["row"].wait, "kind": one["row"].kind, "element": one["row"].element, "due": one["row"].due}
            for one in boards.open_waits(row)
        ],
        "documents": engine.documents(row),
    }


@router.get("/work", summary="List my work")
def work(request: HttpRequest, response: HttpResponse, paging: Paged) -> dict[str, Any]:
    """What is in my hands, a sheet of what waits for me, and what I would need to be given more."""
    desk = queries.desk(request.user)
    return {
        "mine": [_item(one) for one in desk.mine],
        "waiting": [_item(one) for one in cut(request, response, desk.waiting, paging)],
        "missing": desk.missing,
    }  # fmt: skip


@router.post("/work/next", response={200: dict[str, Any], 204: None}, summary="Take the next work item")
def pull(request: HttpRequest) -> Any:
    """The item in hand, or the oldest that fits; 204 when nothing waits."""
    found = actions.pull(request.user)
    if found is None:
        return Status(204, None)
    return Status(200, _item(queries.item(request.user, *found)[0]))


@router.get("/work/{instance}/{wait}", summary="Read a work item")
def item(request: HttpRequest, instance: int, wait: int) -> dict[str, Any]:
    """One open work item with its form; where it stands for an act, ``shown`` stands for what is acted on."""
    one, row, engagement = queries.item(request.user, instance, wait)
    act = one.form.act if one.form else None
    return _item(one) | {"act": act, "shown": acts.shown(one.form, row, engagement)}


@router.post("/work/{instance}/{wait}/take", response={204: None}, summary="Take a work item")
def take(request: HttpRequest, instance: int, wait: int) -> Status:
    """Takes one item by choice."""
    actions.take(request.user, instance, wait)
    return Status(204, None)


@router.post("/work/{instance}/{wait}/give-back", response={204: None}, summary="Give a work item back")
def give_back(request: HttpRequest, instance: int, wait: int) -> Status:
    """Back into its queue."""
    actions.give_back(request.user, instance, wait)
    return Status(204, None)


@router.post("/work/{instance}/{wait}/complete", response={204: None}, summary="Complete a work item")
def complete(request: HttpRequest, instance: int, wait: int, given: Answers) -> Status:
    """Finishes an item in hand with the answers to its form."""
    actions.complete(request.user, instance, wait, given.answers, given.shown)
    return Status(204, None)
