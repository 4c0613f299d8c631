"""What begins by itself under an engagement: starters, opened with a service, and what is reported to them.

A starter is an instance like any other (``anyshore.bpmn.starter``): its timers are due rows, its faults incidents; it
is put on hold, let go on and cancelled as work is. A newer version of its process takes the older one's place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from anyshore.base.errors import AnyshoreError, CommandRejected
from anyshore.base.telling import Sheet, moment
from anyshore.base.zones import find_zone
from anyshore.bpmn.starter import STARTER, begins_by_itself
from anyshore.host.driver import Host
from anyshore.host.messages import inbox
from anyshore.host.ports import BROKEN, InstanceRow, Transaction
from anyshore.host.starting import NewWork, starters
from anyshore.host.states import restore
from anyshore.kernel.commands import Start, Write
from anyshore.kernel.state import TIMER
from anyshore.runtime.catalogue import Deployment, Linked, starter_of


@dataclass(frozen=True, slots=True)
class Standing:
    """A starter that stands ready.

    Attributes:
        row: the instance.
        timers: start event, and when it is due next, microseconds since 1970 UTC; in order of time. None are told
            while a worker holds the starter, or where it is broken.
        conditions: start events that begin by a condition, each with its text.
    """

    row: InstanceRow
    timers: tuple[tuple[str, int], ...]
    conditions: tuple[tuple[str, str], ...]

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        row = self.row
        return {
            "instance": row.id, "definition": row.definition, "engagement": row.engagement, "service": row.service,
            "status": row.status, "timers": dict(self.timers), "conditions": dict(self.conditions),
        }  # fmt: skip


def sheet(found: Iterable[Standing]) -> Sheet:
    """Starters as a table."""
    rows = [
        (one.row.id, one.row.definition.partition(":")[2], one.row.engagement, one.row.service, one.row.status,
         "\n".join(moment(due) for _, due in one.timers), "\n".join(text for _, text in one.conditions))
        for one in found
    ]  # fmt: skip
    names = ("Id", "Process", "Engagement", "Service", "Status", "Next", "When it is the case that")
    return Sheet("Begins by itself", names, rows, right=(0,))


def by_themselves(deployment: Deployment) -> list[str]:
    """References of the processes of a deployment that begin by a timer or a condition."""
    return [linked.reference for linked in deployment.definitions.values() if _by_itself(linked)]


def open_all(
    host: Host, deployment: Deployment, *, engagement: str, service: str, zone: str = "UTC", by: str | None = None
) -> list[int]:
    """Opens a starter for each process of a deployment that begins by itself and never had one in this service.

    One that was cancelled is not opened again: ``open_one`` does that.

    Returns:
        The instances of the new ones.
    """
    asked = [
        _asked(host.catalogue.get(reference), engagement, service, zone, by) for reference in by_themselves(deployment)
    ]
    return _open(host, asked, again=False)


def open_one(
    host: Host, process: str, *, engagement: str, service: str, zone: str = "UTC", by: str | None = None,
    variables: Mapping[str, Any] | None = None,
) -> int:  # fmt: skip
    """Opens the starter of one process, also after an earlier one was cancelled.

    Args:
        host: the host.
        process: ``process:KEY`` for its newest version, or an exact reference.
        engagement: id of the engagement its instances are delivered under.
        service: id of the service.
        zone: IANA time zone its timers are read in.
        by: who asks.
        variables: what is known already, as FEEL values.

    Returns:
        The instance: of the one that stands there already, if there is one.

    Raises:
        CommandRejected: there is no such process, it does not begin by itself, or there is no such time zone.
    """
    linked = host.catalogue.latest(process)
    if not _by_itself(linked):
        raise CommandRejected(
            "process.no-self-start",
            f"Process {linked.key!r} has no start event with a timer or a condition.",
            hint="Start it, send its message or its signal.",
        )
    try:
        find_zone(zone)
    except ValueError as problem:
        hint = "Name it as IANA does: Europe/Berlin, Asia/Kolkata, UTC."
        raise CommandRejected("process.unknown-zone", f"There is no time zone {zone!r}.", hint=hint) from problem
    opened = _open(host, [_asked(linked, engagement, service, zone, by, variables)], again=True)
    if opened:
        return opened[0]
    place = (service, linked.key)
    return next(one.row.id for one in standing(host, engagement) if (one.row.service, one.row.key) == place)


def standing(host: Host, engagement: str | None = None) -> list[Standing]:
    """The starters that stand ready, also those on hold, oldest first."""
    with host.store.transaction() as tx:
        numbers = [wait.instance for wait in starters(tx, engagement)]
        rows = tx.look(numbers) | tx.load(numbers)
        return [_standing(host, tx, rows[number]) for number in numbers if number in rows]


def report(
    host: Host, engagement: str, variables: Mapping[str, Any], *, service: str | None = None, by: str | None = None
) -> int:
    """Tells the starters of an engagement what is the case now; how many there were to hear it.

    What becomes true by it begins with the next ``work`` of any worker.

    Args:
        host: the host.
        engagement: its id.
        variables: FEEL values by name; what was reported before stays as it was.
        service: only starters of this service.
        by: who reports.
    """
    now = host.clock()
    with host.store.transaction() as tx:
        told = [wait.instance for wait in starters(tx, engagement) if service is None or wait.service == service]
        tx.put_inbox([inbox(number, now, Write(at=now, by=by, variables=dict(variables))) for number in told])
        tx.wake()
    return len(told)


def _by_itself(linked: Linked) -> bool:
    return linked.kind == "process" and begins_by_itself(linked.definition)


def _asked(
    process: Linked, engagement: str, service: str, zone: str, by: str | None,
    variables: Mapping[str, Any] | None = None,
) -> NewWork:  # fmt: skip
    reference = f"{STARTER}:{process.key}"
    return NewWork(starter_of(process).reference, variables or {}, engagement, service, reference, by, zone)


def _open(host: Host, asked: Iterable[NewWork], *, again: bool) -> list[int]:
    """Opens those that are not there, with their first turn, in one transaction each: from then on they are found."""
    opened = []
    for new in asked:
        with host.store.transaction() as tx:
            known = tx.find_identity(*new.place)  # one at a time comes past here
            if known is not None and (not again or _stands(tx, new)):
                continue
            opened.append(_begin(host, tx, new))
            tx.wake()
    return opened


def _stands(tx: Transaction, new: NewWork) -> bool:
    place = (new.service, new.reference)
    return any((wait.service, wait.reference) == place for wait in starters(tx, new.engagement))


def _begin(host: Host, tx: Transaction, new: NewWork) -> int:
    now, linked = host.clock(), host.catalogue.latest(new.target)
    (number,) = tx.new_instances(1)
    row = InstanceRow(
        id=number, definition=linked.reference, kind=linked.kind, key=linked.key, engagement=new.engagement,
        service=new.service, reference=new.reference, identity=new.same, created=now, zone=new.zone,
    )  # fmt: skip
    batch = host.batch(tx, now)
    batch.begin(row, linked)
    batch.answer(number, Start(at=now, by=new.by, variables=dict(new.variables), zone=new.zone))
    batch.flush()
    return number


def _standing(host: Host, tx: Transaction, row: InstanceRow) -> Standing:
    try:
        linked = host.catalogue.get(row.definition)
    except AnyshoreError:
        return Standing(row, (), ())  # a file that cannot be read any more: its work is broken, and nobody else's
    waits = restore(tx, row, linked.engine).waits.values() if row.state and row.status != BROKEN else ()
    timers = [(wait.data["event"], wait.due or 0) for wait in waits if wait.kind == TIMER]
    conditions = [
        (trigger.element or "", trigger.condition.source)
        for trigger in linked.definition.starts
        if trigger.condition is not None
    ]
    return Standing(row, tuple(sorted(timers, key=lambda one: one[1])), tuple(conditions))
