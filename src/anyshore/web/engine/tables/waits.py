"""Open waits: work items and subscriptions; messages nobody waits for yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from anyshore.host.ports import MessageName, MessageRow, Page, WaitRow
from anyshore.web.engine.tables.base import Tables, columns, insert, read, written
from anyshore.web.engine.tables.instances import filters

_WAIT = columns(WaitRow)
_MESSAGE = columns(MessageRow)
_INSERT_MESSAGE = insert("engine_message", MessageRow, without=("id",))


class Waits(Tables):
    """See ``host.ports.Transaction``."""

    def add_waits(self, rows: Sequence[WaitRow]) -> None:
        """See the port."""
        self._insert("engine_wait", WaitRow, rows)

    def drop_waits(self, keys: Sequence[tuple[int, int]]) -> None:
        """See the port."""
        if self._postgresql and len(keys) > 2:
            sql = "DELETE FROM engine_wait w USING unnest(%s::bigint[], %s::bigint[]) AS k(instance, wait)"
            instances, waits = zip(*keys, strict=True)
            self._run(f"{sql} WHERE w.instance = k.instance AND w.wait = k.wait", list(instances), list(waits))
        else:
            self._run_many("DELETE FROM engine_wait WHERE instance = %s AND wait = %s", keys)

    def lock_waits(self, keys: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
        """See the port."""
        lock = " ORDER BY instance, wait FOR UPDATE" if self._postgresql else ""
        wanted = set(keys)
        sql = f"SELECT instance, wait FROM engine_wait WHERE instance IN ({{ids}}){lock}"
        return {(row[0], row[1]) for row in self._among(sql, sorted({key[0] for key in keys}))} & wanted

    def find_wait(self, instance: int, wait: int) -> WaitRow | None:
        """See the port."""
        row = self._row(f"SELECT {_WAIT} FROM engine_wait WHERE instance = %s AND wait = %s", instance, wait)
        return None if row is None else read(WaitRow, row)

    def claim_work(self, instance: int, wait: int, person: str | None) -> bool:
        """See the port."""
        sql = "UPDATE engine_wait SET claimed_by = %s WHERE instance = %s AND wait = %s"
        if person is None:
            return self._run(sql, None, instance, wait) == 1
        sql += " AND (claimed_by IS NULL OR claimed_by = %s)"
        return self._run(sql, person, instance, wait, person) == 1

    def subscribers(
        self, engagement: str, kind: str, name: str, key: str | None, limit: int | None = None
    ) -> list[WaitRow]:
        """See the port."""
        # Found by the index of subscriptions, whose condition stands here word for word; the kind itself and the order
        # are written as expressions, so that no planner without statistics walks through all waits of a kind instead.
        sql = f"SELECT {_WAIT} FROM engine_wait WHERE kind IN ('message', 'signal', 'condition') AND kind || '' = %s"
        sql += " AND engagement = %s AND name = %s"
        values: list[Any] = [kind, engagement, name]
        if kind == "message":
            sql, values = _with_key(sql, values, key)
        sql += " ORDER BY opened + 0, instance, wait"
        if limit is not None:
            sql += " LIMIT %s"
            values.append(limit)
        return [read(WaitRow, row) for row in self._rows(sql, *values)]

    def lock_names(self, names: Iterable[MessageName]) -> None:
        """See the port."""
        self._serialise_all(("message", *name) for name in names)

    def kept_names(self, names: Iterable[MessageName]) -> set[MessageName]:
        """See the port."""
        wanted = set(names)
        keyed = sorted((engagement, name, key) for engagement, name, key in wanted if key is not None)
        kept: set[MessageName] = set(self._kept(keyed))
        for engagement, name, key in wanted:
            sql = "SELECT 1 FROM engine_message WHERE engagement = %s AND name = %s AND key IS NULL LIMIT 1"
            if key is None and self._rows(sql, engagement, name):
                kept.add((engagement, name, None))
        return kept

    def _kept(self, names: list[tuple[str, str, str]]) -> Iterator[tuple[str, str, str]]:
        """Those of the names with a key under which a message is kept."""
        exists = "SELECT 1 FROM engine_message m WHERE m.engagement = {} AND m.name = {} AND m.key = {}"
        if not self._postgresql:
            yield from (name for name in names if self._rows(exists.format("%s", "%s", "%s") + " LIMIT 1", *name))
        elif names:
            given = "unnest(%s::text[], %s::text[], %s::text[]) AS n(engagement, name, key)"
            exists = exists.format("n.engagement", "n.name", "n.key")
            yield from self._rows(
                f"SELECT * FROM {given} WHERE EXISTS ({exists})", *map(list, zip(*names, strict=True))
            )

    def keep_message(self, row: MessageRow) -> None:
        """See the port."""
        self._run(_INSERT_MESSAGE, *written(row, without=("id",)))

    def take_message(self, engagement: str, name: str, key: str | None, now: int) -> MessageRow | None:
        """See the port. Expired messages of that name are swept away."""
        self._run(
            "DELETE FROM engine_message WHERE engagement = %s AND name = %s AND expires <= %s", engagement, name, now
        )
        chosen = "SELECT id FROM engine_message WHERE engagement = %s AND name = %s"
        chosen, values = _with_key(chosen, [engagement, name], key)
        row = self._row(
            f"DELETE FROM engine_message WHERE id = ({chosen} ORDER BY id LIMIT 1) RETURNING {_MESSAGE}", *values
        )
        return None if row is None else read(MessageRow, row)

    def drop_messages(self, now: int) -> int:
        """See the port."""
        return self._run("DELETE FROM engine_message WHERE expires <= %s", now)

    def waits(self, page: Page) -> list[WaitRow]:
        """See the port."""
        where, values = filters(page, ("kind", "engagement", "service", "name", "element"))
        if page.after is not None:
            where, values = f"{where} AND (opened, instance, wait) > (%s, %s, %s)", [*values, *page.after]
        sql = f"SELECT {_WAIT} FROM engine_wait WHERE {where} ORDER BY opened, instance, wait LIMIT %s"
        return [read(WaitRow, row) for row in self._rows(sql, *values, page.limit)]


def _with_key(sql: str, values: list[Any], key: str | None) -> tuple[str, list[Any]]:
    if key is None:
        return f"{sql} AND key IS NULL", values
    return f"{sql} AND key = %s", [*values, key]
