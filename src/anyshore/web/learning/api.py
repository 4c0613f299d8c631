"""REST: learning under a service: one's own courses; enrolment, attendance and results for whoever looks after them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from anyshore.base.temporal import Date
from anyshore.web.core import permissions
from anyshore.web.core.requests import Request
from anyshore.web.core.rest import Paged, cut
from anyshore.web.engine.models import Instance
from anyshore.web.learning import own_actions as actions
from anyshore.web.learning import own_queries as queries
from anyshore.web.work import known

router = Router(tags=["learning"])


class Enrolment(Schema):
    """Who wants to take what."""

    learner: str = Field(max_length=60, examples=["101"], description="id in the list of the client's staff")
    course: str = Field(max_length=60, examples=["privacy"])
    session: str = Field("", max_length=60, description="only this one; the next with a free seat where it is left out")


class Attended(Schema):
    """Whether somebody was there."""

    attended: bool
    note: str = Field("", max_length=1000)


@router.get("/me/courses", summary="What do I learn?")
def own(request: Request) -> list[dict[str, Any]]:
    """One's own courses by service, with sessions and seats left, and how what was asked for stands."""
    return [
        {
            "engagement": one.engagement.key, "service": one.pack.id, "learner": one.learner,
            "courses": _plain(one.courses),
            "enrolments": [_told(work.row, work.told) for work in one.work],
        }
        for one in queries.mine(request.user)
    ]  # fmt: skip


@router.get("/engagements/{key}/learning/{service}", summary="List enrolments and results")
def enrolments(
    request: Request, response: HttpResponse, key: str, service: str, paging: Paged, learner: str = ""
) -> list[dict[str, Any]]:
    """Who was enrolled, was there, and with which result, the newest first; what is not known yet is null."""
    engagement = permissions.engagement(request.user, key, "case.see")
    pack, learning = queries.under(engagement, service)
    rows = queries.of_service(engagement, pack)
    if learner:
        rows = rows.filter(reference__startswith=f"{learner} ")
    found = cut(request, response, rows, paging)
    variables = known.variables(row.pk for row in found)
    return [
        {"learner": variables[row.pk].get(learning.learner), **_told(row, learning.told(variables[row.pk]))}
        for row in found
    ]


@router.post("/engagements/{key}/learning/{service}", response={201: dict[str, Any]}, summary="Enrol somebody")
def enrol(request: Request, key: str, service: str, given: Enrolment) -> Status[Any]:
    """The rules of the service decide: a seat and an invitation, the waiting list, or a person has to approve it."""
    made = actions.enrol(request.user, key, service, given.learner, given.course, given.session)
    return Status(201, {"instance": made.instance, "status": made.status})


@router.post(
    "/engagements/{key}/learning/{service}/{instance}/attendance", response={204: None}, summary="Record attendance"
)
def attendance(request: Request, key: str, service: str, instance: int, given: Attended) -> Status[Any]:
    """Who was there goes on to evaluation and test; the seat of who was not goes to whoever waits."""
    actions.attend(request.user, key, service, instance, given.attended, given.note)
    return Status(204, None)


def _plain(value: object) -> Any:
    """A value as JSON holds it: whole numbers as numbers, others as text, days as YYYY-MM-DD."""
    match value:
        case Mapping():
            return {str(name): _plain(one) for name, one in value.items()}
        case list() | tuple():
            return [_plain(one) for one in value]
        case Decimal():
            return int(value) if value == value.to_integral_value() else f"{value:f}"
        case Date():
            return str(value)
        case _:
            return value if value is None or isinstance(value, bool | str) else str(value)


def _told(row: Instance, told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "instance": row.pk,
        "reference": row.reference,
        "status": row.status,
        **{name: _plain(value) for name, value in told.items()},
    }
