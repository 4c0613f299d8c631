"""REST: do work items."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from anyshore import feel
from anyshore.forms.counterparts import Pair
from anyshore.web.accounts import confirming
from anyshore.web.core.requests import Request
from anyshore.web.core.rest import Paged, cut
from anyshore.web.engine.running import now
from anyshore.web.work import actions, acts, conflicts, due, queries, queues
from anyshore.web.work.items import Item
from anyshore.web.work.queues import Asked

router = Router(tags=["work"])


class Answers(Schema):
    """The answers to a work item's form."""

    answers: dict[str, Any] = Field(
        default_factory=dict, examples=[{"decision": "return", "note": "There is no order number on it."}]
    )
    shown: str = Field(
        "", max_length=200, description="Where the item stands for an act: its “shown”, which you looked at."
    )


def _item(one: Item, shown: queues.Row | None = None) -> dict[str, Any]:
    """An item; one in somebody's hands tells what it was given without, one that waits what it would be."""
    row = one.row
    without = shown.without if shown is not None else queries.given_without(one)
    return {
        "instance": row.instance, "wait": row.wait, "title": one.title, "element": row.element, "service": row.service,
        "engagement": row.engagement, "reference": row.reference, "opened": row.opened, "holder": row.claimed_by,
        "performer": one.performer, "desk": one.form.desk if one.form else None,
        "without": [
            {"kind": lack.kind, "subject": lack.subject, "level": lack.level}
            for lack in (without.lacks if without is not None else ())
        ],
        "fields": [
            {"id": field.id, "type": field.type, "required": field.required,
             "required_if": field.needed.source if field.needed else None, "label": field.label,
             "choices": [choice.value for choice in field.choices]}
            for field in (one.form.fields if one.form else ())
        ],
    }  # fmt: skip


def _waiting(shown: queues.Row) -> dict[str, Any]:
    """An item that waits, with the columns of its queue as texts and the moment at which it is due."""
    cells = {cell.column.id: None if cell.value is None else feel.to_string(cell.value) for cell in shown.cells}
    return _item(shown.item, shown) | {
        "queue": shown.item.queue, "columns": cells, "due": shown.due, "overdue": shown.overdue
    }  # fmt: skip


@router.get("/work", summary="List my work")
def work(
    request: Request, response: HttpResponse, paging: Paged, queue: str = "", sort: str = "", text: str = "",
    column: str = "",
) -> dict[str, Any]:  # fmt: skip
    """What is in my hands, a sheet of what waits for me, and what I would need to be given more.

    ``queue``, ``sort`` (a column; ``-`` before it turns it round) and ``text`` (in ``column``) choose and order what
    waits, as on the page.
    """
    asked = Asked(queue, sort, text, column)
    plain = asked.wanted is not None
    desk = queries.desk(request.user, paging.page * paging.limit + 1 if plain else None)
    if plain:  # in their own order only the items on the sheet are read
        chosen = cut(request, response, [one for one in desk.waiting if queue in ("", one.queue)], paging)
        shown = queues.rows(chosen.rows, desk.fitness)
    else:
        found = queues.found(desk.waiting, desk.fitness, asked)
        shown = cut(request, response, found, paging).rows
    return {
        "mine": [_item(one) for one in desk.mine],
        "waiting": [_waiting(one) for one in shown],
        "missing": desk.missing,
    }  # fmt: skip


@router.post("/work/next", response={200: dict[str, Any], 204: None}, summary="Take the next work item")
def pull(request: Request) -> Any:
    """The item in hand, or the oldest that fits; 204 when nothing waits."""
    found = actions.pull(request.user)
    if found is None:
        return Status(204, None)
    return Status(200, _item(queries.item(request.user, *found)[0]))


@router.get("/work/{instance}/{wait}", summary="Read a work item")
def item(request: Request, instance: int, wait: int) -> dict[str, Any]:
    """One open work item with its form, and what stands beside its document to compare it with.

    Where it stands for an act, ``shown`` stands for what is acted on.
    """
    one, row, engagement = queries.item(request.user, instance, wait)
    beside = [_beside(two) for two in queries.counterparts(request.user, one, row)]
    return _item(one) | {
        "act": one.form.act if one.form else None, "shown": acts.shown(one.form, row, engagement),
        "counterparts": beside, "due": due.moments([one.row], now()).get(instance),
    }  # fmt: skip


def _beside(two: queries.Beside) -> dict[str, Any]:
    found = two.compared
    lines = [
        {"title": line.title, "only_in": line.alone or None, "fields": [_pair(pair) for pair in line.pairs]}
        for line in found.lines
    ]  # fmt: skip
    return {
        "id": found.what.id, "title": found.what.title, "found": found.found, "differences": found.differences,
        "instance": two.case.pk if two.case else None, "fields": [_pair(pair) for pair in found.pairs], "lines": lines,
    }  # fmt: skip


def _pair(pair: Pair) -> dict[str, Any]:
    document, counterpart = (
        None if value is None else feel.to_string(value) for value in (pair.document, pair.counterpart)
    )  # fmt: skip
    return {"title": pair.title, "document": document, "counterpart": counterpart, "equal": pair.same}


@router.post("/work/{instance}/{wait}/take", response={204: None}, summary="Take a work item")
def take(request: Request, instance: int, wait: int) -> Status[Any]:
    """Takes one item by choice."""
    actions.take(request.user, instance, wait)
    return Status(204, None)


@router.post("/work/{instance}/{wait}/give-back", response={204: None}, summary="Give a work item back")
def give_back(request: Request, instance: int, wait: int) -> Status[Any]:
    """Back into its queue."""
    actions.give_back(request.user, instance, wait)
    return Status(204, None)


class Clear(Schema):
    """What somebody says of themselves before their first item of a case."""

    clear: bool = Field(description="Free of conflicts of interest with the parties of the case.")
    reason: str = Field("", max_length=1000, description="Where one is not free: why.")


@router.post("/work/{instance}/{wait}/conflicts", response={204: None}, summary="Say whether I am free of conflicts")
def answer_conflicts(request: Request, instance: int, wait: int, given: Clear) -> Status[Any]:
    """Answers for oneself, of an item in hand; whoever is not free is kept from the case."""
    conflicts.answer(request.user, instance, wait, clear=given.clear, reason=given.reason)
    return Status(204, None)


@router.post("/work/{instance}/{wait}/complete", response={204: None}, summary="Complete a work item")
def complete(request: Request, instance: int, wait: int, given: Answers) -> Status[Any]:
    """Finishes an item in hand with the answers to its form."""
    if acts.at(instance, wait) is not None:
        confirming.require(request)
    actions.complete(request.user, instance, wait, given.answers, given.shown)
    return Status(204, None)
