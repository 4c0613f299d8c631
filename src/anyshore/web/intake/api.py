"""REST: hand things over, see how each was answered, load reference data."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from anyshore import feel
from anyshore.host.intake_ports import ACCEPTED
from anyshore.web.core.requests import Request
from anyshore.web.core.rest import Paged, Upload, cut, decoded
from anyshore.web.intake import actions, queries

router = Router(tags=["intake"])


class StartWork(Schema):
    """What is handed over: files that belong together, values, rows of a table, or some of these."""

    service: str = Field(examples=["requests"])
    kind: str | None = Field(None, description="The kind of intake of the pack; the first that takes it if left out.")
    reference: str = Field("", max_length=300, description="What the work is called.", examples=["2026-0417"])
    variables: dict[str, Any] = Field(default_factory=dict, description="Values, as the pack describes them.")
    documents: list[Upload] = Field(default_factory=list)
    rows: list[dict[str, Any]] = Field(default_factory=list, description="Each is a piece of work.", max_length=10_000)


@router.post("/engagements/{key}/work", response={200: dict[str, Any], 201: dict[str, Any]}, summary="Hand work over")
def receive(request: Request, key: str, given: StartWork) -> Status[Any]:
    """Each thing is answered for: accepted (201), all of it here already (200), or nothing of it taken in (422).

    ``instance`` is the first piece of work; the receipts name them all. Its first turn follows within a second.
    """
    documents = decoded("documents", given.documents)
    answers = actions.request(
        request.user, key, given.service, reference=given.reference, variables=given.variables, documents=documents,
        rows=given.rows, kind=given.kind,
    )  # fmt: skip
    refusal = actions.refusal(answers)
    if refusal is not None:
        raise refusal
    first = next(one.instance for one in answers if one.instance is not None)
    body = {"instance": first, "receipts": [queries.as_data(one) for one in answers]}
    return Status(201 if any(one.status == ACCEPTED for one in answers) else 200, body)


@router.get("/engagements/{key}/received", summary="List what was received")
def received(
    request: Request, response: HttpResponse, key: str, paging: Paged, status: str = "", service: str = "",
    channel: str = "",
) -> list[dict[str, Any]]:  # fmt: skip
    """How each thing was answered, newest first.

    ``status`` is accepted, duplicate or refused; ``channel`` folder, mails, mailbox, browser, rest or command.
    """
    rows = cut(request, response, queries.received(request.user, key, status, service, channel), paging)
    return [queries.as_data(queries.receipt(row)) for row in rows]


@router.get("/engagements/{key}/references", summary="Read which reference data is in force")
def references(request: Request, key: str) -> list[dict[str, Any]]:
    """Each kind of each service with the version in force; null where none was loaded."""
    return [
        {"service": one.service, "kind": one.kind.name, "title": dict(one.kind.title), "file": one.kind.file,
         "in_force": queries.version_data(one.versions[0]) if one.versions else None}
        for one in queries.shelves(request.user, key)
    ]  # fmt: skip


@router.get("/engagements/{key}/references/{service}/{kind}", summary="List versions of reference data")
def versions(
    request: Request, response: HttpResponse, key: str, service: str, kind: str, paging: Paged
) -> list[dict[str, Any]]:
    """The versions, newest first."""
    found = queries.shelf(request.user, key, service, kind).versions
    return [queries.version_data(row) for row in cut(request, response, found, paging)]


@router.get("/engagements/{key}/references/{service}/{kind}/{version}", summary="Read what a version changed")
def changes(request: Request, key: str, service: str, kind: str, version: int) -> dict[str, Any]:
    """The keys that came, went and changed with it; rows as FEEL texts."""
    shelf = queries.shelf(request.user, key, service, kind)
    found = queries.change(shelf, key, version)
    row = next(one for one in shelf.versions if one.number == version)
    return queries.version_data(row) | {
        "added": found.added, "removed": found.removed,
        "changed": [
            {"key": one, "before": feel.format(dict(before)), "after": feel.format(dict(after))}
            for one, before, after in found.changed
        ],
    }  # fmt: skip


@router.post(
    "/engagements/{key}/references/{service}/{kind}", response={200: dict[str, Any], 201: dict[str, Any]},
    summary="Load reference data",
)  # fmt: skip
def load(request: Request, key: str, service: str, kind: str, given: Upload) -> Status[Any]:
    """Puts a file in force in place of what was there (201); the same content again changes nothing (200)."""
    files = decoded("content", [given])
    loaded = actions.load(request.user, key, service, kind, *files[0])
    return Status(201 if loaded.fresh else 200, queries.version_data(loaded.version) | loaded.change.counts)
