"""Messages and signals between instances: each message is heard once, or kept until somebody waits for it.

Whoever sends or awaits a message holds its name (``Transaction.lock_names``) from before the first change to the waits
until the transaction ends, all names at once: so no two miss each other, and no two wait for each other.
"""

from __future__ import annotations

from typing import Any

from anyshore.host.ports import InboxRow, MessageRow, Transaction, WaitRow
from anyshore.kernel import codec
from anyshore.kernel.commands import Command, Resolve
from anyshore.kernel.records import Sent
from anyshore.kernel.state import MESSAGE, SIGNAL

MESSAGE_LIFETIME = 7 * 24 * 3600 * 1_000_000
"""How long a message is kept that nobody waits for, in microseconds."""


def deliver(tx: Transaction, now: int, engagement: str, sent: Sent, lifetime: int = MESSAGE_LIFETIME) -> int:
    """Brings a message to the one who waits for it, or a signal to all; how many heard it.

    A message nobody waits for is kept for ``lifetime`` microseconds; a signal nobody waits for is gone (BPMN 10.5.1).
    """
    if sent.kind == SIGNAL:
        heard = tx.subscribers(engagement, SIGNAL, sent.name, None)
        for row in heard:
            _resolve(tx, now, row, sent.data)
        return len(heard)
    return _bring(tx, now, engagement, sent.name, sent.key, sent.data, now + lifetime)


def redeliver(tx: Transaction, now: int, engagement: str, row: InboxRow) -> None:
    """Gives a message to somebody else: the instance it was handed to stopped waiting before it could hear it."""
    command = codec.decode_command(row.command)
    if row.name is None or row.expires is None or row.expires <= now or not isinstance(command, Resolve):
        return
    _bring(tx, now, engagement, row.name, row.key, command.variables, row.expires)


def collect(tx: Transaction, now: int, row: WaitRow) -> None:
    """Hands a message that came early to the wait that has just been opened."""
    assert row.name is not None
    kept = tx.take_message(row.engagement, row.name, row.key, now)
    if kept is not None:
        _resolve(tx, now, row, codec.decode_value(kept.data), kept.expires)


def _bring(
    tx: Transaction, now: int, engagement: str, name: str, key: str | None, data: dict[str, Any], expires: int
) -> int:
    waiting = tx.subscribers(engagement, MESSAGE, name, key, 1)
    if waiting:
        _resolve(tx, now, waiting[0], data, expires)
        return 1
    tx.keep_message(
        MessageRow(engagement=engagement, name=name, key=key, data=codec.encode_value(data), expires=expires)
    )
    return 0


def _resolve(tx: Transaction, now: int, row: WaitRow, data: dict[str, Any], expires: int | None = None) -> None:
    """Queues the resolution. The wait's row goes at once, so that a second message finds the next one waiting."""
    tx.drop_waits([(row.instance, row.wait)])
    queued = inbox(row.instance, now, Resolve(at=now, wait=row.wait, variables=data))
    if expires is not None:
        queued.name, queued.key, queued.expires = row.name, row.key, expires
    tx.put_inbox([queued])


def inbox(instance: int, due: int, command: Command) -> InboxRow:
    """A command for an instance's inbox."""
    return InboxRow(instance=instance, due=due, command=codec.encode_command(command))
