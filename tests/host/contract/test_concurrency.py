"""Several workers on one database: nothing is handed out twice, nothing is lost."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from anyshore.host.ports import InboxRow, InstanceRow, LedgerRow, WaitRow
from anyshore.web.engine.store import DatabaseStore


def instance(number: int, **fields: Any) -> InstanceRow:
    return InstanceRow(id=number, definition="p:1", kind="process", key="p", **fields)


def in_threads(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Runs work in threads, each with a connection of its own, and closes it."""

    def run(number: int) -> Any:
        try:
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_due_work_is_answered_exactly_once(database_store: DatabaseStore) -> None:
    with database_store.transaction() as tx:
        tx.add_instances([instance(n) for n in range(1, 61)])
        tx.put_inbox([InboxRow(instance=n, due=n, command=b"c") for n in range(1, 61)])

    def drain(worker: int) -> list[int]:
        done = []
        while True:
            with database_store.transaction() as tx:
                rows, _ = tx.take_due(1000, 5)
                tx.drop_inbox([row.id for row in rows])
                tx.save([instance(row.instance, turns=1) for row in rows])
            if not rows:
                return done
            done += [row.instance for row in rows]

    answered = Counter(number for part in in_threads(4, drain) for number in part)
    # A worker may stop early while the others hold the rest; what it left they do.
    assert answered == Counter(range(1, 61))


def test_jobs_are_claimed_exactly_once(database_store: DatabaseStore) -> None:
    with database_store.transaction() as tx:
        tx.add_instances([instance(1)])
        tx.add_waits([WaitRow(instance=1, wait=n, kind="job", element="e") for n in range(1, 81)])

    def claim(worker: int) -> list[int]:
        taken = []
        while True:
            with database_store.transaction() as tx:
                rows = tx.take_jobs(f"w{worker}", 0, 100, 7)
            if not rows:
                return taken
            taken += [row.wait for row in rows]

    assert Counter(number for part in in_threads(4, claim) for number in part) == Counter(range(1, 81))


def test_one_person_gets_the_item(database_store: DatabaseStore) -> None:
    with database_store.transaction() as tx:
        tx.add_waits([WaitRow(instance=1, wait=1, kind="work", element="e")])

    def claim(person: int) -> bool:
        with database_store.transaction() as tx:
            return tx.claim_work(1, 1, f"p{person}")

    assert sum(in_threads(6, claim)) == 1


def test_a_piece_of_work_is_started_once(database_store: DatabaseStore) -> None:
    def start(_: int) -> int:
        with database_store.transaction() as tx:
            known = tx.find_identity("a", "s", "R-1")
            if known is not None:
                return known
            number = tx.new_instances(1)[0]
            tx.add_instances([instance(number, engagement="a", service="s", identity="R-1")])
            return number

    assert set(in_threads(6, start)) == {1}


def test_the_ledger_is_one_chain(database_store: DatabaseStore) -> None:
    def append(worker: int) -> None:
        for _ in range(10):
            with database_store.transaction() as tx:
                sequence, _hash = tx.ledger_head("a")
                row = LedgerRow("a", sequence + 1, 0, "x", None, b"%d" % worker)
                tx.add_ledger([row], {"a": (sequence + 1, f"h{sequence + 1}")})

    in_threads(4, append)
    with database_store.transaction() as tx:
        assert [row.sequence for row in tx.ledger("a")] == list(range(1, 41))
        assert tx.ledger_head("a") == (40, "h40")


def test_locked_instances_are_skipped_not_waited_for(postgresql_alias: str, django_db_blocker: Any) -> None:
    """PostgreSQL only: SQLite has one writer at a time."""
    store = DatabaseStore(postgresql_alias)
    with django_db_blocker.unblock():
        with store.transaction() as tx:
            tx.allocate("seen", 1)
            tx.add_instances([instance(n) for n in range(101, 105)])
            tx.put_inbox([InboxRow(instance=n, due=n, command=b"c") for n in range(101, 105)])
        held, release = threading.Event(), threading.Event()

        def hold(_: int) -> list[int]:
            with store.transaction() as tx:
                rows, _timers = tx.take_due(200, 2)
                held.set()
                assert release.wait(10)
                return [row.instance for row in rows]

        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(lambda: (hold(0), connections.close_all())[0])
            assert held.wait(10)
            with store.transaction() as tx:
                rows, _ = tx.take_due(200, 3)
                assert [row.instance for row in rows] == [103, 104]
                assert list(tx.load([101, 103])) == [103]
            release.set()
            assert first.result() == [101, 102]
        with store.transaction() as tx:
            tx.drop_inbox([row.id for row in tx.take_due(200, 9)[0]])


@pytest.mark.parametrize("pragma", [("journal_mode", "wal"), ("synchronous", 2), ("busy_timeout", 20_000)])
def test_sqlite_is_durable(sqlite_alias: str, django_db_blocker: Any, pragma: tuple[str, object]) -> None:
    with django_db_blocker.unblock(), connections[sqlite_alias].cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma[0]}")
        assert cursor.fetchone()[0] == pragma[1]
