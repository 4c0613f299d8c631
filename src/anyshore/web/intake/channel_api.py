"""REST: the folders and mailboxes of an engagement that are looked into for what has arrived."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from anyshore.host.channels.sources import MAILBOX, USUAL
from anyshore.web.core.requests import Request
from anyshore.web.core.rest import Paged, cut
from anyshore.web.intake import channels

router = Router(tags=["intake"])


class AddChannel(Schema):
    """A folder below the installation's own inbox, or a mailbox."""

    service: str = Field(description="Takes in what arrives.", examples=["requests"])
    kind: str = Field(description="folder, mails (a folder of mails) or mailbox (IMAP).", examples=["folder"])
    path: str = Field("", description="Name of the folder; it is made.", examples=["scans"])
    host: str = Field("", description="Of the mail server.", examples=["mail.example.org"])
    port: int | None = Field(None, description="Of the mail server; 993 or 143 if left out.")
    user: str = Field("", description="Who signs in there.")
    password: str | None = Field(None, description="Kept beside the database, never told again.")
    mailbox: str = "INBOX"
    security: str = Field("tls", description="tls, starttls, or none, on this machine alone.")
    every: int = Field(USUAL, description="Seconds between two looks.")


@router.get("/engagements/{key}/channels", summary="List channels")
def listing(request: Request, response: HttpResponse, key: str, paging: Paged) -> list[dict[str, Any]]:
    """Each with the time of the last look, and why it failed where it did; passwords are never told."""
    found = channels.of(channels.managed(request.user, key).key)
    return [one.as_data() for one in cut(request, response, found, paging)]


@router.post("/engagements/{key}/channels", response={201: dict[str, Any]}, summary="Add a channel")
def add(request: Request, key: str, given: AddChannel) -> Status[Any]:
    """A worker looks into it at once, and then every so many seconds."""
    engagement = channels.managed(request.user, key)
    if given.kind == MAILBOX:
        said: dict[str, Any] = {name: getattr(given, name) for name in ("host", "user", "mailbox", "security")}
        said |= {"port": given.port} if given.port is not None else {}
    else:
        said = {"path": str(channels.inbox(engagement, given.path))}
    found = channels.add(
        engagement, given.service, given.kind, said, password=given.password, every=given.every, by=request.user
    )
    return Status(201, found.as_data())


@router.get("/engagements/{key}/channels/{channel}", summary="Read a channel")
def read(request: Request, key: str, channel: int) -> dict[str, Any]:
    """How the last look went. What arrived by it is listed by ``received``."""
    return channels.one(channels.managed(request.user, key).key, channel).as_data()


@router.post("/engagements/{key}/channels/{channel}/pause", summary="Pause a channel")
def pause(request: Request, key: str, channel: int) -> dict[str, Any]:
    """Nothing is looked into until it goes on; a look that has begun is ended."""
    return channels.pause(channels.managed(request.user, key), channel, request.user).as_data()


@router.post("/engagements/{key}/channels/{channel}/look", summary="Look into a channel now")
def look(request: Request, key: str, channel: int) -> dict[str, Any]:
    """A worker looks at once; a channel that was paused goes on."""
    return channels.look_now(channels.managed(request.user, key), channel, request.user).as_data()


@router.delete("/engagements/{key}/channels/{channel}", response={204: None}, summary="Remove a channel")
def remove(request: Request, key: str, channel: int) -> Status[Any]:
    """With its password and the memory of what it has handed over; what was received stays."""
    channels.remove(channels.managed(request.user, key), channel, request.user)
    return Status(204, None)
