"""REST: check process, decision and case files; put them to use as a pack of one's own."""

from __future__ import annotations

from typing import Any

from ninja import Router, Schema, Status
from pydantic import Field

from anyshore.web.core import permissions
from anyshore.web.core.requests import Request
from anyshore.web.core.rest import Upload, decoded
from anyshore.web.library import draft_actions as actions
from anyshore.web.library import draft_queries as queries

router = Router(tags=["processes"])


class Sent(Schema):
    """Files that belong together, in base64."""

    files: list[Upload] = Field(examples=[[{"name": "request.bpmn", "content": "PGRlZmluaXRpb25zLz4="}]])


class Problem(Schema):
    """Something wrong with a file: what, where, and what to do."""

    code: str
    severity: str = Field(description="`error` refuses the file, `warning` and `info` do not.")
    message: str
    hint: str
    file: str | None
    element: str | None
    line: int | None
    column: int | None
    cell: str | None


class Checked(Schema):
    """What was found; `starts` are the processes and cases that work could begin with."""

    usable: bool = Field(description="No problem is an error.")
    problems: list[Problem]
    starts: list[str]


class Deployed(Schema):
    """The version that new work starts from now on."""

    pack: str
    version: int
    definitions: list[str]


@router.post("/processes/check", response=Checked, summary="Check process, decision and case files")
def check(request: Request, given: Sent) -> dict[str, Any]:
    """Every problem of every file at once; with a `pack.yaml` among them also those of the pack. Nothing is kept."""
    permissions.require(request.user, "process.check")
    files = actions.fitting(decoded("files", given.files))
    found = queries.examine(request.user, files)
    return {
        "usable": all(problem.severity != "error" for problem in found.problems),
        "problems": [problem.as_dict() for problem in found.problems],
        "starts": found.starts,
    }


@router.post("/organisations/{key}/packs", response={201: Deployed}, summary="Put files to use as an own pack")
def deploy(request: Request, key: str, given: Sent) -> Status[Any]:
    """The files with their `pack.yaml` become the newest version of a pack of the provider's own."""
    organisation = permissions.organisation(request.user, key, "process.deploy")
    made = actions.deploy(request.user, organisation, actions.fitting(decoded("files", given.files)))
    found = sorted(one.reference for one in made.definitions.values())
    return Status(201, {"pack": made.pack.partition("/")[2], "version": made.number, "definitions": found})
