"""What all topics share: running SQL on one connection, and the few places where the two databases differ."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from django.db.backends.base.base import BaseDatabaseWrapper
from msgspec import Struct, structs

Row = TypeVar("Row", bound=Struct)
CHUNK = 900
"""Values in one IN list."""


class Tables:
    """SQL on one connection within one transaction.

    On PostgreSQL rows are locked one by one and locked ones are skipped; on SQLite the transaction has held the one
    write lock since it began, so there is nothing more to lock.
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._postgresql = connection.vendor == "postgresql"
        self._skip_locked = " FOR UPDATE SKIP LOCKED" if self._postgresql else ""

    def _rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(sql, values)
            return [tuple(map(_plain, row)) for row in cursor.fetchall()]

    def _row(self, sql: str, *values: Any) -> tuple[Any, ...] | None:
        found = self._rows(sql, *values)
        return found[0] if found else None

    def _run(self, sql: str, *values: Any) -> int:
        """Runs one statement; how many rows it changed."""
        with self._connection.cursor() as cursor:
            cursor.execute(sql, values)
            return int(cursor.rowcount)

    def _run_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        if rows:
            with self._connection.cursor() as cursor:
                cursor.executemany(sql, rows)

    def _among(self, sql: str, ids: Iterable[int], *values: Any) -> Iterator[tuple[Any, ...]]:
        """Rows of a query whose ``{ids}`` stands for a list of numbers; the list comes before ``values``."""
        numbers = list(ids)
        for start in range(0, len(numbers), CHUNK):
            part = numbers[start : start + CHUNK]
            yield from self._rows(sql.format(ids=",".join(["%s"] * len(part))), *part, *values)

    def _serialise(self, *names: str | None) -> None:
        """Lets one transaction at a time pass for these names, until it ends."""
        if self._postgresql:
            text = "\0".join("" if name is None else f"={name}" for name in names)
            number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True)
            self._run("SELECT pg_advisory_xact_lock(%s)", number)


def columns(kind: type[Struct], *, without: Sequence[str] = (), table: str = "") -> str:
    """The column list of a row type; the columns are named and ordered as its fields."""
    prefix = f"{table}." if table else ""
    return ", ".join(f'{prefix}"{name}"' for name in kind.__struct_fields__ if name not in without)


def insert(table: str, kind: type[Struct], *, without: Sequence[str] = ()) -> str:
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
    return tuple(value for name, value in structs.asdict(row).items() if name not in without)


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
