"""``anyshore outbox``: mails that services wrote, shown, written into a folder or handed to the mail server."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from anyshore.base import files
from anyshore.base.errors import DataError, HostError
from anyshore.base.telling import Sheet
from anyshore.cli import engagements, output, system
from anyshore.host.outgoing import outbox
from anyshore.host.outgoing.outbox import HandOver, Outgoing


def show(
    engagement: engagements.Engagement,
    into: Annotated[Path | None, typer.Option("--into", help="Write each mail as .eml into this folder.")] = None,
    send: Annotated[bool, typer.Option("--send", help="Hand them to the mail server of ANYSHORE_MAIL.")] = False,
    leave: Annotated[bool, typer.Option("--leave", help="Leave mails in doubt: begun, and not known as sent.")] = False,
    json: output.Json = False,
) -> None:
    """List the mails of an engagement that wait to be sent; write or send them, each once."""
    host = system.host(read_only=into is None and not send)
    from django.conf import settings

    from anyshore.web.site import services

    services.named(engagement)
    if into is not None and send:
        raise DataError("outbox.twice", "A mail goes out once.", hint="Give --into or --send, not both.")
    how = HandOver(Path(settings.HOME) / "dkim", doubtful=not leave)
    if send:
        found = _sent(engagement, how)
    elif into is not None:
        folder = into
        folder.mkdir(parents=True, exist_ok=True)
        found = outbox.hand_over(host.store, engagement, lambda one: _written(folder, one), host.clock, how)
    else:
        found = outbox.waiting(host.store, engagement)
    title = "Handed over" if send or into is not None else "Waiting to be sent"
    rows = [(one.message, ", ".join(one.to), one.subject, "begun" if one.claimed else "") for one in found]
    data = [
        {"message": one.message, "from": one.sender, "to": list(one.to), "subject": one.subject, "begun": one.claimed}
        for one in found
    ]
    output.answer(json, data, Sheet(title, ("Message-ID", "To", "Subject", "State"), rows))


def _written(folder: Path, one: Outgoing) -> None:
    name = re.sub(r"[^A-Za-z0-9.@_-]", "_", one.message)
    files.write(folder / f"{name}.eml", one.content)


def _sent(engagement: str, how: HandOver) -> list[Outgoing]:
    from django.conf import settings

    from anyshore.web.site import mailing

    host = system.host()
    if settings.MAIL is None:
        hint = "Set ANYSHORE_MAIL (smtp://user:password@host:587?from=…), or give --into."
        raise HostError("outbox.no-server", "This installation has no mail server.", hint=hint)
    try:
        with mailing.signed_in(settings.MAIL) as connection:
            return outbox.hand_over(
                host.store, engagement,
                lambda one: mailing.handed(connection, one.sender, one.to, one.content), host.clock, how,
            )  # fmt: skip
    except OSError as problem:  # every error of smtplib is one
        message = f"The mail server did not take a mail: {problem}."
        raise HostError("outbox.refused", message, hint="What was taken is noted; try again.") from problem
