"""``anyshore ops``: instances, incidents, migrations and the archive, one by one or by the thousand."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from anyshore.cli import output, starters
from anyshore.cli.shared import By, Json, OneEngagement, OneService, Values, taking
from anyshore.host import archive as archives
from anyshore.host import migrations, operations
from anyshore.host.operations import Selection
from anyshore.host.ports import Page
from anyshore.runtime.answers import pair, variable
from anyshore.terms import exports
from anyshore.web.site import system

app = typer.Typer(no_args_is_help=True)
incidents = typer.Typer(no_args_is_help=True)
migrate = typer.Typer(no_args_is_help=True)
app.add_typer(incidents, name="incidents", help="List incidents; retry, repair or cancel them in bulk.")
app.add_typer(starters.app, name="starters", help="What a timer or a condition starts: list, open, report, close.")
app.add_typer(migrate, name="migrate", help="Move running instances to another version, by a plan.")

Definition = Annotated[str | None, typer.Option("--definition", help="Only this version: process:KEY@NUMBER.")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="At most so many.")]
Newest = Annotated[int, typer.Option(min=1, help="At most so many, newest first.")]
Status = Annotated[str | None, typer.Option(help="active, suspended, ended or broken.")]
Mapping = Annotated[list[str] | None, typer.Option("--map", help="OLD=NEW element id; repeat it.")]
From = Annotated[str, typer.Argument(help="The version instances run on: process:KEY@NUMBER.")]
To = Annotated[str | None, typer.Option("--to", help="The version they are to run on; else the newest.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Change nothing.")]
FIELDS = ("id", "definition", "engagement", "service", "reference", "status", "outcome", "turns", "created", "ended")


def _selection(
    instance: Annotated[int | None, typer.Option("--instance", help="Only this instance.")] = None,
    engagement: OneEngagement = None,
    service: OneService = None,
    code: Annotated[str | None, typer.Option("--code", help="Only incidents with this code.")] = None,
    element: Annotated[str | None, typer.Option("--element", help="Only incidents at this element.")] = None,
    definition: Definition = None,
    limit: Limit = None,
) -> Selection:
    return Selection(
        instance=instance, engagement=engagement, service=service, code=code, element=element, definition=definition,
        limit=limit,
    )  # fmt: skip


@app.command("instances")
def instances(
    engagement: OneEngagement = None, service: OneService = None, status: Status = None, definition: Definition = None,
    limit: Newest = 50, json: Json = False,
) -> None:  # fmt: skip
    """List instances, newest first."""
    page = Page(engagement=engagement, service=service, status=status, definition=definition, limit=limit)
    with system.host(read_only=True).store.transaction() as tx:
        found = [{name: getattr(row, name) for name in FIELDS} for row in tx.instances(page)]
    shown = ("id", "definition", "engagement", "reference", "status", "outcome")
    columns = {name.capitalize(): name for name in shown} | {"Created": "@created"}
    output.records(json, "Instances", found, columns, right=(0,))


@incidents.command("list")
@taking(_selection)
def list_incidents(selection: Selection, json: Json = False) -> None:
    """List open incidents, oldest first: what happened, where, and what can be done."""
    asked = replace(selection, limit=selection.limit or 100)
    found = [one.as_dict() for one in operations.incidents(system.host(read_only=True), asked)]
    columns = {"Instance": "instance", "Reference": "reference", "Element": "element", "Code": "code"}
    output.records(json, "Incidents", found, columns | {"What happened": "message"}, right=(0,))


@incidents.command("retry")
@taking(_selection)
def retry(selection: Selection, by: By = None, json: Json = False) -> None:
    """Try again what failed."""
    _retry(selection, None, by, json)


@incidents.command("repair")
@taking(_selection)
def repair(
    selection: Selection,
    values: Annotated[list[str], typer.Option("--set", help="NAME=VALUE, the value in FEEL; repeat it.")],
    by: By = None,
    json: Json = False,
) -> None:
    """Write variables where it failed, and try again."""
    _retry(selection, dict(map(variable, values)), by, json)


def _retry(selection: Selection, variables: dict[str, object] | None, by: str | None, json: bool) -> None:
    with output.progress("Retrying", None) as advance:
        done = operations.retry(system.host(), selection, variables=variables, by=by, progress=advance)
    output.outcome(done, "tried again", json)


@incidents.command("cancel")
@taking(_selection)
def cancel(
    selection: Selection,
    reason: Annotated[str, typer.Option(help="Why, for the ledger.")],
    by: By = None,
    json: Json = False,
) -> None:
    """End the instances that failed, with everything they called; work nobody waits for ends alone."""
    with output.progress("Cancelling", None) as advance:
        done = operations.cancel(system.host(), selection, reason=reason, by=by, progress=advance)
    output.outcome(done, "cancelled", json)


@migrate.command("plan")
def plan(source: From, target: To = None, mapping: Mapping = None, json: Json = False) -> None:
    """Say which elements map and which cannot, and how many running instances could go on (a dry run)."""
    host = system.host()
    made = migrations.plan(host, source, target, dict(map(pair, mapping or ())))
    check = migrations.check(host, made)
    with output.progress("Trying", None) as advance:
        report = migrations.run(host, made, dry_run=True, progress=advance)
    data = {"from": made.source, "to": made.target, **check.as_dict(), **report.as_dict()}
    output.answer(json, data, check.sheet(f"{made.source} → {made.target}"), *report.parts("could go on"))
    output.end(check.unknown)


@migrate.command("run")
def run(
    source: From, target: To = None, mapping: Mapping = None, dry_run: DryRun = False, limit: Limit = None,
    by: By = None, json: Json = False,
) -> None:  # fmt: skip
    """Move the running instances of a version that can go on; the others stay."""
    host = system.host()
    made = migrations.plan(host, source, target, dict(map(pair, mapping or ())))
    with output.progress("Migrating", None) as advance:
        report = migrations.run(host, made, dry_run=dry_run, by=by, limit=limit, progress=advance)
    data = {"from": made.source, "to": made.target, "dry_run": dry_run, **report.as_dict()}
    output.answer(json, data, *report.parts("could go on" if dry_run else "migrated"))


@app.command("send")
def send(
    name: Annotated[str, typer.Argument(help="Name of the message, or of the signal.")],
    engagement: Annotated[str, typer.Option("--engagement", help="Whose work may hear it.")],
    service: Annotated[str, typer.Option("--service", help="Under which a process begins that starts with it.")] = "",
    key: Annotated[str | None, typer.Option("--key", help="The message's correlation key.")] = None,
    values: Values = None,
    zone: Annotated[str, typer.Option("--zone", help="IANA time zone of a process that begins.")] = "UTC",
    signal: Annotated[bool, typer.Option("--signal", help="A signal, for all who listen to it.")] = False,
    json: Json = False,
) -> None:
    """Send a message to the one who waits for it, or a signal to all."""
    host = system.host()
    from anyshore.web.engine import services  # needs the system above to be started

    within = services.within(service, engagement) if service else ""
    data = dict(map(variable, values or ()))
    if signal:
        heard = host.broadcast(engagement, name, data, service=service, zone=zone, within=within)
    else:
        heard = host.send(engagement, name, key, data, service=service, zone=zone, within=within)
    text = f"{heard:,} heard it." if heard or signal else "Nobody waits for it yet: it is kept for a week."
    output.answer(json, {"heard": heard}, text)


@app.command("archive")
def archive(
    folder: Annotated[Path, typer.Option("--to", help="Folder for the Parquet files.")],
    days: Annotated[float, typer.Option(min=0, help="Only instances that ended so many days ago.")],
    limit: Limit = None,
    json: Json = False,
) -> None:
    """Move finished instances with their logs from the database into Parquet files."""
    before = time.time_ns() // 1000 - int(days * 86_400_000_000)
    with output.progress("Archiving", limit) as advance:
        done = archives.run(system.host(), folder, before=before, limit=limit, progress=advance)
    output.answer(json, done.as_dict(), str(done))


@app.command("verify-archive")
def verify_archive(
    files: Annotated[list[Path], typer.Argument(help="Archive files.")],
    ledger: Annotated[list[Path], typer.Option("--ledger", help="Ledger exports (anyshore ledger export); repeat it.")],
    json: Json = False,
) -> None:
    """Recompute every archived instance from its records and compare the ledger's proofs; needs no database."""
    found = archives.verify(files, [entry for path in ledger for entry in exports.read_sound(path)])
    output.answer(json, found.as_dict(), str(found), wrong=found.findings)
    output.end(found.findings)
