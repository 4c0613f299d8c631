"""``anyshore received``, ``references`` and ``outbox``: what arrived, the reference data in force, what goes out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from anyshore.base import files
from anyshore.base.commands import Answer, Bounds, Group
from anyshore.base.errors import DataError
from anyshore.cli.declaring import Engagement
from anyshore.host.intake import receiving
from anyshore.host.intake_ports import STATUSES, ReceiptPage
from anyshore.host.outgoing import outbox as outgoing
from anyshore.web.site import system

Service = Annotated[str, "Id of the service."]
Kind = Annotated[str, "Kind of reference data, as in the pack."]


def received(
    engagement: Engagement,
    *,
    status: Annotated[str | None, "Only those answered so: accepted, duplicate or refused."] = None,
    limit: Annotated[int, Bounds(1, 10_000), "At most so many, the newest."] = 100,
) -> Answer:
    """List what an engagement received, and how each thing was answered."""
    system.engagement(engagement, read_only=True)
    from anyshore.web.intake import queries

    if status is not None and status not in STATUSES:
        hint = f"One of {', '.join(STATUSES)}."
        raise DataError("intake.status", f"Nothing is answered with {status!r}.", hint=hint)
    page = ReceiptPage(engagement=engagement, status=status, limit=limit)
    found = receiving.receipts(system.host(read_only=True), page)
    return Answer([queries.as_data(one) for one in found], queries.of_receipts(f"Received by {engagement}", found))


def outbox(
    engagement: Engagement,
    *,
    into: Annotated[Path | None, "--into", "Write each mail as .eml into this folder."] = None,
    send: Annotated[bool, "--send", "Hand them to the mail server of ANYSHORE_MAIL."] = False,
    leave: Annotated[bool, "--leave", "Leave mails in doubt: begun, and not known as sent."] = False,
    pace: Annotated[float | None, "--pace", Bounds(0.01), "Mails a second to one domain, at most."] = None,
    workers: Annotated[int, Bounds(1, 64), "Processes that send at a time."] = 1,
) -> Answer:
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
    return Answer(outgoing.plain(found), outgoing.sheet("Waiting to be sent" if reads else "Handed over", found))


def listing(engagement: Engagement) -> Answer:
    """List the kinds of reference data of an engagement with the version in force."""
    known = system.engagement(engagement, read_only=True)
    from anyshore.web.intake import queries

    found = queries.shelves_of(known)
    return Answer([queries.shelf_data(one) for one in found], queries.of_shelves(found))


def load(
    engagement: Engagement,
    service: Service,
    kind: Kind,
    file: Annotated[Path, "CSV or Excel; it replaces all rows of the kind, or nothing changes."],
    *,
    by: Annotated[str | None, "Who loads it, for the ledger."] = None,
) -> Answer:
    """Put the reference data of a file in force. The same content again changes nothing."""
    known = system.engagement(engagement)
    from anyshore.web.intake import actions, queries

    loaded = actions.load_in(known, service, kind, file.name, files.read(file), by)
    data = queries.version_data(loaded.version) | {"fresh": loaded.fresh} | loaded.change.counts
    return Answer(data, queries.of_loaded(kind, loaded))


def show(
    engagement: Engagement,
    service: Service,
    kind: Kind,
    *,
    version: Annotated[int | None, "What this version changed."] = None,
) -> Answer:
    """Show the versions of a kind of reference data, or what one of them changed."""
    known = system.engagement(engagement, read_only=True)
    from anyshore.web.intake import queries

    shelf = queries.shelf_of(known, service, kind)
    if version is None:
        versions = [queries.version_data(row) for row in shelf.versions]
        return Answer(versions, queries.of_versions(f"{kind} of {engagement}", shelf))
    change = queries.change(shelf, engagement, version)
    return Answer(change.keys, queries.of_change(f"Version {version} of {kind}", change))


GROUP = Group(
    "Reference data of an engagement: versions, loading, what changed.", {"list": listing, "load": load, "show": show}
)
