"""REST: what binds people to others."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from anyshore.web.core import queries as people
from anyshore.web.core.requests import Request
from anyshore.web.core.rest import Paged, cut
from anyshore.web.screening import interest_actions, interest_queries
from anyshore.web.walls.models import Interest

router = Router(tags=["people"])


class Bond(Schema):
    """What binds somebody to a party."""

    party: str = Field(examples=["Northwind Trading plc"])
    relation: str = Field(examples=["holding"])
    person: int | None = Field(None, description="a colleague, for a manager; oneself where it is left out")


def _interest(one: Interest) -> dict[str, Any]:
    return {
        "id": one.pk, "person": one.person.email, "party": one.party, "relation": one.relation, "since": one.since,
        "by": one.by, "until": one.until,
    }  # fmt: skip


@router.get("/interests", summary="List interests")
def interests(request: Request, response: HttpResponse, paging: Paged) -> list[dict[str, Any]]:
    """One's own, and for a manager those of colleagues. Times are microseconds since 1970 UTC."""
    own = list(interest_queries.own(request.user).select_related("person"))
    rows = [*own, *interest_queries.of_colleagues(request.user)]
    return [_interest(one) for one in cut(request, response, rows, paging)]


@router.post("/interests", response={201: dict[str, Any]}, summary="Note an interest")
def note(request: Request, given: Bond) -> Status[Any]:
    """The walls it calls for stand at once."""
    person = request.user if given.person is None else people.colleague(request.user, given.person)
    noted, _made = interest_actions.note(request.user, person, given.party, given.relation)
    return Status(201, _interest(noted))


@router.post("/interests/{interest}/end", response={204: None}, summary="End an interest")
def end(request: Request, interest: int) -> Status[Any]:
    """Walls that came of it stay until a manager lifts them."""
    interest_actions.end(request.user, interest)
    return Status(204, None)
