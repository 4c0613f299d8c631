"""The outbox: mails that activities wrote, handed over once each, in the order in which they were written.

The last look at whether a mail was taken back and the claim of who hands it over are kept together, then it is handed
over, then that is kept. Of several that hand over at a time each mail has one. Who is killed in between leaves a mail
in doubt: it is handed over again under the same Message-ID, or left, as whoever hands over says.
"""

from __future__ import annotations

import re
import secrets
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from anyshore.activities.activity import Record
from anyshore.base import files
from anyshore.base.telling import Sheet
from anyshore.host.jobs import StoredRecords
from anyshore.host.outgoing.signing import Signers
from anyshore.host.ports import Store
from anyshore.mail.composing import OUTBOX, STOPPED

SENT = "outgoing-mail-sent"
CLAIMED = "outgoing-mail-claimed"
"""Kind of the rows that say who hands a mail over, under its key and the number of the try."""
KINDS = (OUTBOX, SENT, STOPPED, CLAIMED)
"""Kinds of the rows that tell of a mail; their keys begin with the mail's."""
CLAIM = 600_000_000
"""Microseconds after which a mail that was claimed and not noted as sent is in doubt."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A mail that goes out.

    Attributes:
        key: of its record.
        message: its Message-ID.
        sender: address it comes from.
        to: addresses it goes to.
        subject: its subject.
        content: the whole mail; empty once it was handed over.
        claimed: whether somebody began to hand it over: it is under way, or in doubt.
    """

    key: str
    message: str
    sender: str
    to: tuple[str, ...]
    subject: str
    content: bytes
    claimed: bool = False


@dataclass(frozen=True, slots=True)
class HandOver:
    """How mails are handed over.

    Attributes:
        keys: folder of the keys they are signed with; None: nothing is signed.
        doubtful: whether mails in doubt are handed over again.
    """

    keys: Path | None = None
    doubtful: bool = True


class Refused(Exception):
    """The server takes this mail neither now nor later: those behind it go on."""


def plain(found: Iterable[Outgoing]) -> list[dict[str, Any]]:
    """Mails as plain data, without their content."""
    return [
        {"message": one.message, "from": one.sender, "to": list(one.to), "subject": one.subject, "begun": one.claimed}
        for one in found
    ]


def sheet(title: str, found: Iterable[Outgoing]) -> Sheet:
    """The same as a table."""
    rows = [(one.message, ", ".join(one.to), one.subject, "begun" if one.claimed else "") for one in found]
    return Sheet(title, ("Message-ID", "To", "Subject", "State"), rows)


def waiting(store: Store, engagement: str) -> list[Outgoing]:
    """The mails of an engagement that were neither handed over nor taken back yet."""
    box = _Box(store, engagement)
    rows = [box.mails.get(key) for key in box.waiting()]
    return [replace(_read(row), claimed=box.claims.get(row.key) is not None) for row in rows if row is not None]


def hand_over(
    store: Store, engagement: str, take: Callable[[Outgoing], None], clock: Callable[[], int],
    how: HandOver | None = None,
) -> list[Outgoing]:  # fmt: skip
    """Hands the waiting mails over; those that were.

    Args:
        store: where they stand.
        engagement: whose.
        take: takes one, or raises; then it and those behind it wait for the next time, but for ``Refused``.
        clock: gives the time, microseconds since 1970 UTC.
        how: signed with which keys, and what becomes of mails in doubt.

    Raises:
        HostError: a key cannot be used.
    """
    how = how or HandOver()
    box, me, done = _Box(store, engagement), secrets.token_hex(8), []
    signers = Signers(how.keys) if how.keys is not None else None
    left = deque(box.waiting())
    over: Outgoing | None = None
    while left or over is not None:
        with store.transaction():  # what became of one and the claim of the next: one commit for each mail
            if over is not None:
                box.sent.put_once(over.key, {"at": clock(), "message": over.message})
                done.append(replace(over, content=b""))
            over = box.claimed(left, me, clock(), doubtful=how.doubtful)
        if over is not None:
            try:
                take(over if signers is None else _signed(over, signers, clock()))
            except Refused as problem:
                box.stopped.put_once(over.key, {"why": "refused", "reply": str(problem)})
                over = None
            except Exception:
                box.give_back()
                raise
    return done


def write_out(
    store: Store, engagement: str, folder: Path, clock: Callable[[], int], how: HandOver | None = None
) -> list[Outgoing]:
    """Hands the waiting mails over as files of a folder, ``.eml``, which is made where it is not there.

    Args:
        store: where they stand.
        engagement: whose.
        folder: of the files.
        clock: gives the time, microseconds since 1970 UTC.
        how: signed with which keys, and what becomes of mails in doubt.
    """
    folder.mkdir(parents=True, exist_ok=True)

    def take(one: Outgoing) -> None:
        name = re.sub(r"[^A-Za-z0-9.@_-]", "_", one.message)
        files.write(folder / f"{name}.eml", one.content)

    return hand_over(store, engagement, take, clock, how)


class _Box:
    """The records of an outbox."""

    def __init__(self, store: Store, engagement: str) -> None:
        self.mails, self.sent, self.stopped, self.claims = (StoredRecords(store, engagement, kind) for kind in KINDS)
        self._claimed = ""

    def waiting(self) -> list[str]:
        """The keys of the mails that wait, in the order in which they were written."""
        over = {*self.sent.all_keys(), *self.stopped.all_keys()}
        return [key for key in self.mails.all_keys() if key not in over]

    def claimed(self, left: deque[str], me: str, now: int, *, doubtful: bool) -> Outgoing | None:
        """The next mail that nobody else has, that is to leave and was not taken back meanwhile."""
        while left:
            key = left.popleft()
            if self.stopped.get(key) is not None or self.sent.get(key) is not None:
                continue
            row = self.mails.get(key)
            if row is not None and self._claim(key, me, now, doubtful=doubtful):
                return _read(row)
        return None

    def _claim(self, key: str, me: str, now: int, *, doubtful: bool) -> bool:
        """Claims a mail that nobody has, whose claim was given back, or that is in doubt."""
        name, number = key, 0
        while (row := self.claims.put_once(name, {"by": me, "at": str(now)})).data["by"] != me:
            in_doubt = doubtful and int(str(row.data["at"])) + CLAIM <= now
            if not in_doubt and self.claims.get(f"{name} back") is None:
                return False
            number += 1
            name = f"{key} {number}"
        self._claimed = name
        return True

    def give_back(self) -> None:
        """Gives the last claim back, of a mail that was not taken: it waits, and is in no doubt."""
        self.claims.put_once(f"{self._claimed} back", {})


def _signed(one: Outgoing, signers: Signers, at: int) -> Outgoing:
    return replace(one, content=signers.signed(one.sender, one.content, at))


def _read(row: Record) -> Outgoing:
    return Outgoing(
        row.key, str(row.data["message"]), str(row.data["from"]), _texts(row.data["to"]), str(row.data["subject"]),
        str(row.data["content"]).encode("ascii"),
    )  # fmt: skip


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)
