"""Tasks in people's hands: taken and given back, each with an entry in the ledger, so that time in hand can be told."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from anyshore.host.ledgers import LedgerWriter
from anyshore.host.ports import Transaction, WaitRow

NOTHING: Mapping[str, Any] = MappingProxyType({})
TAKEN, RETURNED = "work.taken", "work.returned"


def take(tx: Transaction, now: int, instance: int, wait: int, person: str, facts: Mapping[str, Any] = NOTHING) -> bool:
    """Gives a task to a person, who may have it already. False if it is gone or another has it.

    Args:
        tx: the open transaction.
        now: microseconds since 1970 UTC.
        instance: whose task it is.
        wait: the task.
        person: the key under which the host knows the person.
        facts: what else the ledger says of it.
    """
    row = tx.find_wait(instance, wait)
    if row is None or not tx.claim_work(instance, wait, person):
        return False
    if row.claimed_by != person:
        _note(tx, now, TAKEN, row, person, facts)
    return True


def give_back(tx: Transaction, now: int, instance: int, wait: int) -> None:
    """Puts a task back into its queue."""
    row = tx.find_wait(instance, wait)
    if row is not None and row.claimed_by is not None and tx.claim_work(instance, wait, None):
        _note(tx, now, RETURNED, row, row.claimed_by)


def _note(tx: Transaction, now: int, type: str, row: WaitRow, person: str, more: Mapping[str, Any] = NOTHING) -> None:
    if not row.engagement:
        return
    about = tx.look([row.instance])[row.instance]
    facts = {"wait": row.wait, "element": row.element, "by": person, "digest": about.digest, "turn": about.turns}
    chain = LedgerWriter(tx, row.engagement)
    chain.add(now, type, {**facts, **more}, about)
    chain.write()
