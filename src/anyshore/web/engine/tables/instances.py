"""Instances, their logs, and the numbers they are given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from anyshore.host.ports import InstanceRow, Page, TurnRow
from anyshore.web.engine.tables.base import Tables, columns, insert, read, written

_COLUMNS = columns(InstanceRow)
_INSERT = insert("engine_instance", InstanceRow)
_INSERT_TURN = insert("engine_turn", TurnRow)
_CHANGES = ("definition", "key", "status", "state", "digest", "turns", "outcome", "ended")
_UPDATE = f"UPDATE engine_instance SET {', '.join(f'{name} = %s' for name in _CHANGES)} WHERE id = %s"


class Instances(Tables):
    """See ``host.ports.Transaction``."""

    def allocate(self, counter: str, count: int) -> int:
        """See the port."""
        row = self._row(
            "INSERT INTO engine_counter (name, value) VALUES (%s, %s) "
            "ON CONFLICT (name) DO UPDATE SET value = engine_counter.value + excluded.value RETURNING value",
            counter,
            count,
        )
        assert row is not None
        return int(row[0]) - count + 1

    def add_instances(self, rows: Sequence[InstanceRow]) -> None:
        """See the port."""
        self._run_many(_INSERT, [written(row) for row in rows])

    def find_reference(self, engagement: str, service: str, reference: str) -> int | None:
        """See the port. Two that start the same reference at once come one after the other."""
        self._serialise("reference", engagement, service, reference)
        row = self._row(
            "SELECT id FROM engine_instance WHERE engagement = %s AND service = %s AND reference = %s "
            "AND reference <> '' AND parent IS NULL ORDER BY id LIMIT 1",
            engagement,
            service,
            reference,
        )
        return None if row is None else int(row[0])

    def load(self, ids: Iterable[int]) -> dict[int, InstanceRow]:
        """See the port."""
        wanted = list(ids)
        sql = f"SELECT {_COLUMNS} FROM engine_instance WHERE id IN ({{ids}}) ORDER BY id{self._skip_locked}"
        found = {row[0]: read(InstanceRow, row) for row in self._among(sql, wanted)}
        return {number: found[number] for number in wanted if number in found}

    def children(self, parents: Sequence[tuple[int, int]]) -> list[int]:
        """See the port."""
        pairs = set(parents)
        sql = "SELECT id, parent, parent_wait FROM engine_instance WHERE parent IN ({ids}) ORDER BY id"
        found = self._among(sql, dict.fromkeys(parent for parent, _ in parents))
        return [number for number, parent, wait in found if (parent, wait) in pairs]

    def save(self, rows: Sequence[InstanceRow]) -> None:
        """See the port."""
        self._run_many(_UPDATE, [(*(getattr(row, name) for name in _CHANGES), row.id) for row in rows])

    def add_turns(self, rows: Sequence[TurnRow]) -> None:
        """See the port."""
        self._run_many(_INSERT_TURN, [written(row) for row in rows])

    def turns(self, instance: int) -> list[TurnRow]:
        """See the port."""
        sql = f"SELECT {columns(TurnRow)} FROM engine_turn WHERE instance = %s ORDER BY number"
        return [read(TurnRow, row) for row in self._rows(sql, instance)]

    def instances(self, page: Page) -> list[InstanceRow]:
        """See the port."""
        where, values = filters(page, ("kind", "engagement", "service", "status"))
        sql = f"SELECT {_COLUMNS} FROM engine_instance{where} ORDER BY id DESC LIMIT %s"
        return [read(InstanceRow, row) for row in self._rows(sql, *values, page.limit)]


def filters(page: Page, names: Sequence[str]) -> tuple[str, list[str]]:
    """The WHERE of a page, with its values."""
    given = [(name, value) for name in names if (value := getattr(page, name)) is not None]
    clause = " AND ".join(f"{name} = %s" for name, _ in given)
    return (f" WHERE {clause}" if clause else ""), [value for _, value in given]
