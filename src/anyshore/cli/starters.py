"""``anyshore ops starters``: what begins by itself, and what is reported to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from anyshore.base.commands import NOTHING, Answer, Group
from anyshore.cli import output
from anyshore.cli.declaring import By, OneEngagement
from anyshore.host import operations, starters
from anyshore.kernel.commands import Cancel
from anyshore.runtime.answers import variable
from anyshore.web.site import system

Engagement = Annotated[str, "--engagement", "The engagement."]
Numbers = Annotated[Sequence[int], "--instance", "This starter; repeat it."]
Values = Annotated[Mapping[str, object], variable, "--set", "NAME=VALUE, the value in FEEL; repeat it."]


def listing(*, engagement: OneEngagement = None) -> Answer:
    """List what a timer or a condition starts, and when next."""
    found = starters.standing(system.host(read_only=True), engagement)
    return Answer([one.as_dict() for one in found], starters.sheet(found))


def opening(
    process: Annotated[str, "Id of the process, or a version of it: process:ID@NUMBER."],
    *,
    engagement: Engagement,
    service: Annotated[str, "--service", "The service its work belongs to."],
    zone: Annotated[str, "--zone", "IANA time zone its timers are read in."] = "UTC",
    values: Values = NOTHING,
    by: By = None,
) -> Answer:
    """Open the starter of a deployed process, also after an earlier one was closed."""
    key = f"process:{process.removeprefix('process:')}"
    number = starters.open_one(
        system.host(), key, engagement=engagement, service=service, zone=zone, by=by, variables=dict(values)
    )
    return Answer({"instance": number}, f"Process {process} begins by itself: starter {number}.")


def report(
    values: Annotated[Mapping[str, object], variable, "NAME=VALUE, the value in FEEL: what is the case now."],
    *,
    engagement: Engagement,
    service: Annotated[str | None, "--service", "Only starters of this service."] = None,
    by: By = None,
) -> Answer:
    """Tell the conditions that begin work what is the case now."""
    told = starters.report(system.host(), engagement, dict(values), service=service, by=by)
    return Answer({"told": told}, f"{told:,} starters were told. A worker begins what has become true.")


def hold(*, instance: Numbers, by: By = None) -> Answer:
    """Let starters stand still: nothing begins until they go on."""
    return output.outcome(operations.suspend(system.host(), instance, by), "stand still")


def resume(*, instance: Numbers, by: By = None) -> Answer:
    """Let starters go on; the times of a cycle that passed meanwhile are left out."""
    return output.outcome(operations.resume(system.host(), instance, by), "go on")


def close(*, instance: Numbers, reason: Annotated[str, "Why, for the ledger."], by: By = None) -> Answer:
    """End starters; what they began goes on."""
    host = system.host()
    done = operations.tell(host, instance, lambda: Cancel(at=host.clock(), by=by, reason=reason))
    return output.outcome(done, "closed")


GROUP = Group(
    "What a timer or a condition starts: list, open, report, close.",
    {"list": listing, "open": opening, "report": report, "hold": hold, "resume": resume, "close": close},
)
