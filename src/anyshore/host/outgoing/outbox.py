"""The outbox: mails that activities wrote, handed over once each, in the order in which they were written.

A mail is noted as sent after it was taken: who is killed in between hands it over again, under the same Message-ID.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anyshore.base import files
from anyshore.base.telling import Sheet
from anyshore.host.jobs import StoredRecords
from anyshore.host.ports import Store
from anyshore.mail.composing import OUTBOX, STOPPED

SENT = "outgoing-mail-sent"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A mail that goes out.

    Attributes:
        key: of its record.
        message: its Message-ID.
        sender: address it comes from.
        to: addresses it goes to.
        subject: its subject.
        content: the whole mail.
    """

    key: str
    message: str
    sender: str
    to: tuple[str, ...]
    subject: str
    content: bytes


def plain(found: Iterable[Outgoing]) -> list[dict[str, Any]]:
    """Mails as plain data, without their content."""
    return [{"message": one.message, "from": one.sender, "to": list(one.to), "subject": one.subject} for one in found]


def sheet(title: str, found: Iterable[Outgoing]) -> Sheet:
    """The same as a table."""
    rows = [(one.message, ", ".join(one.to), one.subject) for one in found]
    return Sheet(title, ("Message-ID", "To", "Subject"), rows)


def waiting(store: Store, engagement: str) -> list[Outgoing]:
    """The mails of an engagement that were neither handed over nor taken back yet."""
    over = [StoredRecords(store, engagement, kind) for kind in (SENT, STOPPED)]
    found = StoredRecords(store, engagement, OUTBOX).find()
    rows = [row for row in found if all(one.get(row.key) is None for one in over)]
    return [
        Outgoing(
            row.key, str(row.data["message"]), str(row.data["from"]), _texts(row.data["to"]), str(row.data["subject"]),
            str(row.data["content"]).encode("ascii"),
        )
        for row in rows
    ]  # fmt: skip


def hand_over(store: Store, engagement: str, take: Callable[[Outgoing], None], now: int) -> list[Outgoing]:
    """Hands the waiting mails over; those that were.

    Args:
        store: where they stand.
        engagement: whose.
        take: takes one, or raises; then it and those behind it wait for the next time.
        now: microseconds since 1970 UTC.
    """
    done = []
    stopped = StoredRecords(store, engagement, STOPPED)
    for one in waiting(store, engagement):
        if stopped.get(one.key) is not None:  # meanwhile
            continue
        take(one)
        StoredRecords(store, engagement, SENT).put_once(one.key, {"at": now, "message": one.message})
        done.append(one)
    return done


def write_out(store: Store, engagement: str, folder: Path, now: int) -> list[Outgoing]:
    """Hands the waiting mails over as files of a folder, ``.eml``, which is made where it is not there.

    Args:
        store: where they stand.
        engagement: whose.
        folder: of the files.
        now: microseconds since 1970 UTC.
    """
    folder.mkdir(parents=True, exist_ok=True)

    def take(one: Outgoing) -> None:
        name = re.sub(r"[^A-Za-z0-9.@_-]", "_", one.message)
        files.write(folder / f"{name}.eml", one.content)

    return hand_over(store, engagement, take, now)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)
