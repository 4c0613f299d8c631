"""What an activity is, and what it may reach: its context, which the host implements.

An activity is a function of its input and this context alone. It can be run again with the same idempotency key, when a
run was killed before its result was stored; whatever it writes through ``Records.put_once`` stays single.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from anyshore.base.plain import from_values, to_values

I = TypeVar("I")  # noqa: E741
O = TypeVar("O")  # noqa: E741

Values = Mapping[str, object]

Reader = Callable[[bytes, str], list[tuple[str, Values]]]
"""Reference data that people keep in a file: from its content and name to rows (key, data).

Raises ``DataError`` with every problem located.
"""


@dataclass(frozen=True, slots=True)
class Record:
    """A row of reference data.

    Attributes:
        key: unique in its table; the idempotency key of whoever wrote it, or a natural key.
        sequence: grows with every row of a table; an earlier row has a smaller one.
        data: plain values (str, Decimal, bool, date, list, dict).
    """

    key: str
    sequence: int
    data: Values


class Records(Protocol):
    """One table of reference data of one client, for example purchase orders or postings."""

    def get(self, key: str) -> Record | None:
        """The row of a key."""
        ...

    def find(self, **equal: object) -> Sequence[Record]:
        """The rows whose named fields equal the given values, in sequence.

        Args:
            equal: names of top-level fields of ``data``; text compares exactly, numbers by value.
        """
        ...

    def some(self, keys: Iterable[str]) -> Sequence[Record]:
        """The rows of some keys that are there, in sequence."""
        ...

    def among(self, name: str, values: Iterable[str]) -> Sequence[Record]:
        """The rows whose named field is one of some texts, in sequence."""
        ...

    def put_all(self, rows: Iterable[tuple[str, Values]], found_by: Sequence[str] | None = None) -> list[str]:
        """Adds many rows, all or none, leaving those whose key has one; the keys of those that are new.

        Args:
            rows: keys and data.
            found_by: fields by which they will be searched for; None: by any. A large table that says so is quicker.
        """
        ...

    def put_once(self, key: str, data: Values) -> Record:
        """Adds a row, unless the key has one; gives the row that is stored now, the old one where there was one."""
        ...


class ActivityContext(Protocol):
    """What surrounds one run of an activity."""

    @property
    def now(self) -> int:
        """Time of the command, microseconds since 1970-01-01T00:00Z."""
        ...

    @property
    def idempotency_key(self) -> str:
        """The same for every attempt at the same job, different for every other job."""
        ...

    @property
    def client(self) -> str | None:
        """Name of the client in the terms in force; none where no terms are signed."""
        ...

    def secret(self, purpose: str) -> bytes:
        """A key of the client for one purpose, the same for every job: at least 32 bytes nobody else knows."""
        ...

    def together(self, kind: str) -> AbstractContextManager[None]:
        """Keeps everything written within it or nothing; jobs that do so over one kind of records wait for each
        other."""
        ...

    def read_document(self, name: str) -> bytes:
        """The content of a document.

        Raises:
            HostError: there is no such document.
        """
        ...

    def records(self, kind: str) -> Records:
        """A table of reference data. Kinds in use stand in the tables of the families."""
        ...


@dataclass(frozen=True, slots=True)
class Activity(Generic[I, O]):
    """What a service task can name.

    Attributes:
        name: family and verb, for example ``einvoice.read``.
        summary: one line for people.
        function: from input and context to output.
        input: dataclass of the input.
        output: dataclass of the output.
        reads_documents: whether it opens documents.
        reads: kinds of records it reads.
        writes: kinds of records it appends to.
        tries: whether it only helps to try a service; no process may name it.
    """

    name: str
    summary: str
    function: Callable[[I, ActivityContext], O]
    input: type[I]
    output: type[O]
    reads_documents: bool = False
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    tries: bool = False

    def run(self, values: Mapping[str, object], context: ActivityContext) -> dict[str, object]:
        """Runs the activity on plain values.

        Raises:
            DataError: the input does not fit, with every field that does not.
        """
        return to_values(self.function(from_values(self.input, values, self.name), context))


@dataclass(frozen=True, slots=True)
class Family:
    """The table of one family of activities.

    Attributes:
        activities: what service tasks can name.
        records: kinds of records its activities read or write, and what a row of each is.
        readers: readers of reference data by the name a pack uses (``family.noun``), where columns are not enough.
    """

    activities: tuple[Activity[Any, Any], ...]
    records: Mapping[str, str] = field(default_factory=dict)
    readers: Mapping[str, Reader] = field(default_factory=dict)
