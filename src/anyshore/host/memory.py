"""A store in memory: the twin of the database one, for tests, simulation and measuring."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import msgspec

from anyshore.host.intake_ports import ReferenceRow
from anyshore.host.memory_intake import TABLES, MemoryIntake
from anyshore.host.ports import (
    ACTIVE,
    ENDED,
    SIGNED,
    ArchivedRow,
    DefinitionRow,
    InboxRow,
    InstanceRow,
    LedgerRow,
    MessageName,
    MessageRow,
    OneTransaction,
    Page,
    TurnRow,
    WaitRow,
)
from anyshore.host.pseudonyms import pseudonym
from anyshore.kernel.state import INCIDENT, JOB

_ANSWERING = (ACTIVE, ENDED)
"""Instances that answer what is due; an ended one refuses."""


class MemoryStore:
    """Keeps all rows in dictionaries; an exception in a transaction restores them.

    Attributes:
        tables: the rows by table name.
        rollback: whether a failed transaction is undone by copying all tables first; off, it is quick and a failure
            leaves the store unusable.
    """

    shared = False

    def __init__(self, *, rollback: bool = True) -> None:
        self.rollback = rollback
        self.tables: dict[str, Any] = {
            "counters": {}, "instances": {}, "identities": {}, "turns": {}, "inbox": {}, "waits": {}, "messages": {},
            "heads": {}, "ledger": {}, "documents": {}, "rows": {}, "indexes": {}, "definitions": {},
            "archived": {}, **{name: {} for name in TABLES},
        }  # fmt: skip

    @contextmanager
    def transaction(self) -> Iterator[MemoryTransaction]:
        """Begins a transaction."""
        before = copy.deepcopy(self.tables) if self.rollback else None
        try:
            yield MemoryTransaction(self.tables)
        except BaseException:
            if before is not None:
                self.tables.clear()
                self.tables.update(before)
            raise

    def reading(self) -> AbstractContextManager[MemoryTransaction]:
        """See the port."""
        return self.transaction()

    @contextmanager
    def looking(self) -> Iterator[MemoryTransaction]:
        """See the port."""
        yield MemoryTransaction(self.tables)

    @contextmanager
    def advancing(self) -> Iterator[OneTransaction[MemoryTransaction]]:
        """See the port."""
        with self.transaction() as tx:
            yield OneTransaction(tx)

    def release(self) -> None:
        """See the port. Nothing is held."""


class MemoryTransaction(MemoryIntake):
    """See ``host.ports.Transaction``. Rows are copied on the way in and out, as a database does."""

    def __init__(self, tables: dict[str, Any]) -> None:
        self._t = tables

    def new_instances(self, count: int) -> list[int]:
        """See the port."""
        first = self.allocate("instance", count)
        return list(range(first, first + count))

    def add_instances(self, rows: Sequence[InstanceRow]) -> None:
        """See the port."""
        for row in rows:
            self._t["instances"][row.id] = copy.copy(row)
            if row.identity and row.parent is None:
                self._t["identities"].setdefault((row.engagement, row.service, row.identity), row.id)

    def find_identity(self, engagement: str, service: str, identity: str) -> int | None:
        """See the port."""
        found: int | None = self._t["identities"].get((engagement, service, identity))
        return found

    def find_started(self, engagement: str, service: str, identities: Sequence[str]) -> dict[str, int]:
        """See the port."""
        known = self._t["identities"]
        return {one: known[engagement, service, one] for one in identities if (engagement, service, one) in known}

    def load(self, ids: Iterable[int]) -> dict[int, InstanceRow]:
        """See the port."""
        instances = self._t["instances"]
        return {i: copy.copy(instances[i]) for i in ids if i in instances}

    def hold(self, instance: int, patience: float) -> InstanceRow | None:
        """See the port. Nobody else has it: the store is not shared."""
        return self.load([instance]).get(instance)

    def look(self, ids: Iterable[int]) -> dict[int, InstanceRow]:
        """See the port."""
        return {number: msgspec.structs.replace(row, state=b"") for number, row in self.load(ids).items()}

    def ended(self, before: int, limit: int) -> list[InstanceRow]:
        """See the port."""
        started = {row.instance for row in self._t["waits"].values() if row.kind in (JOB, INCIDENT)}
        rows = [
            row
            for row in self._t["instances"].values()
            if row.ended is not None and row.ended < before and row.id not in started
        ]
        return [copy.copy(row) for row in sorted(rows, key=lambda row: (row.ended, row.id))[:limit]]

    def drop_instance(self, instance: int) -> tuple[list[int], list[InboxRow]]:
        """See the port."""
        self._t["waits"] = {key: row for key, row in self._t["waits"].items() if key[0] != instance}
        queued = self.queued(instance)
        self.drop_inbox([row.id for row in queued])
        rows = self._t["instances"].values()
        return [row.id for row in rows if row.parent == instance and row.status != ENDED], queued

    def children(self, parents: Sequence[tuple[int, int]]) -> list[int]:
        """See the port."""
        wanted = set(parents)
        return [row.id for row in self._t["instances"].values() if (row.parent, row.parent_wait) in wanted]

    def save(self, rows: Sequence[InstanceRow]) -> None:
        """See the port."""
        for row in rows:
            changed = copy.copy(row)
            if row.covered != row.turns:
                changed.state = self._t["instances"][row.id].state
            self._t["instances"][row.id] = changed

    def archive(self, rows: Sequence[ArchivedRow], ids: Sequence[int]) -> None:
        """See the port."""
        for row in rows:
            self._t["archived"][row.engagement, row.service, row.reference] = row
        for number in ids:
            self._t["instances"].pop(number, None)
            self._t["turns"].pop(number, None)
        gone = set(ids)
        self._t["inbox"] = {key: row for key, row in self._t["inbox"].items() if row.instance not in gone}

    def archived(self, engagement: str, service: str, reference: str) -> ArchivedRow | None:
        """See the port."""
        found: ArchivedRow | None = self._t["archived"].get((engagement, service, reference))
        return found

    def add_turns(self, rows: Sequence[TurnRow]) -> None:
        """See the port."""
        for row in rows:
            self._t["turns"].setdefault(row.instance, []).append(row)

    def put_inbox(self, rows: Sequence[InboxRow]) -> None:
        """See the port."""
        for row in rows:
            number = self.allocate("inbox", 1)
            self._t["inbox"][number] = msgspec.structs.replace(row, id=number)

    def queued(self, instance: int) -> list[InboxRow]:
        """See the port."""
        found = [row for row in self._t["inbox"].values() if row.instance == instance]
        return sorted(found, key=lambda row: (row.due, row.id))

    def take_due(self, now: int, limit: int) -> tuple[list[InboxRow], list[WaitRow]]:
        """See the port."""
        instances = self._t["instances"]
        inbox = [
            row for row in self._t["inbox"].values() if row.due <= now and instances[row.instance].status in _ANSWERING
        ]
        timers = [
            row
            for row in self._t["waits"].values()
            if row.kind == "timer" and row.due is not None and row.due <= now
            and instances[row.instance].status in _ANSWERING
        ]  # fmt: skip
        order = sorted([(r.due, r.id, r.instance) for r in inbox] + [(r.due, r.wait, r.instance) for r in timers])
        chosen = set(list(dict.fromkeys(instance for _, _, instance in order))[:limit])
        return (
            sorted((r for r in inbox if r.instance in chosen), key=lambda r: (r.due, r.id)),
            sorted((copy.copy(r) for r in timers if r.instance in chosen), key=lambda r: (r.due, r.instance, r.wait)),
        )

    def take_due_of(self, now: int, instance: int) -> tuple[list[InboxRow], list[WaitRow]]:
        """See the port."""
        inbox, timers = self.take_due(now, len(self._t["instances"]))
        return [r for r in inbox if r.instance == instance], [r for r in timers if r.instance == instance]

    def drop_inbox(self, ids: Sequence[int]) -> None:
        """See the port."""
        for number in ids:
            self._t["inbox"].pop(number, None)

    def add_waits(self, rows: Sequence[WaitRow]) -> None:
        """See the port."""
        for row in rows:
            self._t["waits"][row.instance, row.wait] = copy.copy(row)

    def drop_waits(self, keys: Sequence[tuple[int, int]]) -> None:
        """See the port."""
        for key in keys:
            self._t["waits"].pop(key, None)

    def find_wait(self, instance: int, wait: int) -> WaitRow | None:
        """See the port."""
        row: WaitRow | None = self._t["waits"].get((instance, wait))
        return copy.copy(row)

    def lock_waits(self, keys: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
        """See the port."""
        return {key for key in keys if key in self._t["waits"]}

    def take_jobs(self, worker: str, now: int, until: int, limit: int) -> list[WaitRow]:
        """See the port."""
        taken = []
        for row in self._t["waits"].values():
            free = row.claimed_until is None or row.claimed_until <= now
            due = row.due is None or row.due <= now
            if row.kind == "job" and free and due and self._t["instances"][row.instance].status in _ANSWERING:
                row.claimed_by, row.claimed_until, row.attempts = worker, until, row.attempts + 1
                taken.append(copy.copy(row))
                if len(taken) == limit:
                    break
        return taken

    def release_job(self, instance: int, wait: int, due: int, *, forgiven: bool = False) -> None:
        """See the port."""
        row = self._t["waits"].get((instance, wait))
        if row is not None:
            row.claimed_by, row.claimed_until, row.due = None, None, due
            row.attempts -= forgiven

    def job_holders(self) -> list[str]:
        """See the port."""
        return sorted({row.claimed_by for row in self._t["waits"].values() if row.kind == "job" and row.claimed_by})

    def release_jobs(self, worker: str, *, forgiven: bool = False) -> int:
        """See the port."""
        held = [row for row in self._t["waits"].values() if row.kind == "job" and row.claimed_by == worker]
        for row in held:
            row.claimed_by, row.claimed_until = None, None
            row.attempts -= forgiven
        return len(held)

    def renew_jobs(self, worker: str, until: int) -> None:
        """See the port."""
        for row in self._t["waits"].values():
            if row.kind == "job" and row.claimed_by == worker and row.claimed_until is not None:
                row.claimed_until = until

    def claim_work(self, instance: int, wait: int, person: str | None) -> bool:
        """See the port."""
        row = self._t["waits"].get((instance, wait))
        if row is None or (person is not None and row.claimed_by not in (None, person)):
            return False
        row.claimed_by = person
        return True

    def subscribers(
        self, engagement: str, kind: str, name: str, key: str | None, limit: int | None = None
    ) -> list[WaitRow]:
        """See the port."""
        found = [
            copy.copy(row)
            for row in self._t["waits"].values()
            if (row.kind, row.name, row.engagement) == (kind, name, engagement)
            and (kind != "message" or row.key == key)
        ]
        return sorted(found, key=lambda row: (row.opened, row.instance, row.wait))[:limit]

    def lock_names(self, names: Iterable[MessageName]) -> None:
        """See the port. Nobody else is here."""

    def kept_names(self, names: Iterable[MessageName]) -> set[MessageName]:
        """See the port."""
        return {(row.engagement, row.name, row.key) for row in self._t["messages"].values()} & set(names)

    def keep_message(self, row: MessageRow) -> None:
        """See the port."""
        number = self.allocate("messages", 1)
        self._t["messages"][number] = msgspec.structs.replace(row, id=number)

    def take_message(self, engagement: str, name: str, key: str | None, now: int) -> MessageRow | None:
        """See the port."""
        for number, row in self._t["messages"].items():
            if (row.engagement, row.name, row.key) == (engagement, name, key) and row.expires > now:
                found: MessageRow = self._t["messages"].pop(number)
                return found
        return None

    def drop_messages(self, now: int) -> int:
        """See the port."""
        gone = [number for number, row in self._t["messages"].items() if row.expires <= now]
        for number in gone:
            del self._t["messages"][number]
        return len(gone)

    def pseudonyms(self, addresses: Iterable[str]) -> dict[str, str]:
        """See the port. What is gone with its process needs no salt, and comes to the same every time."""
        return {one: pseudonym(one, b"in memory") for one in addresses}

    def ledger_head(self, engagement: str) -> tuple[int, str]:
        """See the port."""
        head: tuple[int, str] = self._t["heads"].get(engagement, (0, ""))
        return head

    def ledger_time(self, engagement: str, sequence: int) -> int:
        """See the port."""
        rows = self._t["ledger"].get(engagement, [])
        return int(rows[sequence - 1].at) if 0 < sequence <= len(rows) else 0

    def add_ledger(self, rows: Sequence[LedgerRow], heads: Mapping[str, tuple[int, str]]) -> None:
        """See the port."""
        for row in rows:
            self._t["ledger"].setdefault(row.engagement, []).append(row)
        self._t["heads"].update(heads)

    def signed(self, engagement: str) -> list[LedgerRow]:
        """See the port."""
        return [row for row in self._t["ledger"].get(engagement, []) if row.type == SIGNED]

    def put_document(self, engagement: str, digest: str, name: str, content: bytes) -> None:
        """See the port."""
        self._t["documents"].setdefault((engagement, digest), (name, content))

    def document(self, engagement: str, digest: str) -> tuple[str, bytes] | None:
        """See the port."""
        found: tuple[str, bytes] | None = self._t["documents"].get((engagement, digest))
        return found

    def put_reference(
        self, engagement: str, kind: str, key: str, data: bytes, *, indexes: Sequence[str] = (), replace: bool = False
    ) -> ReferenceRow:
        """See the port."""
        place = (engagement, kind, key)
        old: ReferenceRow | None = self._t["rows"].get(place)
        if old is not None and not replace:
            return old
        sequence = old.sequence if old else self.allocate(f"reference:{engagement}:{kind}", 1)
        for keys in self._t["indexes"].values():
            keys.discard(place)
        row = self._t["rows"][place] = ReferenceRow(key, sequence, data)
        for index in indexes:
            self._t["indexes"].setdefault((engagement, kind, index), set()).add(place)
        return row

    def reference(self, engagement: str, kind: str, key: str) -> ReferenceRow | None:
        """See the port."""
        found: ReferenceRow | None = self._t["rows"].get((engagement, kind, key))
        return found

    def find_references(self, engagement: str, kind: str, indexes: Sequence[str] = ()) -> list[ReferenceRow]:
        """See the port."""
        if indexes:
            keys = set.intersection(*(self._t["indexes"].get((engagement, kind, index), set()) for index in indexes))
        else:
            keys = {key for key in self._t["rows"] if key[:2] == (engagement, kind)}
        return sorted((self._t["rows"][key] for key in keys), key=lambda row: row.sequence)

    def reference_keys(self, engagement: str, kind: str) -> list[str]:
        """See the port."""
        return [row.key for row in self.find_references(engagement, kind)]

    def add_definitions(self, rows: Sequence[DefinitionRow]) -> None:
        """See the port."""
        for row in rows:
            self._t["definitions"].setdefault(row.deployment, []).append(row)

    def definitions(self, deployment: int) -> list[DefinitionRow]:
        """See the port."""
        return sorted(self._t["definitions"].get(deployment, []), key=lambda row: row.name)

    def deployments(self, after: int) -> list[int]:
        """See the port."""
        return sorted(number for number in self._t["definitions"] if number > after)

    def latest_deployment(self, pack: str) -> tuple[int, str] | None:
        """See the port."""
        found = [(n, rows[0].digest) for n, rows in self._t["definitions"].items() if rows[0].pack == pack]
        return max(found, default=None)

    def wake(self) -> None:
        """See the port. Nobody sleeps here."""

    def turns(self, instance: int, after: int = 0) -> list[TurnRow]:
        """See the port."""
        return [row for row in self._t["turns"].get(instance, []) if row.number > after]

    def logs(self, instances: Sequence[int]) -> list[TurnRow]:
        """See the port."""
        return [row for number in sorted(instances) for row in self._t["turns"].get(number, [])]

    def instances(self, page: Page) -> list[InstanceRow]:
        """See the port."""
        names = ("kind", "engagement", "service", "status", "definition")
        rows = sorted(self._t["instances"].values(), key=lambda row: row.id, reverse=True)
        found = [
            copy.copy(row)
            for row in rows
            if _fits(row, page, names)
            and (page.after is None or row.id < page.after[0])
            and (page.ended_before is None or (row.ended is not None and row.ended < page.ended_before))
        ]
        return found[: page.limit]

    def waits(self, page: Page) -> list[WaitRow]:
        """See the port."""
        names = ("kind", "engagement", "service", "name", "element")
        rows = sorted(self._t["waits"].values(), key=lambda row: (row.opened, row.instance, row.wait))
        found = [
            copy.copy(row)
            for row in rows
            if _fits(row, page, names) and (page.after is None or (row.opened, row.instance, row.wait) > page.after)
        ]
        return found[: page.limit]

    def ledger(self, engagement: str) -> Iterable[LedgerRow]:
        """See the port."""
        return list(self._t["ledger"].get(engagement, []))

    def next_due(self) -> int | None:
        """See the port."""
        active = {i for i, row in self._t["instances"].items() if row.status in _ANSWERING}
        dues = [row.due for row in self._t["inbox"].values() if row.instance in active]
        dues += [
            max(row.due or 0, row.claimed_until or 0)
            for row in self._t["waits"].values()
            if row.kind in ("timer", "job") and row.instance in active
        ]
        dues += [max(row.due, row.claimed_until or 0) for row in self._t["channels"].values() if row.due is not None]
        return min(dues, default=None)


def _fits(row: InstanceRow | WaitRow, page: Page, names: Sequence[str]) -> bool:
    return all(getattr(page, name) is None or getattr(row, name) == getattr(page, name) for name in names)
