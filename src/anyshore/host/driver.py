"""The host: starts work, answers commands, runs what is due. The only caller of the engines that has a clock."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from anyshore.activities.activity import Activity
from anyshore.base.errors import CommandRejected, HostError
from anyshore.host import answering, hand, messages, starting, workers
from anyshore.host.batch import Batch
from anyshore.host.hand import NO_WAIT, Held
from anyshore.host.jobs import JobRunner, Stop, never
from anyshore.host.limits import Limits
from anyshore.host.ports import ACTIVE, BROKEN, ENDED, DefinitionRow, InstanceRow, Store, Transaction
from anyshore.host.starting import NewWork
from anyshore.host.states import States, restore
from anyshore.kernel import codec
from anyshore.kernel.commands import Command
from anyshore.kernel.records import Sent
from anyshore.kernel.state import State
from anyshore.runtime import catalogue as definitions
from anyshore.runtime.catalogue import Catalogue, ReportOf

log = logging.getLogger(__name__)

__all__ = ["Host", "NewWork", "system_clock"]

PATIENCE = 5.0
"""Seconds for which a change waits for an instance that another worker has."""


def system_clock() -> int:
    """Microseconds since 1970 UTC."""
    return time.time_ns() // 1000


class Host:
    """Drives instances in a store.

    Args:
        store: where everything is kept.
        activities: what an automatic task can do, by name (``anyshore.activities.families``).
        clock: gives the time; tests pass their own, so that no test sleeps.
        worker: name under which jobs are claimed; the name of the process where left out.
        limits: what one instance may use before others have their turn.
        report_of: reads from a pack's files what its work comes to, for the ledger (``packs.reading.report_of``).

    Attributes:
        catalogue: the definitions.
        states: large states kept between batches.
        hand: tells whoever watches this process what it is at.
        observe: is told of each batch how many seconds it took and how many commands it answered.
    """

    def __init__(
        self,
        store: Store,
        activities: Mapping[str, Activity[Any, Any]] | None = None,
        *,
        clock: Callable[[], int] = system_clock,
        worker: str | None = None,
        limits: Limits | None = None,
        report_of: ReportOf | None = None,
    ) -> None:
        self.store = store
        self.clock = clock
        self.limits = limits or Limits()
        self.catalogue = Catalogue(self._load_deployment, report_of)
        self.states = States()
        self.hand = hand.of_this_process()
        self.observe: Callable[[float, int], object] = lambda _seconds, _answered: None
        # Asked how many there are, the table would import all of them.
        self._jobs = JobRunner(store, {} if activities is None else activities, clock, worker, self.hand)

    def batch(self, tx: Transaction, now: int | None = None) -> Batch:
        """The changes of one transaction, at the time of the clock where no other is given."""
        return Batch(tx, self.catalogue, self.clock() if now is None else now, self.states, self.limits)

    # definitions

    def deploy(self, pack: str, files: Mapping[str, bytes]) -> definitions.Deployment:
        """Makes the definitions of a pack known, all or none; the same content again changes nothing.

        A pack called ``ORGANISATION/ID`` is that organisation's own, see ``runtime.catalogue``.

        Raises:
            DefinitionError: a file cannot be used.
        """
        digest = hashlib.sha256()
        for name in sorted(files):
            digest.update(f"{name}\0{len(files[name])}\0".encode() + files[name])
        with self.store.transaction() as tx:
            newest = tx.latest_deployment(pack)
            known = newest[0] if newest is not None and newest[1] == digest.hexdigest() else None
            number = tx.allocate("deployment", 1) if known is None else known
            if known is None:
                deployment = definitions.read(number, pack, files)
                tx.add_definitions(
                    [
                        DefinitionRow(
                            deployment=number, pack=pack, name=name, content=files[name], digest=digest.hexdigest()
                        )
                        for name in sorted(files)
                    ]
                )
                starting.follow(tx, deployment, self.clock())
        if known is not None:
            return self.catalogue.deployment(known)  # whatever is received asks for it: it is read once
        self.catalogue.add(deployment)
        return deployment

    def newest(self, reference: str) -> definitions.Linked:
        """The newest version of a definition, within its own pack where that is an organisation's own.

        Raises:
            CommandRejected: there is no such definition.
        """
        linked = self.catalogue.get(reference)
        target, _, number = linked.reference.rpartition("@")
        pack = self.catalogue.deployment(int(number)).pack
        if not definitions.is_own(pack):
            return self.catalogue.latest(target)
        with self.store.transaction() as tx:
            newest = tx.latest_deployment(pack)
        found = self.catalogue.deployment(newest[0]) if newest is not None else None
        return found.definitions.get(target, linked) if found is not None else linked

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
        return self.start_all([new])[0]

    def start_all(
        self,
        work: Iterable[NewWork],
        *,
        batch: int = 200,
        at_once: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> list[int]:
        """Starts many instances, ``batch`` per transaction. Interrupted and called again, it starts what is missing.

        Args:
            work: what to start.
            batch: instances per transaction.
            at_once: answers their first turn in the same transaction: what waits for nothing is stored once, as
                ended. Otherwise the first turn comes with the next ``work`` of any worker.
            progress: called with the number started so far.

        Returns:
            The ids, in the order of the work.
        """
        started: list[int] = []
        remaining = iter(work)
        while chunk := list(islice(remaining, batch)):
            now = self.clock()
            ready: Batch | None = None
            with self.store.transaction() as tx:
                fresh = starting.prepare(tx, self.catalogue, chunk, now)
                if at_once:
                    ready = self.batch(tx, now)
                    for row, linked, command in fresh.instances:
                        ready.begin(row, linked)
                        ready.answer(row.id, command)
                    ready.flush()
                    if fresh.instances:
                        tx.wake()
                else:
                    starting.queue(tx, fresh, now)
            if ready is not None:
                ready.remember()
            started += fresh.ids
            if progress is not None:
                progress(len(started))
        return started

    def execute(self, instance: int, command: Command) -> None:
        """Lets an instance answer a command now. See ``change``, for a command that rests on what the instance holds.

        Raises:
            CommandRejected: it does not fit; nothing changed.
            HostError: there is no such instance, or another worker keeps it.
        """
        self.change(instance, lambda _held: command)

    def change(self, instance: int, build: Callable[[State], Command | None]) -> Command | None:
        """Lets an instance answer a command that is made of what it holds, in one transaction.

        Whoever reads a state, computes and writes back loses what others wrote in between. Here the instance is locked
        first, waiting a moment for whoever has it, and the command is built from what then stands in it.

        Args:
            instance: its id.
            build: makes the command of the state, which it only reads; None changes nothing. What it does in the same
                database belongs to the same transaction. An exception of it leaves nothing behind.

        Returns:
            The command that was answered.

        Raises:
            CommandRejected: it does not fit; nothing changed.
            HostError: there is no such instance (``instance.unknown``), another worker keeps it for longer than a
                person waits (``store.busy``), or it was put aside (``instance.broken``).
        """
        self.hand.begin(instance)
        try:
            return self._change(instance, build)
        finally:
            self.hand.empty()

    def _change(self, instance: int, build: Callable[[State], Command | None]) -> Command | None:
        with self.store.transaction() as tx:
            row = self._hold(tx, instance)
            batch = self.batch(tx)
            batch.adopt([row])
            held = batch.state(instance)
            if held is None:  # it cannot be read, and is put aside
                batch.flush()
            else:
                command = build(held)
                if command is None:
                    return None
                # As it comes out of the store: a replay starts from the same values.
                unfit = batch.answer(instance, codec.decode_command(codec.encode_command(command)))
                if unfit is not None and instance not in batch.broken:
                    raise unfit
                batch.flush()
                tx.wake()
        batch.remember()
        if held is None or instance in batch.broken:
            raise HostError("instance.broken", f"Instance {instance} was put aside: see its incident.")
        return command

    def _hold(self, tx: Transaction, instance: int) -> InstanceRow:
        row = tx.hold(instance, PATIENCE)
        if row is None:
            raise HostError("instance.unknown", f"There is no instance {instance}.")
        return row

    def send(
        self,
        engagement: str,
        name: str,
        key: str | None = None,
        data: Mapping[str, Any] | None = None,
        *,
        service: str = "",
        zone: str = "UTC",
        within: str = "",
        lifetime: int = messages.MESSAGE_LIFETIME,
    ) -> int:
        """Sends a message from outside; how many instances heard it.

        Args:
            engagement: whose instances may hear it.
            name: of the message.
            key: its correlation key, if it has one.
            data: FEEL values by name.
            service: under which a process begins that starts with it, where nobody waits.
            zone: IANA time zone of such a process.
            within: reference of a definition whose own deployment is asked first for such a process.
            lifetime: microseconds for which it is kept where nobody waits and nothing begins.

        Returns:
            1, or 0: it is kept until somebody waits for it.

        Raises:
            CommandRejected: a value in it cannot be stored, or is too large.
        """
        codec.check_values(data or {})
        sent = Sent(0, "message", name, key, dict(data or {}))
        with self.store.transaction() as tx:
            tx.lock_names([(engagement, name, key)])
            sender = messages.Outside(engagement, service, zone, within)
            heard = self.batch(tx).post().deliver(sender, sent, lifetime)
            tx.wake()
        return heard

    def broadcast(
        self, engagement: str, name: str, data: Mapping[str, Any] | None = None, *, service: str = "",
        zone: str = "UTC", within: str = "",
    ) -> int:  # fmt: skip
        """Sends a signal from outside; how many instances heard it, with those that begin with it. See ``send``."""
        codec.check_values(data or {})
        with self.store.transaction() as tx:
            sent = Sent(0, "signal", name, None, dict(data or {}))
            heard = self.batch(tx).post().deliver(messages.Outside(engagement, service, zone, within), sent)
            tx.wake()
        return heard

    def state(self, instance: int) -> State:
        """The state of an instance, as it stands in the store.

        Raises:
            HostError: there is no such instance, another worker keeps it, or it cannot be read.
        """
        with self.store.transaction() as tx:
            row = self._hold(tx, instance)
            return restore(tx, row, self.catalogue.get(row.definition).engine)

    def mend(self, instance: int) -> None:
        """Gives a broken instance back to the workers, once what broke it has been put right.

        Raises:
            HostError: there is no such instance, or another worker keeps it.
        """
        with self.store.transaction() as tx:
            row = self._hold(tx, instance)
            if row.status != BROKEN:
                return
            row.status = ACTIVE
            tx.save([row])
            tx.drop_waits([(instance, 0)])
            tx.wake()

    # doing what is due

    def step(self, limit: int = 100, stop: Stop = never) -> int:
        """Advances at most ``limit`` due instances and writes them in one transaction; how many commands were answered.

        Where that fails for a reason of one instance, each is advanced alone, and the one is put aside. So it is where
        somebody wrote to one of them meanwhile. Once ``stop`` says so, nothing more is begun.
        """
        began = time.monotonic()
        try:
            answered = self._advance(limit, stop=stop)
            if answered:
                self.observe(time.monotonic() - began, answered)
            return answered
        except _Poisoned as poisoned:
            told = log.debug if isinstance(poisoned.__cause__, _Changed) else log.warning
            told("a batch failed, its instances are advanced one by one: %s", poisoned.__cause__)
            return sum(self._alone(instance, stop) for instance in poisoned.instances if not stop())

    def _advance(self, limit: int, only: int | None = None, stop: Stop = never) -> int:
        """Takes, computes, writes: only the last keeps others from writing, on stores with one writer at a time."""
        now = self.clock()
        ids: list[int] = []
        try:
            with self.store.advancing() as held:
                with held.reading() as tx:
                    inbox, timers = tx.take_due(now, limit) if only is None else tx.take_due_of(now, only)
                    ids = list(dict.fromkeys([*(row.instance for row in inbox), *(row.instance for row in timers)]))
                    if not ids:
                        return 0
                    batch = self.batch(tx, now)
                    rows = tx.load(ids)
                    before = _versions(rows)
                    batch.adopt(row for row in rows.values() if row.status != ENDED)
                    answered, done = answering.answer_all(
                        batch, rows, answering.in_order(inbox, timers), self.hand, stop
                    )
                with held.writing() as writing:
                    if writing is not tx and _versions(writing.look(ids)) != before:
                        raise _Changed
                    batch.tx = writing
                    writing.drop_inbox(done)
                    batch.flush()
        except HostError as problem:
            if problem.code == "store.busy" and not ids:
                return 0  # another worker is at it, and goes on
            raise
        except Exception as problem:
            if not ids:
                raise
            raise _Poisoned(ids) from problem
        finally:
            self.hand.empty()
        batch.remember()
        return answered

    def _alone(self, instance: int, stop: Stop) -> int:
        """Advances one instance; puts it aside where even that fails."""
        try:
            return self._advance(1, instance, stop=stop)
        except _Poisoned as poisoned:
            problem = poisoned.__cause__
            if isinstance(problem, _Changed):
                return 0  # somebody is at it: in the next round
            assert isinstance(problem, Exception)
            log.exception("instance %s cannot be stored", instance, exc_info=problem)
        self._put_aside(instance, problem)
        return 0

    def _put_aside(self, instance: int, problem: Exception) -> None:
        with self.store.transaction() as tx:
            row = tx.load([instance]).get(instance)
            if row is not None and row.status not in (ENDED, BROKEN):
                batch = self.batch(tx)
                batch.put_aside(row, problem)
                batch.flush()

    def give_up(self, held: Held, problem: HostError) -> None:
        """Puts aside what other workers were ended for: the instance, or the one job of it."""
        if held.wait == NO_WAIT:
            self._put_aside(held.instance, problem)
        else:
            self._jobs.give_up(held, problem)

    def recover(self) -> int:
        """Gives back the jobs that dead workers of this machine had claimed; how many. Call it when a worker starts.

        Claims of workers on other machines run out by themselves (``jobs.CLAIM``).
        """
        with self.store.transaction() as tx:
            return sum(tx.release_jobs(worker) for worker in tx.job_holders() if workers.is_gone(worker))

    def give_back(self) -> int:
        """Gives back the jobs this worker held when its database went away; how many. The attempt does not count."""
        return self._jobs.give_back()

    def work(
        self,
        limit: int = 100,
        *,
        until_idle: bool = True,
        progress: Callable[[int], None] | None = None,
        stop: Stop = never,
    ) -> int:
        """Runs what is due: commands, timers, jobs.

        Args:
            limit: instances and jobs per transaction.
            until_idle: go on until nothing is due; otherwise one round.
            progress: called with the number of things done so far.
            stop: nothing more is begun once it says so.

        Returns:
            How many commands were answered and jobs were run.
        """
        done = 0
        while True:
            round_done = self.step(limit, stop)
            round_done += 0 if stop() else self._jobs.run(limit, stop)
            done += round_done
            if progress is not None and round_done:
                progress(done)
            if not round_done or not until_idle or stop():
                return done


class _Poisoned(Exception):
    """A transaction failed for a reason of one of these instances."""

    def __init__(self, instances: list[int]) -> None:
        super().__init__(instances)
        self.instances = instances


class _Changed(Exception):
    """Somebody wrote to an instance while it was computed: what was computed is nothing any more."""


def _versions(rows: Mapping[int, InstanceRow]) -> dict[int, tuple[int, str, str]]:
    """What tells whether somebody has written to an instance."""
    return {row.id: (row.turns, row.digest, row.status) for row in rows.values()}
