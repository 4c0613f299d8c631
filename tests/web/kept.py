"""What many tests begin with, made once in a process and put back from its rows.

Making it runs engines and reads packs; putting it back runs nothing. A test cannot tell the two apart: each has a host
of its own, which knows no more than a process that has just been started.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from django.db import connection, transaction

Table = tuple[tuple[str, ...], list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of the database, as SQLite keeps them.

    Attributes:
        tables: names of the columns and rows, by table.
        gone: the rows that are no longer there, or no longer so, by table.
    """

    tables: dict[str, Table]
    gone: dict[str, Table] = field(default_factory=dict)

    @classmethod
    def all(cls) -> Self:
        """Every row there is."""
        with connection.cursor() as cursor:
            return cls({name: _read(cursor, name) for name in sorted(connection.introspection.table_names(cursor))})

    def put_back(self) -> None:
        """Takes away what is gone and writes the rows, over those of the same key that are there."""
        with transaction.atomic(), connection.cursor() as cursor:
            for name, (columns, rows) in self.gone.items():
                same = " AND ".join(f"{column} IS %s" for column in columns)
                cursor.executemany(f'DELETE FROM "{name}" WHERE {same}', rows)
            for name, (columns, rows) in self.tables.items():
                places = ", ".join(["%s"] * len(columns))
                cursor.executemany(
                    f'INSERT OR REPLACE INTO "{name}" ({", ".join(columns)}) VALUES ({places})',
                    rows,
                )


def made_by(make: Callable[[], object]) -> Rows:
    """The rows that something makes, changes or takes away; they are not left so."""
    with transaction.atomic():
        before = Rows.all().tables
        make()
        after = Rows.all().tables
        transaction.set_rollback(True)
    changed: dict[str, Table] = {}
    gone: dict[str, Table] = {}
    for name, (columns, rows) in after.items():
        old, now = set(before[name][1]), set(rows)
        if new := [row for row in rows if row not in old]:
            changed[name] = columns, new
        if missing := [row for row in before[name][1] if row not in now]:
            gone[name] = columns, missing
    return Rows(changed, gone)


def _read(cursor: Any, name: str) -> Table:
    """The rows of a table; behind a sign a column is read as it is kept, without what Django makes of it."""
    columns = tuple(f'"{one.name}"' for one in connection.introspection.get_table_description(cursor, name))
    cursor.execute(f'SELECT {", ".join(f"+{column}" for column in columns)} FROM "{name}"')
    return columns, cursor.fetchall()
