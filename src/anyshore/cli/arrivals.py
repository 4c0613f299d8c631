"""``anyshore received`` and ``anyshore references``: what arrived, and the reference data in force."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyshore.base import files
from anyshore.base.errors import DataError
from anyshore.cli import engagements, output, system
from anyshore.host.intake import receiving
from anyshore.host.intake_ports import STATUSES, ReceiptPage

app = typer.Typer(no_args_is_help=True)

Service = Annotated[str, typer.Argument(help="Id of the service.")]
Kind = Annotated[str, typer.Argument(help="Kind of reference data, as in the pack.")]


def received(
    engagement: engagements.Engagement,
    status: Annotated[str | None, typer.Option(help="Only those answered so: accepted, duplicate or refused.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many, the newest.")] = 100,
    json: output.Json = False,
) -> None:
    """List what an engagement received, and how each thing was answered."""
    with output.failing():
        host = system.host(read_only=True)
        from anyshore.web.intake import queries
        from anyshore.web.site import services

        services.named(engagement)
        if status is not None and status not in STATUSES:
            hint = f"One of {', '.join(STATUSES)}."
            raise DataError("intake.status", f"Nothing is answered with {status!r}.", hint=hint)
        found = receiving.receipts(host, ReceiptPage(engagement=engagement, status=status, limit=limit))
    if json:
        output.document([queries.as_data(one) for one in found])
        return
    rows = [
        (output.moment(one.at), one.name, one.status, "" if one.instance is None else one.instance,
         "" if one.reason is None else f"{one.reason.message} {one.reason.hint}".strip(), one.channel)
        for one in found
    ]  # fmt: skip
    output.table(f"Received by {engagement}", ("When", "Name", "Answer", "Case", "Reason", "By"), rows, right=(3,))


@app.command("list")
def listing(engagement: engagements.Engagement, json: output.Json = False) -> None:
    """List the kinds of reference data of an engagement with the version in force."""
    with output.failing():
        system.start(read_only=True)
        from anyshore.web.intake import queries
        from anyshore.web.site import services

        shelves = queries.shelves_of(services.named(engagement))
    if json:
        output.document(
            [
                {"service": one.service, "kind": one.kind.name, "file": one.kind.file,
                 "in_force": queries.version_data(one.versions[0]) if one.versions else None}
                for one in shelves
            ]
        )  # fmt: skip
        return
    rows = []
    for one in shelves:
        known = [(row.number, row.rows, output.moment(row.at)) for row in one.versions[:1]] or [("–", "–", "–")]
        rows.append((one.service, one.kind.name, one.kind.file, *known[0]))
    output.table("Reference data", ("Service", "Kind", "File", "Version", "Rows", "Since"), rows, right=(3, 4))


@app.command("load")
def load(
    engagement: engagements.Engagement, service: Service, kind: Kind,
    file: Annotated[Path, typer.Argument(help="CSV or Excel; it replaces all rows of the kind, or nothing changes.")],
    by: Annotated[str | None, typer.Option("--by", help="Who loads it, for the ledger.")] = None,
    json: output.Json = False,
) -> None:  # fmt: skip
    """Put the reference data of a file in force. The same content again changes nothing."""
    with output.failing():
        system.start()
        from anyshore.web.intake import actions, queries
        from anyshore.web.site import services

        content = files.read(file)
        loaded = actions.load_in(services.named(engagement), service, kind, file.name, content, by)
    version, change = loaded.version, loaded.change
    if json:
        counts = {"added": len(change.added), "removed": len(change.removed), "changed": len(change.changed)}
        output.document(queries.version_data(version) | {"fresh": loaded.fresh} | counts)
    elif not loaded.fresh:
        output.out.print(f"Nothing changed: version {version.number} holds the same {version.rows:,} rows.")
    else:
        output.out.print(
            f"Version {version.number} of {kind} is in force: {version.rows:,} rows, {len(change.added):,} added, "
            f"{len(change.removed):,} removed, {len(change.changed):,} changed."
        )


@app.command("show")
def show(
    engagement: engagements.Engagement, service: Service, kind: Kind,
    version: Annotated[int | None, typer.Option("--version", help="What this version changed.")] = None,
    json: output.Json = False,
) -> None:  # fmt: skip
    """Show the versions of a kind of reference data, or what one of them changed."""
    with output.failing():
        system.start(read_only=True)
        from anyshore.web.intake import queries
        from anyshore.web.site import services

        shelf = queries.shelf_of(services.named(engagement), service, kind)
        change = None if version is None else queries.change(shelf, engagement, version)
    if json:
        output.document(
            [queries.version_data(row) for row in shelf.versions]
            if change is None
            else {"added": change.added, "removed": change.removed, "changed": [key for key, _, _ in change.changed]}
        )
    elif change is None:
        rows = [
            (row.number, output.moment(row.at), row.by or "–", row.name, row.rows, row.digest[:12])
            for row in shelf.versions
        ]
        columns = ("Version", "Since", "By", "File", "Rows", "SHA-256")
        output.table(f"{kind} of {engagement}", columns, rows, right=(0, 4))
    else:
        keys = [("added", key) for key in change.added] + [("removed", key) for key in change.removed]
        keys += [("changed", key) for key, _, _ in change.changed]
        output.table(f"Version {version} of {kind}", ("Change", "Key"), keys)
