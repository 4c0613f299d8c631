"""REST: help what is stuck, stands still or is left behind, one by one or all of a kind."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from anyshore.host.operations import Outcome
from anyshore.web.core import permissions
from anyshore.web.core.requests import Request
from anyshore.web.core.rest import Paged, cut
from anyshore.web.operations import actions, queries

router = Router(tags=["operations"])


class Repair(Schema):
    """Variables written to the failing place before trying again."""

    variables: dict[str, Any] = Field(default_factory=dict, examples=[{"order": "PO-4711"}])


class Reason(Schema):
    """Why."""

    reason: str = Field(examples=["The client has taken it back."])


class Choice(Schema):
    """The incidents of one engagement; what is left out does not filter."""

    engagement: str = Field(examples=["requests"])
    service: str | None = Field(None, examples=["requests"])
    code: str | None = Field(None, examples=["activity.unknown"])
    element: str | None = Field(None, description="Id of the element they stand at.")


class RepairAll(Choice):
    """Which incidents, and what to write before trying again."""

    variables: dict[str, Any] = Field(default_factory=dict)


class CancelAll(Choice):
    """Which incidents, and why their cases end."""

    reason: str


class Refusal(Schema):
    """A case that was not helped."""

    instance: int
    reason: str


class Done(Schema):
    """What came of it: at most 5,000 cases at a time; ask again for the rest."""

    done: int
    refused: int
    reasons: list[Refusal] = Field(description="The first hundred refusals.")


class Move(Schema):
    """A plan from a version to the newest one."""

    source: str = Field(examples=["process:requests@1"])
    elements: dict[str, str] = Field(
        default_factory=dict, description="Old element id → new element id; the rest keep theirs.",
        examples=[{"decide": "decide-request"}],
    )  # fmt: skip
    dry_run: bool = Field(True, description="Say what would happen, and change nothing.")


class Open(Schema):
    """A service of the terms in force."""

    service: str = Field(examples=["requests"])


class Opened(Schema):
    """The starters that stand ready."""

    instances: list[int]


class Facts(Schema):
    """What is the case, by name; what was reported before stays as it was."""

    variables: dict[str, Any] = Field(examples=[{"stock": 7}])
    service: str | None = Field(None, description="Only starters of this service.")


class Signal(Schema):
    """A signal, for all who listen to it."""

    name: str = Field(examples=["price list changed"])
    service: str = Field(description="Under which a process begins that starts with it.", examples=["requests"])
    variables: dict[str, Any] = Field(default_factory=dict, examples=[{"order": "PO-4711"}])


class Message(Signal):
    """A message, for one who waits for it."""

    name: str = Field(examples=["payment received"])
    key: str | None = Field(None, description="Its correlation key.", examples=["2026-0417"])
    lifetime: int | None = Field(None, ge=0, description="Seconds for which it is kept if nobody waits; else 7 days.")


class Heard(Schema):
    """How many processes and cases heard it; 0: a message is kept, a signal is gone."""

    heard: int


class Told(Schema):
    """How many starters heard it."""

    told: int


def _done(outcome: Outcome) -> dict[str, Any]:
    reasons = [{"instance": number, "reason": reason} for number, reason in outcome.reasons[:100]]
    return {"done": outcome.done, "refused": outcome.refused, "reasons": reasons}


@router.get("/incidents", summary="List incidents")
def incidents(
    request: Request, response: HttpResponse, paging: Paged, engagement: str | None = None,
    service: str | None = None, code: str | None = None, element: str | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """What is stuck, oldest first."""
    chosen = {"engagement": engagement, "service": service, "code": code, "element": element}
    found = queries.troubles(request.user, chosen, str(paging.page), paging.limit)
    return [
        {
            "instance": one.row.instance, "wait": one.row.wait, "engagement": one.row.engagement,
            "service": one.row.service, "reference": one.row.reference, "element": one.row.element,
            "opened": one.row.opened, "code": one.data.get("code"), "message": one.data.get("message"),
            "hint": one.data.get("hint"),
        }
        for one in cut(request, response, found, paging)
    ]  # fmt: skip


@router.post("/incidents/retry", response=Done, summary="Try all of a kind again")
def retry_all(request: Request, given: RepairAll) -> dict[str, Any]:
    """Tries again all incidents that fit, after the repair."""
    return _done(actions.retry_all(request.user, given.model_dump(exclude={"variables"}), given.variables))


@router.post("/incidents/cancel", response=Done, summary="Cancel all of a kind")
def cancel_all(request: Request, given: CancelAll) -> dict[str, Any]:
    """Ends the cases of all incidents that fit; of work that no case waits for, only that work."""
    return _done(actions.cancel_all(request.user, given.model_dump(exclude={"reason"}), given.reason))


@router.post("/incidents/{instance}/{wait}/retry", response={204: None}, summary="Try again")
def retry(request: Request, instance: int, wait: int, given: Repair) -> Status[Any]:
    """Tries again what ended in an incident, after the repair."""
    actions.retry(request.user, instance, wait, given.variables)
    return Status(204, None)


@router.post("/incidents/{instance}/{wait}/give-up", response={204: None}, summary="Give up")
def give_up(request: Request, instance: int, wait: int, given: Reason) -> Status[Any]:
    """Ends work that failed and that its case does not wait for (a negative ``wait``); the case goes on."""
    actions.give_up(request.user, instance, wait, given.reason)
    return Status(204, None)


@router.post("/instances/{number}/cancel", response={204: None}, summary="Cancel a process or case")
def cancel(request: Request, number: int, given: Reason) -> Status[Any]:
    """Ends it now."""
    actions.cancel(request.user, number, given.reason)
    return Status(204, None)


@router.post("/instances/{number}/hold", response={204: None}, summary="Put a process or case on hold")
def hold(request: Request, number: int) -> Status[Any]:
    """It stands still until it may go on."""
    actions.hold(request.user, number, True)
    return Status(204, None)


@router.post("/instances/{number}/resume", response={204: None}, summary="Let a process or case go on")
def resume(request: Request, number: int) -> Status[Any]:
    """It goes on where it stood."""
    actions.hold(request.user, number, False)
    return Status(204, None)


@router.get("/starters", summary="List what begins by itself")
def starters(request: Request, response: HttpResponse, paging: Paged) -> list[dict[str, Any]]:
    """What a timer or a condition starts, under which engagement. Times are microseconds since 1970 UTC."""
    permissions.require(request.user, "incident.see")
    return [
        {
            "instance": one.row.id, "engagement": one.row.engagement, "service": one.row.service,
            "definition": one.row.definition, "status": one.row.status, "zone": one.row.zone,
            "timers": [{"element": element, "due": due} for element, due in one.timers],
            "conditions": [{"element": element, "condition": text} for element, text in one.conditions],
        }
        for one in cut(request, response, queries.standing(request.user), paging)
    ]  # fmt: skip


@router.post("/engagements/{key}/starters", response={201: Opened}, summary="Open what begins by itself")
def open_starters(request: Request, key: str, given: Open) -> Status[Any]:
    """Opens the starters of a service, also those that were cancelled; those that stand ready then."""
    return Status(201, {"instances": actions.open_starters(request.user, key, given.service)})


@router.post("/engagements/{key}/facts", response=Told, summary="Report what is the case")
def report(request: Request, key: str, given: Facts) -> dict[str, int]:
    """Tells the conditions that begin work; what becomes true begins within a second."""
    return {"told": actions.report(request.user, key, given.variables, given.service)}


@router.post("/engagements/{key}/messages", response=Heard, summary="Send a message")
def send(request: Request, key: str, given: Message) -> dict[str, int]:
    """Brings it to the one who has waited longest, or to a process that begins with it, or keeps it."""
    heard = actions.send(request.user, key, given.name, given.service, given.key, given.variables, given.lifetime)
    return {"heard": heard}


@router.post("/engagements/{key}/signals", response=Heard, summary="Send a signal")
def broadcast(request: Request, key: str, given: Signal) -> dict[str, int]:
    """Brings it to all who wait for it now, and to the processes that begin with it."""
    return {"heard": actions.broadcast(request.user, key, given.name, given.service, given.variables)}


@router.get("/versions", summary="List versions with running work")
def versions(request: Request, response: HttpResponse, paging: Paged) -> list[dict[str, Any]]:
    """Per engagement and version how many instances run, and the newest version they could move to."""
    permissions.require(request.user, "incident.see")
    return [
        {"engagement": one.engagement, "definition": one.reference, "newest": one.newest, "instances": one.count}
        for one in cut(request, response, queries.versions(request.user), paging)
    ]


@router.post("/engagements/{key}/migrations", summary="Move running work to the newest version")
def migrate(request: Request, key: str, given: Move) -> dict[str, Any]:
    """Checks the plan and says, or with ``dry_run: false`` does, what comes of it for each running instance."""
    found, report = actions.migrate(request.user, key, given.source, given.elements, dry_run=given.dry_run)
    check = found["check"]
    return {
        "from": found["plan"].source, "to": found["plan"].target, "dry_run": given.dry_run, "maps": check.maps,
        "differs": check.differs, "gone": check.gone, "added": check.added, "instances": report.instances,
        "migrated": report.migrated,
        "refused": [
            {"reason": reason, "count": count, "examples": report.examples[reason]}
            for reason, count in report.refused.most_common()
        ],
    }  # fmt: skip
