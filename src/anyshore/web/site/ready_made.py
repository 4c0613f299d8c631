"""The tables of a new SQLite database, as the changes of all versions leave them, laid at once.

Going through every change takes seconds, and a database that is made for one run is made often. What is laid holds the
list of the changes it stands for: those that came since are made as ever, so an old file is slow and never wrong.
``python docs/generate.py`` writes it anew.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

FILE = "ready_made.sql"
_MADE = "2000-01-01 00:00:00"
"""When the changes were made, as the file says it; a database says when it was laid."""


def lay(connection: BaseDatabaseWrapper) -> bool:
    """Lays the tables into an empty SQLite database; whether it did: with other apps installed it does not fit."""
    text = (files(__package__) / FILE).read_text("utf-8")
    known = frozenset(re.findall(r"^-- app (\w+)$", text, re.MULTILINE))
    if connection.vendor != "sqlite" or known != _installed():
        return False
    connection.ensure_connection()
    raw: sqlite3.Connection = connection.connection
    try:
        raw.executescript(f"BEGIN IMMEDIATE;\n{text}\nCOMMIT;")
    except sqlite3.Error:
        raw.rollback()
        raise
    raw.execute("UPDATE django_migrations SET applied = ?", [datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")])
    raw.commit()
    return True


def written(raw: sqlite3.Connection) -> str:
    """The text of the file, from a database that has been through every change and holds nothing else."""
    return "\n".join([*(f"-- app {name}" for name in sorted(_installed())), *_statements(raw), ""])


def _statements(raw: sqlite3.Connection) -> Iterator[str]:
    """What makes the database: first all tables, for a row asks whether the table it refers to is there."""
    lines = [line for line in raw.iterdump() if line not in ("BEGIN TRANSACTION;", "COMMIT;")]
    yield from (line for line in lines if line.startswith("CREATE TABLE"))
    for line in lines:
        if line.startswith('INSERT INTO "django_migrations"'):
            yield re.sub(r"'\d{4}-\d\d-\d\d \d\d:\d\d:[\d.]+'\);$", f"'{_MADE}');", line)
        elif not line.startswith("CREATE TABLE"):
            yield line


def _installed() -> frozenset[str]:
    """The apps whose tables are made."""
    return frozenset(app.label for app in apps.get_app_configs())
