"""``anyshore ops starters``: what begins by itself, and what is reported to it."""

from __future__ import annotations

from typing import Annotated

import typer

from anyshore.cli import output
from anyshore.cli.shared import By, Json, OneEngagement, Values
from anyshore.host import operations, starters
from anyshore.kernel.commands import Cancel
from anyshore.runtime.answers import variable
from anyshore.web.site import system

app = typer.Typer(no_args_is_help=True)

Engagement = Annotated[str, typer.Option("--engagement", help="The engagement.")]
Numbers = Annotated[list[int], typer.Option("--instance", help="This starter; repeat it.")]
Case = Annotated[list[str], typer.Argument(help="NAME=VALUE, the value in FEEL: what is the case now.")]


@app.command("list")
def listing(engagement: OneEngagement = None, json: Json = False) -> None:
    """List what a timer or a condition starts, and when next."""
    found = starters.standing(system.host(read_only=True), engagement)
    output.answer(json, [one.as_dict() for one in found], starters.sheet(found))


@app.command("open")
def opening(
    process: Annotated[str, typer.Argument(help="Id of the process, or a version of it: process:ID@NUMBER.")],
    engagement: Engagement,
    service: Annotated[str, typer.Option("--service", help="The service its work belongs to.")],
    zone: Annotated[str, typer.Option("--zone", help="IANA time zone its timers are read in.")] = "UTC",
    values: Values = None,
    by: By = None,
    json: Json = False,
) -> None:
    """Open the starter of a deployed process, also after an earlier one was closed."""
    number = starters.open_one(
        system.host(), f"process:{process.removeprefix('process:')}", engagement=engagement, service=service,
        zone=zone, by=by, variables=dict(map(variable, values or ())),
    )  # fmt: skip
    output.answer(json, {"instance": number}, f"Process {process} begins by itself: starter {number}.")


@app.command("report")
def report(
    values: Case,
    engagement: Engagement,
    service: Annotated[str | None, typer.Option("--service", help="Only starters of this service.")] = None,
    by: By = None,
    json: Json = False,
) -> None:
    """Tell the conditions that begin work what is the case now."""
    told = starters.report(system.host(), engagement, dict(map(variable, values)), service=service, by=by)
    output.answer(json, {"told": told}, f"{told:,} starters were told. A worker begins what has become true.")


@app.command("hold")
def hold(instance: Numbers, by: By = None, json: Json = False) -> None:
    """Let starters stand still: nothing begins until they go on."""
    output.outcome(operations.suspend(system.host(), instance, by), "stand still", json)


@app.command("resume")
def resume(instance: Numbers, by: By = None, json: Json = False) -> None:
    """Let starters go on; the times of a cycle that passed meanwhile are left out."""
    output.outcome(operations.resume(system.host(), instance, by), "go on", json)


@app.command("close")
def close(
    instance: Numbers,
    reason: Annotated[str, typer.Option(help="Why, for the ledger.")],
    by: By = None,
    json: Json = False,
) -> None:
    """End starters; what they began goes on."""
    host = system.host()
    done = operations.tell(host, instance, lambda: Cancel(at=host.clock(), by=by, reason=reason))
    output.outcome(done, "closed", json)
