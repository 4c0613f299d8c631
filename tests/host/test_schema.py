"""The tables are changed by one process at a time, and never by a version that does not know them."""

from __future__ import annotations

import contextlib
import gzip
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.db import connections

from anyshore.base.errors import HostError
from anyshore.host.driver import Host
from anyshore.host.ports import Page
from anyshore.kernel.commands import Suspend
from anyshore.terms import ledger
from anyshore.web.engine.store import DatabaseStore
from anyshore.web.site import databases, schema
from tests.host.states import make

STATES = Path(__file__).parent / "states"


@contextlib.contextmanager
def known(alias: str, settings: dict[str, Any]) -> Iterator[str]:
    """A database Django knows by a name of its own, with the tables it happens to have."""
    both = connections.configure_settings({"default": {}, alias: settings})
    connections.settings[alias] = both[alias]
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]


@contextlib.contextmanager
def database(kind: str, folder: Path, address: str | None, dump: str = "") -> Iterator[str]:
    """A database of that sort without tables, or with those of a dump."""
    name = f"own_{folder.name}".lower()
    if kind == "sqlite":
        if dump:
            with sqlite3.connect(folder / "store.sqlite3") as made:
                made.executescript(dump)
        with known(name, databases.sqlite(folder / "store.sqlite3")) as alias:
            yield alias
        return
    assert address is not None
    host = address.partition("host=")[2]
    client = ("-h", host, "-U", "anyshore")
    subprocess.run(["createdb", *client, name], check=True)
    try:
        if dump:
            subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", *client, name], input=dump, text=True, check=True,
                           stdout=subprocess.DEVNULL)  # fmt: skip
        with known(name, databases.postgresql(f"postgresql://anyshore@/{name}?host={host}")) as alias:
            yield alias
    finally:
        subprocess.run(["dropdb", "--force", *client, name], check=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    if request.param == "postgresql" and shutil.which("psql") is None:
        pytest.skip("no PostgreSQL client: psql is absent")
    return str(request.param)


@pytest.fixture
def address(kind: str, request: pytest.FixtureRequest) -> str | None:
    return request.getfixturevalue("postgresql_address") if kind == "postgresql" else None


@pytest.fixture
def empty(kind: str, address: str | None, tmp_path: Path, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock(), database(kind, tmp_path, address) as alias:
        yield alias


def test_four_at_once_make_the_tables_once(empty: str) -> None:
    def migrate(_: int) -> int:
        try:
            return len(schema.migrate(empty))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        made = sorted(pool.map(migrate, range(4)))
    assert made[:3] == [0, 0, 0]
    assert made[3] > 10
    schema.check(empty)


def test_looking_changes_nothing(empty: str, kind: str, tmp_path: Path) -> None:
    with pytest.raises(HostError) as told:
        schema.check(empty)
    assert told.value.code == "store.older-schema"
    assert "anyshore migrate" in told.value.hint
    if kind == "sqlite":
        assert not (tmp_path / "store.sqlite3").exists()
    else:
        assert connections[empty].introspection.table_names() == []


def test_tables_of_a_newer_version_are_refused_by_name(empty: str) -> None:
    schema.migrate(empty)
    with connections[empty].cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES "
            "('engine', '0099_from_later', '2027-01-01'), ('rooms', '0001_initial', '2027-01-01'), "
            "('procrastinate', '0001_initial', '2027-01-01')"
        )
    for refused in (schema.check, schema.migrate):
        with pytest.raises(HostError, match=r"engine\.0099_from_later, rooms\.0001_initial\. ") as told:
            refused(empty)
        assert told.value.code == "store.newer-schema"


def test_a_state_of_an_earlier_version_is_upgraded_and_goes_on(
    kind: str, address: str | None, tmp_path: Path, django_db_blocker: Any
) -> None:
    """``states/make.py`` made it, with the code of that commit."""
    dump = gzip.decompress((STATES / f"482ace0-{kind}.sql.gz").read_bytes()).decode()
    with django_db_blocker.unblock(), database(kind, tmp_path, address, dump) as alias:
        with pytest.raises(HostError, match="lacks"):
            schema.check(alias)
        assert schema.migrate(alias)
        schema.check(alias)
        goes_on(Host(DatabaseStore(alias)))


@pytest.mark.parametrize("commit", make.names())
def test_a_state_of_each_schema_since_is_upgraded_and_goes_on(
    commit: str, tmp_path: Path, django_db_blocker: Any
) -> None:
    """``states/make.py --since`` made them, each with the code of its commit."""
    with django_db_blocker.unblock(), database("sqlite", tmp_path, None, make.states()[commit]) as alias:
        schema.migrate(alias)
        schema.check(alias)
        goes_on(Host(DatabaseStore(alias)))


def goes_on(host: Host) -> None:
    """Every state can be read, the ledgers are whole, and what waits can still be answered."""
    with host.store.transaction() as tx:
        rows = tx.instances(Page(limit=1000))
        heads = {engagement: tx.ledger_head(engagement) for engagement in {row.engagement for row in rows}}
        lines = {engagement: [row.line for row in tx.ledger(engagement)] for engagement in heads}
    waiting = [row.id for row in rows if row.status == "active"]
    assert len(rows) > 5
    assert waiting
    for row in rows:
        assert host.state(row.id).definition == row.definition
    for engagement, entries in lines.items():
        read = [msgspec.json.decode(line, type=ledger.Entry) for line in entries]
        assert not ledger.verify_chain(read)
        assert ledger.head_of(read[-1]) == heads[engagement]
    host.work()
    host.execute(waiting[0], Suspend(at=host.clock()))
    with host.store.transaction() as tx:
        assert tx.look([waiting[0]])[waiting[0]].status == "suspended"


def test_a_command_that_reads_makes_no_tables(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from anyshore.cli.main import main; main()", "scorecard", "mill"]
    environment = {**os.environ, "ANYSHORE_HOME": str(tmp_path / "home")}
    environment.pop("ANYSHORE_DATABASE", None)
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert "[store.older-schema]" in done.stderr
    assert not (tmp_path / "home" / "anyshore.sqlite3").exists()
