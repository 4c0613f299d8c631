"""REST: files of work decided as one batch."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Router, Status
from pydantic import Field

from anyshore.web.core.requests import Request
from anyshore.web.core.rest import Paged, Upload, cut, decoded
from anyshore.web.intake import batches

router = Router(tags=["intake"])


class HandOver(Upload):
    """A file of rows: CSV, Parquet or Arrow."""

    service: str = Field(examples=["requests"])
    kind: str = Field("", description="The kind of intake of the pack; the first that takes batches if left out.")


@router.post(
    "/engagements/{key}/batches", response={200: dict[str, Any], 201: dict[str, Any]}, summary="Decide a file at once"
)
def hand_over(request: Request, key: str, given: HandOver) -> Status[Any]:
    """Decides the rows of a file over columns (201); the same file again is the same batch (200)."""
    ((name, content),) = decoded("content", [given])
    row, fresh = batches.hand_over(request.user, key, given.service, given.kind, name, content)
    return Status(201 if fresh else 200, batches.told(batches.batch(request.user, key, row.id)))


@router.get("/engagements/{key}/batches", summary="List batches")
def listed(request: Request, response: HttpResponse, key: str, paging: Paged) -> list[dict[str, Any]]:
    """Files that were decided at once, the newest first."""
    return [batches.as_data(row) for row in cut(request, response, batches.batches(request.user, key), paging)]


@router.get("/engagements/{key}/batches/{number}", summary="Read what became of a batch")
def one(request: Request, key: str, number: int) -> dict[str, Any]:
    """How many rows ended how, by which ways, and which still wait."""
    return batches.told(batches.batch(request.user, key, number))
