"""What a store must keep of what arrives: receipts, versions of reference data, channels. See ``ports``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from msgspec import Struct

ACCEPTED, DUPLICATE, REFUSED = "accepted", "duplicate", "refused"
STATUSES = (ACCEPTED, DUPLICATE, REFUSED)


class ReceiptRow(Struct, kw_only=True):
    """How one thing that arrived was answered.

    Attributes:
        id: given by the store; rises.
        engagement: id of the engagement it was delivered under.
        service: id of the service.
        kind: the pack's kind of intake that took it; empty where none did.
        name: what it is called: path, ``archive/member``, ``mail/attachment``, ``table:line``.
        digest: SHA-256 of its content; empty where it has none of its own.
        channel: how it came: ``folder``, ``mailbox``, ``mails``, ``browser``, ``rest``, ``command``, ``scenario``.
        sender: who sent it, as far as the channel knows.
        at: microseconds since 1970 UTC.
        status: ``accepted``, ``duplicate`` or ``refused``.
        instance: the work it became, or the one that was there already.
        reason: code, message and hint of a refusal, in stored form; empty otherwise.
    """

    id: int = 0
    engagement: str
    service: str
    kind: str = ""
    name: str
    digest: str = ""
    channel: str
    sender: str | None = None
    at: int
    status: str
    instance: int | None = None
    reason: bytes = b""


class ReceiptPage(Struct, kw_only=True):
    """Which receipts to list, newest first: at most ``limit``; a filter that is None does not filter.

    Attributes:
        after: id of the last row of the page before.
    """

    engagement: str
    service: str | None = None
    status: str | None = None
    after: int | None = None
    limit: int = 100


class VersionRow(Struct, kw_only=True):
    """A version of reference data that was in force once, or is.

    Attributes:
        number: from 1; the highest is in force.
        digest: SHA-256 of its rows in stored form, whatever file they came in.
        rows: how many there are.
        name: of the file they came in.
        at: microseconds since 1970 UTC.
        by: who loaded it.
        content: the rows in stored form, compressed; empty where a listing leaves it out.
    """

    engagement: str
    kind: str
    number: int
    digest: str
    rows: int
    name: str
    at: int
    by: str | None = None
    content: bytes = b""


class ReferenceRow(Struct):
    """A row of reference data: an order, an earlier invoice, a posting.

    Attributes:
        key: unique with engagement and kind.
        sequence: grows with every new row of a kind in an engagement.
        data: in stored form.
    """

    key: str
    sequence: int
    data: bytes


class ReferenceChange(Struct):
    """A row of reference data to keep: new, or in place of the one of its key."""

    key: str
    data: bytes
    indexes: Sequence[str] = ()


class ChannelRow(Struct, kw_only=True):
    """A place that is looked into again and again for what has arrived.

    Attributes:
        id: given by the store.
        kind: ``folder``, ``mails`` or ``mailbox``.
        settings: where it is, in stored form; nothing secret.
        every: seconds between two looks.
        due: when to look next, microseconds since 1970 UTC; None while it is paused.
        claimed_by: the worker that looks now, until ``claimed_until``.
        looked: when it was last looked into to the end.
        problem: why the last look failed, in stored form; empty where it did not.
    """

    id: int = 0
    engagement: str
    service: str
    kind: str
    settings: bytes
    every: int
    due: int | None
    claimed_by: str | None = None
    claimed_until: int | None = None
    looked: int | None = None
    problem: bytes = b""


class SeenRow(Struct):
    """Something a channel has handed over to the end: it is not received again.

    Attributes:
        key: what the channel knows it by: a mailbox's UIDVALIDITY and UID, a file's path, size and time.
        refused: the reasons of what was refused of it, for people; empty where nothing was.
    """

    channel: int
    key: str
    refused: str


class IntakeTransaction(Protocol):
    """The part of a transaction that is about what arrives. See ``ports.Transaction``."""

    # receipts
    def add_receipts(self, rows: Sequence[ReceiptRow]) -> None:
        """Keeps receipts, in order."""

    def receipts(self, page: ReceiptPage) -> list[ReceiptRow]:
        """Receipts of an engagement, newest first."""

    # reference data of files
    def replace_references(
        self, engagement: str, kind: str, put: Sequence[ReferenceChange], drop: Sequence[str]
    ) -> None:
        """Puts rows in force and takes others out, in one go; the sequence of a row that stays stays."""

    def add_references(self, engagement: str, kind: str, rows: Sequence[ReferenceChange]) -> list[str]:
        """Keeps rows of reference data whose keys have none, in their order; their keys."""

    def references_of(self, engagement: str, kind: str, keys: Sequence[str]) -> list[ReferenceRow]:
        """The rows of some keys that are there, in sequence."""

    def references_among(self, engagement: str, kind: str, indexes: Sequence[str]) -> list[ReferenceRow]:
        """The rows kept under any of some index values, in sequence."""

    def lock_references(self, engagement: str, kind: str) -> None:
        """Lets one transaction at a time load this kind."""

    def add_version(self, row: VersionRow) -> None:
        """Keeps a version."""

    def versions(self, engagement: str, kind: str | None = None) -> list[VersionRow]:
        """The versions of a kind, or of all kinds, without their content; newest first, by kind."""

    def version(self, engagement: str, kind: str, number: int) -> VersionRow | None:
        """One version with its content."""

    # channels
    def add_channel(self, row: ChannelRow) -> int:
        """Keeps a new channel; its id."""

    def channels(self, engagement: str | None = None) -> list[ChannelRow]:
        """The channels of an engagement, or of all, in order of id."""

    def take_channels(self, worker: str, now: int, until: int, limit: int) -> list[ChannelRow]:
        """Claims due channels that nobody looks into (or whose claim has run out)."""

    def next_look(self) -> int | None:
        """When the next look into a channel falls due; None where there is no channel."""

    def save_channel(self, row: ChannelRow) -> None:
        """Writes back what can change: settings, times, claim, problem. One that was paused meanwhile stays paused."""

    def schedule_channel(self, id: int, due: int | None) -> None:
        """Says when to look next, whoever looks now; None pauses it."""

    def drop_channel(self, id: int) -> None:
        """Removes a channel and what it has seen; an absent one is no error."""

    def seen(self, channel: int, keys: Iterable[str]) -> dict[str, SeenRow]:
        """Those of the keys that were handed over already."""

    def add_seen(self, rows: Sequence[SeenRow]) -> None:
        """Remembers what was handed over; a known key is no error."""
