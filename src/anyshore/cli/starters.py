"""``anyshore ops starters``: what begins by itself, and what is reported to it."""

from __future__ import annotations

from typing import Annotated

import typer

from anyshore.cli import given, outcomes, output, system
from anyshore.host import operations, starters
from anyshore.kernel.commands import Cancel

app = typer.Typer(no_args_is_help=True)

Engagement = Annotated[str, typer.Option("--engagement", help="The engagement.")]
By = Annotated[str | None, typer.Option("--by", help="Who asks, for the ledger.")]
Numbers = Annotated[list[int], typer.Option("--instance", help="This starter; repeat it.")]


@app.command("list")
def listing(
    engagement: Annotated[str | None, typer.Option("--engagement", help="Only this engagement.")] = None,
    json: output.Json = False,
) -> None:
    """List what a timer or a condition starts, and when next."""
    with output.failing():
        found = starters.standing(system.host(read_only=True), engagement)
    if json:
        output.document(
            [
                {"instance": one.row.id, "definition": one.row.definition, "engagement": one.row.engagement,
                 "service": one.row.service, "status": one.row.status, "timers": dict(one.timers),
                 "conditions": dict(one.conditions)}
                for one in found
            ]
        )  # fmt: skip
        return
    rows = [
        (one.row.id, one.row.definition.partition(":")[2], one.row.engagement, one.row.service, one.row.status,
         "\n".join(output.moment(due) for _, due in one.timers), "\n".join(text for _, text in one.conditions))
        for one in found
    ]  # fmt: skip
    names = ("Id", "Process", "Engagement", "Service", "Status", "Next", "When it is the case that")
    output.table("Begins by itself", names, rows, right=(0,))


@app.command("open")
def opening(
    process: Annotated[str, typer.Argument(help="Id of the process, or a version of it: process:ID@NUMBER.")],
    engagement: Engagement,
    service: Annotated[str, typer.Option("--service", help="The service its work belongs to.")],
    zone: Annotated[str, typer.Option("--zone", help="IANA time zone its timers are read in.")] = "UTC",
    values: Annotated[
        list[str] | None, typer.Option("--set", help="NAME=VALUE, the value in FEEL: what is the case; repeat it.")
    ] = None,
    by: By = None,
    json: output.Json = False,
) -> None:
    """Open the starter of a deployed process, also after an earlier one was closed."""
    with output.failing():
        number = starters.open_one(
            system.host(), f"process:{process.removeprefix('process:')}", engagement=engagement, service=service,
            zone=zone, by=by, variables=given.variables(values),
        )  # fmt: skip
    if json:
        output.document({"instance": number})
    else:
        output.out.print(f"Process {process} begins by itself: starter {number}.")


@app.command("report")
def report(
    values: Annotated[list[str], typer.Argument(help="NAME=VALUE, the value in FEEL: what is the case now.")],
    engagement: Engagement,
    service: Annotated[str | None, typer.Option("--service", help="Only starters of this service.")] = None,
    by: By = None,
    json: output.Json = False,
) -> None:
    """Tell the conditions that begin work what is the case now."""
    with output.failing():
        told = starters.report(system.host(), engagement, given.variables(values), service=service, by=by)
    if json:
        output.document({"told": told})
    else:
        output.out.print(f"{told:,} starters were told. A worker begins what has become true.")


@app.command("hold")
def hold(instance: Numbers, by: By = None, json: output.Json = False) -> None:
    """Let starters stand still: nothing begins until they go on."""
    with output.failing():
        done = operations.suspend(system.host(), instance, by)
    outcomes.told(done, "stand still", json)


@app.command("resume")
def resume(instance: Numbers, by: By = None, json: output.Json = False) -> None:
    """Let starters go on; the times of a cycle that passed meanwhile are left out."""
    with output.failing():
        done = operations.resume(system.host(), instance, by)
    outcomes.told(done, "go on", json)


@app.command("close")
def close(
    instance: Numbers,
    reason: Annotated[str, typer.Option(help="Why, for the ledger.")],
    by: By = None,
    json: output.Json = False,
) -> None:
    """End starters; what they began goes on."""
    with output.failing():
        host = system.host()
        done = operations.tell(host, instance, lambda: Cancel(at=host.clock(), by=by, reason=reason))
    outcomes.told(done, "closed", json)
