"""What all topics share: running SQL on one connection, and the few places where the two databases differ."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db.backends.base.base import BaseDatabaseWrapper
from msgspec import Struct, structs

from anyshore.host.ports import InstanceRow

Row = TypeVar("Row", bound=Struct)
CHUNK = 900
"""Values in one IN list."""


class Tables:
    """SQL on one connection within one transaction, past Django's cursor: the driver's own, which costs a tenth.

    On PostgreSQL rows are locked one by one and locked ones are skipped; on SQLite the transaction has held the one
    write lock since it began, so there is nothing more to lock.
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        connection.ensure_connection()
        self._connection = connection
        self._postgresql = connection.vendor == "postgresql"
        self._skip_locked = " FOR UPDATE SKIP LOCKED" if self._postgresql else ""
        self._cursor = _driver_cursor(connection)
        # Rows that were read when they were locked, until they are written or handed out.
        self._held: dict[int, InstanceRow] = {}

    def _execute(self, sql: str, values: Sequence[Any]) -> Any:
        if self._postgresql:
            return self._cursor.execute(sql, values or None, prepare=bool(values))
        return self._cursor.execute(_for_sqlite(sql), values)

    def _rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self._execute(sql, values).fetchall()
        return found

    def _row(self, sql: str, *values: Any) -> tuple[Any, ...] | None:
        found = self._rows(sql, *values)
        return found[0] if found else None

    def _run(self, sql: str, *values: Any) -> int:
        """Runs one statement; how many rows it changed."""
        return int(self._execute(sql, values).rowcount)

    def _run_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        if not rows:
            return
        if len(rows) == 1:
            self._execute(sql, rows[0])
        else:
            self._cursor.executemany(sql if self._postgresql else _for_sqlite(sql), rows)

    def _insert(self, table: str, kind: type[Struct], rows: Sequence[Struct], without: Sequence[str] = ()) -> None:
        """Inserts rows: on PostgreSQL many by COPY, in one round trip."""
        values = [written(row, without=without) for row in rows]
        if self._postgresql and len(values) > 2:
            with self._cursor.copy(f"COPY {table} ({columns(kind, without=without)}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        else:
            self._run_many(insert(table, kind, without=tuple(without)), values)

    def _delete(self, table: str, key: str, ids: Sequence[int]) -> None:
        """Deletes rows by a number."""
        if not ids:
            return
        if self._postgresql:
            self._run(f"DELETE FROM {table} WHERE {key} = ANY(%s)", list(ids))
        else:
            self._run_many(f"DELETE FROM {table} WHERE {key} = %s", [(number,) for number in ids])

    def _among(self, sql: str, ids: Iterable[int], *values: Any) -> Iterator[tuple[Any, ...]]:
        """Rows of a query whose ``{ids}`` stands for a list of numbers; the list comes before ``values``."""
        numbers = list(ids)
        if self._postgresql:
            if numbers:
                yield from self._rows(sql.replace("IN ({ids})", "= ANY(%s)"), numbers, *values)
            return
        for start in range(0, len(numbers), CHUNK):
            part = numbers[start : start + CHUNK]
            yield from self._rows(sql.format(ids=",".join(["%s"] * len(part))), *part, *values)

    def _serialise(self, *names: str | None) -> None:
        """Lets one transaction at a time pass for these names, until it ends."""
        if self._postgresql:
            self._run("SELECT pg_advisory_xact_lock(%s)", _number(names))

    def _serialise_all(self, places: Iterable[Sequence[str | None]]) -> None:
        """The same for several sets of names, always in the same order, so that no two wait for each other."""
        if self._postgresql:
            numbers = sorted({_number(names) for names in places})
            self._rows("SELECT pg_advisory_xact_lock(n) FROM unnest(%s::bigint[]) WITH ORDINALITY AS t(n, o)", numbers)


def _driver_cursor(connection: BaseDatabaseWrapper) -> Any:
    """On PostgreSQL one that sends values apart from the statement, which is then parsed once per connection."""
    if connection.vendor != "postgresql":
        return connection.connection.cursor()
    import psycopg

    return psycopg.Cursor(connection.connection)


def _number(names: Iterable[str | None]) -> int:
    text = "\0".join("" if name is None else f"={name}" for name in names)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True)


@lru_cache(maxsize=1024)
def _for_sqlite(sql: str) -> str:
    return sql.replace("%s", "?")


@lru_cache(maxsize=128)
def _columns(kind: type[Struct], without: tuple[str, ...], table: str) -> str:
    prefix = f"{table}." if table else ""
    return ", ".join(f'{prefix}"{name}"' for name in kind.__struct_fields__ if name not in without)


def columns(kind: type[Struct], *, without: Sequence[str] = (), table: str = "") -> str:
    """The column list of a row type; the columns are named and ordered as its fields."""
    return _columns(kind, tuple(without), table)


@lru_cache(maxsize=128)
def insert(table: str, kind: type[Struct], *, without: tuple[str, ...] = ()) -> str:
    """The INSERT of a row type."""
    names = [name for name in kind.__struct_fields__ if name not in without]
    return f"INSERT INTO {table} ({columns(kind, without=without)}) VALUES ({', '.join(['%s'] * len(names))})"


def read(kind: type[Row], values: Sequence[Any]) -> Row:
    """A row from its columns."""
    return kind(**dict(zip(kind.__struct_fields__, values, strict=True)))


def written(row: Struct, *, without: Sequence[str] = ()) -> tuple[Any, ...]:
    """The columns of a row."""
    if not without:
        return structs.astuple(row)
    return tuple(getattr(row, name) for name in row.__struct_fields__ if name not in without)
