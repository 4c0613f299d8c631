"""REST: webhooks of an engagement."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from anyshore.web.core.requests import Request
from anyshore.web.core.rest import Paged, cut
from anyshore.web.webhooks import actions
from anyshore.web.webhooks.models import Webhook

router = Router(tags=["webhooks"])


class Wanted(Schema):
    """An address, and what it is told of."""

    url: str = Field(max_length=500, examples=["https://hooks.example.org/anyshore"])
    types: list[str] = Field(default_factory=list, description="Types of ledger entries; all where none is named.")


class Replay(Schema):
    """From where."""

    after: int = Field(ge=0, description="Sequence of the last entry that is not told again; 0: from the first.")


def _plain(one: Webhook) -> dict[str, Any]:
    return {
        "id": one.pk, "url": one.url, "types": one.types, "told_until": one.cursor, "told_at": one.told,
        "failures": one.failures, "problem": one.problem or None, "paused": one.paused,
    }  # fmt: skip


@router.get("/engagements/{key}/webhooks", summary="List your webhooks")
def mine(request: Request, response: HttpResponse, key: str, paging: Paged) -> list[dict[str, Any]]:
    """How far each is, and what is wrong where one was not taken."""
    return [_plain(one) for one in cut(request, response, actions.mine(request.user, key), paging)]


@router.post("/engagements/{key}/webhooks", response={201: dict[str, Any]}, summary="Add a webhook")
def add(request: Request, key: str, given: Wanted) -> Status[Any]:
    """Tells an address each entry of the ledger from now on, signed with ``secret``, which is shown once."""
    made, secret = actions.add(request.user, key, given.url, given.types)
    return Status(201, _plain(made) | {"secret": secret})


@router.post("/engagements/{key}/webhooks/{webhook}/replay", response=dict[str, Any], summary="Tell again")
def replay(request: Request, key: str, webhook: int, given: Replay) -> dict[str, Any]:
    """From an entry on, under the same ids; one that paused goes on."""
    return _plain(actions.replay(request.user, key, webhook, given.after))


@router.delete("/engagements/{key}/webhooks/{webhook}", response={204: None}, summary="Remove a webhook")
def remove(request: Request, key: str, webhook: int) -> Status[Any]:
    """Nothing is told any more."""
    actions.remove(request.user, key, webhook)
    return Status(204, None)
