"""The outbox: mails that activities wrote, handed over once each, in the order in which they were written.

The last look at whether mails were taken back and the claim of who hands them over are kept together; each is looked
at once more when its turn comes, then handed over; then what became of them is kept, with the next claims. Of several
that hand over at a time each mail has one. Who is killed in between leaves a mail in doubt: it is handed over again
under the same Message-ID, or left, as whoever hands over says.
"""

from __future__ import annotations

import contextlib
import re
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from anyshore.activities.activity import Record
from anyshore.base import files
from anyshore.base.telling import Sheet
from anyshore.host.outgoing.box import Box, Claim, Outcome
from anyshore.host.outgoing.journals import Journal
from anyshore.host.outgoing.paces import Pace
from anyshore.host.outgoing.signing import Signers
from anyshore.host.ports import Store

AT_ONCE = 50
"""Mails that are claimed together, where a journal says how far they came."""


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


class Refused(Exception):
    """The server takes this mail neither now nor later: those behind it go on.

    Args:
        text: what it said.
        reply: its code; empty where it is not known.
        command: the command that was refused: ``MAIL``, ``RCPT`` or ``DATA``.
    """

    def __init__(self, text: str, reply: str = "", command: str = "") -> None:
        super().__init__(text)
        self.said = {"text": text, "code": reply, "command": command}


class Later(Refused):
    """The server does not take this mail for now: it is tried again after a while, and those behind it go on."""


ToldOf = Callable[[Outgoing, dict[str, str], bool], None]
"""Is told in the same transaction of a mail that is not taken: the mail, what the server said, whether for good."""


def _nobody(one: Outgoing, said: dict[str, str], final: bool) -> None:
    """Nobody is told."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """How mails are handed over.

    Attributes:
        keys: folder of the keys they are signed with; None: nothing is signed.
        doubtful: whether mails in doubt are handed over again.
        journals: folder of what is noted on the way; None: each mail is claimed by itself.
        pace: how quickly each domain is written to.
        told: is told of mails that are not taken.
    """

    keys: Path | None = None
    doubtful: bool = True
    journals: Path | None = None
    pace: Pace | None = None
    told: ToldOf = _nobody


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
    box = Box(store, engagement, "")
    return [replace(_read(row), claimed=box.begun(row.key)) for row in box.rows(box.waiting())]


def hand_over(
    store: Store, engagement: str, take: Callable[[Outgoing], None], clock: Callable[[], int],
    how: HandOver | None = None,
) -> list[Outgoing]:  # fmt: skip
    """Hands the waiting mails over; those that were.

    Args:
        store: where they stand.
        engagement: whose.
        take: takes one, or raises; then it and those behind it wait for the next time, but for ``Refused`` and
            ``Later``.
        clock: gives the time, microseconds since 1970 UTC.
        how: signed with which keys, and what becomes of mails in doubt.

    Raises:
        HostError: a key cannot be used.
    """
    handing = _Handing(store, engagement, clock, how or HandOver())
    with handing.journal() as journal:
        done = []
        while claims := handing.claimed(journal):
            for claim in claims:
                one = handing.begun(claim, journal)
                if one is None:
                    continue
                try:
                    take(one)
                except Later as problem:
                    handing.ended(claim, "later", problem.said)
                except Refused as problem:
                    handing.ended(claim, "refused", problem.said)
                else:
                    handing.ended(claim, "sent", journal=journal)
                    done.append(replace(_read(claim.row), content=b""))
    return done


class _Handing:
    """Mails being handed over by one: what is claimed, and what became of it until that is kept."""

    def __init__(self, store: Store, engagement: str, clock: Callable[[], int], how: HandOver) -> None:
        self._store, self._engagement, self._clock, self._how = store, engagement, clock, how
        self._by = secrets.token_hex(8)
        self._box = Box(store, engagement, self._by)
        self._signers = Signers(how.keys) if how.keys is not None else None
        self._left: deque[str] = deque()
        self._held: deque[Claim] = deque()
        self._ended: list[Outcome] = []

    @contextlib.contextmanager
    def journal(self) -> Iterator[Journal]:
        """What is noted meanwhile; on the way out, but for a kill, all that was claimed is settled."""
        journal = Journal(self._how.journals, self._engagement, self._by)
        settled = False
        try:
            with journal.of_the_dead() as noted, self._store.transaction():
                for one in noted:
                    self._box.settle(one)
            self._left.extend(self._box.waiting())
            yield journal
            settled = True
        except Exception:
            self._ended += [Outcome(claim, "back", self._clock()) for claim in self._held]
            with self._store.transaction():
                self._keep()
            settled = True
            raise
        finally:
            journal.close(settled=settled)

    def claimed(self, journal: Journal) -> list[Claim]:
        """Keeps what became of the last, and claims the next; none are left where there are none."""
        most = self._at_once()
        found: list[Claim] = []
        with self._store.transaction():  # what became of some and the claim of the next: one commit
            self._keep()
            while self._left and not found:
                keys = [self._left.popleft() for _ in range(min(most, len(self._left)))]
                found = self._box.claim(self._box.rows(keys), self._clock(), doubtful=self._how.doubtful)
            journal.claimed([(one.row.key, one.name) for one in found])
        self._held = deque(found)
        return found if self._how.pace is None else self._how.pace.ordered(found, lambda one: _read(one.row).to)

    def _at_once(self) -> int:
        """How many are claimed: none so many that claims run out before their turn comes."""
        if self._how.journals is None:
            return 1
        return AT_ONCE if self._how.pace is None else max(1, min(AT_ONCE, int(self._how.pace.per_second * 60)))

    def begun(self, claim: Claim, journal: Journal) -> Outgoing | None:
        """A mail as it is handed over, signed; None where it was taken back since it was claimed."""
        one = _read(claim.row)
        if self._how.pace is not None:
            self._how.pace.wait(one.to)
        if self._box.stopped.there(one.key):
            self.ended(claim, "stopped")
            return None
        if self._signers is not None:
            one = replace(one, content=self._signers.signed(one.sender, one.content, self._clock()))
        journal.begun(one.key)
        return one

    def ended(
        self, claim: Claim, what: Any, said: dict[str, str] | None = None, journal: Journal | None = None
    ) -> None:
        """Notes what became of a mail."""
        at = self._clock()
        if journal is not None:
            journal.done(claim.row.key, at)
        self._held.remove(claim)
        self._ended.append(Outcome(claim, what, at, said or {}))
        if said:  # a bounce counts for the next mail to the same address
            with self._store.transaction():
                self._keep()

    def _keep(self) -> None:
        ended, self._ended = self._ended, []
        given_up = self._box.keep(ended)
        for one in ended:
            if one.what in ("refused", "later") and (one.what == "refused" or one in given_up):
                self._how.told(_read(one.claim.row), dict(one.said), one.what == "refused")


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
        part = folder / f".{name}.part"  # a file is there whole or not at all, also where its writer was killed
        files.write(part, one.content)
        part.replace(folder / f"{name}.eml")

    return hand_over(store, engagement, take, clock, how)


def _read(row: Record) -> Outgoing:
    return Outgoing(
        row.key, str(row.data["message"]), str(row.data["from"]), _texts(row.data["to"]), str(row.data["subject"]),
        str(row.data["content"]).encode("ascii"),
    )  # fmt: skip


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)
