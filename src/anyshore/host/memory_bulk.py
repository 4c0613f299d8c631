"""The store in memory: batches and their rows that wait."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from anyshore.host.bulk_ports import DONE, BatchRow
from anyshore.kernel.state import TIMER
from anyshore.terms import bulk


class MemoryBulk:
    """See ``host.bulk_ports.BulkTransaction``."""

    _t: dict[str, Any]

    def add_batch(self, row: BatchRow) -> bool:
        """See the port."""
        if self.find_batch(row.engagement, row.service, row.digest) is not None:
            return False
        self._t["batches"][row.id] = copy.copy(row)
        return True

    def find_batch(self, engagement: str, service: str, digest: str) -> BatchRow | None:
        """See the port."""
        place = (engagement, service, digest)
        rows = self._t["batches"].values()
        return next((copy.copy(row) for row in rows if (row.engagement, row.service, row.digest) == place), None)

    def batch(self, id: int, *, hold: bool = False) -> BatchRow | None:
        """See the port. Nobody else is there."""
        del hold
        found: BatchRow | None = self._t["batches"].get(id)
        return copy.copy(found)

    def save_batch(self, row: BatchRow) -> None:
        """See the port."""
        self._t["batches"][row.id] = copy.copy(row)

    def batches(self, engagement: str | None = None, *, unfinished: bool = False, limit: int = 100) -> list[BatchRow]:
        """See the port."""
        found = [
            copy.copy(row)
            for _, row in sorted(self._t["batches"].items(), reverse=True)
            if engagement in (None, row.engagement) and not (unfinished and row.status == DONE)
        ]
        return found[:limit]

    def add_waiting(self, template: Any, places: Iterable[tuple[int, str]]) -> None:
        """See the port."""
        for instance, reference in places:
            row = msgspec.structs.replace(template, instance=instance, reference=reference)
            self._t["waits"][instance, row.wait] = row

    def counted_anew(self) -> None:
        """See the port. Nothing is planned here."""

    def rows_due(self, now: int, limit: int) -> list[int]:
        """See the port."""
        due = sorted(
            (row.due, row.instance) for row in self._shells() if row.kind == TIMER and (row.due or 0) <= now
        )  # fmt: skip
        return [instance for _, instance in due[:limit]]

    def still_waiting(self, batch: int) -> list[tuple[str, int]]:
        """See the port."""
        first = {row.instance: row.element for row in self._shells() if row.instance // bulk.EACH == batch}
        return sorted(Counter(first.values()).items())

    def waiting_rows(self, batch: int, element: str, after: int, limit: int) -> Sequence[int]:
        """See the port."""
        found = {
            row.instance
            for row in self._shells()
            if row.instance // bulk.EACH == batch and row.element == element and row.instance > after
        }
        return sorted(found)[:limit]

    def _shells(self) -> list[Any]:
        return [
            row for row in self._t["waits"].values()
            if row.instance > bulk.EACH and row.instance not in self._t["instances"]
        ]  # fmt: skip
