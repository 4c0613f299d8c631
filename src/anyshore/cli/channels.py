"""``anyshore channel``: folders and mailboxes that are looked into for what has arrived."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from anyshore.cli import output
from anyshore.cli.shared import Engagement, Json, OneEngagement
from anyshore.host.channels.folder import QUIET
from anyshore.host.channels.sources import MAILBOX, USUAL
from anyshore.web.site import system

app = typer.Typer(no_args_is_help=True)

FROM_ENVIRONMENT = "ANYSHORE_CHANNEL_PASSWORD"
"""The variable a password is read from where nobody types it."""

Number = Annotated[int, typer.Argument(help="Number of the channel.")]
GoesOn = Annotated[bool, typer.Option("--end", help="Let it go on: it is looked into at once.")]


@app.command("add")
def add(
    engagement: Engagement,
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
    json: Json = False,
) -> None:
    """Add a channel. A worker looks into it at once, and then every so many seconds.

    The password of a mailbox is asked for, or read from ANYSHORE_CHANNEL_PASSWORD; it is kept in a file beside the
    database that only its owner can read.
    """
    system.start()
    from anyshore.web.intake import channels

    said: dict[str, Any] = {"path": str(path.absolute()) if path is not None else "", "quiet": quiet}
    password = None
    if kind == MAILBOX:
        password = os.environ.get(FROM_ENVIRONMENT) or typer.prompt("Password", hide_input=True)
        said = {"host": server or "", "user": user or "", "mailbox": mailbox, "security": security}
        said |= {"port": port} if port is not None else {}
        said |= {"authority": str(authority.absolute())} if authority is not None else {}
    found = channels.add(system.engagement(engagement), service, kind, said, password=password, every=every)
    output.answer(json, found.as_data(), f"Channel {found.row.id}: {found.place}")


@app.command("list")
def listing(engagement: OneEngagement = None, json: Json = False) -> None:
    """List the channels, and how the last look into each went."""
    system.start(read_only=True)
    from anyshore.web.intake import channels

    found = channels.of(engagement)
    output.answer(json, [one.as_data() for one in found], channels.sheet(found))


@app.command("remove")
def remove(engagement: Engagement, channel: Number, json: Json = False) -> None:
    """Remove a channel, its password and the memory of what it has handed over."""
    known = system.engagement(engagement)
    from anyshore.web.intake import channels

    channels.remove(known, channel)
    output.answer(json, {"removed": channel}, f"Channel {channel} is removed.")


@app.command("pause")
def pause(engagement: Engagement, channel: Number, on: GoesOn = False, json: Json = False) -> None:
    """Let a channel stand still, or go on."""
    known = system.engagement(engagement)
    from anyshore.web.intake import channels

    found = (channels.look_now if on else channels.pause)(known, channel)
    output.answer(json, found.as_data(), f"Channel {channel} {'goes on' if on else 'stands still'}.")


@app.command("check")
def check(engagement: Engagement, channel: Number, json: Json = False) -> None:
    """Look into a channel without taking anything."""
    known = system.engagement(engagement)
    from anyshore.web.intake import channels

    said = channels.source(channels.one(known.key, channel).row).check()
    output.answer(json, {"found": said}, said)
