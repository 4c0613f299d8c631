"""A row of a batch becomes an instance: when somebody pulls it, when its time comes, when it is looked at again.

Its first turn is what the engine makes of the row, at the time of the batch: what it would have written had the row
gone alone. The ledger told what that came to with the batch, so it says only that the row is a case of its own now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from anyshore import feel
from anyshore.base.errors import AnyshoreError, HostError
from anyshore.host.batch import Batch
from anyshore.host.batched import contents
from anyshore.host.batched.contents import Contents
from anyshore.host.batched.rows import instance_of, start_of
from anyshore.host.bulk_ports import DONE, BatchRow
from anyshore.host.names import shown
from anyshore.host.ports import Store, Transaction
from anyshore.kernel.commands import Start
from anyshore.kernel.state import ROOT, State
from anyshore.runtime.catalogue import Catalogue
from anyshore.runtime.effects import Fact
from anyshore.terms import bulk


class Lives(Protocol):
    """What is needed of the host."""

    store: Store
    clock: Callable[[], int]
    catalogue: Catalogue

    def batch(self, tx: Transaction, now: int | None = None) -> Batch:
        """The changes of one transaction."""


def pull(host: Lives, tx: Transaction, instance: int) -> bool:
    """Makes an instance of a row that waits; False where it is one already, or no row of a batch.

    Args:
        host: the host.
        tx: the open transaction.
        instance: its number.
    """
    found = _waiting(tx, instance)
    if found is None:
        return False
    row, told = found
    which, variables = _row(host, row, told, instance)
    keys = [(instance, one.wait) for one in told.classes[which].waits]
    if not keys:
        tx.batch(row.id, hold=True)
    if len(tx.lock_waits(keys)) != len(keys) or instance in tx.look([instance]):
        return False  # another one pulled it
    wait = tx.find_wait(*keys[0]) if keys else None
    tx.drop_waits(keys)
    reference = wait.reference if wait is not None else called(row, told, instance, variables)
    _begin(host, tx, row, instance, start_of(row, variables), reference, {"class": which})
    return True


def reopen(
    host: Lives, tx: Transaction, instance: int, by: str, reason: str, changes: Mapping[str, Any]
) -> None:  # fmt: skip
    """Opens a row again that is through: it begins anew with what is put right, as a case of its own.

    Its end in the batch does not count any more: where it was billed, a correction gives it back.

    Args:
        host: the host.
        tx: the open transaction.
        instance: its number.
        by: who asks.
        reason: why.
        changes: variables that are put right, as FEEL values.

    Raises:
        HostError: it is no row of a batch that is through, or a case of its own already.
        CommandRejected: a value cannot be stored.
    """
    place = bulk.place_of(instance)
    row = tx.batch(place[0], hold=True) if place is not None else None
    found = _waiting(tx, instance)
    if found is None or row is None:
        raise HostError("bulk.unknown", f"{instance} is no row of a batch, or a case of its own already.")
    which, variables = _row(host, row, found[1], instance)
    if found[1].classes[which].end is None:
        raise HostError("bulk.waiting", f"{instance} has not ended.", hint="Pull it from its queue.")
    command = Start(at=host.clock(), by=by, zone=row.zone, variables={**variables, **changes})
    reference = called(row, found[1], instance, variables)
    facts = {"class": which, bulk.REOPENED: tx.ledger_time(row.engagement, row.sequence), "by": by, "reason": reason}
    _begin(host, tx, row, instance, command, reference, facts)


def called(row: BatchRow, found: Contents, instance: int, variables: Mapping[str, Any]) -> str:
    """What people call a row."""
    usual = shown(f"{row.name}:{instance % bulk.EACH}")
    if not found.reference:
        return usual
    parcel = {"name": usual, "row": dict(variables), "received": None, "channel": "bulk"}
    try:
        told = feel.compile(found.reference).evaluate({**variables, "parcel": parcel}, now=row.at, zone=row.zone)
    except AnyshoreError:
        return usual
    return shown(told) if isinstance(told, str) and told.strip() else usual


def _begin(
    host: Lives, tx: Transaction, row: BatchRow, instance: int, command: Start, reference: str, facts: dict[str, Any]
) -> None:
    """Writes the first turn of a row as an instance; of one that is opened again the ledger has not told it."""
    linked = host.catalogue.get(row.definition)
    batch = host.batch(tx, command.at)
    fact = Fact(bulk.PULLED, {"batch": row.id, "row": instance % bulk.EACH, **facts})
    told = bulk.REOPENED not in facts
    unfit = batch.pull(instance_of(row, linked, instance, reference), command, host.clock(), fact, told=told)
    if unfit is not None:
        raise unfit
    batch.flush()


def _waiting(tx: Transaction, instance: int) -> tuple[BatchRow, Contents] | None:
    """The batch of a row that is no instance yet."""
    place = bulk.place_of(instance)
    if place is None or tx.look([instance]):
        return None
    row = tx.batch(place[0])
    placed = 0 if row is None else row.rows if row.status == DONE else row.placed
    return None if row is None or not 1 <= place[1] <= placed else (row, contents.read(row))


def _row(host: Lives, row: BatchRow, found: Contents, instance: int) -> tuple[int, dict[str, Any]]:
    """The class of a row and the variables it came with."""
    # Polars is loaded where rows of batches are: not by every worker.
    from anyshore.host.batched import documents
    from anyshore.host.batched.classes import CLASS, values

    part, at = divmod(instance % bulk.EACH - 1, documents.PART)
    document = documents.opened(host.store, row.engagement, found.parts[part].digest)
    told = document.row(at, [*found.given, CLASS])
    which = told.pop(CLASS)
    if which is None:
        raise HostError("bulk.alone", f"Row {instance % bulk.EACH} of batch {row.id} went as an instance of its own.")
    return which, values({found.given[column]: value for column, value in told.items()})


def states(host: Lives, instances: Iterable[int]) -> dict[int, State]:
    """What rows that wait hold, as the engine would have it; nothing of others."""
    found = {}
    with host.store.transaction() as tx:
        for instance in instances:
            waiting = _waiting(tx, instance)
            if waiting is not None:
                row, told = waiting
                _, variables = _row(host, row, told, instance)
                linked = host.catalogue.get(row.definition)
                batch = host.batch(tx, row.at)
                found[instance], _ = batch.rehearse(instance_of(row, linked, instance, ""), start_of(row, variables))
    return found


def variables(host: Lives, instances: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The variables of rows that wait."""
    return {number: state.variables.get(ROOT, {}) for number, state in states(host, instances).items()}


def fall_due(host: Lives, limit: int = 100) -> int:
    """Makes instances of rows for which a timer is due; how many. The timers then fire as those of any instance."""
    now = host.clock()
    with host.store.transaction() as tx:
        due = tx.rows_due(now, limit)
        for instance in due:
            pull(host, tx, instance)
    return len(due)
