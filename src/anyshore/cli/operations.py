"""``anyshore ops``: instances, incidents, migrations and the archive, one by one or by the thousand."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from anyshore.base.telling import Part, Sheet
from anyshore.cli import output, starters, system
from anyshore.cli.shared import taking
from anyshore.host import archive as archives
from anyshore.host import migrations, operations
from anyshore.host.operations import Selection
from anyshore.host.ports import Page
from anyshore.runtime.answers import pair, variable
from anyshore.terms import exports

app = typer.Typer(no_args_is_help=True)
incidents = typer.Typer(no_args_is_help=True)
migrate = typer.Typer(no_args_is_help=True)
app.add_typer(incidents, name="incidents", help="List incidents; retry, repair or cancel them in bulk.")
app.add_typer(starters.app, name="starters", help="What a timer or a condition starts: list, open, report, close.")
app.add_typer(migrate, name="migrate", help="Move running instances to another version, by a plan.")

Engagement = Annotated[str | None, typer.Option("--engagement", help="Only this engagement.")]
Service = Annotated[str | None, typer.Option("--service", help="Only this service.")]
Definition = Annotated[str | None, typer.Option("--definition", help="Only this version: process:KEY@NUMBER.")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="At most so many.")]
Mapping = Annotated[list[str] | None, typer.Option("--map", help="OLD=NEW element id; repeat it.")]


def _selection(
    instance: Annotated[int | None, typer.Option("--instance", help="Only this instance.")] = None,
    engagement: Engagement = None,
    service: Service = None,
    code: Annotated[str | None, typer.Option("--code", help="Only incidents with this code.")] = None,
    element: Annotated[str | None, typer.Option("--element", help="Only incidents at this element.")] = None,
    definition: Definition = None,
    limit: Limit = None,
) -> Selection:
    return Selection(
        instance=instance, engagement=engagement, service=service, code=code, element=element, definition=definition,
        limit=limit,
    )  # fmt: skip


selecting = taking(_selection)


@app.command("instances")
def instances(
    engagement: Engagement = None,
    service: Service = None,
    status: Annotated[str | None, typer.Option(help="active, suspended, ended or broken.")] = None,
    definition: Definition = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, newest first.")] = 50,
    json: output.Json = False,
) -> None:
    """List instances, newest first."""
    page = Page(engagement=engagement, service=service, status=status, definition=definition, limit=limit)
    with system.host(read_only=True).store.transaction() as tx:
        rows = tx.instances(page)
    names = ("id", "definition", "engagement", "service", "reference", "status", "outcome", "turns", "created", "ended")
    found = [{name: getattr(row, name) for name in names} for row in rows]
    shown = ("id", "definition", "engagement", "reference", "status", "outcome")
    columns = {name.capitalize(): name for name in shown} | {"Created": "@created"}
    output.records(json, "Instances", found, columns, right=(0,))


@incidents.command("list")
@selecting
def list_incidents(selection: Selection, json: output.Json = False) -> None:
    """List open incidents, oldest first: what happened, where, and what can be done."""
    found = [
        one.as_dict()
        for one in operations.incidents(system.host(read_only=True), replace(selection, limit=selection.limit or 100))
    ]
    columns = {"Instance": "instance", "Reference": "reference", "Element": "element", "Code": "code"}
    output.records(json, "Incidents", found, columns | {"What happened": "message"}, right=(0,))


@incidents.command("retry")
@selecting
def retry(selection: Selection, by: output.By = None, json: output.Json = False) -> None:
    """Try again what failed."""
    _retry(selection, None, by, json)


@incidents.command("repair")
@selecting
def repair(
    selection: Selection,
    values: Annotated[list[str], typer.Option("--set", help="NAME=VALUE, the value in FEEL; repeat it.")],
    by: output.By = None,
    json: output.Json = False,
) -> None:
    """Write variables where it failed, and try again."""
    _retry(selection, dict(map(variable, values)), by, json)


def _retry(selection: Selection, variables: dict[str, object] | None, by: str | None, json: bool) -> None:
    with output.progress("Retrying", None) as advance:
        done = operations.retry(system.host(), selection, variables=variables, by=by, progress=advance)
    output.outcome(done, "tried again", json)


@incidents.command("cancel")
@selecting
def cancel(
    selection: Selection,
    reason: Annotated[str, typer.Option(help="Why, for the ledger.")],
    by: output.By = None,
    json: output.Json = False,
) -> None:
    """End the instances that failed, with everything they called; work nobody waits for ends alone."""
    with output.progress("Cancelling", None) as advance:
        done = operations.cancel(system.host(), selection, reason=reason, by=by, progress=advance)
    output.outcome(done, "cancelled", json)


@migrate.command("plan")
def plan(
    source: Annotated[str, typer.Argument(help="The version instances run on: process:KEY@NUMBER.")],
    target: Annotated[str | None, typer.Option("--to", help="The version they are to run on; else the newest.")] = None,
    mapping: Mapping = None,
    json: output.Json = False,
) -> None:
    """Say which elements map and which cannot, and how many running instances could go on (a dry run)."""
    host = system.host()
    made = migrations.plan(host, source, target, dict(map(pair, mapping or ())))
    check = migrations.check(host, made)
    with output.progress("Trying", None) as advance:
        report = migrations.run(host, made, dry_run=True, progress=advance)
    if json:
        output.document(
            {"from": made.source, "to": made.target, "maps": check.maps, "differs": check.differs, "gone": check.gone,
             "added": check.added, "unknown": check.unknown, **report.as_dict()}
        )  # fmt: skip
    else:
        rows = [
            *((old, new, "maps") for old, new in check.maps.items()),
            *((old, "", why) for old, why in check.differs.items()),
            *((old, "", "no place") for old in check.gone),
            *(("", new, "new") for new in check.added),
            *((name, "", "unknown name in the plan") for name in check.unknown),
        ]
        output.table(f"{made.source} → {made.target}", ("Old element", "New element", ""), rows)
        output.told(_moved(report, "could go on"))
    output.end(check.unknown)


@migrate.command("run")
def run(
    source: Annotated[str, typer.Argument(help="The version instances run on: process:KEY@NUMBER.")],
    target: Annotated[str | None, typer.Option("--to", help="The version they are to run on; else the newest.")] = None,
    mapping: Mapping = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Change nothing.")] = False,
    limit: Limit = None,
    by: output.By = None,
    json: output.Json = False,
) -> None:
    """Move the running instances of a version that can go on; the others stay."""
    host = system.host()
    made = migrations.plan(host, source, target, dict(map(pair, mapping or ())))
    with output.progress("Migrating", None) as advance:
        report = migrations.run(host, made, dry_run=dry_run, by=by, limit=limit, progress=advance)
    data = {"from": made.source, "to": made.target, "dry_run": dry_run, **report.as_dict()}
    output.answer(json, data, *_moved(report, "could go on" if dry_run else "migrated"))


def _moved(report: migrations.Report, word: str) -> Iterator[Part]:
    yield f"{report.instances:,} running instances; {report.migrated:,} {word}."
    rows = [(n, why, ", ".join(map(str, report.examples.get(why, ())))) for why, n in report.refused.most_common()]
    if rows:
        yield Sheet("Cannot go on", ("Count", "Reason", "For example"), rows, right=(0,))


@app.command("send")
def send(
    name: Annotated[str, typer.Argument(help="Name of the message, or of the signal.")],
    engagement: Annotated[str, typer.Option("--engagement", help="Whose work may hear it.")],
    service: Annotated[str, typer.Option("--service", help="Under which a process begins that starts with it.")] = "",
    key: Annotated[str | None, typer.Option("--key", help="The message's correlation key.")] = None,
    values: output.Values = None,
    zone: Annotated[str, typer.Option("--zone", help="IANA time zone of a process that begins.")] = "UTC",
    signal: Annotated[bool, typer.Option("--signal", help="A signal, for all who listen to it.")] = False,
    json: output.Json = False,
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
    json: output.Json = False,
) -> None:
    """Move finished instances with their logs from the database into Parquet files."""
    before = time.time_ns() // 1000 - int(days * 86_400_000_000)
    with output.progress("Archiving", limit) as advance:
        done = archives.run(system.host(), folder, before=before, limit=limit, progress=advance)
    data = {"instances": done.instances, "files": [str(path) for path in done.files], "bytes": done.bytes}
    text = f"{done.instances:,} instances moved into {len(done.files)} files ({done.bytes:,} bytes)."
    output.answer(json, data, text)


@app.command("verify-archive")
def verify_archive(
    files: Annotated[list[Path], typer.Argument(help="Archive files.")],
    ledger: Annotated[list[Path], typer.Option("--ledger", help="Ledger exports (anyshore ledger export); repeat it.")],
    json: output.Json = False,
) -> None:
    """Recompute every archived instance from its records and compare the ledger's proofs; needs no database."""
    entries = [entry for path in ledger for entry in exports.read_sound(path)]
    found = archives.verify(files, entries)
    if json:
        problems = [{"code": one.code, "where": str(one.location), "message": one.message} for one in found.findings]
        output.document({"instances": found.instances, "proven": found.proven, "findings": problems})
    else:
        output.problems(found.findings)
        output.out.print(f"{found.instances:,} instances recomputed, {found.proven:,} proven by the ledger.")
    output.end(found.findings)
