"""What arrives: receipts, versions of reference data, channels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from anyshore.host.intake_ports import (
    ChannelRow,
    ReceiptPage,
    ReceiptRow,
    ReferenceChange,
    ReferenceRow,
    SeenRow,
    VersionRow,
)
from anyshore.web.engine.tables.base import CHUNK, Tables, columns, insert, read

_ID = ("id",)
_VERSION_WITHOUT = columns(VersionRow, without=("content",))
_VERSION_NAMES = tuple(name for name in VersionRow.__struct_fields__ if name != "content")
_CHANGES = ("settings", "every", "due", "claimed_by", "claimed_until", "looked", "problem")


class Arrivals(Tables):
    """See ``host.intake_ports.IntakeTransaction``."""

    if TYPE_CHECKING:

        def allocate(self, counter: str, count: int) -> int: ...

    def add_receipts(self, rows: Sequence[ReceiptRow]) -> None:
        """See the port."""
        self._insert("engine_receipt", ReceiptRow, rows, _ID)

    def receipts(self, page: ReceiptPage) -> list[ReceiptRow]:
        """See the port."""
        where: str = "engagement = %s"
        values: list[Any] = [page.engagement]
        for name in ("service", "status"):
            if getattr(page, name):
                where, values = f"{where} AND {name} = %s", [*values, getattr(page, name)]
        if page.after is not None:
            where, values = f"{where} AND id < %s", [*values, page.after]
        sql = f"SELECT {columns(ReceiptRow)} FROM engine_receipt WHERE {where} ORDER BY id DESC LIMIT %s"
        return [read(ReceiptRow, row) for row in self._rows(sql, *values, page.limit)]

    def replace_references(
        self, engagement: str, kind: str, put: Sequence[ReferenceChange], drop: Sequence[str]
    ) -> None:
        """See the port."""
        known: dict[str, int] = {}
        gone = [*drop, *(one.key for one in put)]
        for start in range(0, len(gone), CHUNK):
            part = gone[start : start + CHUNK]
            where = f'WHERE engagement = %s AND kind = %s AND "key" IN ({",".join(["%s"] * len(part))})'
            sql = f'SELECT "key", sequence FROM engine_reference {where}'
            known |= {key: int(number) for key, number in self._rows(sql, engagement, kind, *part)}
            for table in ("engine_reference", "engine_referenceindex"):
                self._run(f"DELETE FROM {table} {where}", engagement, kind, *part)
        fresh = sum(one.key not in known for one in put)
        following = iter(range(first := self.allocate(f"reference:{engagement}:{kind}", fresh), first + fresh))
        self._run_many(
            'INSERT INTO engine_reference (engagement, kind, "key", sequence, data) VALUES (%s, %s, %s, %s, %s)',
            [
                (engagement, kind, one.key, known[one.key] if one.key in known else next(following), one.data)
                for one in put
            ],
        )
        self._run_many(
            'INSERT INTO engine_referenceindex (engagement, kind, value, "key") VALUES (%s, %s, %s, %s)',
            [(engagement, kind, value, one.key) for one in put for value in dict.fromkeys(one.indexes)],
        )

    def add_references(self, engagement: str, kind: str, rows: Sequence[ReferenceChange]) -> list[str]:
        """See the port."""
        self._serialise("reference data", engagement, kind)
        there = {row.key for row in self.references_of(engagement, kind, [one.key for one in rows])}
        fresh = list({one.key: one for one in reversed(rows) if one.key not in there}.values())[::-1]
        following = self.allocate(f"reference:{engagement}:{kind}", len(fresh)) if fresh else 0
        self._run_many(
            'INSERT INTO engine_reference (engagement, kind, "key", sequence, data) VALUES (%s, %s, %s, %s, %s)',
            [(engagement, kind, one.key, number, one.data) for number, one in enumerate(fresh, following)],
        )
        self._run_many(
            'INSERT INTO engine_referenceindex (engagement, kind, value, "key") VALUES (%s, %s, %s, %s)',
            [(engagement, kind, value, one.key) for one in fresh for value in dict.fromkeys(one.indexes)],
        )
        return [one.key for one in fresh]

    def references_of(self, engagement: str, kind: str, keys: Sequence[str]) -> list[ReferenceRow]:
        """See the port."""
        sql = 'SELECT "key", sequence, data FROM engine_reference WHERE engagement = %s AND kind = %s AND "key" IN ({})'
        return self._some(sql, engagement, kind, keys)

    def references_among(self, engagement: str, kind: str, indexes: Sequence[str]) -> list[ReferenceRow]:
        """See the port."""
        sql = (
            'SELECT r."key", r.sequence, r.data FROM engine_referenceindex i JOIN engine_reference r '
            'ON r.engagement = i.engagement AND r.kind = i.kind AND r."key" = i."key" '
            "WHERE i.engagement = %s AND i.kind = %s AND i.value IN ({})"
        )
        return self._some(sql, engagement, kind, indexes)

    def _some(self, sql: str, engagement: str, kind: str, values: Sequence[str]) -> list[ReferenceRow]:
        """The rows of a query whose ``{}`` stands for a list of values; each once, in sequence."""
        found: dict[str, ReferenceRow] = {}
        known = list(dict.fromkeys(values))
        for start in range(0, len(known), CHUNK):
            part = known[start : start + CHUNK]
            rows = self._rows(sql.format(",".join(["%s"] * len(part))), engagement, kind, *part)
            found |= {row[0]: ReferenceRow(*row) for row in rows}
        return sorted(found.values(), key=lambda row: row.sequence)

    def lock_references(self, engagement: str, kind: str) -> None:
        """See the port. The same name as for single rows: nobody adds one while a version is loaded."""
        self._serialise("reference data", engagement, kind)

    def add_version(self, row: VersionRow) -> None:
        """See the port."""
        self._insert("engine_version", VersionRow, [row])

    def versions(self, engagement: str, kind: str | None = None) -> list[VersionRow]:
        """See the port."""
        sql = f"SELECT {_VERSION_WITHOUT} FROM engine_version WHERE engagement = %s"
        values = [engagement]
        if kind is not None:
            sql, values = f"{sql} AND kind = %s", [engagement, kind]
        rows = self._rows(f"{sql} ORDER BY kind, number DESC", *values)
        return [VersionRow(**dict(zip(_VERSION_NAMES, row, strict=True))) for row in rows]

    def version(self, engagement: str, kind: str, number: int) -> VersionRow | None:
        """See the port."""
        sql = f"SELECT {columns(VersionRow)} FROM engine_version WHERE engagement = %s AND kind = %s AND number = %s"
        row = self._row(sql, engagement, kind, number)
        return None if row is None else read(VersionRow, row)

    def add_channel(self, row: ChannelRow) -> int:
        """See the port."""
        sql = insert("engine_channel", ChannelRow, without=_ID) + " RETURNING id"
        values = [getattr(row, name) for name in ChannelRow.__struct_fields__ if name != "id"]
        found = self._row(sql, *values)
        assert found is not None
        return int(found[0])

    def channels(self, engagement: str | None = None) -> list[ChannelRow]:
        """See the port."""
        sql, values = f"SELECT {columns(ChannelRow)} FROM engine_channel", []
        if engagement is not None:
            sql, values = f"{sql} WHERE engagement = %s", [engagement]
        return [read(ChannelRow, row) for row in self._rows(f"{sql} ORDER BY id", *values)]

    def take_channels(self, worker: str, now: int, until: int, limit: int) -> list[ChannelRow]:
        """See the port."""
        sql = f"SELECT {columns(ChannelRow)} FROM engine_channel WHERE due <= %s"
        sql += " AND (claimed_until IS NULL OR claimed_until <= %s) ORDER BY due, id LIMIT %s"
        rows = [read(ChannelRow, row) for row in self._rows(sql + self._skip_locked, now, now, limit)]
        for row in rows:
            row.claimed_by, row.claimed_until = worker, until
            self.save_channel(row)
        return rows

    def next_look(self) -> int | None:
        """See the port."""
        greatest = "GREATEST" if self._postgresql else "MAX"
        sql = f"SELECT {greatest}(due, COALESCE(claimed_until, 0)) AS at FROM engine_channel WHERE due IS NOT NULL"
        row = self._row(f"{sql} ORDER BY at LIMIT 1")
        return None if row is None else int(row[0])

    def save_channel(self, row: ChannelRow) -> None:
        """See the port."""
        kept = {"due": "CASE WHEN due IS NULL THEN NULL ELSE %s END"}
        changes = ", ".join(f"{name} = {kept.get(name, '%s')}" for name in _CHANGES)
        values = [getattr(row, name) for name in _CHANGES]
        self._run(f"UPDATE engine_channel SET {changes} WHERE id = %s", *values, row.id)

    def schedule_channel(self, id: int, due: int | None) -> None:
        """See the port."""
        self._run("UPDATE engine_channel SET due = %s WHERE id = %s", due, id)

    def drop_channel(self, id: int) -> None:
        """See the port."""
        self._run("DELETE FROM engine_seen WHERE channel = %s", id)
        self._run("DELETE FROM engine_channel WHERE id = %s", id)

    def seen(self, channel: int, keys: Iterable[str]) -> dict[str, SeenRow]:
        """See the port."""
        wanted = list(keys)
        found: dict[str, SeenRow] = {}
        for start in range(0, len(wanted), CHUNK):
            part = wanted[start : start + CHUNK]
            marks = ",".join(["%s"] * len(part))
            sql = f'SELECT {columns(SeenRow)} FROM engine_seen WHERE channel = %s AND "key" IN ({marks})'
            found |= {row[1]: read(SeenRow, row) for row in self._rows(sql, channel, *part)}
        return found

    def add_seen(self, rows: Sequence[SeenRow]) -> None:
        """See the port."""
        sql = insert("engine_seen", SeenRow) + ' ON CONFLICT (channel, "key") DO NOTHING'
        self._run_many(sql, [(row.channel, row.key, row.refused) for row in rows])
