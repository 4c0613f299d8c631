"""``anyshore channel``: folders and mailboxes that are looked into for what has arrived."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from anyshore.base.commands import Answer, Bounds, Group
from anyshore.cli.declaring import Engagement, OneEngagement
from anyshore.host.channels.folder import QUIET
from anyshore.host.channels.sources import MAILBOX, USUAL
from anyshore.web.site import system

FROM_ENVIRONMENT = "ANYSHORE_CHANNEL_PASSWORD"
"""The variable a password is read from where nobody types it."""

Number = Annotated[int, "Number of the channel."]


def add(
    engagement: Engagement,
    service: Annotated[str, "Id of the service that takes in what arrives."],
    kind: Annotated[str, "folder, mails (a folder of mails) or mailbox (IMAP)."],
    *,
    path: Annotated[Path | None, "Of the folder."] = None,
    server: Annotated[str | None, "--host", "Name of the mail server."] = None,
    port: Annotated[int | None, "Of the mail server; 993 or 143 if left out."] = None,
    user: Annotated[str | None, "Who signs in there."] = None,
    mailbox: Annotated[str, "Name of the mailbox."] = "INBOX",
    security: Annotated[str, "tls, starttls, or none, on this machine alone."] = "tls",
    authority: Annotated[Path | None, "Certificates to trust beside those of the system."] = None,
    quiet: Annotated[int, Bounds(0), "Seconds a file must not have changed."] = QUIET,
    every: Annotated[int, "Seconds between two looks."] = USUAL,
) -> Answer:
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
    return Answer(found.as_data(), f"Channel {found.row.id}: {found.place}")


def listing(*, engagement: OneEngagement = None) -> Answer:
    """List the channels, and how the last look into each went."""
    system.start(read_only=True)
    from anyshore.web.intake import channels

    found = channels.of(engagement)
    return Answer([one.as_data() for one in found], channels.sheet(found))


def remove(engagement: Engagement, channel: Number) -> Answer:
    """Remove a channel, its password and the memory of what it has handed over."""
    known = system.engagement(engagement)
    from anyshore.web.intake import channels

    channels.remove(known, channel)
    return Answer({"removed": channel}, f"Channel {channel} is removed.")


def pause(
    engagement: Engagement,
    channel: Number,
    *,
    on: Annotated[bool, "--end", "Let it go on: it is looked into at once."] = False,
) -> Answer:
    """Let a channel stand still, or go on."""
    known = system.engagement(engagement)
    from anyshore.web.intake import channels

    found = (channels.look_now if on else channels.pause)(known, channel)
    return Answer(found.as_data(), f"Channel {channel} {'goes on' if on else 'stands still'}.")


def check(engagement: Engagement, channel: Number) -> Answer:
    """Look into a channel without taking anything."""
    known = system.engagement(engagement)
    from anyshore.web.intake import channels

    said = channels.source(channels.one(known.key, channel).row).check()
    return Answer({"found": said}, said)


GROUP = Group(
    "Folders and mailboxes that are looked into for what has arrived.",
    {"add": add, "list": listing, "remove": remove, "pause": pause, "check": check},
)
