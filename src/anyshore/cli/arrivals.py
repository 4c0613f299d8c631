"""``anyshore received`` and ``anyshore references``: what arrived, and the reference data in force."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyshore.base import files
from anyshore.base.errors import DataError
from anyshore.base.telling import Sheet
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
    host = system.host(read_only=True)
    from anyshore.web.intake import queries
    from anyshore.web.site import services

    services.named(engagement)
    if status is not None and status not in STATUSES:
        hint = f"One of {', '.join(STATUSES)}."
        raise DataError("intake.status", f"Nothing is answered with {status!r}.", hint=hint)
    found = receiving.receipts(host, ReceiptPage(engagement=engagement, status=status, limit=limit))
    rows = [
        (output.moment(one.at), one.name, one.status, "" if one.instance is None else one.instance,
         "" if one.reason is None else f"{one.reason.message} {one.reason.hint}".strip(), one.channel)
        for one in found
    ]  # fmt: skip
    shown = Sheet(f"Received by {engagement}", ("When", "Name", "Answer", "Case", "Reason", "By"), rows, right=(3,))
    output.answer(json, [queries.as_data(one) for one in found], shown)


@app.command("list")
def listing(engagement: engagements.Engagement, json: output.Json = False) -> None:
    """List the kinds of reference data of an engagement with the version in force."""
    system.start(read_only=True)
    from anyshore.web.intake import queries
    from anyshore.web.site import services

    shelves = queries.shelves_of(services.named(engagement))
    data, rows = [], []
    for one in shelves:
        newest = one.versions[0] if one.versions else None
        known = ("–", "–", "–") if newest is None else (newest.number, newest.rows, output.moment(newest.at))
        rows.append((one.service, one.kind.name, one.kind.file, *known))
        in_force = None if newest is None else queries.version_data(newest)
        data.append({"service": one.service, "kind": one.kind.name, "file": one.kind.file, "in_force": in_force})
    columns = ("Service", "Kind", "File", "Version", "Rows", "Since")
    output.answer(json, data, Sheet("Reference data", columns, rows, right=(3, 4)))


@app.command("load")
def load(
    engagement: engagements.Engagement, service: Service, kind: Kind,
    file: Annotated[Path, typer.Argument(help="CSV or Excel; it replaces all rows of the kind, or nothing changes.")],
    by: Annotated[str | None, typer.Option("--by", help="Who loads it, for the ledger.")] = None,
    json: output.Json = False,
) -> None:  # fmt: skip
    """Put the reference data of a file in force. The same content again changes nothing."""
    system.start()
    from anyshore.web.intake import actions, queries
    from anyshore.web.site import services

    content = files.read(file)
    loaded = actions.load_in(services.named(engagement), service, kind, file.name, content, by)
    version, change = loaded.version, loaded.change
    counts = {"added": len(change.added), "removed": len(change.removed), "changed": len(change.changed)}
    text = f"Nothing changed: version {version.number} holds the same {version.rows:,} rows."
    if loaded.fresh:
        told = ", ".join(f"{count:,} {word}" for word, count in counts.items())
        text = f"Version {version.number} of {kind} is in force: {version.rows:,} rows, {told}."
    output.answer(json, queries.version_data(version) | {"fresh": loaded.fresh} | counts, text)


@app.command("show")
def show(
    engagement: engagements.Engagement, service: Service, kind: Kind,
    version: Annotated[int | None, typer.Option("--version", help="What this version changed.")] = None,
    json: output.Json = False,
) -> None:  # fmt: skip
    """Show the versions of a kind of reference data, or what one of them changed."""
    system.start(read_only=True)
    from anyshore.web.intake import queries
    from anyshore.web.site import services

    shelf = queries.shelf_of(services.named(engagement), service, kind)
    if version is None:
        rows = [
            (row.number, output.moment(row.at), row.by or "–", row.name, row.rows, row.digest[:12])
            for row in shelf.versions
        ]
        shown = Sheet(f"{kind} of {engagement}", ("Version", "Since", "By", "File", "Rows", "SHA-256"), rows, (0, 4))
        output.answer(json, [queries.version_data(row) for row in shelf.versions], shown)
        return
    change = queries.change(shelf, engagement, version)
    data = {"added": change.added, "removed": change.removed, "changed": [key for key, _, _ in change.changed]}
    keys = [(word, key) for word, some in data.items() for key in some]
    output.answer(json, data, Sheet(f"Version {version} of {kind}", ("Change", "Key"), keys))
