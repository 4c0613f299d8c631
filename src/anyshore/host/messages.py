"""Messages and signals between instances: each message is heard once, or kept until somebody waits for it.

Whoever sends or awaits a message holds its name (``Transaction.lock_names``) from before the first change to the waits
until the transaction ends, all names at once: so no two miss each other, and no two wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from anyshore.bpmn import StartTrigger
from anyshore.host.ports import InboxRow, InstanceRow, MessageRow, Transaction, WaitRow
from anyshore.kernel import codec
from anyshore.kernel.commands import Command, Resolve, Start
from anyshore.kernel.records import Sent
from anyshore.kernel.state import MESSAGE, SIGNAL
from anyshore.runtime.catalogue import Catalogue, Linked

MESSAGE_LIFETIME = 7 * 24 * 3600 * 1_000_000
"""How long a message is kept that nobody waits for, in microseconds."""


@dataclass(frozen=True, slots=True)
class Outside:
    """The world, in the name of an engagement.

    Attributes:
        engagement: its id.
        service: of instances that are brought to life.
        zone: of instances that are brought to life.
        definition: reference of a definition whose deployment is asked first; empty for none.
    """

    engagement: str
    service: str = ""
    zone: str = "UTC"
    definition: str = ""


Sender = InstanceRow | Outside
"""Where something comes from."""

FirstTurn = Callable[[InstanceRow, Linked, Start], None]
"""Stores a new instance with what becomes of it in its first turn."""


@dataclass(frozen=True, slots=True)
class Post:
    """Carries what is sent within one transaction, which holds the names.

    Attributes:
        tx: the transaction.
        catalogue: knows which processes a message or signal brings to life.
        now: microseconds since 1970 UTC.
        at_once: takes the first turn of an instance that gathers several events to begin, so that the next of them
            finds it; without it the turn is queued.
    """

    tx: Transaction
    catalogue: Catalogue
    now: int
    at_once: FirstTurn | None = None

    def deliver(self, sender: Sender, sent: Sent, lifetime: int = MESSAGE_LIFETIME) -> int:
        """Brings a message to the one who waits for it, or a signal to all; how many heard it.

        A message nobody waits for brings the process to life that starts with it, or is kept for ``lifetime``
        microseconds; a signal is heard by all who wait now, and by all processes that start with it (BPMN 10.5.1).
        """
        if sent.kind == MESSAGE:
            return self._bring(sender, sent, self.now + lifetime)
        heard = [row for row in self.tx.subscribers(sender.engagement, SIGNAL, sent.name, None) if not _is(row, sender)]
        for row in heard:
            _resolve(self.tx, self.now, row, sent.data)
        starting = self._starting(sender, sent)
        gathering = self._gathering(heard, {linked.key for linked, _ in starting})
        return len(heard) + self._begin(sender, sent, [one for one in starting if one[0].key not in gathering])

    def _gathering(self, heard: list[WaitRow], keys: set[str]) -> set[str]:
        """Processes of which an instance that heard it was still gathering its start events: that takes it (13.4.4)."""
        elements: dict[int, list[str]] = {}
        for wait in heard if keys else ():
            elements.setdefault(wait.instance, []).append(wait.element)
        return {
            row.key
            for row in self.tx.look(elements).values()
            if row.kind == "process" and row.key in keys
            and any(map(self.catalogue.get(row.definition).definition.begins_at, elements[row.id]))
        }  # fmt: skip

    def redeliver(self, sender: Sender, row: InboxRow) -> None:
        """Gives a message to somebody else: the instance it was handed to stopped waiting before it could hear it."""
        command = codec.decode_command(row.command)
        if row.name is None or row.expires is None or row.expires <= self.now or not isinstance(command, Resolve):
            return
        self._bring(sender, Sent(0, MESSAGE, row.name, row.key, command.variables), row.expires)

    def _bring(self, sender: Sender, sent: Sent, expires: int) -> int:
        waiting = self.tx.subscribers(sender.engagement, MESSAGE, sent.name, sent.key, 1)
        if waiting:
            _resolve(self.tx, self.now, waiting[0], sent.data, expires)
            return 1
        starting = self._starting(sender, sent)[:1]
        if starting:
            return self._begin(sender, sent, starting)
        data = codec.encode_value(sent.data)
        self.tx.keep_message(
            MessageRow(engagement=sender.engagement, name=sent.name, key=sent.key, data=data, expires=expires)
        )
        return 0

    def _starting(self, sender: Sender, sent: Sent) -> list[tuple[Linked, StartTrigger]]:
        """The processes that start with what was sent, each with the way in which."""
        self.catalogue.learn(self.tx.deployments(self.catalogue.seen))
        return self.catalogue.starters(sent.kind, sent.name, sender.definition or None)

    def _begin(self, sender: Sender, sent: Sent, starting: list[tuple[Linked, StartTrigger]]) -> int:
        """Brings processes to life; how many."""
        numbers = self.tx.new_instances(len(starting)) if starting else ()
        for number, (linked, trigger) in zip(numbers, starting, strict=True):
            row = InstanceRow(
                id=number, definition=linked.reference, kind=linked.kind, key=linked.key, engagement=sender.engagement,
                service=sender.service, created=self.now, zone=sender.zone,
            )  # fmt: skip
            start = Start(at=self.now, variables=sent.data, zone=sender.zone, element=trigger.element)
            if trigger.gathers and self.at_once is not None:
                self.at_once(row, linked, start)
            else:
                self.tx.add_instances([row])
                self.tx.put_inbox([inbox(number, self.now, start)])
        return len(starting)


def _is(row: WaitRow, sender: Sender) -> bool:
    """Whether a wait is the sender's own: a signal reaches the instance that throws it within its turn."""
    return isinstance(sender, InstanceRow) and row.instance == sender.id


def collect(tx: Transaction, now: int, row: WaitRow) -> None:
    """Hands a message that came early to the wait that has just been opened."""
    assert row.name is not None
    kept = tx.take_message(row.engagement, row.name, row.key, now)
    if kept is not None:
        _resolve(tx, now, row, codec.decode_value(kept.data), kept.expires)


def _resolve(tx: Transaction, now: int, row: WaitRow, data: dict[str, Any], expires: int | None = None) -> None:
    """Queues the resolution.

    A message's wait goes at once, so that a second message finds the next one waiting; an instance that listens on
    opens it again. A signal's stays: every signal is for all who listen when it is sent.
    """
    if row.kind == MESSAGE:
        tx.drop_waits([(row.instance, row.wait)])
    queued = inbox(row.instance, now, Resolve(at=now, wait=row.wait, variables=data))
    if expires is not None:
        queued.name, queued.key, queued.expires = row.name, row.key, expires
    tx.put_inbox([queued])


def inbox(instance: int, due: int, command: Command) -> InboxRow:
    """A command for an instance's inbox."""
    return InboxRow(instance=instance, due=due, command=codec.encode_command(command))
