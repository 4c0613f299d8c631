"""A context in memory: for tests, samples and simulation."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from anyshore.activities.activity import Record, Values
from anyshore.base.errors import HostError

_Index = dict[tuple[object, ...], list[Record]]


@dataclass(slots=True)
class MemoryRecords:
    """A table in memory. The fields a search names are indexed at the first such search.

    Attributes:
        rows: by key, in sequence.
    """

    rows: dict[str, Record] = field(default_factory=dict)
    _indexes: dict[tuple[str, ...], _Index] = field(default_factory=dict, repr=False)

    def get(self, key: str) -> Record | None:
        """The row of a key."""
        return self.rows.get(key)

    def find(self, **equal: object) -> Sequence[Record]:
        """The rows whose fields equal the given values, in sequence."""
        names = tuple(sorted(equal))
        if names not in self._indexes:
            self._indexes[names] = {}
            for row in self.rows.values():
                self._indexes[names].setdefault(_values(row.data, names), []).append(row)
        return list(self._indexes[names].get(_values(equal, names), ()))

    def some(self, keys: Iterable[str]) -> Sequence[Record]:
        """The rows of some keys that are there, in sequence."""
        found = [self.rows[key] for key in dict.fromkeys(keys) if key in self.rows]
        return sorted(found, key=lambda row: row.sequence)

    def among(self, name: str, values: Iterable[str]) -> Sequence[Record]:
        """The rows whose field is one of some texts, in sequence."""
        found = [row for value in dict.fromkeys(values) for row in self.find(**{name: value})]
        return sorted(found, key=lambda row: row.sequence)

    def put_all(self, rows: Iterable[tuple[str, Values]], found_by: Sequence[str] | None = None) -> list[str]:
        """Adds many rows, leaving those whose key has one; the keys of those that are new."""
        del found_by
        before = len(self.rows)
        for key, data in rows:
            self.put_once(key, data)
        return list(self.rows)[before:]

    def put_once(self, key: str, data: Values) -> Record:
        """Adds a row, unless the key has one; gives the row that is stored."""
        if key not in self.rows:
            row = self.rows[key] = Record(key, len(self.rows) + 1, dict(data))
            for names, index in self._indexes.items():
                index.setdefault(_values(row.data, names), []).append(row)
        return self.rows[key]

    def cut(self, size: int) -> None:
        """Takes back the rows that were added after the first ``size``."""
        for key in list(self.rows)[size:]:
            del self.rows[key]
        self._indexes.clear()


def _values(data: Mapping[str, object], names: tuple[str, ...]) -> tuple[object, ...]:
    """The values of fields; what cannot be hashed (lists, contexts) is compared by its text."""
    values = (data.get(name) for name in names)
    return tuple(v if isinstance(v, Hashable) else repr(v) for v in values)


@dataclass(slots=True)
class MemoryContext:
    """A context in memory.

    Attributes:
        now: microseconds since 1970-01-01T00:00Z.
        idempotency_key: key of the job.
        documents: content by name.
        tables: rows by kind.
        client: name of the client.
    """

    now: int = 0
    idempotency_key: str = "job-1"
    documents: Mapping[str, bytes] = field(default_factory=dict)
    tables: dict[str, MemoryRecords] = field(default_factory=dict)
    client: str | None = None

    def secret(self, purpose: str) -> bytes:
        """A key, in memory the same in every process."""
        return hashlib.sha256(f"memory {purpose}".encode()).digest()

    @contextmanager
    def together(self, kind: str) -> Iterator[None]:
        """Takes the rows back that were added within, where it fails; in memory there is one job at a time."""
        del kind
        before = {name: len(table.rows) for name, table in self.tables.items()}
        try:
            yield
        except BaseException:
            for name, table in self.tables.items():
                table.cut(before.get(name, 0))
            raise

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
