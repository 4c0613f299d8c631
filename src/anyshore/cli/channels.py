"""``anyshore channel``: folders and mailboxes that are looked into for what has arrived."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from anyshore.base.telling import Sheet
from anyshore.cli import engagements, output, system
from anyshore.host.channels.folder import QUIET
from anyshore.host.channels.sources import MAILBOX, USUAL

app = typer.Typer(no_args_is_help=True)

FROM_ENVIRONMENT = "ANYSHORE_CHANNEL_PASSWORD"
"""The variable a password is read from where nobody types it."""

Number = Annotated[int, typer.Argument(help="Number of the channel.")]


@app.command("add")
def add(
    engagement: engagements.Engagement,
    service: Annotated[str, typer.Argument(help="Id of the service that takes in what arrives.")],
    kind: Annotated[str, typer.Argument(help="folder, mails (a folder of mails) or mailbox (IMAP).")],
    path: Annotated[Path | None, typer.Option(help="Of the folder.")] = None,
    server: Annotated[str | None, typer.Option("--host", help="Name of the mail server.")] = None,
    port: Annotated[int | None, typer.Option(help="Of the mail server; 993 or 143 if left out.")] = None,
    user: Annotated[str | None, typer.Option(help="Who signs in there.")] = None,
    mailbox: Annotated[str, typer.Option(help="Name of the mailbox.")] = "INBOX",
    security: Annotated[str, typer.Option(help="tls, starttls, or none, on this machine alone.")] = "tls",
    authority: Annotated[Path | None, typer.Option(help="Certificates to trust beside those of the system.")] = None,
    quiet: Annotated[int, typer.Option(min=0, help="Seconds a file must not have changed.")] = QUIET,
    every: Annotated[int, typer.Option(help="Seconds between two looks.")] = USUAL,
    json: output.Json = False,
) -> None:
    """Add a channel. A worker looks into it at once, and then every so many seconds.

    The password of a mailbox is asked for, or read from ANYSHORE_CHANNEL_PASSWORD; it is kept in a file beside the
    database that only its owner can read.
    """
    system.start()
    from anyshore.web.intake import channels
    from anyshore.web.site import services

    said: dict[str, Any] = {"path": str(path.absolute()) if path is not None else "", "quiet": quiet}
    password = None
    if kind == MAILBOX:
        password = os.environ.get(FROM_ENVIRONMENT) or typer.prompt("Password", hide_input=True)
        said = {"host": server or "", "user": user or "", "mailbox": mailbox, "security": security}
        said |= {"port": port} if port is not None else {}
        said |= {"authority": str(authority.absolute())} if authority is not None else {}
    found = channels.add(services.named(engagement), service, kind, said, password=password, every=every)
    output.answer(json, found.as_data(), f"Channel {found.row.id}: {found.place}")


@app.command("list")
def listing(
    engagement: Annotated[str | None, typer.Option("--engagement", help="Only this engagement.")] = None,
    json: output.Json = False,
) -> None:
    """List the channels, and how the last look into each went."""
    system.start(read_only=True)
    from anyshore.web.intake import channels

    found = channels.of(engagement)
    rows = [
        (one.row.id, one.row.engagement, one.row.service, one.row.kind, one.place, one.row.every,
         output.moment(one.row.looked) if one.row.looked else "–", one.problem.message if one.problem else "")
        for one in found
    ]  # fmt: skip
    columns = ("Id", "Engagement", "Service", "Kind", "Where", "Every s", "Looked", "Problem")
    output.answer(json, [one.as_data() for one in found], Sheet("Channels", columns, rows, right=(0, 5)))


@app.command("remove")
def remove(engagement: engagements.Engagement, channel: Number, json: output.Json = False) -> None:
    """Remove a channel, its password and the memory of what it has handed over."""
    system.start()
    from anyshore.web.intake import channels
    from anyshore.web.site import services

    channels.remove(services.named(engagement), channel)
    output.answer(json, {"removed": channel}, f"Channel {channel} is removed.")


@app.command("pause")
def pause(
    engagement: engagements.Engagement, channel: Number,
    on: Annotated[bool, typer.Option("--end", help="Let it go on: it is looked into at once.")] = False,
    json: output.Json = False,
) -> None:  # fmt: skip
    """Let a channel stand still, or go on."""
    system.start()
    from anyshore.web.intake import channels
    from anyshore.web.site import services

    found = (channels.look_now if on else channels.pause)(services.named(engagement), channel)
    output.answer(json, found.as_data(), f"Channel {channel} {'goes on' if on else 'stands still'}.")


@app.command("check")
def check(engagement: engagements.Engagement, channel: Number, json: output.Json = False) -> None:
    """Look into a channel without taking anything."""
    system.start()
    from anyshore.web.intake import channels
    from anyshore.web.site import services

    said = channels.source(channels.one(services.named(engagement).key, channel).row).check()
    output.answer(json, {"found": said}, said)
