"""Running automatic tasks: at least once each, with an idempotency key; their results are applied exactly once.

A job is claimed for a while. If its worker is killed the claim runs out and another worker takes the job; what the
activity wrote under its key stays single, and the second result finds the wait gone. A worker claims many at once, and
gives back those it has not begun when one of them takes long, so that idle workers can have them.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from anyshore.activities.activity import Activity, Record, Values
from anyshore.base.errors import AnyshoreError, HostError
from anyshore.host import detached, workers
from anyshore.host.calendars import terms_in_force
from anyshore.host.hand import Hand, Held
from anyshore.host.intake_ports import ReferenceChange, ReferenceRow
from anyshore.host.ledgers import LedgerWriter
from anyshore.host.limits import in_words
from anyshore.host.ports import STORE_FAULTS, InboxRow, Store, Transaction, WaitRow
from anyshore.kernel import codec
from anyshore.kernel.commands import Command, Fail, Resolve
from anyshore.kernel.state import JOB

log = logging.getLogger(__name__)

CLAIM = 25_000_000
"""How long a job belongs to the worker that claimed it, in microseconds: a killed worker's job runs again after it."""

SECRET = "secret"  # noqa: S105 - a kind of rows
"""Kind of the rows that hold keys; no pack may load it and no page lists it."""

LONGEST = 300
"""Letters of a field and its name by which a row is found without looking at others: a whole mail is no index."""

GROUP = 0.2
"""Seconds after which results of finished jobs are stored, though the batch has more jobs."""

MAX_ATTEMPTS = 4
BACK_OFF = (1_000_000, 5_000_000, 30_000_000)
"""Waiting time before the second, third and fourth attempt, in microseconds."""


_ZONE = "UTC"
"""The zone of an answer to an instance that is not there any more."""

Stop = Callable[[], bool]
"""Tells whether nothing more is to be begun."""


def never() -> bool:
    """Work goes on until nothing is due."""
    return False


class StoredRecords:
    """A table of reference data in the store: ``activities.activity.Records``. Every call is a transaction."""

    def __init__(self, store: Store, engagement: str, kind: str) -> None:
        self._store, self._engagement, self._kind = store, engagement, kind

    def get(self, key: str) -> Record | None:
        """The row of a key."""
        with self._store.looking() as tx:
            row = tx.reference(self._engagement, self._kind, key)
        return None if row is None else _record(row)

    def there(self, key: str) -> bool:
        """Whether a key has a row; asked without keeping anybody from writing."""
        with self._store.reading() as tx:
            return tx.reference(self._engagement, self._kind, key) is not None

    def find(self, **equal: object) -> Sequence[Record]:
        """The rows whose named fields equal the given values, in sequence."""
        wanted = indexes(equal)
        with self._store.looking() as tx:
            rows = tx.find_references(self._engagement, self._kind, wanted)
        found = [_record(row) for row in rows]
        return [row for row in found if all(row.data.get(name) == value for name, value in equal.items())]

    def some(self, keys: Iterable[str]) -> Sequence[Record]:
        """The rows of some keys that are there, in sequence."""
        with self._store.transaction() as tx:
            return [_record(row) for row in tx.references_of(self._engagement, self._kind, list(keys))]

    def among(self, name: str, values: Iterable[str]) -> Sequence[Record]:
        """The rows whose field is one of some texts, in sequence."""
        wanted = set(values)
        with self._store.transaction() as tx:
            rows = tx.references_among(self._engagement, self._kind, [_index(name, value) for value in sorted(wanted)])
        return [row for row in map(_record, rows) if row.data.get(name) in wanted]

    def all_keys(self) -> list[str]:
        """The keys of all rows, in sequence."""
        with self._store.looking() as tx:
            return tx.reference_keys(self._engagement, self._kind)

    def put_once(self, key: str, data: Values) -> Record:
        """Adds a row, unless the key has one; gives the row that is stored now."""
        with self._store.transaction() as tx:
            return self._put(tx, key, data)

    def put_all(self, rows: Iterable[tuple[str, Values]], found_by: Sequence[str] | None = None) -> list[str]:
        """Adds many rows, all or none, leaving those whose key has one; the keys of those that are new.

        Args:
            rows: keys and data.
            found_by: fields by which they will be searched for; None: by any. A large table that says so is quicker.
        """
        written = [ReferenceChange(key, codec.encode_value(dict(data)), indexes(data, found_by)) for key, data in rows]
        with self._store.transaction() as tx:
            return tx.add_references(self._engagement, self._kind, written) if written else []

    def _put(self, tx: Transaction, key: str, data: Values) -> Record:
        stored = codec.encode_value(dict(data))
        return _record(tx.put_reference(self._engagement, self._kind, key, stored, indexes=indexes(data)))


class StoredContext:
    """What surrounds one run of an activity: ``activities.activity.ActivityContext`` over the store."""

    def __init__(self, store: Store, job: WaitRow, now: int) -> None:
        self._store, self._engagement = store, job.engagement
        self.now = now
        self.idempotency_key = f"{job.instance}:{job.wait}"

    @property
    def client(self) -> str | None:
        """Name of the client in the terms in force at the time of the job."""
        with self._store.transaction() as tx:
            found = terms_in_force(tx, self._engagement, self.now) if self._engagement else None
        return None if found is None else found.client.name

    def secret(self, purpose: str) -> bytes:
        """A key of the engagement, drawn when it is first asked for; it stands beside what it protects."""
        with self._store.transaction() as tx:
            row = tx.reference(self._engagement, SECRET, purpose)
            if row is None:
                drawn = codec.encode_value({"key": secrets.token_hex(32)})
                row = tx.put_reference(self._engagement, SECRET, purpose, drawn, indexes=[])
        return bytes.fromhex(str(codec.decode_value(row.data)["key"]))

    @contextmanager
    def together(self, kind: str) -> Iterator[None]:
        """One transaction; those of one engagement and kind wait for each other."""
        with self._store.transaction() as tx:
            tx.lock_references(self._engagement, kind)
            yield

    def read_document(self, name: str) -> bytes:
        """The content of a document, by its SHA-256."""
        with self._store.looking() as tx:
            found = tx.document(self._engagement, name)
        if found is None:
            raise HostError("document.unknown", f"There is no document {name!r} in the store.")
        return found[1]

    def records(self, kind: str) -> StoredRecords:
        """A table of reference data of the job's engagement."""
        return StoredRecords(self._store, self._engagement, kind)


class JobRunner:
    """Claims jobs, runs their activities, queues the results.

    Args:
        store: where jobs are.
        activities: by name.
        clock: gives the time.
        worker: name to claim under; the name of the process where left out (asked each time, as servers fork).
        hand: tells whoever watches this process which job is run.
    """

    def __init__(
        self,
        store: Store,
        activities: Mapping[str, Activity[Any, Any]],
        clock: Callable[[], int],
        worker: str | None,
        hand: Hand,
    ) -> None:
        self._store, self._activities, self._clock, self._worker = store, activities, clock, worker
        self._hand = hand

    def run(self, limit: int, stop: Stop = never) -> int:
        """Runs at most ``limit`` due jobs; how many. Results are stored together, at the latest after ``GROUP``.

        Once ``stop`` says so no other job is begun: those that were claimed are given back.
        """
        worker = self._worker or workers.name()
        now = self._clock()
        with self._store.transaction() as tx:
            jobs = deque(tx.take_jobs(worker, now, now + CLAIM, limit))
            zones = {number: row.zone for number, row in tx.look({job.instance for job in jobs}).items()}
        if not jobs:
            return 0
        done = 0
        with _Heartbeat(self._store, self._clock, worker, jobs):
            results: list[tuple[WaitRow, _Answer | int]] = []
            since = time.monotonic()
            for job in _taken(jobs):
                if stop():
                    jobs.appendleft(job)
                    break
                self._hand.begin(job.instance, job.wait)
                try:
                    results.append((job, self._outcome(job, zones.get(job.instance, _ZONE))))
                finally:
                    self._hand.empty()
                done += 1
                if time.monotonic() - since >= GROUP:
                    self._apply(results)
                    results, since = [], time.monotonic()
            self._apply(results)
            if jobs:
                with self._store.transaction() as tx:
                    self._return(tx, jobs)
        return done

    def _return(self, tx: Transaction, jobs: deque[WaitRow]) -> None:
        """Gives back what was claimed and not begun."""
        now = self._clock()
        for job in _taken(jobs):
            tx.release_job(job.instance, job.wait, job.due or now, forgiven=True)

    def give_up(self, held: Held, problem: HostError) -> None:
        """Lets a job fail for good that its worker was ended for."""
        with self._store.transaction() as tx:
            job = tx.find_wait(held.instance, held.wait)
        if job is not None and job.kind == JOB:
            answer = Fail(at=self._clock(), wait=job.wait, code=problem.code, message=problem.message)
            self._apply([(job, _Answer.of(answer))])

    def give_back(self) -> int:
        """Gives back what this worker claimed before its database went away; how many."""
        with self._store.transaction() as tx:
            return tx.release_jobs(self._worker or workers.name(), forgiven=True)

    def _outcome(self, job: WaitRow, zone: str) -> _Answer | int:
        """The command that answers a job, or when it is to be tried again."""
        try:
            result = self._call(job, self._clock())
            return _Answer.of(Resolve(at=self._clock(), wait=job.wait, variables=result, zone=zone))
        except Exception as problem:
            if isinstance(problem, HostError) and problem.code in STORE_FAULTS:
                raise  # no fault of the job: the claims are given back when the database is there again
            return self._failed(job, problem)

    def _call(self, job: WaitRow, now: int) -> dict[str, Any]:
        activity = self._activities.get(job.name or "")
        if activity is None:
            known = ", ".join(sorted(self._activities))
            raise HostError("activity.unknown", f"There is no activity {job.name!r}.", hint=f"Known are: {known}.")
        return activity.run(codec.decode_value(job.data), StoredContext(self._store, job, now))

    def _failed(self, job: WaitRow, problem: Exception) -> _Answer | int:
        now, problem = self._clock(), in_words(problem)
        final = isinstance(problem, AnyshoreError) and not isinstance(problem, HostError)
        log.warning("activity %s of instance %s failed (attempt %d): %s", job.name, job.instance, job.attempts, problem)
        if not final and job.attempts < MAX_ATTEMPTS:
            return now + BACK_OFF[job.attempts - 1]
        code = problem.code if isinstance(problem, AnyshoreError) else "activity.failed"
        message = str(problem) or type(problem).__name__
        return _Answer.of(Fail(at=now, wait=job.wait, code=code, message=message))

    def _apply(self, results: list[tuple[WaitRow, _Answer | int]]) -> None:
        """Queues the answers and takes the jobs off the list, together: each job is answered once.

        A job that is off the list was withdrawn, or answered by a worker that took it over.
        """
        if not results:
            return
        with self._store.transaction() as tx:
            open_jobs = tx.lock_waits([(job.instance, job.wait) for job, _ in results])
            done: list[WaitRow] = []
            answers: list[InboxRow] = []
            lost: list[WaitRow] = []
            for job, result in results:
                if (job.instance, job.wait) not in open_jobs:
                    continue
                if isinstance(result, int):
                    tx.release_job(job.instance, job.wait, result)
                    continue
                done.append(job)
                command = result.command
                if not detached.is_detached(job.wait):
                    answers.append(InboxRow(instance=job.instance, due=command.at, command=result.stored))
                elif isinstance(command, Fail):
                    lost.append(_lost(job, command))
            tx.drop_waits([(job.instance, job.wait) for job in done])
            tx.put_inbox(answers)
            if lost:
                _raise(tx, lost, self._clock())


@dataclass(frozen=True, slots=True)
class _Answer:
    """A command that answers a job, and its stored form: results are large, so they are written out once."""

    command: Command
    stored: bytes

    @classmethod
    def of(cls, command: Command) -> _Answer:
        return cls(command, codec.encode_command(command))


def _lost(job: WaitRow, answer: Fail) -> WaitRow:
    """The incident of a job that failed for good and that nobody waits for."""
    problem = {"code": answer.code, "message": answer.message}
    return detached.failed(job, f"{detached.ACTIVITY}{job.name}", codec.decode_value(job.data), problem)


def _raise(tx: Transaction, incidents: list[WaitRow], now: int) -> None:
    """Keeps the incidents of work nobody waits for, and notes them in the ledger, a chain at a time."""
    tx.add_waits(incidents)
    rows = tx.look({incident.instance for incident in incidents})
    for engagement in sorted({incident.engagement for incident in incidents} - {""}):
        writer = LedgerWriter(tx, engagement)
        for incident in incidents:
            if incident.engagement == engagement:
                row, fact = rows[incident.instance], detached.raised(incident)
                writer.add(now, fact.type, fact.data | {"digest": row.digest, "turn": row.turns}, row)
        writer.write()


def _taken(jobs: deque[WaitRow]) -> Iterator[WaitRow]:
    """Takes one after the other, as long as there are any. Worker and heartbeat may both take: each job is had once."""
    while True:
        try:
            yield jobs.popleft()
        except IndexError:
            return


class _Heartbeat:
    """Prolongs a worker's claim, so that no other takes a long job over, and gives back what has not begun."""

    def __init__(self, store: Store, clock: Callable[[], int], worker: str, jobs: deque[WaitRow]) -> None:
        self._store, self._clock, self._worker, self._jobs = store, clock, worker, jobs
        self._timer: threading.Timer | None = None
        self._over = False

    def __enter__(self) -> None:
        self._arm()

    def __exit__(self, *_: object) -> None:
        self._over = True
        if self._timer is not None:
            self._timer.cancel()

    def _arm(self) -> None:
        if self._store.shared and not self._over:
            self._timer = threading.Timer(CLAIM / 3_000_000, self._beat)
            self._timer.daemon = True
            self._timer.start()

    def _beat(self) -> None:
        try:
            with self._store.transaction() as tx:
                now = self._clock()
                for job in _taken(self._jobs):
                    tx.release_job(job.instance, job.wait, job.due or now, forgiven=True)
                tx.renew_jobs(self._worker, now + CLAIM)
        except HostError as problem:
            log.warning("claims were not prolonged: %s", problem)
        finally:
            self._store.release()
        self._arm()


def _record(row: ReferenceRow) -> Record:
    return Record(row.key, row.sequence, codec.decode_value(row.data))


def indexes(data: Values, names: Collection[str] | None = None) -> list[str]:
    """What a row of reference data can be found by: its top-level fields of one short value, or those named of them."""
    found = [
        _index(name, value)
        for name, value in data.items()
        if (names is None or name in names) and isinstance(value, (str, Decimal, bool))
    ]
    return [one for one in found if len(one) <= LONGEST]


def _index(name: str, value: object) -> str:
    return f"{name}={value.normalize() if isinstance(value, Decimal) else value}"
