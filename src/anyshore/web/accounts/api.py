"""REST: one's own tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from ninja import Router, Status

from anyshore.web.accounts import tokens
from anyshore.web.core.models import ApiToken
from anyshore.web.core.requests import Request
from anyshore.web.core.rest import Paged, cut

router = Router(tags=["account"])


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _token(one: ApiToken) -> dict[str, Any]:
    return {
        "id": one.pk, "name": one.name, "scopes": one.scopes, "services": one.services, "created": _at(one.created),
        "expires": _at(one.expires), "last_used": _at(one.last_used),
    }  # fmt: skip


@router.get("/me/tokens", summary="List your tokens")
def mine(request: Request, response: HttpResponse, paging: Paged) -> list[dict[str, Any]]:
    """Those that work: what each is for, until when, and when it was last used. Their secrets are not kept."""
    return [_token(one) for one in cut(request, response, tokens.current(request.user), paging)]


@router.post("/me/tokens/{token}/revoke", response={204: None}, summary="Revoke a token")
def revoke(request: Request, token: int) -> Status[Any]:
    """It is refused from now on. A token that only reads revokes none."""
    tokens.revoke(request.user, token)
    return Status(204, None)
