"""``anyshore received``, ``references`` and ``outbox``: what arrived, the reference data in force, what goes out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyshore.base import files
from anyshore.base.errors import DataError
from anyshore.base.telling import Sheet
from anyshore.cli import output
from anyshore.cli.shared import Engagement, Json
from anyshore.host.intake import receiving
from anyshore.host.intake_ports import STATUSES, ReceiptPage
from anyshore.host.outgoing import outbox as outgoing
from anyshore.web.site import system

app = typer.Typer(no_args_is_help=True)

Service = Annotated[str, typer.Argument(help="Id of the service.")]
Kind = Annotated[str, typer.Argument(help="Kind of reference data, as in the pack.")]
Rows = Annotated[Path, typer.Argument(help="CSV or Excel; it replaces all rows of the kind, or nothing changes.")]
Loader = Annotated[str | None, typer.Option("--by", help="Who loads it, for the ledger.")]
Version = Annotated[int | None, typer.Option("--version", help="What this version changed.")]
Into = Annotated[Path | None, typer.Option("--into", help="Write each mail as .eml into this folder.")]
Send = Annotated[bool, typer.Option("--send", help="Hand them to the mail server of ANYSHORE_MAIL.")]
Leave = Annotated[bool, typer.Option("--leave", help="Leave mails in doubt: begun, and not known as sent.")]
Workers = Annotated[int, typer.Option(min=1, max=64, help="Processes that send at a time.")]
PerDomain = Annotated[float | None, typer.Option("--pace", min=0.01, help="Mails a second to one domain, at most.")]
Status = Annotated[str | None, typer.Option(help="Only those answered so: accepted, duplicate or refused.")]
Newest = Annotated[int, typer.Option(min=1, max=10_000, help="At most so many, the newest.")]


def received(engagement: Engagement, status: Status = None, limit: Newest = 100, json: Json = False) -> None:
    """List what an engagement received, and how each thing was answered."""
    system.engagement(engagement, read_only=True)
    from anyshore.web.intake import queries

    if status is not None and status not in STATUSES:
        hint = f"One of {', '.join(STATUSES)}."
        raise DataError("intake.status", f"Nothing is answered with {status!r}.", hint=hint)
    page = ReceiptPage(engagement=engagement, status=status, limit=limit)
    found = receiving.receipts(system.host(read_only=True), page)
    shown = queries.of_receipts(f"Received by {engagement}", found)
    output.answer(json, [queries.as_data(one) for one in found], shown)


def outbox(
    engagement: Engagement, into: Into = None, send: Send = False, leave: Leave = False, pace: PerDomain = None,
    workers: Workers = 1, json: Json = False,
) -> None:  # fmt: skip
    """List the mails of an engagement that wait to be sent; write or send them, each once."""
    reads = into is None and not send
    system.engagement(engagement, read_only=reads)
    from anyshore.web.site import handing

    if into is not None and send:
        raise DataError("outbox.twice", "A mail goes out once.", hint="Give --into or --send, not both.")
    host = system.host(read_only=reads)
    how = handing.hand_over(host, engagement, doubtful=not leave, per_second=pace)
    if send and workers > 1:
        found = handing.send_by(workers, engagement, doubtful=not leave, per_second=pace)
    elif send:
        found = handing.send_waiting(host, engagement, how)
    elif into is not None:
        found = outgoing.write_out(host.store, engagement, into, host.clock, how)
    else:
        found = outgoing.waiting(host.store, engagement)
    shown = outgoing.sheet("Waiting to be sent" if reads else "Handed over", found)
    output.answer(json, outgoing.plain(found), shown)


@app.command("list")
def listing(engagement: Engagement, json: Json = False) -> None:
    """List the kinds of reference data of an engagement with the version in force."""
    known = system.engagement(engagement, read_only=True)
    from anyshore.web.intake import queries

    found = queries.shelves_of(known)
    output.answer(json, [queries.shelf_data(one) for one in found], queries.of_shelves(found))


@app.command("load")
def load(
    engagement: Engagement, service: Service, kind: Kind, file: Rows, by: Loader = None, json: Json = False
) -> None:
    """Put the reference data of a file in force. The same content again changes nothing."""
    known = system.engagement(engagement)
    from anyshore.web.intake import actions, queries

    loaded = actions.load_in(known, service, kind, file.name, files.read(file), by)
    version, change = loaded.version, loaded.change
    counts = {"added": len(change.added), "removed": len(change.removed), "changed": len(change.changed)}
    text = f"Nothing changed: version {version.number} holds the same {version.rows:,} rows."
    if loaded.fresh:
        told = ", ".join(f"{count:,} {word}" for word, count in counts.items())
        text = f"Version {version.number} of {kind} is in force: {version.rows:,} rows, {told}."
    output.answer(json, queries.version_data(version) | {"fresh": loaded.fresh} | counts, text)


@app.command("show")
def show(engagement: Engagement, service: Service, kind: Kind, version: Version = None, json: Json = False) -> None:
    """Show the versions of a kind of reference data, or what one of them changed."""
    known = system.engagement(engagement, read_only=True)
    from anyshore.web.intake import queries

    shelf = queries.shelf_of(known, service, kind)
    if version is None:
        shown = queries.of_versions(f"{kind} of {engagement}", shelf)
        output.answer(json, [queries.version_data(row) for row in shelf.versions], shown)
        return
    change = queries.change(shelf, engagement, version)
    data = {"added": change.added, "removed": change.removed, "changed": [key for key, _, _ in change.changed]}
    keys = [(word, key) for word, some in data.items() for key in some]
    output.answer(json, data, Sheet(f"Version {version} of {kind}", ("Change", "Key"), keys))
