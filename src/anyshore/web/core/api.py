"""REST: the people of a provider and what they have shown to know."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from anyshore.web.core import actions, queries
from anyshore.web.core.models import Credential, Person
from anyshore.web.core.requests import Request
from anyshore.web.core.rest import Paged, cut

router = Router(tags=["people"])


class Shown(Schema):
    """What a colleague has shown to know; whoever sends it has verified it."""

    kind: str = Field(description="certificate, qualification, language or channel", examples=["language"])
    subject: str = Field(examples=["de"], max_length=120)
    level: str = Field("", description="of a language: A1 to C2, or native", examples=["B2"], max_length=40)
    valid_from: date | None = Field(None, description="today where it is left out")
    valid_until: date | None = None


def _credential(one: Credential) -> dict[str, Any]:
    return {
        "kind": one.kind, "subject": one.subject, "level": one.level, "valid_from": one.valid_from.isoformat(),
        "valid_until": one.valid_until and one.valid_until.isoformat(),
        "verified_by": one.verified_by and one.verified_by.email,
    }  # fmt: skip


def _person(one: Person) -> dict[str, Any]:
    return {
        "id": one.pk, "name": one.name, "email": one.email,
        "roles": [{"organisation": m.organisation.key, "role": m.role} for m in one.memberships.all()],
        "engagements": [a.engagement.key for a in one.assignments.all()],
        "credentials": [_credential(c) for c in one.credentials.all()],
    }  # fmt: skip


@router.get("/people", summary="List colleagues")
def people(request: Request, response: HttpResponse, paging: Paged) -> list[dict[str, Any]]:
    """Who works here, for which engagements, and what each has shown to know, valid or not."""
    return [_person(one) for one in cut(request, response, queries.colleagues(request.user), paging)]


@router.post("/people/{pk}/credentials", response={201: dict[str, Any]}, summary="Verify what a colleague knows")
def certify(request: Request, pk: int, given: Shown) -> Status[Any]:
    """Noted as verified by whoever sends it; nobody verifies their own knowledge."""
    made = actions.certify(
        request.user, queries.colleague(request.user, pk), given.kind, given.subject, given.level,
        given.valid_from or timezone.localdate(), given.valid_until,
    )  # fmt: skip
    return Status(201, _credential(made))


@router.get("/me/credentials", summary="What have I shown to know?")
def own(request: Request) -> list[dict[str, Any]]:
    """What counts today; a qualification only where somebody verified it."""
    return [_credential(one) for one in queries.credentials(request.user).select_related("verified_by")]
