"""A database that is full, busy or damaged says so, with what to do; nothing of the transaction is kept."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from anyshore.base.errors import HostError
from anyshore.web.engine.store import DatabaseStore
from anyshore.web.site import databases
from tests.host.conftest import open_database


@pytest.fixture
def store_in_file(tmp_path: Path, django_db_blocker: Any) -> Iterator[tuple[DatabaseStore, Path]]:
    """A SQLite database that a test may spoil."""
    alias, path = f"spoiled_{tmp_path.name}", tmp_path / "store.sqlite3"
    with django_db_blocker.unblock():
        open_database(alias, databases.sqlite(path))
        yield DatabaseStore(alias), path
        connections[alias].close()
        del connections.settings[alias]


def test_a_full_disk_is_told_and_work_goes_on_when_there_is_room(store_in_file: tuple[DatabaseStore, Path]) -> None:
    store, _ = store_in_file
    with connections[store.using].cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1")
    with pytest.raises(HostError, match="full") as told, store.transaction() as tx:
        tx.put_document("acme", "d" * 64, "large", b"x" * 3_000_000)
    assert told.value.code == "store.full"
    assert "room" in told.value.hint
    with connections[store.using].cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1000000")
    with store.transaction() as tx:
        assert tx.document("acme", "d" * 64) is None
        tx.put_document("acme", "d" * 64, "large", b"x" * 3_000_000)


def test_a_damaged_file_is_told(store_in_file: tuple[DatabaseStore, Path]) -> None:
    store, path = store_in_file
    with connections[store.using].cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.release()
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 400_000)
    with pytest.raises(HostError) as told, store.transaction() as tx:
        tx.next_due()
    assert told.value.code == "store.corrupt"
    assert "backup" in told.value.hint


def test_a_busy_database_is_told(store_in_file: tuple[DatabaseStore, Path]) -> None:
    store, _ = store_in_file
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with store.transaction():
            held.set()
            assert release.wait(30)
        store.release()

    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(hold)
        assert held.wait(30)
        with connections[store.using].cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 50")
        with pytest.raises(HostError) as told, store.transaction():
            pass
        release.set()
        other.result()
    assert told.value.code == "store.busy"


def test_a_deadlock_is_told_and_can_be_tried_again(postgresql_alias: str, django_db_blocker: Any) -> None:
    store, both = DatabaseStore(postgresql_alias), threading.Barrier(2)

    def lock(names: tuple[str, str]) -> str:
        try:
            with store.transaction() as tx:
                tx.lock_names([("a", names[0], None)])
                both.wait(30)
                tx.lock_names([("a", names[1], None)])
        except HostError as problem:
            return problem.code
        finally:
            connections.close_all()
        return "done"

    with django_db_blocker.unblock(), ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(lock, [("m", "n"), ("n", "m")])) == ["done", "store.busy"]
