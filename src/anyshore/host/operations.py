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

from anyshore.base.errors import AnyshoreError, CommandRejected
from anyshore.base.telling import Part, Sheet
from anyshore.host import detached
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

SHOWN = 20
"""Of those, how many people are shown."""

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which incidents are meant; what is None does not filter.

    Attributes:
        instance: one instance.
        wait: one incident of it.
        engagement: id of the engagement.
        service: id of the service.
        code: code of the incident.
        element: element it stands at.
        definition: reference of the instance's definition.
        without: instances that are left alone.
        limit: at most so many.
    """

    instance: int | None = None
    wait: int | None = None
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
        row: its wait; wait 0 means the instance itself is broken: it cannot be read, advanced or stored. A negative
            number is work that the instance started and does not wait for.
        message: what happened.
        hint: what a person can do.
    """

    row: WaitRow
    message: str
    hint: str

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        row = self.row
        return {
            "instance": row.instance, "wait": row.wait, "code": row.name, "element": row.element,
            "engagement": row.engagement, "reference": row.reference, "opened": row.opened, "message": self.message,
            "hint": self.hint,
        }  # fmt: skip


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

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        reasons = [{"instance": number, "reason": reason} for number, reason in self.reasons]
        return {"done": self.done, "refused": self.refused, "reasons": reasons}

    def parts(self, word: str) -> Iterator[Part]:
        """For people; ``word`` says what became of those that answered."""
        yield f"{self.done:,} {word}, {self.refused:,} refused."
        if self.reasons:
            yield Sheet("Refused", ("Instance", "Reason"), self.reasons[:SHOWN], right=(0,))

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
    if selection.wait is not None:
        rows = [row for row in rows if row.wait == selection.wait]
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

    A broken instance is given back to the workers. Work nobody waits for gets the variables among its inputs.
    """
    values = dict(variables or {})

    def asked(incident: Incident) -> Asked:
        row = incident.row
        if detached.is_detached(row.wait):
            return row.instance, lambda batch, owner: retry_detached(batch, owner, row.wait, values, by)
        if row.wait == 0:
            return row.instance, _mend
        return row.instance, Retry(at=host.clock(), by=by, wait=row.wait, variables=values)

    return execute_all(host, map(asked, incidents(host, selection)), progress=progress)


def cancel(
    host: Host, selection: Selection, *, reason: str, by: str | None = None, progress: Progress | None = None
) -> Outcome:
    """Ends the instances that have these incidents, with everything they called.

    A broken instance is ended without asking it. Of work nobody waits for only that work is given up: the instance
    that started it goes on.
    """

    def asked(incident: Incident) -> Asked:
        row = incident.row
        if detached.is_detached(row.wait):
            return row.instance, lambda batch, owner: give_up_detached(batch, owner, row.wait, reason, by)
        if row.wait == 0:
            return row.instance, lambda batch, owner: _abandon(batch, owner, reason, by)
        return row.instance, Cancel(at=host.clock(), by=by, reason=reason)

    return execute_all(host, map(asked, incidents(host, selection)), progress=progress)


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


Deed = Callable[[Batch, InstanceRow], None]
"""What is done beside an instance rather than by it; it may refuse with ``CommandRejected``, having changed nothing."""

Asked = tuple[int, Command | Deed]
"""An instance, and what it is to answer or what is to be done beside it."""


def execute_all(
    host: Host, commands: Iterable[Asked], *, batch: int = BATCH, progress: Progress | None = None
) -> Outcome:
    """Lets many instances answer a command each, or does something beside each, ``batch`` per transaction.

    Args:
        host: the host.
        commands: instance and command.
        batch: instances per transaction.
        progress: called with the number done so far.
    """
    outcome = Outcome()
    remaining = iter(commands)
    while chunk := list(islice(remaining, batch)):
        _execute(host, chunk, outcome)
        if progress is not None:
            progress(outcome.done + outcome.refused)
    return outcome


def _execute(host: Host, chunk: list[Asked], outcome: Outcome) -> None:
    for attempt in range(PATIENCE):
        if attempt:
            time.sleep(0.1)
        try:
            chunk, part = _together(host, chunk)
        except AnyshoreError as problem:
            if len(chunk) == 1:
                outcome.refuse(chunk[0][0], problem.message)
                return
            for one in chunk:
                _execute(host, [one], outcome)
            return
        outcome.done += part.done
        for instance, reason in part.reasons:
            outcome.refuse(instance, reason)
        if not chunk:
            return
    for instance, _ in chunk:
        outcome.refuse(instance, "There is no such instance, or another worker holds it.")


def _together(host: Host, chunk: list[Asked]) -> tuple[list[Asked], Outcome]:
    """One transaction; gives back what could not be locked."""
    outcome = Outcome()
    with host.store.transaction() as tx:
        rows = tx.load(dict.fromkeys(instance for instance, _ in chunk))
        batch = host.batch(tx)
        batch.adopt(row for row in rows.values() if row.status != BROKEN)
        for instance, asked in chunk:
            row = rows.get(instance)
            if row is None:
                continue
            refusal = _ask(batch, row, asked)
            if refusal is None:
                outcome.done += 1
            else:
                outcome.refuse(instance, refusal)
        batch.flush()
        tx.wake()
    batch.remember()
    return [one for one in chunk if one[0] not in rows], outcome


def _ask(batch: Batch, row: InstanceRow, asked: Command | Deed) -> str | None:
    """Lets one instance answer, or does what is to be done beside it; the reason why not."""
    if not isinstance(asked, Command):
        try:
            asked(batch, row)
        except CommandRejected as reason:
            return reason.message
        return None
    if row.status == BROKEN:
        return f"It is {row.status}."
    refused = batch.answer(row.id, asked)
    if refused is not None:
        return refused.message
    return "It was put aside: see its new incident." if row.id in batch.broken else None


def _mend(batch: Batch, row: InstanceRow) -> None:
    _still_broken(row)
    row.status = ACTIVE
    batch.tx.save([row])
    batch.tx.drop_waits([(row.id, 0)])


def _abandon(batch: Batch, row: InstanceRow, reason: str, by: str | None) -> None:
    """Ends an instance that cannot be asked: its row, its waits and what it called."""
    _still_broken(row)
    tx = batch.tx
    row.status, row.outcome, row.ended = ENDED, "cancelled", batch.now
    tx.save([row])
    children, unheard = tx.drop_instance(row.id)
    batch.cancel_called(children)
    for command in unheard:
        batch.undelivered(row, command)
    batch.note(row, Fact("instance.cancelled", {"reason": reason, "by": by, "broken": True}))


def _still_broken(row: InstanceRow) -> None:
    if row.status != BROKEN:
        raise CommandRejected("instance.not-broken", f"It is {row.status}.")


def retry_detached(batch: Batch, row: InstanceRow, wait: int, variables: Mapping[str, Any], by: str | None) -> None:
    """Starts again what failed, with the repaired variables.

    Raises:
        CommandRejected: the incident is over, or there still is no such definition; nothing was changed.
    """
    incident = _detached(batch, row, wait)
    data = codec.decode_value(incident.data)
    given = {**data["variables"], **variables}
    again = None
    if data["target"].startswith(detached.ACTIVITY):
        again = detached.job(
            row, wait, incident.element, data["target"].removeprefix(detached.ACTIVITY), given, batch.now
        )
    else:
        batch.begin_unowned(row, data["target"], given, data.get("begins_at"))
    batch.replace_wait(row.id, wait, again)
    batch.note(row, Fact("incident.resolved", {"wait": wait, "by": by}))


def give_up_detached(batch: Batch, row: InstanceRow, wait: int, reason: str, by: str | None) -> None:
    """Ends what failed without trying again; the instance that started it is not touched.

    Raises:
        CommandRejected: the incident is over.
    """
    _detached(batch, row, wait)
    batch.replace_wait(row.id, wait, None)
    batch.note(row, Fact("incident.resolved", {"wait": wait, "by": by, "given_up": reason}))


def _detached(batch: Batch, row: InstanceRow, wait: int) -> WaitRow:
    found = batch.tx.find_wait(row.id, wait)
    if found is None or found.kind != INCIDENT:
        raise CommandRejected("incident.unknown", f"There is no open incident {wait}.")
    return found
