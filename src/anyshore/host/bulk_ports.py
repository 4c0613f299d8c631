"""What a store must keep of work that is decided many rows at a time. See ``ports``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from msgspec import Struct

READING, PLACING, DONE = "reading", "placing", "done"
"""How far a batch is: its rows are decided part by part, its exceptions are put into their queues, all is done."""


class BatchRow(Struct, kw_only=True):
    """A file of work that is decided over columns.

    Attributes:
        id: among the numbers of instances; see ``terms.bulk`` for the numbers of its rows.
        engagement: id of the engagement.
        service: id of the service.
        kind: the pack's kind of intake; empty for none.
        name: of the file.
        digest: SHA-256 of the file: the same file again is the same batch.
        definition: reference of the definition version its rows go through.
        at: when it arrived, microseconds since 1970 UTC: every row is of this time.
        by: who handed it over.
        zone: IANA time zone of its work.
        status: ``reading``, ``placing`` or ``done``.
        rows: how many rows were decided so far.
        through: how many of them reached an end.
        waiting: how many of them wait in a queue, or for a time, and become instances when somebody pulls one.
        alone: how many of them go as instances of their own.
        placed: up to which row those that wait or go alone stand in their queues.
        sequence: the ledger entry that tells of it; 0 before there is one.
        data: ``bulk.contents.Contents`` as JSON.
    """

    id: int
    engagement: str
    service: str
    kind: str = ""
    name: str
    digest: str
    definition: str
    at: int
    by: str | None = None
    zone: str = "UTC"
    status: str = READING
    rows: int = 0
    through: int = 0
    waiting: int = 0
    alone: int = 0
    placed: int = 0
    sequence: int = 0
    data: bytes = b""


class BulkTransaction(Protocol):
    """Batches and their rows that wait."""

    def add_batch(self, row: BatchRow) -> bool:
        """Keeps a new batch; False where one of the same engagement, service and digest is there."""

    def find_batch(self, engagement: str, service: str, digest: str) -> BatchRow | None:
        """The batch of a file."""

    def batch(self, id: int, *, hold: bool = False) -> BatchRow | None:
        """One batch; ``hold`` locks it until the transaction ends, and waits for whoever has it."""

    def save_batch(self, row: BatchRow) -> None:
        """Writes back what changes of a batch."""

    def batches(self, engagement: str | None = None, *, unfinished: bool = False, limit: int = 100) -> list[BatchRow]:
        """Batches, the newest first."""

    def add_waiting(self, template: Any, places: Iterable[tuple[int, str]]) -> None:
        """Opens the same wait for many rows of a batch, that are no instances yet.

        Args:
            template: the wait (``WaitRow``), of which instance and reference are of each row.
            places: number and reference of each.
        """

    def counted_anew(self) -> None:
        """Many waits were opened: whoever plans how to find them should know."""

    def rows_due(self, now: int, limit: int) -> list[int]:
        """Rows of batches that are no instances yet and for which a timer is due, oldest first."""

    def still_waiting(self, batch: int) -> list[tuple[str, int]]:
        """How many rows of a batch are no instances yet, by the element they wait at."""

    def waiting_rows(self, batch: int, element: str, after: int, limit: int) -> Sequence[int]:
        """Those rows, in order, from the one after a number."""
