"""The channels of engagements: adding and removing them, and what a poller needs to look into one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.telling import Sheet, moment
from anyshore.host.channels.folder import Folder
from anyshore.host.channels.mailbox import Mailbox
from anyshore.host.channels.poller import Opened, Poller
from anyshore.host.channels.sources import KINDS, MAILBOX, SHORTEST, USUAL, Source
from anyshore.host.intake.parcels import Place
from anyshore.host.intake_ports import ChannelRow
from anyshore.kernel import codec
from anyshore.web.core import audit, permissions
from anyshore.web.core.errors import Invalid, NotFound
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engine import services
from anyshore.web.engine.running import host
from anyshore.web.engine.tallies import services_of
from anyshore.web.intake import secrets

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as people see it.

    Attributes:
        row: as it is kept.
        settings: where it is.
        problem: why the last look failed.
    """

    row: ChannelRow
    settings: Mapping[str, Any]
    problem: Diagnostic | None

    @property
    def place(self) -> str:
        """Where it is, in a few words."""
        said = self.settings
        if self.row.kind == MAILBOX:
            return f"{said.get('user')} · {said.get('host')} · {said.get('mailbox') or 'INBOX'}"
        return str(said.get("path"))

    @property
    def paused(self) -> bool:
        """Whether it stands still until somebody lets it go on."""
        return self.row.due is None

    def as_data(self) -> dict[str, Any]:
        """As plain data."""
        row = self.row
        return {
            "id": row.id, "engagement": row.engagement, "service": row.service, "kind": row.kind,
            "settings": dict(self.settings), "every": row.every, "paused": self.paused, "due": row.due,
            "looked": row.looked,
            "problem": self.problem.as_dict() if self.problem is not None else None,
        }  # fmt: skip


def sheet(found: Iterable[Channel]) -> Sheet:
    """Channels as a table."""
    rows = [
        (one.row.id, one.row.engagement, one.row.service, one.row.kind, one.place, one.row.every,
         moment(one.row.looked) if one.row.looked else "–", one.problem.message if one.problem else "")
        for one in found
    ]  # fmt: skip
    columns = ("Id", "Engagement", "Service", "Kind", "Where", "Every s", "Looked", "Problem")
    return Sheet("Channels", columns, rows, right=(0, 5))


def poller() -> Poller:
    """What looks into the channels of this installation."""
    return Poller(host, opened)


def opened(row: ChannelRow) -> Opened:
    """What is needed to look into a channel.

    Raises:
        DataError: its engagement, service or place is not there any more.
    """
    engagement = Engagement.objects.filter(key=row.engagement).first()
    found = services.deployed(row.service, row.engagement) if engagement is not None else None
    if engagement is None or found is None:
        message = f"There is no service {row.service!r} under {row.engagement!r} any more."
        raise DataError("channel.service", message, hint="Remove the channel.")
    pack, deployment = found
    place = Place(engagement.key, row.service, engagement.zone, None, deployment.definitions[pack.starts].reference)
    return Opened(pack, place, source(row))


def source(row: ChannelRow) -> Source:
    """The place a channel looks into.

    Raises:
        DataError: a setting or a password is missing.
    """
    said = _settings(row)
    if row.kind == MAILBOX:
        return Mailbox.of(said, secrets.read(row.id))
    return Folder.of(said, row.kind, host().clock())


def of(engagement: str | None = None) -> list[Channel]:
    """The channels of an engagement, or of all."""
    with host().store.transaction() as tx:
        rows = tx.channels(engagement)
    return [_channel(row) for row in rows]


def one(engagement: str, number: int) -> Channel:
    """One channel of an engagement.

    Raises:
        NotFound: there is none of that number.
    """
    found = next((channel for channel in of(engagement) if channel.row.id == number), None)
    if found is None:
        raise NotFound(_("There is no such channel."))
    return found


def add(
    engagement: Engagement, service: str, kind: str, said: Mapping[str, Any], *, password: str | None = None,
    every: int = USUAL, by: Person | None = None,
) -> Channel:  # fmt: skip
    """Adds a channel; it is looked into at once, and then every so many seconds.

    Raises:
        Invalid: the engagement has no such service, or there is no such kind.
        DataError: a setting is missing, or the connection would not be protected.
    """
    if service not in services_of(engagement):
        raise Invalid({"service": _("The terms in force have no such service.")})
    if kind not in KINDS:
        raise Invalid({"kind": _("There is no such kind of channel.")})
    if every < SHORTEST:
        raise Invalid({"every": _("At least %d seconds are between two looks.") % SHORTEST})
    row = ChannelRow(
        engagement=engagement.key, service=service, kind=kind, settings=codec.encode_value(dict(said)), every=every,
        due=host().clock(),
    )  # fmt: skip
    if kind == MAILBOX:
        Mailbox.of(said, password)
    else:
        Folder.of(said, kind, host().clock())
    with transaction.atomic():
        with host().store.transaction() as tx:
            row.id = tx.add_channel(row)
        if password is not None:
            secrets.write(row.id, password)
        if by is not None:
            audit.record(by, "channel.added", engagement, engagement=engagement, channel=row.id, kind=kind)
    return _channel(row)


def remove(engagement: Engagement, number: int, by: Person | None = None) -> None:
    """Removes a channel with its password and with what it has seen.

    Raises:
        NotFound: there is none of that number.
    """
    one(engagement.key, number)
    with transaction.atomic():
        with host().store.transaction() as tx:
            tx.drop_channel(number)
        if by is not None:
            audit.record(by, "channel.removed", engagement, engagement=engagement, channel=number)
    secrets.drop(number)


def look_now(engagement: Engagement, number: int, by: Person | None = None) -> Channel:
    """Lets a channel fall due; one that was paused goes on.

    Raises:
        NotFound: there is none of that number.
    """
    paused = one(engagement.key, number).paused
    return _scheduled(engagement, number, host().clock(), "channel.resumed" if paused else "", by)


def pause(engagement: Engagement, number: int, by: Person | None = None) -> Channel:
    """Lets a channel stand still: nothing is looked into until it goes on. A look that has begun is ended.

    Raises:
        NotFound: there is none of that number.
    """
    return _scheduled(engagement, number, None, "channel.paused", by)


def _scheduled(engagement: Engagement, number: int, due: int | None, act: str, by: Person | None) -> Channel:
    one(engagement.key, number)
    with transaction.atomic():
        with host().store.transaction() as tx:
            tx.schedule_channel(number, due)
        if act and by is not None:
            audit.record(by, act, engagement, engagement=engagement, channel=number)
    return one(engagement.key, number)


def managed(by: Person, key: str) -> Engagement:
    """The engagement whose channels a person may manage."""
    return permissions.engagement(by, key, "channel.manage")


def inbox(engagement: Engagement, name: str) -> Path:
    """A folder a person may have watched from the browser: below the installation's own, never anywhere else.

    Raises:
        Invalid: that is no name of a folder.
    """
    if not _NAME.fullmatch(name):
        raise Invalid({"path": _("Use letters, digits, - and _.")})
    path = Path(settings.HOME) / "inbox" / engagement.key / name
    path.mkdir(parents=True, exist_ok=True)
    return path


def _channel(row: ChannelRow) -> Channel:
    problem = None
    if row.problem:
        said = codec.decode_value(bytes(row.problem))
        problem = Diagnostic(said["code"], said["message"], hint=said["hint"])
    return Channel(row, _settings(row), problem)


def _settings(row: ChannelRow) -> dict[str, Any]:
    return {
        name: int(value) if name in ("port", "quiet") else value
        for name, value in codec.decode_value(bytes(row.settings)).items()
    }  # fmt: skip
