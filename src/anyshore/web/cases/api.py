"""REST: look at processes and cases."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Router

from anyshore import feel
from anyshore.web.cases import boards
from anyshore.web.core.requests import Request
from anyshore.web.core.rest import Paged, cut
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import Instance

router = Router(tags=["work"])


def _instance(row: Instance) -> dict[str, Any]:
    return {
        "id": row.pk, "engagement": row.engagement, "service": row.service, "reference": row.reference,
        "kind": row.kind, "definition": row.definition, "status": row.status, "outcome": row.outcome,
        "started": row.created, "ended": row.ended, "turns": row.turns, "digest": row.digest,
    }  # fmt: skip


@router.get("/instances", summary="List processes and cases")
def instances(
    request: Request, response: HttpResponse, paging: Paged, engagement: str = "", status: str = "",
    text: str = "", kind: str = "",
) -> list[dict[str, Any]]:  # fmt: skip
    """Those that fit, newest first. Times are microseconds since 1970 UTC."""
    found = engine.instances(
        request.user, engagement=engagement, status=status, text=text, kind=kind, limit=None
    ).defer("state")
    return [_instance(row) for row in cut(request, response, found, paging)]


@router.get("/instances/{number}", summary="Read a process or case")
def instance(request: Request, number: int) -> dict[str, Any]:
    """With its variables as FEEL texts, its open waits and its documents."""
    row, _engagement = engine.instance(request.user, number)
    return _instance(row) | {
        "variables": {name: feel.format(value) for name, value in engine.shown_variables(row).items()},
        "waits": [
            {"wait": one["row"].wait, "kind": one["row"].kind, "element": one["row"].element, "due": one["row"].due}
            for one in boards.open_waits(row)
        ],
        "documents": engine.documents(row),
    }
