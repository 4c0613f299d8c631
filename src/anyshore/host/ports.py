"""What a store must do for the host. One transaction holds everything one batch changes (law 7).

Rows are plain structs; bytes are the kernel's stored form. A store knows nothing of engines: it keeps rows, finds the
due ones, and locks the instances it hands out, so that no two workers ever hold the same one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from anyshore.host.intake_ports import IntakeTransaction, ReferenceRow
from anyshore.host.pseudonyms import PersonTransaction

ACTIVE, SUSPENDED, ENDED, BROKEN = "active", "suspended", "ended", "broken"

STORE_FAULTS = frozenset({"store.unavailable", "store.busy", "store.full", "store.corrupt", "store.read-only"})
"""Codes of errors of the store itself: no fault of the work in hand, which is done again."""

SIGNED = "engagement.signed"
"""Type of the ledger entry that holds an engagement's terms."""

MessageName = tuple[str, str, str | None]
"""Engagement, name and key of a message."""


class InstanceRow(Struct, kw_only=True):
    """A running or ended instance.

    Attributes:
        id: unique in the store.
        definition: reference of its definition version.
        kind: ``process`` or ``case``.
        engagement: id of the engagement it is delivered under; empty for none.
        service: id of the service.
        reference: what people call it: an invoice number, a file name.
        identity: what makes it the same work as another: unique with engagement and service; empty where nothing does.
        status: ``active``, ``suspended``, ``ended`` or ``broken`` (it cannot be read or advanced; a fault of ours).
        state: the stored snapshot; empty before its first turn.
        digest: running SHA-256 over the records of all its turns, so that one hash proves them all.
        turns: how many turns it has had.
        outcome: how it ended.
        parent: the calling instance, and the ``wait`` there that its end resolves.
        created: microseconds since 1970 UTC; so is ``ended``.
        zone: IANA time zone its definition reads dates in.
        covered: how many of its turns the snapshot holds; the later ones are replayed from the log.
        since: bytes of records in the turns after the snapshot.
    """

    id: int
    definition: str
    kind: str
    key: str
    engagement: str = ""
    service: str = ""
    reference: str = ""
    status: str = ACTIVE
    state: bytes = b""
    digest: str = ""
    turns: int = 0
    outcome: str | None = None
    parent: int | None = None
    parent_wait: int | None = None
    created: int = 0
    ended: int | None = None
    zone: str = "UTC"
    covered: int = 0
    since: int = 0
    identity: str = ""


class TurnRow(Struct):
    """One command an instance answered at ``at``, with the records that followed; both in stored form.

    A command that stood in the inbox is kept as it was queued: it was answered as if asked at ``at``.
    """

    instance: int
    number: int
    at: int
    by: str | None
    command: bytes
    records: bytes


class InboxRow(Struct, kw_only=True):
    """A command that an instance has to answer.

    Attributes:
        id: given by the store; commands of one instance are answered in the order of due time, then id.
        due: not before this time, microseconds since 1970 UTC.
        command: in stored form.
        name: name of the message it hands over, if it does; with ``key`` and ``expires`` the message can be given to
            somebody else where the instance does not wait for it any more.
    """

    id: int = 0
    instance: int
    due: int
    command: bytes
    name: str | None = None
    key: str | None = None
    expires: int | None = None


class WaitRow(Struct, kw_only=True):
    """An open wait of an instance, as a row that can be found: a due timer, a job, a work item, a subscription.

    Attributes:
        data: in stored form (``codec.encode_value``).
        claimed_by: the person or worker that has it.
        claimed_until: a job's claim ends then, so that the job of a killed worker runs again.
        attempts: how often a job was tried.
        opened: microseconds since 1970 UTC.
    """

    instance: int
    wait: int
    kind: str
    element: str
    name: str | None = None
    key: str | None = None
    due: int | None = None
    data: bytes = b""
    engagement: str = ""
    service: str = ""
    reference: str = ""
    opened: int = 0
    claimed_by: str | None = None
    claimed_until: int | None = None
    attempts: int = 0


class MessageRow(Struct, kw_only=True):
    """A message nobody waits for yet, kept until ``expires``."""

    id: int = 0
    engagement: str
    name: str
    key: str | None
    data: bytes
    expires: int


class DefinitionRow(Struct, kw_only=True):
    """A deployed file: the definitions of one deployment share its number.

    Attributes:
        deployment: the number; grows with every deployment of the pack.
        pack: id of the pack.
        name: file name in the pack, for example ``request.bpmn``.
        content: the file.
        digest: SHA-256 of the whole deployment: deploying the same content again changes nothing.
    """

    deployment: int
    pack: str
    name: str
    content: bytes
    digest: str


class LedgerRow(Struct):
    """An entry of an engagement's ledger, as its canonical line."""

    engagement: str
    sequence: int
    at: int
    type: str
    instance: int | None
    line: bytes


class ArchivedRow(Struct, kw_only=True):
    """What stays of an instance whose history was moved to a file: enough to start its work only once.

    Attributes:
        file: name of the archive file.
    """

    id: int
    engagement: str
    service: str
    reference: str
    file: str
    identity: str = ""


class Page(Struct, kw_only=True):
    """What to list: at most ``limit`` rows; a filter that is None does not filter.

    Attributes:
        kind: ``process`` or ``case`` of an instance; kind of a wait.
        name: name of a wait: code of an incident, activity of a job.
        definition: reference of an instance's definition.
        element: element a wait stands at.
        ended_before: instances that ended before this time, microseconds since 1970 UTC.
        after: the last row of the page before: ``(id,)`` of an instance, ``(opened, instance, wait)`` of a wait.
    """

    kind: str | None = None
    engagement: str | None = None
    service: str | None = None
    status: str | None = None
    name: str | None = None
    definition: str | None = None
    element: str | None = None
    ended_before: int | None = None
    after: tuple[int, ...] | None = None
    limit: int = 100


class Transaction(IntakeTransaction, PersonTransaction, Protocol):
    """Reads and writes of one transaction. Everything is kept, or nothing is."""

    # numbers
    def allocate(self, counter: str, count: int) -> int:
        """The first of ``count`` fresh numbers of a named counter."""

    def new_instances(self, count: int) -> list[int]:
        """Fresh numbers for instances, rising. A failed transaction may lose some; nobody waits for another's."""

    # instances
    def add_instances(self, rows: Sequence[InstanceRow]) -> None:
        """Inserts new instances."""

    def find_identity(self, engagement: str, service: str, identity: str) -> int | None:
        """The instance (not a child) of that identity, also an archived one, for starting each thing once."""

    def find_started(self, engagement: str, service: str, identities: Sequence[str]) -> dict[str, int]:
        """The same for many references at once: those that are there."""

    def load(self, ids: Iterable[int]) -> dict[int, InstanceRow]:
        """The instances, locked for this transaction. Those another worker holds are left out."""

    def hold(self, instance: int, patience: float) -> InstanceRow | None:
        """The instance, locked for this transaction, after at most ``patience`` seconds of waiting for it.

        None where there is none.

        Raises:
            HostError: another worker kept it for longer (``store.busy``).
        """

    def look(self, ids: Iterable[int]) -> dict[int, InstanceRow]:
        """The instances as they stand, without their snapshots and without locking."""

    def ended(self, before: int, limit: int) -> list[InstanceRow]:
        """Instances that ended before a time, longest ago first, locked; those another worker holds are left out.

        So are those beside which work goes on that nobody waits for, or stands still with an incident.
        """

    def drop_instance(self, instance: int) -> tuple[list[int], list[InboxRow]]:
        """Removes all waits and queued commands of an instance.

        Returns:
            The instances it called that have not ended, and the commands.
        """

    def children(self, parents: Sequence[tuple[int, int]]) -> list[int]:
        """The instances called by these (instance, wait) pairs."""

    def save(self, rows: Sequence[InstanceRow]) -> None:
        """Writes back what a turn changes; the snapshot only where it holds all turns (``covered == turns``)."""

    def archive(self, rows: Sequence[ArchivedRow], ids: Sequence[int]) -> None:
        """Removes ended instances with their logs, and keeps what stays of them."""

    def archived(self, engagement: str, service: str, reference: str) -> ArchivedRow | None:
        """What stays of an archived instance, by its reference."""

    def add_turns(self, rows: Sequence[TurnRow]) -> None:
        """Appends to the log."""

    # what is due
    def put_inbox(self, rows: Sequence[InboxRow]) -> None:
        """Queues commands."""

    def take_due(self, now: int, limit: int) -> tuple[list[InboxRow], list[WaitRow]]:
        """The oldest due commands and due timers of at most ``limit`` active instances, and locks those instances.

        The instances of both lists together are at most ``limit``; all due rows of an instance come at once. Rows stay
        until ``drop_inbox`` or ``drop_waits``. Instances another worker holds are skipped, and so are suspended and
        broken ones: their rows wait. What an ended instance did not answer any more comes too: it will refuse, and a
        message among it can be given to somebody else.
        """

    def take_due_of(self, now: int, instance: int) -> tuple[list[InboxRow], list[WaitRow]]:
        """The same for one instance; nothing where it is not active or another worker holds it."""

    def queued(self, instance: int) -> list[InboxRow]:
        """The commands that wait for an instance, oldest first."""

    def drop_inbox(self, ids: Sequence[int]) -> None:
        """Removes answered commands."""

    # waits
    def add_waits(self, rows: Sequence[WaitRow]) -> None:
        """Inserts open waits."""

    def drop_waits(self, keys: Sequence[tuple[int, int]]) -> None:
        """Removes waits by (instance, wait); absent ones are no error."""

    def find_wait(self, instance: int, wait: int) -> WaitRow | None:
        """One open wait."""

    def lock_waits(self, keys: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
        """Those of the waits that are open, locked until the transaction ends."""

    def take_jobs(self, worker: str, now: int, until: int, limit: int) -> list[WaitRow]:
        """Claims due jobs that nobody holds (or whose claim has run out): sets claim and ``attempts + 1``.

        Those of suspended and broken instances wait.
        """

    def release_job(self, instance: int, wait: int, due: int, *, forgiven: bool = False) -> None:
        """Gives a job back, to be tried again at ``due``. ``forgiven``: the attempt does not count."""

    def job_holders(self) -> list[str]:
        """The workers that hold claims on jobs."""

    def release_jobs(self, worker: str, *, forgiven: bool = False) -> int:
        """Gives all jobs of a worker back, due at once; how many. ``forgiven``: the attempt does not count."""

    def renew_jobs(self, worker: str, until: int) -> None:
        """Prolongs all claims of a worker that still lives."""

    def claim_work(self, instance: int, wait: int, person: str | None) -> bool:
        """Gives an unclaimed work item to a person (None: gives it back). False if it is gone or another has it."""

    def subscribers(
        self, engagement: str, kind: str, name: str, key: str | None, limit: int | None = None
    ) -> list[WaitRow]:
        """Waits for a message, signal or condition of that name, oldest first.

        ``key`` counts for messages alone: None matches only waits without one.
        """

    def lock_names(self, names: Iterable[MessageName]) -> None:
        """Serialises everyone who sends or awaits these messages until the transaction ends.

        Called once in a transaction, before it changes any wait: so that no two transactions wait for each other.
        """

    # messages nobody waits for yet
    def kept_names(self, names: Iterable[MessageName]) -> set[MessageName]:
        """Those of the names under which a message is kept."""

    def keep_message(self, row: MessageRow) -> None:
        """Keeps a message until it expires."""

    def take_message(self, engagement: str, name: str, key: str | None, now: int) -> MessageRow | None:
        """Removes and returns the oldest kept message that fits and has not expired."""

    def drop_messages(self, now: int) -> int:
        """Removes messages that have expired; how many."""

    # ledger
    def ledger_head(self, engagement: str) -> tuple[int, str]:
        """Sequence and hash of the last entry, (0, "") for none; locks the chain for this transaction."""

    def ledger_time(self, engagement: str, sequence: int) -> int:
        """When an entry is dated, microseconds since 1970 UTC; 0 where there is none."""

    def add_ledger(self, rows: Sequence[LedgerRow], heads: Mapping[str, tuple[int, str]]) -> None:
        """Appends entries and moves the heads."""

    def signed(self, engagement: str) -> list[LedgerRow]:
        """The entries that signed an engagement's terms, in order of sequence."""

    # what activities and people need
    def put_document(self, engagement: str, digest: str, name: str, content: bytes) -> None:
        """Keeps a document of an engagement by its SHA-256; the same content again is no error."""

    def document(self, engagement: str, digest: str) -> tuple[str, bytes] | None:
        """Name and content. To know a digest gives nobody the document of another engagement."""

    def put_reference(
        self, engagement: str, kind: str, key: str, data: bytes, *, indexes: Sequence[str] = (), replace: bool = False
    ) -> ReferenceRow:
        """Keeps a row of reference data (an order, a posting) once per key; the row that is kept now.

        ``indexes`` are values it can be found by; with ``replace`` data and indexes of an existing row are replaced
        (its sequence stays).
        """

    def reference(self, engagement: str, kind: str, key: str) -> ReferenceRow | None:
        """One row of reference data."""

    def find_references(self, engagement: str, kind: str, indexes: Sequence[str] = ()) -> list[ReferenceRow]:
        """Rows of a kind in sequence: those kept under every one of the index values."""

    def reference_keys(self, engagement: str, kind: str) -> list[str]:
        """The keys of the rows of a kind in sequence, without what they hold."""

    # definitions
    def add_definitions(self, rows: Sequence[DefinitionRow]) -> None:
        """Keeps a deployment."""

    def definitions(self, deployment: int) -> list[DefinitionRow]:
        """The files of a deployment, in order of name."""

    def deployments(self, after: int) -> list[int]:
        """Numbers of the deployments after one, rising."""

    def latest_deployment(self, pack: str) -> tuple[int, str] | None:
        """Number and digest of a pack's newest deployment."""

    # workers that sleep
    def wake(self) -> None:
        """Tells waiting workers that something is due, once this transaction is committed."""

    # reading
    def turns(self, instance: int, after: int = 0) -> list[TurnRow]:
        """The log of an instance, oldest first, from the turn after ``after``."""

    def logs(self, instances: Sequence[int]) -> list[TurnRow]:
        """The whole logs of several instances, in order of instance and turn."""

    def instances(self, page: Page) -> list[InstanceRow]:
        """Instances, newest first."""

    def waits(self, page: Page) -> list[WaitRow]:
        """Open waits, oldest first."""

    def ledger(self, engagement: str) -> Iterable[LedgerRow]:
        """All entries in order of sequence."""

    def next_due(self) -> int | None:
        """When the next command, timer, job or look into a channel falls due."""


class Advance(Protocol):
    """Taking instances, computing with them as long as it takes, and writing what came of it."""

    def reading(self) -> AbstractContextManager[Transaction]:
        """A transaction in which instances are taken and read. It keeps nobody from writing to other ones."""

    def writing(self) -> AbstractContextManager[Transaction]:
        """The transaction in which the changes are written, after ``reading``; it may be the same one.

        Where it is another, others may have written meanwhile: compare before anything is written.
        """


Within = TypeVar("Within", bound=Transaction, covariant=True)


@dataclass(frozen=True, slots=True)
class OneTransaction(Generic[Within]):
    """An ``Advance`` of a store that locks what is taken one by one: all of it is one transaction."""

    tx: Within

    def reading(self) -> AbstractContextManager[Within]:
        """See ``Advance``."""
        return nullcontext(self.tx)

    def writing(self) -> AbstractContextManager[Within]:
        """See ``Advance``."""
        return nullcontext(self.tx)


class Store(Protocol):
    """Opens transactions. A worker uses one store per thread.

    Attributes:
        shared: whether other threads and processes may use it at the same time.
    """

    shared: bool

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Begins a transaction; it is committed at the end of the block and rolled back by an exception."""

    def looking(self) -> AbstractContextManager[Transaction]:
        """For one look that changes nothing: without a transaction of its own, so it waits for nobody.

        Two looks in it may see different moments.
        """

    def reading(self) -> AbstractContextManager[Transaction]:
        """Begins a transaction that only looks: it keeps nobody from writing."""

    def advancing(self) -> AbstractContextManager[Advance]:
        """Holds what is taken in it against other workers until the end of the block, and nobody else from writing.

        Raises:
            HostError: other workers are at it for longer than is waited (``store.busy``).
        """

    def release(self) -> None:
        """Closes what this thread holds: its connection. The next transaction opens it again."""
