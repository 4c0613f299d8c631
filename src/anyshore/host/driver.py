"""The host: starts work, answers commands, runs what is due. The only caller of the engines that has a clock."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from msgspec.structs import replace

from anyshore.activities.table import Activity
from anyshore.base.errors import CommandRejected, HostError
from anyshore.host import workers
from anyshore.host.batch import Batch, deliver
from anyshore.host.jobs import JobRunner
from anyshore.host.ports import ACTIVE, DefinitionRow, InboxRow, InstanceRow, Store, Transaction, WaitRow
from anyshore.kernel import codec
from anyshore.kernel.commands import Command, Resolve, Start
from anyshore.kernel.records import Sent
from anyshore.runtime import catalogue as definitions
from anyshore.runtime.catalogue import Catalogue


def system_clock() -> int:
    """Microseconds since 1970 UTC."""
    return time.time_ns() // 1000


@dataclass(frozen=True, slots=True)
class NewWork:
    """An instance to start.

    Attributes:
        target: ``process:KEY``, ``case:KEY`` or an exact reference.
        variables: of the root scope, as FEEL values.
        engagement: id of the engagement it is delivered under.
        service: id of the service.
        reference: what people call it; where given, there is one instance per engagement, service and reference.
        by: who asks.
        zone: IANA time zone of the work.
        documents: name and content by digest, kept with the start.
    """

    target: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    engagement: str = ""
    service: str = ""
    reference: str = ""
    by: str | None = None
    zone: str = "UTC"
    documents: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)


class Host:
    """Drives instances in a store.

    Args:
        store: where everything is kept.
        activities: what an automatic task can do, by name (``anyshore.activities.table``).
        clock: gives the time; tests pass their own, so that no test sleeps.
        worker: name under which jobs are claimed; the name of the process where left out.
    """

    def __init__(
        self,
        store: Store,
        activities: Mapping[str, Activity[Any, Any]] | None = None,
        *,
        clock: Callable[[], int] = system_clock,
        worker: str | None = None,
    ) -> None:
        self.store = store
        self.clock = clock
        self.catalogue = Catalogue(self._load_deployment)
        self._jobs = JobRunner(store, activities or {}, clock, worker)

    # definitions

    def deploy(self, pack: str, files: Mapping[str, bytes]) -> definitions.Deployment:
        """Makes the definitions of a pack known, all or none; the same content again changes nothing.

        Raises:
            DefinitionError: a file cannot be used.
        """
        digest = hashlib.sha256()
        for name in sorted(files):
            digest.update(f"{name}\0{len(files[name])}\0".encode() + files[name])
        with self.store.transaction() as tx:
            newest = tx.latest_deployment(pack)
            if newest is not None and newest[1] == digest.hexdigest():
                number = newest[0]
                deployment = definitions.read(number, pack, files)
            else:
                number = tx.allocate("deployment", 1)
                deployment = definitions.read(number, pack, files)
                tx.add_definitions(
                    [
                        DefinitionRow(
                            deployment=number, pack=pack, name=name, content=files[name], digest=digest.hexdigest()
                        )
                        for name in sorted(files)
                    ]
                )
        self.catalogue.add(deployment)
        return deployment

    def _load_deployment(self, number: int) -> tuple[str, Mapping[str, bytes]]:
        with self.store.transaction() as tx:
            rows = tx.definitions(number)
        if not rows:
            raise CommandRejected("deployment.unknown", f"There is no deployment {number}.")
        return rows[0].pack, {row.name: row.content for row in rows}

    # asking for things

    def start(
        self,
        target: str,
        variables: Mapping[str, Any] | None = None,
        *,
        engagement: str = "",
        service: str = "",
        reference: str = "",
        by: str | None = None,
        zone: str = "UTC",
        documents: Mapping[str, tuple[str, bytes]] | None = None,
    ) -> int:
        """Starts one instance; see ``NewWork``. Its first turn comes with the next ``work``.

        Returns:
            The id of the instance: of the one that is there already where the reference is known.
        """
        new = NewWork(
            target, variables or {}, engagement=engagement, service=service, reference=reference, by=by, zone=zone,
            documents=documents or {},
        )  # fmt: skip
        with self.store.transaction() as tx:
            return self._start(tx, new)

    def start_all(
        self, work: Iterable[NewWork], *, batch: int = 200, progress: Callable[[int], None] | None = None
    ) -> list[int]:
        """Starts many instances, ``batch`` per transaction. Interrupted and called again, it starts what is missing."""
        started: list[int] = []
        remaining = iter(work)
        while chunk := list(islice(remaining, batch)):
            with self.store.transaction() as tx:
                started += [self._start(tx, new) for new in chunk]
            if progress is not None:
                progress(len(started))
        return started

    def _start(self, tx: Transaction, new: NewWork) -> int:
        if new.reference:
            known = tx.find_reference(new.engagement, new.service, new.reference)
            if known is not None:
                return known
        linked = self.catalogue.latest(new.target)
        now = self.clock()
        instance = tx.allocate("instance", 1)
        for digest, (name, content) in new.documents.items():
            tx.put_document(digest, name, content)
        row = InstanceRow(
            id=instance, definition=linked.reference, kind=linked.kind, key=linked.key, engagement=new.engagement,
            service=new.service, reference=new.reference, created=now, zone=new.zone,
        )  # fmt: skip
        tx.add_instances([row])
        command = Start(at=now, by=new.by, variables=dict(new.variables), zone=new.zone)
        tx.put_inbox([InboxRow(instance=instance, due=now, command=codec.encode_command(command))])
        return instance

    def execute(self, instance: int, command: Command) -> None:
        """Lets an instance answer a command now.

        Raises:
            CommandRejected: it does not fit; nothing changed.
            HostError: there is no such instance, or another worker has it.
        """
        now = self.clock()
        with self.store.transaction() as tx:
            rows = tx.load([instance])
            if instance not in rows:
                raise HostError("instance.unknown", f"Instance {instance} is unknown or held by another worker.")
            batch = Batch(tx, self.catalogue, now)
            batch.adopt(list(rows.values()))
            answered = batch.answer(instance, replace(command, zone=rows[instance].zone))
            batch.flush()
        if not answered:
            if batch.rejected:
                raise batch.rejected[0][2]
            raise HostError("instance.broken", f"Instance {instance} was put aside: see its incident.")

    def send(self, engagement: str, name: str, key: str | None = None, data: Mapping[str, Any] | None = None) -> int:
        """Sends a message from outside; how many instances heard it (0: it is kept until somebody waits)."""
        with self.store.transaction() as tx:
            return deliver(tx, self.clock(), engagement, Sent(0, "message", name, key, dict(data or {})))

    def broadcast(self, engagement: str, name: str, data: Mapping[str, Any] | None = None) -> int:
        """Sends a signal from outside; how many instances heard it."""
        with self.store.transaction() as tx:
            return deliver(tx, self.clock(), engagement, Sent(0, "signal", name, None, dict(data or {})))

    def mend(self, instance: int) -> None:
        """Gives a broken instance back to the workers, once what broke it has been put right."""
        with self.store.transaction() as tx:
            row = tx.load([instance]).get(instance)
            if row is None:
                raise HostError("instance.unknown", f"Instance {instance} is unknown or held by another worker.")
            row.status = ACTIVE
            tx.save([row])
            tx.drop_waits([(instance, 0)])

    # doing what is due

    def step(self, limit: int = 100) -> int:
        """Advances at most ``limit`` due instances in one transaction; how many commands were answered."""
        now = self.clock()
        with self.store.transaction() as tx:
            inbox, timers = tx.take_due(now, limit)
            if not inbox and not timers:
                return 0
            batch = Batch(tx, self.catalogue, now)
            ids = dict.fromkeys([*(row.instance for row in inbox), *(row.instance for row in timers)])
            batch.adopt(list(tx.load(ids).values()))
            for instance, command in _in_order(inbox, timers, now):
                batch.answer(instance, command)
            tx.drop_inbox([row.id for row in inbox if row.instance not in batch.broken])
            batch.flush()
        return len(inbox) + len(timers)

    def recover(self) -> int:
        """Gives back the jobs that dead workers of this machine had claimed; how many. Call it when a worker starts.

        Claims of workers on other machines run out by themselves (``jobs.CLAIM``).
        """
        with self.store.transaction() as tx:
            return sum(tx.release_jobs(worker) for worker in tx.job_holders() if workers.is_gone(worker))

    def work(self, limit: int = 100, *, until_idle: bool = True, progress: Callable[[int], None] | None = None) -> int:
        """Runs what is due: commands, timers, jobs.

        Args:
            limit: instances and jobs per transaction.
            until_idle: go on until nothing is due; otherwise one round.
            progress: called with the number of things done so far.

        Returns:
            How many commands were answered and jobs were run.
        """
        done = 0
        while True:
            round_done = self.step(limit) + self._jobs.run(limit)
            done += round_done
            if progress is not None and round_done:
                progress(done)
            if not round_done or not until_idle:
                return done


def _in_order(inbox: list[InboxRow], timers: list[WaitRow], now: int) -> Iterator[tuple[int, Command]]:
    """Queued commands and fired timers, oldest due time first. All happen now: a backlog does not rewrite time."""
    rows: list[InboxRow | WaitRow] = sorted([*inbox, *timers], key=lambda row: row.due or 0)
    for row in rows:
        if isinstance(row, InboxRow):
            yield row.instance, replace(codec.decode_command(row.command), at=now)
        else:
            yield row.instance, Resolve(at=now, wait=row.wait)
