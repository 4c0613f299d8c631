"""A context in memory: for tests, samples and simulation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from anyshore.activities.ports import Record, Values
from anyshore.base.errors import HostError


@dataclass(slots=True)
class MemoryRecords:
    """A table in memory.

    Attributes:
        rows: by key, in sequence.
    """

    rows: dict[str, Record] = field(default_factory=dict)

    def get(self, key: str) -> Record | None:
        """The row of a key."""
        return self.rows.get(key)

    def find(self, **equal: object) -> Sequence[Record]:
        """The rows whose fields equal the given values, in sequence."""
        return [r for r in self.rows.values() if all(r.data.get(name) == value for name, value in equal.items())]

    def put_once(self, key: str, data: Values) -> Record:
        """Adds a row, unless the key has one; gives the row that is stored."""
        return self.rows.setdefault(key, Record(key, len(self.rows) + 1, dict(data)))


@dataclass(slots=True)
class MemoryContext:
    """A context in memory.

    Attributes:
        now: microseconds since 1970-01-01T00:00Z.
        idempotency_key: key of the job.
        documents: content by name.
        tables: rows by kind.
    """

    now: int = 0
    idempotency_key: str = "job-1"
    documents: Mapping[str, bytes] = field(default_factory=dict)
    tables: dict[str, MemoryRecords] = field(default_factory=dict)

    def read_document(self, name: str) -> bytes:
        """The content of a document."""
        if name not in self.documents:
            known = ", ".join(sorted(self.documents)) or "none"
            raise HostError("document.unknown", f"There is no document {name!r}.", hint=f"Known are: {known}.")
        return self.documents[name]

    def records(self, kind: str) -> MemoryRecords:
        """A table, empty at first."""
        return self.tables.setdefault(kind, MemoryRecords())

    def load(self, kind: str, rows: Iterable[tuple[str, Values]]) -> None:
        """Fills a table."""
        for key, data in rows:
            self.records(kind).put_once(key, data)

    def with_key(self, idempotency_key: str) -> MemoryContext:
        """The context of another job over the same documents and tables."""
        return replace(self, idempotency_key=idempotency_key)
