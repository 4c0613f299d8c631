"""What an activity may reach: its context, which the host implements.

An activity is a function of its input and this context alone. It can be run again with the same idempotency key, when a
run was killed before its result was stored; whatever it writes through ``Records.put_once`` stays single.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

Values = Mapping[str, object]


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

    def read_document(self, name: str) -> bytes:
        """The content of a document.

        Raises:
            HostError: there is no such document.
        """
        ...

    def records(self, kind: str) -> Records:
        """A table of reference data. Kinds in use are the rows of ``table.RECORD_KINDS``."""
        ...
