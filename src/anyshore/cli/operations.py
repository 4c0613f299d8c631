"""``anyshore ops``: instances, incidents, migrations and the archive, one by one or by the thousand."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from anyshore.cli import given, outcomes, output, starters, system
from anyshore.host import archive as archives
from anyshore.host import migrations, operations
from anyshore.host.operations import Selection
from anyshore.host.ports import Page
from anyshore.terms import exports

app = typer.Typer(no_args_is_help=True)
incidents = typer.Typer(no_args_is_help=True)
migrate = typer.Typer(no_args_is_help=True)
app.add_typer(incidents, name="incidents", help="List incidents; retry, repair or cancel them in bulk.")
app.add_typer(starters.app, name="starters", help="What a timer or a condition starts: list, open, report, close.")
app.add_typer(migrate, name="migrate", help="Move running instances to another version, by a plan.")

Instance = Annotated[int | None, typer.Option("--instance", help="Only this instance.")]
Engagement = Annotated[str | None, typer.Option("--engagement", help="Only this engagement.")]
Service = Annotated[str | None, typer.Option("--service", help="Only this service.")]
Code = Annotated[str | None, typer.Option("--code", help="Only incidents with this code.")]
Element = Annotated[str | None, typer.Option("--element", help="Only incidents at this element.")]
Definition = Annotated[str | None, typer.Option("--definition", help="Only this version: process:KEY@NUMBER.")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="At most so many.")]
By = Annotated[str | None, typer.Option("--by", help="Who asks, for the ledger.")]
Mapping = Annotated[list[str] | None, typer.Option("--map", help="OLD=NEW element id; repeat it.")]


def _selection(
    instance: int | None, engagement: str | None, service: str | None, code: str | None, element: str | None,
    definition: str | None, limit: int | None,
) -> Selection:  # fmt: skip
    return Selection(
        instance=instance, engagement=engagement, service=service, code=code, element=element, definition=definition,
        limit=limit,
    )  # fmt: skip


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
    with output.failing(), system.host(read_only=True).store.transaction() as tx:
        rows = tx.instances(page)
    if json:
        names = ("id", "definition", "engagement", "service", "reference", "status", "outcome", "turns", "created")
        output.document([{name: getattr(row, name) for name in (*names, "ended")} for row in rows])
        return
    shown = [
        (row.id, row.definition, row.engagement, row.reference, row.status, row.outcome, output.moment(row.created))
        for row in rows
    ]
    names = ("Id", "Definition", "Engagement", "Reference", "Status", "Outcome", "Created")
    output.table("Instances", names, shown, right=(0,))


@incidents.command("list")
def list_incidents(
    instance: Instance = None, engagement: Engagement = None, service: Service = None, code: Code = None,
    element: Element = None, definition: Definition = None, limit: Limit = 100, json: output.Json = False,
) -> None:  # fmt: skip
    """List open incidents, oldest first: what happened, where, and what can be done."""
    selection = _selection(instance, engagement, service, code, element, definition, limit)
    with output.failing():
        found = list(operations.incidents(system.host(read_only=True), selection))
    if json:
        output.document(
            [
                {"instance": one.row.instance, "wait": one.row.wait, "code": one.row.name, "element": one.row.element,
                 "engagement": one.row.engagement, "reference": one.row.reference, "opened": one.row.opened,
                 "message": one.message, "hint": one.hint}
                for one in found
            ]
        )  # fmt: skip
        return
    rows = [(one.row.instance, one.row.reference, one.row.element, one.row.name, one.message) for one in found]
    output.table("Incidents", ("Instance", "Reference", "Element", "Code", "What happened"), rows, right=(0,))


@incidents.command("retry")
def retry(
    instance: Instance = None, engagement: Engagement = None, service: Service = None, code: Code = None,
    element: Element = None, definition: Definition = None, limit: Limit = None, by: By = None,
    json: output.Json = False,
) -> None:  # fmt: skip
    """Try again what failed."""
    _retry(_selection(instance, engagement, service, code, element, definition, limit), None, by, json)


@incidents.command("repair")
def repair(
    values: Annotated[list[str], typer.Option("--set", help="NAME=VALUE, the value in FEEL; repeat it.")],
    instance: Instance = None, engagement: Engagement = None, service: Service = None, code: Code = None,
    element: Element = None, definition: Definition = None, limit: Limit = None, by: By = None,
    json: output.Json = False,
) -> None:  # fmt: skip
    """Write variables where it failed, and try again."""
    selection = _selection(instance, engagement, service, code, element, definition, limit)
    with output.failing():
        variables = given.variables(values)
    _retry(selection, variables, by, json)


def _retry(selection: Selection, variables: dict[str, object] | None, by: str | None, json: bool) -> None:
    with output.failing(), output.progress("Retrying", None) as advance:
        done = operations.retry(system.host(), selection, variables=variables, by=by, progress=advance)
    outcomes.told(done, "tried again", json)


@incidents.command("cancel")
def cancel(
    reason: Annotated[str, typer.Option(help="Why, for the ledger.")],
    instance: Instance = None, engagement: Engagement = None, service: Service = None, code: Code = None,
    element: Element = None, definition: Definition = None, limit: Limit = None, by: By = None,
    json: output.Json = False,
) -> None:  # fmt: skip
    """End the instances that failed, with everything they called; work nobody waits for ends alone."""
    selection = _selection(instance, engagement, service, code, element, definition, limit)
    with output.failing(), output.progress("Cancelling", None) as advance:
        done = operations.cancel(system.host(), selection, reason=reason, by=by, progress=advance)
    outcomes.told(done, "cancelled", json)


@migrate.command("plan")
def plan(
    source: Annotated[str, typer.Argument(help="The version instances run on: process:KEY@NUMBER.")],
    target: Annotated[str | None, typer.Option("--to", help="The version they are to run on; else the newest.")] = None,
    mapping: Mapping = None,
    json: output.Json = False,
) -> None:
    """Say which elements map and which cannot, and how many running instances could go on (a dry run)."""
    with output.failing():
        host = system.host()
        made = migrations.plan(host, source, target, given.pairs(mapping, "mapping"))
        check = migrations.check(host, made)
        with output.progress("Trying", None) as advance:
            report = migrations.run(host, made, dry_run=True, progress=advance)
    if json:
        output.document(
            {"from": made.source, "to": made.target, "maps": check.maps, "differs": check.differs, "gone": check.gone,
             "added": check.added, "unknown": check.unknown, **_report(report)}
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
        _show(report, "could go on")
    if check.unknown:
        raise typer.Exit(1)


@migrate.command("run")
def run(
    source: Annotated[str, typer.Argument(help="The version instances run on: process:KEY@NUMBER.")],
    target: Annotated[str | None, typer.Option("--to", help="The version they are to run on; else the newest.")] = None,
    mapping: Mapping = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Change nothing.")] = False,
    limit: Limit = None,
    by: By = None,
    json: output.Json = False,
) -> None:
    """Move the running instances of a version that can go on; the others stay."""
    with output.failing():
        host = system.host()
        made = migrations.plan(host, source, target, given.pairs(mapping, "mapping"))
        with output.progress("Migrating", None) as advance:
            report = migrations.run(host, made, dry_run=dry_run, by=by, limit=limit, progress=advance)
    if json:
        output.document({"from": made.source, "to": made.target, "dry_run": dry_run, **_report(report)})
    else:
        _show(report, "could go on" if dry_run else "migrated")


def _report(report: migrations.Report) -> dict[str, object]:
    refused = [{"reason": why, "count": n, "examples": report.examples[why]} for why, n in report.refused.most_common()]
    return {"instances": report.instances, "migrated": report.migrated, "refused": refused}


def _show(report: migrations.Report, word: str) -> None:
    output.out.print(f"{report.instances:,} running instances; {report.migrated:,} {word}.")
    if report.refused:
        rows = [(n, why, ", ".join(map(str, report.examples.get(why, ())))) for why, n in report.refused.most_common()]
        output.table("Cannot go on", ("Count", "Reason", "For example"), rows, right=(0,))


@app.command("send")
def send(
    name: Annotated[str, typer.Argument(help="Name of the message, or of the signal.")],
    engagement: Annotated[str, typer.Option("--engagement", help="Whose work may hear it.")],
    service: Annotated[str, typer.Option("--service", help="Under which a process begins that starts with it.")] = "",
    key: Annotated[str | None, typer.Option("--key", help="The message's correlation key.")] = None,
    values: Annotated[list[str] | None, typer.Option("--set", help="NAME=VALUE, the value in FEEL; repeat it.")] = None,
    zone: Annotated[str, typer.Option("--zone", help="IANA time zone of a process that begins.")] = "UTC",
    signal: Annotated[bool, typer.Option("--signal", help="A signal, for all who listen to it.")] = False,
    json: output.Json = False,
) -> None:
    """Send a message to the one who waits for it, or a signal to all."""
    with output.failing():
        host = system.host()
        from anyshore.web.engine import services  # needs the system above to be started

        place = {"service": service, "zone": zone, "within": services.within(service, engagement) if service else ""}
        data = given.variables(values)
        heard = (
            host.broadcast(engagement, name, data, **place)
            if signal
            else host.send(engagement, name, key, data, **place)
        )
    if json:
        output.document({"heard": heard})
    elif heard or signal:
        output.out.print(f"{heard:,} heard it.")
    else:
        output.out.print("Nobody waits for it yet: it is kept for a week.")


@app.command("archive")
def archive(
    folder: Annotated[Path, typer.Option("--to", help="Folder for the Parquet files.")],
    days: Annotated[float, typer.Option(min=0, help="Only instances that ended so many days ago.")],
    limit: Limit = None,
    json: output.Json = False,
) -> None:
    """Move finished instances with their logs from the database into Parquet files."""
    before = time.time_ns() // 1000 - int(days * 86_400_000_000)
    with output.failing(), output.progress("Archiving", limit) as advance:
        done = archives.run(system.host(), folder, before=before, limit=limit, progress=advance)
    if json:
        output.document({"instances": done.instances, "files": [str(path) for path in done.files], "bytes": done.bytes})
    else:
        output.out.print(f"{done.instances:,} instances moved into {len(done.files)} files ({done.bytes:,} bytes).")


@app.command("verify-archive")
def verify_archive(
    files: Annotated[list[Path], typer.Argument(help="Archive files.")],
    ledger: Annotated[list[Path], typer.Option("--ledger", help="Ledger exports (anyshore ledger export); repeat it.")],
    json: output.Json = False,
) -> None:
    """Recompute every archived instance from its records and compare the ledger's proofs; needs no database."""
    with output.failing():
        entries = [entry for path in ledger for entry in exports.read_sound(path)]
        found = archives.verify(files, entries)
    if json:
        problems = [{"code": one.code, "where": str(one.location), "message": one.message} for one in found.findings]
        output.document({"instances": found.instances, "proven": found.proven, "findings": problems})
    else:
        output.problems(found.findings)
        output.out.print(f"{found.instances:,} instances recomputed, {found.proven:,} proven by the ledger.")
    if found.findings:
        raise typer.Exit(1)
