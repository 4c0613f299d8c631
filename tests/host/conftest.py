"""The stores that must all behave alike: in memory, SQLite in a file, PostgreSQL in a cluster of the tests' own."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

from anyshore.host.driver import Host
from anyshore.host.memory import MemoryStore
from anyshore.web.engine.store import DatabaseStore
from anyshore.web.site import databases
from tests.host.fixtures import CASE, FILES, Clock, Echo
from tests.host.invariants import rows_are_the_waits
from tests.host.servers import Postgresql

ROWS = (
    "counter", "instance", "turn", "inbox", "wait", "message", "ledgerhead", "ledgerentry", "document", "reference",
    "referenceindex", "definition", "archived", "receipt", "version", "channel", "seen", "batch",
)  # fmt: skip


@pytest.fixture(scope="session")
def postgresql_address() -> Iterator[str]:
    """A PostgreSQL cluster of these tests alone."""
    try:
        server = Postgresql(synced=False)
    except LookupError as absent:
        pytest.skip(str(absent))
    try:
        yield server.address
    finally:
        server.remove()


def open_database(alias: str, settings: dict[str, Any]) -> None:
    """Makes a database known to Django under a name of its own, and migrates it."""
    both = connections.configure_settings({"default": {}, alias: settings})
    connections.settings[alias] = both[alias]
    call_command("migrate", database=alias, verbosity=0)


@contextlib.contextmanager
def emptied(alias: str) -> Iterator[DatabaseStore]:
    with connections[alias].cursor() as cursor:
        for table in ROWS:
            cursor.execute(f"DELETE FROM engine_{table}")
        if connections[alias].vendor == "postgresql":
            cursor.execute("ALTER SEQUENCE engine_instance_number RESTART")
    yield DatabaseStore(alias)


@pytest.fixture(scope="session")
def sqlite_alias(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock():
        open_database("contract_sqlite", databases.sqlite(tmp_path_factory.mktemp("store") / "store.sqlite3"))
        yield "contract_sqlite"
        connections["contract_sqlite"].close()
        del connections.settings["contract_sqlite"]


@pytest.fixture(scope="session")
def postgresql_alias(postgresql_address: str, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock():
        open_database("contract_postgresql", databases.postgresql(postgresql_address))
        yield "contract_postgresql"
        connections["contract_postgresql"].close()
        del connections.settings["contract_postgresql"]


@pytest.fixture(params=["sqlite", "postgresql"])
def database_store(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[DatabaseStore]:
    """An empty store in each database."""
    alias = request.getfixturevalue(f"{request.param}_alias")
    with django_db_blocker.unblock(), emptied(alias) as store:
        yield store


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[Any]:
    """An empty store of each sort."""
    if request.param == "memory":
        yield MemoryStore()
        return
    alias = request.getfixturevalue(f"{request.param}_alias")
    with django_db_blocker.unblock(), emptied(alias) as found:
        yield found


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
def host(store: Any, clock: Clock, echo: Echo) -> Iterator[Host]:
    """A host on each sort of store, with the processes of ``fixtures``; afterwards its rows are the waits."""
    found = Host(store, {"test.echo": echo}, clock=clock)
    found.deploy("test", {f"{name}.bpmn": text.encode() for name, text in FILES.items()} | {"c.cmmn": CASE.encode()})
    yield found
    rows_are_the_waits(found)
