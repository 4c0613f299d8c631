"""The ready-made tables of a new database are those that all changes leave."""

import re
import sqlite3
from importlib.resources import files

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from anyshore.web.site import ready_made

TEXT = (files("anyshore.web.site") / ready_made.FILE).read_text("utf-8")


def shape(raw: sqlite3.Connection) -> set[str]:
    rows = raw.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
    return {" ".join(row[0].split()) for row in rows}


@pytest.mark.django_db
def test_the_tables_are_those_of_all_changes():
    if connection.vendor != "sqlite":
        pytest.skip("the ready-made tables are those of SQLite")
    made = sqlite3.connect(":memory:")
    made.executescript(TEXT)
    stood_for = set(made.execute("SELECT app, name FROM django_migrations"))
    known = set(MigrationLoader(None).disk_migrations)
    assert stood_for <= known
    if stood_for < known:
        pytest.skip("the ready-made tables lag behind: python docs/generate.py writes them anew")
    connection.ensure_connection()
    migrated = connection.connection
    assert shape(made) == shape(migrated)
    for table, columns in (("django_content_type", "app_label, model"), ("auth_permission", "codename, name")):
        asked = f"SELECT {columns} FROM {table}"  # two tables of Django's
        assert set(made.execute(asked)) == set(migrated.execute(asked))


def test_nothing_of_anybody_stands_in_it():
    tables = set(re.findall(r'^INSERT INTO "(\w+)"', TEXT, re.MULTILINE))
    assert tables <= {"django_migrations", "django_content_type", "auth_permission", "sqlite_sequence"}
