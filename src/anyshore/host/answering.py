"""Lets the instances of a batch answer what is due: queued commands and timers."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping

from anyshore.base.errors import CommandRejected, HostError
from anyshore.host.batch import Batch
from anyshore.host.hand import Hand
from anyshore.host.jobs import Stop
from anyshore.host.ports import ENDED, InboxRow, InstanceRow, WaitRow
from anyshore.kernel import codec
from anyshore.kernel.commands import Resolve

log = logging.getLogger(__name__)

LATER = frozenset({"instance.busy", "instance.suspended"})
"""Reasons for which a queued command is kept: the instance can answer it another time."""


def answer_all(
    batch: Batch, rows: Mapping[int, InstanceRow], ordered: Iterable[InboxRow | WaitRow], hand: Hand, stop: Stop
) -> tuple[int, list[int]]:
    """Lets the instances of a batch answer what is due, until the batch has had its time.

    A command that came too early for its instance, or whose instance was put aside, stays in the inbox.

    Returns:
        How many commands and timers were answered, and the ids of the inbox rows that are done with.
    """
    answered, done = 0, []
    over = batch.limits.batch()
    for due in ordered:
        if answered and (over() or stop()):
            break
        hand.begin(due.instance)
        reason = _answer(batch, rows[due.instance], due)
        if reason is not None and reason.code in LATER:
            continue
        answered += 1
        if due.instance in batch.broken:
            continue
        if isinstance(due, InboxRow):
            done.append(due.id)
        if reason is not None:
            log.info("instance %s did not take what was due: %s", due.instance, reason.message)
            batch.forget(due) if isinstance(due, WaitRow) else batch.undelivered(rows[due.instance], due)
    return answered, done


def _answer(batch: Batch, row: InstanceRow, due: InboxRow | WaitRow) -> CommandRejected | None:
    """Lets an instance answer a queued command or a timer; the reason why it does not."""
    if row.id in batch.broken:
        return None
    if row.status == ENDED:
        return CommandRejected("instance.ended", "The instance has ended.")
    if isinstance(due, WaitRow):
        return batch.answer(row.id, Resolve(at=batch.now, wait=due.wait))
    try:
        command = codec.decode_command(due.command)
    except HostError as problem:
        batch.put_aside_live(row.id, problem)
        return None
    command.at = batch.now
    return batch.answer(row.id, command, due.command)


def in_order(inbox: list[InboxRow], timers: list[WaitRow]) -> Iterator[InboxRow | WaitRow]:
    """Queued commands and fired timers, oldest due time first. All happen now: a backlog does not rewrite time."""
    if not timers:
        return iter(inbox)
    rows: list[InboxRow | WaitRow] = [*inbox, *timers]
    return iter(sorted(rows, key=lambda row: row.due or 0))
