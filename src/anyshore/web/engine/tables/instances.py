"""Instances, their logs, and the numbers they are given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from anyshore.host import following
from anyshore.host.ports import ENDED, ArchivedRow, InboxRow, InstanceRow, Page, TurnRow
from anyshore.web.engine.tables.base import CHUNK, Tables, columns, insert, read, written

_COLUMNS = columns(InstanceRow)
_NAMES = tuple(name for name in InstanceRow.__struct_fields__ if name != "state")
_WITHOUT_STATE = columns(InstanceRow, without=("state",))
_TYPES = {
    "definition": "text", "key": "text", "status": "text", "digest": "text", "turns": "int", "outcome": "text",
    "ended": "bigint", "since": "bigint", "covered": "int", "state": "bytea",
}  # fmt: skip
_CHANGES = tuple(_TYPES)
_LAGGING = tuple(name for name in _CHANGES if name not in ("state", "covered"))


def _update(names: Sequence[str]) -> str:
    return f"UPDATE engine_instance SET {', '.join(f'{name} = %s' for name in names)} WHERE id = %s"


def _update_postgresql(names: Sequence[str]) -> str:
    """All rows in one statement; the ids stand there twice, so that the rows are found by them in every plan.

    The values travel in binary: bytes as text would be twice as long, and written and read by the character.
    """
    arrays = ", ".join(f"%b::{_TYPES[name]}[]" for name in names)
    return (
        f"UPDATE engine_instance AS i SET {', '.join(f'{name} = n.{name}' for name in names)} "
        f"FROM unnest({arrays}, %b::bigint[]) AS n({', '.join(names)}, id) WHERE i.id = n.id AND i.id = ANY(%b)"
    )


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

    def new_instances(self, count: int) -> list[int]:
        """See the port. On PostgreSQL from a sequence, which no transaction holds."""
        if not self._postgresql:
            first = self.allocate("instance", count)
            return list(range(first, first + count))
        rows = self._rows("SELECT nextval('engine_instance_number') FROM generate_series(1, %s)", count)
        return sorted(int(row[0]) for row in rows)

    def add_instances(self, rows: Sequence[InstanceRow]) -> None:
        """See the port."""
        self._insert("engine_instance", InstanceRow, rows)
        if parent := following.tracer().parent():
            sql = "INSERT INTO engine_trace (instance, parent) VALUES (%s, %s)"
            self._run_many(sql, [(row.id, parent) for row in rows])

    def find_identity(self, engagement: str, service: str, identity: str) -> int | None:
        """See the port. Two that start the same work at once come one after the other."""
        return self.find_started(engagement, service, [identity]).get(identity)

    def find_started(self, engagement: str, service: str, identities: Sequence[str]) -> dict[str, int]:
        """See the port."""
        wanted = [identity for identity in identities if identity]
        if not wanted:
            return {}
        self._serialise_all(("identity", engagement, service, identity) for identity in wanted)
        found: dict[str, int] = {}
        for start in range(0, len(wanted), CHUNK):
            part = wanted[start : start + CHUNK]
            marks = ",".join(["%s"] * len(part))
            where = f"WHERE engagement = %s AND service = %s AND identity IN ({marks})"
            rows = self._rows(
                f"SELECT identity, id FROM engine_archived {where} UNION ALL "
                f"SELECT identity, id FROM engine_instance {where} AND parent IS NULL",
                engagement, service, *part, engagement, service, *part,
            )  # fmt: skip
            for identity, number in rows:
                found[identity] = min(number, found.get(identity, number))
        return found

    def load(self, ids: Iterable[int]) -> dict[int, InstanceRow]:
        """See the port."""
        wanted = list(ids)
        found = {number: self._held.pop(number) for number in wanted if number in self._held}
        rest = [number for number in wanted if number not in found]
        sql = f"SELECT {_COLUMNS} FROM engine_instance WHERE id IN ({{ids}}) ORDER BY id{self._skip_locked}"
        found |= {row[0]: read(InstanceRow, row) for row in self._among(sql, rest)}
        return {number: found[number] for number in wanted if number in found}

    def hold(self, instance: int, patience: float) -> InstanceRow | None:
        """See the port. On SQLite the transaction waited when it began (``timeout`` in ``site.databases``)."""
        found = self.load([instance]).get(instance)
        if found is not None or not self._postgresql:
            return found
        before = self._row("SELECT current_setting('lock_timeout')")
        assert before is not None
        self._rows("SELECT set_config('lock_timeout', %s, true)", f"{round(1000 * patience)}ms")
        row = self._row(f"SELECT {_COLUMNS} FROM engine_instance WHERE id = %s FOR UPDATE", instance)
        self._rows("SELECT set_config('lock_timeout', %s, true)", before[0])
        return None if row is None else read(InstanceRow, row)

    def look(self, ids: Iterable[int]) -> dict[int, InstanceRow]:
        """See the port."""
        sql = f"SELECT {_WITHOUT_STATE} FROM engine_instance WHERE id IN ({{ids}})"
        return {row[0]: InstanceRow(**dict(zip(_NAMES, row, strict=True))) for row in self._among(sql, ids)}

    def ended(self, before: int, limit: int) -> list[InstanceRow]:
        """See the port."""
        sql = f"SELECT {_COLUMNS} FROM engine_instance WHERE ended IS NOT NULL AND ended < %s AND NOT EXISTS ("
        sql += "SELECT 1 FROM engine_wait w WHERE w.instance = engine_instance.id AND w.kind IN ('job', 'incident'))"
        sql += f" ORDER BY ended, id LIMIT %s{self._skip_locked}"
        return [read(InstanceRow, row) for row in self._rows(sql, before, limit)]

    def drop_instance(self, instance: int) -> tuple[list[int], list[InboxRow]]:
        """See the port."""
        self._delete("engine_wait", "instance", [instance])
        queued = self._rows(f"DELETE FROM engine_inbox WHERE instance = %s RETURNING {columns(InboxRow)}", instance)
        sql = "SELECT id FROM engine_instance WHERE parent = %s AND status <> %s ORDER BY id"
        called = [row[0] for row in self._rows(sql, instance, ENDED)]
        return called, sorted((read(InboxRow, row) for row in queued), key=lambda row: row.id)

    def children(self, parents: Sequence[tuple[int, int]]) -> list[int]:
        """See the port."""
        pairs = set(parents)
        sql = "SELECT id, parent, parent_wait FROM engine_instance WHERE parent IN ({ids}) ORDER BY id"
        found = self._among(sql, dict.fromkeys(parent for parent, _ in parents))
        return [number for number, parent, wait in found if (parent, wait) in pairs]

    def save(self, rows: Sequence[InstanceRow]) -> None:
        """See the port."""
        self._save([row for row in rows if row.covered == row.turns], _CHANGES)
        self._save([row for row in rows if row.covered != row.turns], _LAGGING)

    def _save(self, rows: Sequence[InstanceRow], names: Sequence[str]) -> None:
        if not rows:
            return
        for row in rows:
            self._held.pop(row.id, None)
        if self._postgresql:
            lists = [[getattr(row, name) for row in rows] for name in (*names, "id")]
            self._run(_update_postgresql(names), *lists, lists[-1])
            return
        self._run_many(_update(names), [(*(getattr(row, name) for name in names), row.id) for row in rows])

    def archive(self, rows: Sequence[ArchivedRow], ids: Sequence[int]) -> None:
        """See the port."""
        sql = insert("engine_archived", ArchivedRow) + " ON CONFLICT (id) DO NOTHING"
        self._run_many(sql, [written(row) for row in rows])
        self._delete("engine_turn", "instance", ids)
        self._delete("engine_inbox", "instance", ids)
        self._delete("engine_wait", "instance", ids)
        self._delete("engine_instance", "id", ids)

    def archived(self, engagement: str, service: str, reference: str) -> ArchivedRow | None:
        """See the port."""
        sql = f"SELECT {columns(ArchivedRow)} FROM engine_archived"
        row = self._row(
            f"{sql} WHERE engagement = %s AND service = %s AND reference = %s", engagement, service, reference
        )
        return None if row is None else read(ArchivedRow, row)

    def add_turns(self, rows: Sequence[TurnRow]) -> None:
        """See the port."""
        self._insert("engine_turn", TurnRow, rows)

    def turns(self, instance: int, after: int = 0) -> list[TurnRow]:
        """See the port."""
        sql = f"SELECT {columns(TurnRow)} FROM engine_turn WHERE instance = %s AND number > %s ORDER BY number"
        return [read(TurnRow, row) for row in self._rows(sql, instance, after)]

    def logs(self, instances: Sequence[int]) -> list[TurnRow]:
        """See the port."""
        sql = f"SELECT {columns(TurnRow)} FROM engine_turn WHERE instance IN ({{ids}}) ORDER BY instance, number"
        return [read(TurnRow, row) for row in self._among(sql, sorted(instances))]

    def instances(self, page: Page) -> list[InstanceRow]:
        """See the port."""
        where, values = filters(page, ("kind", "engagement", "service", "status", "definition"))
        if page.after is not None:
            where, values = f"{where} AND id < %s", [*values, page.after[0]]
        if page.ended_before is not None:
            where, values = f"{where} AND ended < %s", [*values, page.ended_before]
        sql = f"SELECT {_COLUMNS} FROM engine_instance WHERE {where} ORDER BY id DESC LIMIT %s"
        return [read(InstanceRow, row) for row in self._rows(sql, *values, page.limit)]


def filters(page: Page, names: Sequence[str]) -> tuple[str, list[Any]]:
    """The conditions of a page, with their values."""
    given = [(name, value) for name in names if (value := getattr(page, name)) is not None]
    return " AND ".join(["1 = 1", *(f"{name} = %s" for name, _ in given)]), [value for _, value in given]
