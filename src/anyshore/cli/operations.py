"""``anyshore ops``: instances, incidents, migrations and the archive, one by one or by the thousand."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from anyshore.base.commands import NOTHING, Answer, Bounds, Group, Taken, pair
from anyshore.cli import output, starters
from anyshore.cli.declaring import By, OneEngagement, OneService
from anyshore.host import archive as archives
from anyshore.host import migrations, operations
from anyshore.host.operations import Selection
from anyshore.host.ports import Page
from anyshore.runtime.answers import variable
from anyshore.terms import exports
from anyshore.web.site import system

Definition = Annotated[str | None, "--definition", "Only this version: process:KEY@NUMBER."]
Limit = Annotated[int | None, "--limit", Bounds(1), "At most so many."]
From = Annotated[str, "The version instances run on: process:KEY@NUMBER."]
To = Annotated[str | None, "--to", "The version they are to run on; else the newest."]
Map = Annotated[Mapping[str, str], pair, "--map", "OLD=NEW element id; repeat it."]
FIELDS = ("id", "definition", "engagement", "service", "reference", "status", "outcome", "turns", "created", "ended")


def _selection(
    *,
    instance: Annotated[int | None, "--instance", "Only this instance."] = None,
    engagement: OneEngagement = None,
    service: OneService = None,
    code: Annotated[str | None, "--code", "Only incidents with this code."] = None,
    element: Annotated[str | None, "--element", "Only incidents at this element."] = None,
    definition: Definition = None,
    limit: Limit = None,
) -> Selection:
    return Selection(
        instance=instance, engagement=engagement, service=service, code=code, element=element, definition=definition,
        limit=limit,
    )  # fmt: skip


Selected = Annotated[Selection, Taken(_selection)]


def instances(
    *,
    engagement: OneEngagement = None,
    service: OneService = None,
    status: Annotated[str | None, "active, suspended, ended or broken."] = None,
    definition: Definition = None,
    limit: Annotated[int, Bounds(1), "At most so many, newest first."] = 50,
) -> Answer:
    """List instances, newest first."""
    page = Page(engagement=engagement, service=service, status=status, definition=definition, limit=limit)
    with system.host(read_only=True).store.transaction() as tx:
        found = [{name: getattr(row, name) for name in FIELDS} for row in tx.instances(page)]
    shown = ("id", "definition", "engagement", "reference", "status", "outcome")
    columns = {name.capitalize(): name for name in shown} | {"Created": "@created"}
    return output.records("Instances", found, columns, right=(0,))


def list_incidents(*, selection: Selected) -> Answer:
    """List open incidents, oldest first: what happened, where, and what can be done."""
    asked = replace(selection, limit=selection.limit or 100)
    found = [one.as_dict() for one in operations.incidents(system.host(read_only=True), asked)]
    columns = {"Instance": "instance", "Reference": "reference", "Element": "element", "Code": "code"}
    return output.records("Incidents", found, columns | {"What happened": "message"}, right=(0,))


def retry(*, selection: Selected, by: By = None) -> Answer:
    """Try again what failed."""
    return _retry(selection, None, by)


def repair(
    *,
    selection: Selected,
    values: Annotated[Mapping[str, object], variable, "--set", "NAME=VALUE, the value in FEEL; repeat it."],
    by: By = None,
) -> Answer:
    """Write variables where it failed, and try again."""
    return _retry(selection, dict(values), by)


def _retry(selection: Selection, variables: dict[str, object] | None, by: str | None) -> Answer:
    with output.progress("Retrying", None) as advance:
        done = operations.retry(system.host(), selection, variables=variables, by=by, progress=advance)
    return output.outcome(done, "tried again")


def cancel(*, selection: Selected, reason: Annotated[str, "Why, for the ledger."], by: By = None) -> Answer:
    """End the instances that failed, with everything they called; work nobody waits for ends alone."""
    with output.progress("Cancelling", None) as advance:
        done = operations.cancel(system.host(), selection, reason=reason, by=by, progress=advance)
    return output.outcome(done, "cancelled")


def plan(source: From, *, target: To = None, mapping: Map = NOTHING) -> Answer:
    """Say which elements map and which cannot, and how many running instances could go on (a dry run)."""
    host = system.host()
    made = migrations.plan(host, source, target, mapping)
    check = migrations.check(host, made)
    with output.progress("Trying", None) as advance:
        report = migrations.run(host, made, dry_run=True, progress=advance)
    data = {"from": made.source, "to": made.target, **check.as_dict(), **report.as_dict()}
    shown = check.sheet(f"{made.source} → {made.target}")
    return Answer(data, shown, report.parts("could go on"), bad=check.unknown)


def run(
    source: From,
    *,
    target: To = None,
    mapping: Map = NOTHING,
    dry_run: Annotated[bool, "--dry-run", "Change nothing."] = False,
    limit: Limit = None,
    by: By = None,
) -> Answer:
    """Move the running instances of a version that can go on; the others stay."""
    host = system.host()
    made = migrations.plan(host, source, target, mapping)
    with output.progress("Migrating", None) as advance:
        report = migrations.run(host, made, dry_run=dry_run, by=by, limit=limit, progress=advance)
    data = {"from": made.source, "to": made.target, "dry_run": dry_run, **report.as_dict()}
    return Answer(data, report.parts("could go on" if dry_run else "migrated"))


def send(
    name: Annotated[str, "Name of the message, or of the signal."],
    *,
    engagement: Annotated[str, "--engagement", "Whose work may hear it."],
    service: Annotated[str, "--service", "Under which a process begins that starts with it."] = "",
    key: Annotated[str | None, "--key", "The message's correlation key."] = None,
    values: starters.Values = NOTHING,
    zone: Annotated[str, "--zone", "IANA time zone of a process that begins."] = "UTC",
    signal: Annotated[bool, "--signal", "A signal, for all who listen to it."] = False,
) -> Answer:
    """Send a message to the one who waits for it, or a signal to all."""
    host = system.host()
    from anyshore.web.engine import services  # needs the system above to be started

    within = services.within(service, engagement) if service else ""
    if signal:
        heard = host.broadcast(engagement, name, values, service=service, zone=zone, within=within)
    else:
        heard = host.send(engagement, name, key, values, service=service, zone=zone, within=within)
    text = f"{heard:,} heard it." if heard or signal else "Nobody waits for it yet: it is kept for a week."
    return Answer({"heard": heard}, text)


def archive(
    *,
    folder: Annotated[Path, "--to", "Folder for the Parquet files."],
    days: Annotated[float, Bounds(0), "Only instances that ended so many days ago."],
    limit: Limit = None,
) -> Answer:
    """Move finished instances with their logs from the database into Parquet files."""
    before = time.time_ns() // 1000 - int(days * 86_400_000_000)
    with output.progress("Archiving", limit) as advance:
        done = archives.run(system.host(), folder, before=before, limit=limit, progress=advance)
    return Answer(done.as_dict(), str(done))


def verify_archive(
    files: Annotated[Sequence[Path], "Archive files."],
    *,
    ledger: Annotated[Sequence[Path], "--ledger", "Ledger exports (anyshore ledger export); repeat it."],
) -> Answer:
    """Recompute every archived instance from its records and compare the ledger's proofs; needs no database."""
    found = archives.verify(files, [entry for path in ledger for entry in exports.read_sound(path)])
    return Answer(found.as_dict(), found.findings, str(found), bad=found.findings)


INCIDENTS = Group(
    "List incidents; retry, repair or cancel them in bulk.",
    {"list": list_incidents, "retry": retry, "repair": repair, "cancel": cancel},
)


MIGRATE = Group("Move running instances to another version, by a plan.", {"plan": plan, "run": run})


GROUP = Group(
    "Instances, incidents, migrations, archive.",
    {
        "instances": instances,
        "send": send,
        "archive": archive,
        "verify-archive": verify_archive,
        "incidents": INCIDENTS,
        "starters": starters.GROUP,
        "migrate": MIGRATE,
    },
)
