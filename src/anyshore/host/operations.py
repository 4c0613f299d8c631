"""What an operator does to instances, one by one or by the thousand: retry, repair, cancel, suspend, resume.

Everything goes in batches with a transaction each. An interruption leaves whole batches done; calling again does the
rest, because what was mended is not selected any more.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from anyshore.base.errors import AnyshoreError
from anyshore.host.batch import Batch
from anyshore.host.driver import Host
from anyshore.host.ports import ACTIVE, BROKEN, ENDED, InstanceRow, Page, Transaction, WaitRow
from anyshore.kernel import codec
from anyshore.kernel.commands import Cancel, Command, Resume, Retry, Suspend
from anyshore.kernel.state import INCIDENT
from anyshore.runtime.effects import Fact

BATCH = 200
"""Instances per transaction."""

PATIENCE = 20
"""Times an instance is asked for that another worker holds, a tenth of a second apart."""

PAGE = 500
"""Incidents read at a time."""

KEPT = 1000
"""Refusals that are kept with their reason; the rest is counted."""

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which incidents are meant; what is None does not filter.

    Attributes:
        instance: one instance.
        engagement: id of the engagement.
        service: id of the service.
        code: code of the incident.
        element: element it stands at.
        definition: reference of the instance's definition.
        without: instances that are left alone.
        limit: at most so many.
    """

    instance: int | None = None
    engagement: str | None = None
    service: str | None = None
    code: str | None = None
    element: str | None = None
    definition: str | None = None
    without: Collection[int] = frozenset()
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Incident:
    """An open incident.

    Attributes:
        row: its wait; wait 0 means the instance itself is broken: it cannot be read, advanced or stored.
        message: what happened.
        hint: what a person can do.
    """

    row: WaitRow
    message: str
    hint: str


@dataclass(slots=True)
class Outcome:
    """What came of commands to many instances.

    Attributes:
        done: how many answered.
        refused: how many did not.
        reasons: instance and reason of the first ``KEPT`` refusals.
    """

    done: int = 0
    refused: int = 0
    reasons: list[tuple[int, str]] = field(default_factory=list)

    def refuse(self, instance: int, reason: str) -> None:
        """Counts a refusal."""
        self.refused += 1
        if len(self.reasons) < KEPT:
            self.reasons.append((instance, reason))


def incidents(host: Host, selection: Selection) -> Iterator[Incident]:
    """The open incidents, oldest first, page by page; not those that open while they are read."""
    until = host.clock()
    page = Page(
        kind=INCIDENT, engagement=selection.engagement, service=selection.service, name=selection.code,
        element=selection.element, limit=PAGE,
    )  # fmt: skip
    left = selection.limit
    while True:
        with host.store.transaction() as tx:
            rows = tx.waits(page)
            wanted = _wanted(tx, [row for row in rows if row.opened <= until], selection)
        for row in wanted if left is None else wanted[:left]:
            data = codec.decode_value(row.data)
            yield Incident(row, str(data.get("message", "")), str(data.get("hint", "")))
        if left is not None:
            left -= len(wanted)
        if len(rows) < page.limit or rows[-1].opened > until or (left is not None and left <= 0):
            return
        page.after = (rows[-1].opened, rows[-1].instance, rows[-1].wait)


def _wanted(tx: Transaction, rows: list[WaitRow], selection: Selection) -> list[WaitRow]:
    if selection.instance is not None:
        rows = [row for row in rows if row.instance == selection.instance]
    rows = [row for row in rows if row.instance not in selection.without]
    if selection.definition is not None and rows:
        known = tx.look({row.instance for row in rows})
        rows = [row for row in rows if known[row.instance].definition == selection.definition]
    return rows


def retry(
    host: Host,
    selection: Selection,
    *,
    variables: Mapping[str, Any] | None = None,
    by: str | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Tries again what ended in an incident; with ``variables`` they are written first, as seen from the element.

    A broken instance is given back to the workers.
    """

    def command(incident: Incident) -> Command | None:
        if incident.row.wait == 0:
            return None
        return Retry(at=host.clock(), by=by, wait=incident.row.wait, variables=dict(variables or {}))

    return _all(host, incidents(host, selection), command, _mend, progress)


def cancel(
    host: Host, selection: Selection, *, reason: str, by: str | None = None, progress: Progress | None = None
) -> Outcome:
    """Ends the instances that have these incidents, with everything they called.

    A broken instance is ended without asking it.
    """

    def command(incident: Incident) -> Command | None:
        return None if incident.row.wait == 0 else Cancel(at=host.clock(), by=by, reason=reason)

    def end(batch: Batch, row: InstanceRow) -> None:
        _abandon(batch, row, reason, by)

    return _all(host, incidents(host, selection), command, end, progress)


def tell(
    host: Host, instances: Iterable[int], command: Callable[[], Command], progress: Progress | None = None
) -> Outcome:
    """Lets many instances answer the same command: ``lambda: Suspend(at=host.clock(), by=…)``."""
    return execute_all(host, ((number, command()) for number in instances), progress=progress)


def suspend(host: Host, instances: Iterable[int], by: str | None = None) -> Outcome:
    """Lets instances stand still."""
    return tell(host, instances, lambda: Suspend(at=host.clock(), by=by))


def resume(host: Host, instances: Iterable[int], by: str | None = None) -> Outcome:
    """Lets instances go on."""
    return tell(host, instances, lambda: Resume(at=host.clock(), by=by))


Broken = Callable[[Batch, InstanceRow], None]
Asked = tuple[int, Command | None]
"""An instance and its command; None is for a broken one, which cannot be asked."""


def _all(
    host: Host, found: Iterable[Incident], command: Callable[[Incident], Command | None], broken: Broken,
    progress: Progress | None,
) -> Outcome:  # fmt: skip
    asked: Iterator[Asked] = ((incident.row.instance, command(incident)) for incident in found)
    return execute_all(host, asked, broken=broken, progress=progress)


def execute_all(
    host: Host,
    commands: Iterable[Asked],
    *,
    broken: Broken | None = None,
    batch: int = BATCH,
    progress: Progress | None = None,
) -> Outcome:
    """Lets many instances answer a command each, ``batch`` per transaction.

    Args:
        host: the host.
        commands: instance and command.
        broken: what to do with a broken instance, for which there is no command.
        batch: instances per transaction.
        progress: called with the number done so far.
    """
    outcome = Outcome()
    remaining = iter(commands)
    while chunk := list(islice(remaining, batch)):
        _execute(host, chunk, broken, outcome)
        if progress is not None:
            progress(outcome.done + outcome.refused)
    return outcome


def _execute(host: Host, chunk: list[Asked], broken: Broken | None, outcome: Outcome) -> None:
    for attempt in range(PATIENCE):
        if attempt:
            time.sleep(0.1)
        try:
            chunk, part = _together(host, chunk, broken)
        except AnyshoreError as problem:
            if len(chunk) == 1:
                outcome.refuse(chunk[0][0], problem.message)
                return
            for one in chunk:
                _execute(host, [one], broken, outcome)
            return
        outcome.done += part.done
        for instance, reason in part.reasons:
            outcome.refuse(instance, reason)
        if not chunk:
            return
    for instance, _ in chunk:
        outcome.refuse(instance, "There is no such instance, or another worker holds it.")


def _together(host: Host, chunk: list[Asked], broken: Broken | None) -> tuple[list[Asked], Outcome]:
    """One transaction; gives back what could not be locked."""
    outcome = Outcome()
    with host.store.transaction() as tx:
        rows = tx.load(dict.fromkeys(instance for instance, _ in chunk))
        batch = Batch(tx, host.catalogue, host.clock(), host.states)
        batch.adopt(row for row in rows.values() if row.status != BROKEN)
        for instance, command in chunk:
            row = rows.get(instance)
            if row is None:
                continue
            if command is not None and row.status != BROKEN:
                refused = batch.answer(instance, command)
                if refused is not None:
                    outcome.refuse(instance, refused.message)
                elif instance in batch.broken:
                    outcome.refuse(instance, "It was put aside: see its new incident.")
                else:
                    outcome.done += 1
            elif broken is not None and row.status == BROKEN:
                broken(batch, row)
                outcome.done += 1
            else:
                outcome.refuse(instance, f"It is {row.status}.")
        batch.flush()
        tx.wake()
    batch.remember()
    return [one for one in chunk if one[0] not in rows], outcome


def _mend(batch: Batch, row: InstanceRow) -> None:
    row.status = ACTIVE
    batch.tx.save([row])
    batch.tx.drop_waits([(row.id, 0)])


def _abandon(batch: Batch, row: InstanceRow, reason: str, by: str | None) -> None:
    """Ends an instance that cannot be asked: its row, its waits and what it called."""
    tx = batch.tx
    row.status, row.outcome, row.ended = ENDED, "cancelled", batch.now
    tx.save([row])
    children, unheard = tx.drop_instance(row.id)
    batch.cancel_called(children)
    for command in unheard:
        batch.undelivered(row, command)
    batch.note(row, Fact("instance.cancelled", {"reason": reason, "by": by, "broken": True}))
