"""Batches, and their rows that wait and are no instances yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from anyshore.host.bulk_ports import DONE, BatchRow
from anyshore.host.ports import WaitRow
from anyshore.terms import bulk
from anyshore.web.engine.tables.base import Tables, columns, insert, read, written

_BATCH = columns(BatchRow)
_CHANGES = ("status", "rows", "through", "waiting", "alone", "placed", "sequence", "data")
_WAIT = WaitRow.__struct_fields__
_TYPES = {
    "wait": "bigint", "kind": "text", "element": "text", "name": "text", "key": "text", "due": "bigint",
    "data": "bytea", "engagement": "text", "service": "text", "opened": "bigint", "claimed_by": "text",
    "claimed_until": "bigint", "attempts": "int",
}  # fmt: skip
_SHELL = "NOT EXISTS (SELECT 1 FROM engine_instance i WHERE i.id = w.instance)"


class Batches(Tables):
    """See ``host.bulk_ports.BulkTransaction``."""

    @property
    def _by_due(self) -> str:
        # As in ``due``: SQLite has no statistics and would look at every waiting timer.
        return "" if self._postgresql else " INDEXED BY engine_wait_timer"

    def add_batch(self, row: BatchRow) -> bool:
        """See the port."""
        return self._run(insert("engine_batch", BatchRow) + " ON CONFLICT DO NOTHING", *written(row)) == 1

    def find_batch(self, engagement: str, service: str, digest: str) -> BatchRow | None:
        """See the port."""
        sql = f"SELECT {_BATCH} FROM engine_batch WHERE engagement = %s AND service = %s AND digest = %s"
        row = self._row(sql, engagement, service, digest)
        return None if row is None else read(BatchRow, row)

    def batch(self, id: int, *, hold: bool = False) -> BatchRow | None:
        """See the port."""
        lock = " FOR UPDATE" if hold and self._postgresql else ""
        row = self._row(f"SELECT {_BATCH} FROM engine_batch WHERE id = %s{lock}", id)
        return None if row is None else read(BatchRow, row)

    def save_batch(self, row: BatchRow) -> None:
        """See the port."""
        changes = ", ".join(f'"{name}" = %s' for name in _CHANGES)
        values = [getattr(row, name) for name in _CHANGES]
        self._run(f"UPDATE engine_batch SET {changes} WHERE id = %s", *values, row.id)

    def batches(self, engagement: str | None = None, *, unfinished: bool = False, limit: int = 100) -> list[BatchRow]:
        """See the port."""
        where, values = ["status <> %s" if unfinished else "%s <> ''"], [DONE]
        if engagement is not None:
            where.append("engagement = %s")
            values.append(engagement)
        sql = f"SELECT {_BATCH} FROM engine_batch WHERE {' AND '.join(where)} ORDER BY id DESC LIMIT %s"
        return [read(BatchRow, row) for row in self._rows(sql, *values, limit)]

    def add_waiting(self, template: WaitRow, places: Iterable[tuple[int, str]]) -> None:
        """See the port."""
        numbers, references = zip(*places, strict=True)
        given = {"instance": "p.instance", "reference": "p.reference"}
        told = ", ".join(given.get(name, "%s") for name in _WAIT)
        common = [value for name, value in zip(_WAIT, written(template), strict=True) if name not in given]
        into = f"INSERT INTO engine_wait ({columns(WaitRow)}) SELECT {told}"
        # One statement for all: what they have in common travels once.
        if self._postgresql:
            rows = "unnest(%s::bigint[], %s::text[]) AS p(instance, reference)"
            types = ", ".join(given[name] if name in given else f"%s::{_TYPES[name]}" for name in _WAIT)
            sql = f"INSERT INTO engine_wait ({columns(WaitRow)}) SELECT {types} FROM {rows}"
            self._run(sql, *common, list(numbers), list(references))
        else:
            rows = "(SELECT json_extract(value, '$[0]') AS instance, json_extract(value, '$[1]') AS reference"
            pairs = msgspec.json.encode(list(zip(numbers, references, strict=True))).decode()
            self._run(f"{into} FROM {rows} FROM json_each(%s)) AS p", *common, pairs)

    def counted_anew(self) -> None:
        """See the port."""
        if self._postgresql:
            self._run("ANALYZE engine_wait")

    def rows_due(self, now: int, limit: int) -> list[int]:
        """See the port."""
        sql = f"SELECT w.instance FROM engine_wait w{self._by_due} WHERE w.kind = 'timer' AND w.due <= %s"
        sql = f"{sql} AND w.instance > {bulk.EACH} AND {_SHELL} ORDER BY w.due LIMIT %s"
        return [int(row[0]) for row in self._rows(sql, now, limit)]

    def still_waiting(self, batch: int) -> list[tuple[str, int]]:
        """See the port."""
        sql = (
            "SELECT w.element, COUNT(DISTINCT w.instance) FROM engine_wait w WHERE w.instance > %s AND w.instance < %s"
        )
        found = self._rows(
            f"{sql} AND {_SHELL} GROUP BY w.element ORDER BY w.element", batch * bulk.EACH, (batch + 1) * bulk.EACH
        )
        return [(element, int(number)) for element, number in found]

    def waiting_rows(self, batch: int, element: str, after: int, limit: int) -> Sequence[int]:
        """See the port."""
        sql = f"SELECT DISTINCT w.instance FROM engine_wait w WHERE w.instance > %s AND w.instance < %s AND {_SHELL}"
        sql += " AND w.element = %s ORDER BY w.instance LIMIT %s"
        first = max(batch * bulk.EACH, after)
        return [int(row[0]) for row in self._rows(sql, first, (batch + 1) * bulk.EACH, element, limit)]
