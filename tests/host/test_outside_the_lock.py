"""SQLite has one writer at a time: while an instance is computed, others write; what they wrote counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from anyshore.base.errors import HostError
from anyshore.host import batch, locks
from anyshore.host.driver import Host, NewWork
from anyshore.host.ports import ENDED
from anyshore.kernel.commands import Suspend
from anyshore.web.engine.store import DatabaseStore
from anyshore.web.site import databases
from tests.host.conftest import open_database
from tests.host.fixtures import FILES, Clock, outcome, row

NAMES = ("scripts", "work", "calls", "sends", "heard")


@pytest.fixture
def lone(tmp_path: Path, django_db_blocker: Any) -> Iterator[Host]:
    """A host over a SQLite file of its own."""
    alias = f"lone_{tmp_path.name}"
    with django_db_blocker.unblock():
        open_database(alias, databases.sqlite(tmp_path / "store.sqlite3"))
        found = Host(DatabaseStore(alias), clock=Clock())
        found.deploy("test", {f"{name}.bpmn": FILES[name].encode() for name in NAMES})
        yield found
        connections[alias].close()
        del connections.settings[alias]


def while_computing(patch: pytest.MonkeyPatch, other: Callable[[], object]) -> list[object]:
    """Lets another thread, with a connection of its own, do something once, in the middle of the first evaluation."""
    advance, done = batch.advance, list[object]()

    def in_its_own_thread() -> object:
        try:
            return other()
        finally:
            connections.close_all()

    def wrapped(*arguments: Any, **named: Any) -> Any:
        if not done:
            done.append("begun")
            with ThreadPoolExecutor(1) as pool:
                done.append(pool.submit(in_its_own_thread).result())
        return advance(*arguments, **named)

    patch.setattr(batch, "advance", wrapped)
    return done


def test_others_write_while_an_instance_is_computed(lone: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    number = lone.start("process:scripts", {"x": Decimal(1)})

    def write() -> int:
        with connections[lone.store.using].cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 50")
        with lone.store.transaction() as tx:
            return tx.allocate("seen", 1)

    done = while_computing(monkeypatch, write)
    lone.work()
    assert done == ["begun", 1]
    assert outcome(lone, number) == "completed"


def test_what_somebody_wrote_meanwhile_is_not_lost(lone: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = lone.start_all([NewWork("process:work", {"x": Decimal(n)}) for n in (1, 2)])
    lone.work()
    lone.send("", "order", "1")
    (one, two) = lone.start_all([NewWork("process:scripts", {"x": Decimal(n)}) for n in (1, 2)])
    done = while_computing(monkeypatch, lambda: lone.execute(first, Suspend(at=lone.clock())))
    lone.work()
    assert len(done) == 2
    assert [outcome(lone, number) for number in (one, two)] == ["completed"] * 2
    assert [row(lone, number).status for number in (first, second)] == ["suspended", "active"]


def test_a_batch_whose_instance_was_changed_is_computed_again(lone: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = lone.start_all([NewWork("process:scripts", {"x": Decimal(n)}) for n in range(3)])

    def put_aside() -> None:
        with lone.store.transaction() as tx:
            tx.save([changed := tx.load([numbers[1]])[numbers[1]]])
            changed.status = "suspended"
            tx.save([changed])

    while_computing(monkeypatch, put_aside)
    lone.work()
    assert [row(lone, number).status for number in numbers] == [ENDED, "suspended", ENDED]
    assert row(lone, numbers[1]).turns == 0


def test_only_one_worker_computes_at_a_time(lone: Host, tmp_path: Path) -> None:
    number = lone.start("process:scripts", {"x": Decimal(1)})
    with locks.held(tmp_path / "store.sqlite3-advance", 0.0):
        with pytest.raises(HostError) as told, locks.held(tmp_path / "store.sqlite3-advance", 0.0):
            pass
        assert told.value.code == "store.busy"
        assert lone.step() == 0, "another one is at it"
    assert lone.step() == 1
    assert outcome(lone, number) == "completed"
