"""A backup is made while workers work; what is restored from it is whole, and goes on."""

from __future__ import annotations

import shutil
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.db import connections

from anyshore.base.errors import HostError
from anyshore.host.driver import Host
from anyshore.host.ports import Page
from anyshore.terms import ledger
from anyshore.web.engine.store import DatabaseStore
from anyshore.web.site import backups, schema
from tests.host.fixtures import FILES
from tests.host.invariants import rows_are_the_waits
from tests.host.test_schema import database

Two = tuple[str, str, Path]


@pytest.fixture(params=["sqlite", "postgresql"])
def two(request: pytest.FixtureRequest, tmp_path: Path, django_db_blocker: Any) -> Iterator[Two]:
    """A database with tables, one without, and a folder."""
    address = None
    if request.param == "postgresql":
        address = request.getfixturevalue("postgresql_address")
        if shutil.which("pg_restore") is None:
            pytest.skip("no PostgreSQL client: pg_restore is absent")
    folders = tmp_path / f"{request.param}_from", tmp_path / f"{request.param}_to"
    for folder in folders:
        folder.mkdir()
    with (
        django_db_blocker.unblock(),
        database(request.param, folders[0], address) as one,
        database(request.param, folders[1], address) as other,
    ):
        schema.migrate(one)
        yield one, other, tmp_path


def host(alias: str) -> Host:
    found = Host(DatabaseStore(alias))
    found.deploy("test", {f"{name}.bpmn": FILES[name].encode() for name in ("scripts", "work")})
    return found


def begun(one: Host, count: int) -> list[int]:
    return [one.start(f"process:{('scripts', 'work')[n % 2]}", {"x": Decimal(n)}, engagement="a") for n in range(count)]


def test_what_is_backed_up_under_load_is_whole_and_goes_on(two: Two) -> None:
    alias, other, folder = two
    live = host(alias)
    before = begun(live, 6)
    stop, wrote = threading.Event(), threading.Event()

    def load() -> None:
        while not stop.is_set():
            begun(live, 2)
            live.work()
            wrote.set()
        connections.close_all()

    loading = threading.Thread(target=load)
    loading.start()
    assert wrote.wait(60)
    try:
        backups.backup(folder / "b.tar.gz", 1, alias, folder)
    finally:
        stop.set()
        loading.join()
    backups.restore(folder / "b.tar.gz", other, folder)
    again = host(other)
    rows_are_the_waits(again)
    with again.store.transaction() as tx:
        numbers = {row.id for row in tx.instances(Page(limit=100_000))}
        entries = [msgspec.json.decode(row.line, type=ledger.Entry) for row in tx.ledger("a")]
        head = tx.ledger_head("a")
    assert set(before) <= numbers
    assert not ledger.verify_chain(entries)
    assert ledger.head_of(entries[-1]) == head
    assert not numbers & {again.start("process:scripts", {"x": Decimal(1)}, engagement="a")}
    again.work()
    with again.store.transaction() as tx:
        left = {row.status for row in tx.instances(Page(limit=100_000)) if row.key == "scripts"}
    assert left == {"ended"}


def test_the_secrets_come_along_and_nothing_that_is_there_is_overwritten(two: Two) -> None:
    alias, other, folder = two
    home, target = folder / "home", folder / "new"
    (home / "channels").mkdir(parents=True)
    target.mkdir()
    (home / "secret-key").write_text("the key")
    (home / "channels" / "1").write_text("a password")
    (home / "anyshore.sqlite3-wal").write_text("no part of it")
    (target / "secret-key").write_text("mine")
    backups.backup(folder / "b.tar.gz", 1, alias, home)
    assert (folder / "b.tar.gz").stat().st_mode & 0o777 == 0o600
    backups.restore(folder / "b.tar.gz", other, target)
    assert {path.name: path.read_text() for path in target.rglob("*") if path.is_file()} == {
        "secret-key": "mine", "1": "a password",
    }  # fmt: skip
    assert (target / "channels" / "1").stat().st_mode & 0o777 == 0o600


def test_nothing_is_overwritten(two: Two) -> None:
    alias, _, folder = two
    backups.backup(folder / "b.tar.gz", 1, alias, folder)
    with pytest.raises(HostError) as told:
        backups.backup(folder / "b.tar.gz", 1, alias, folder)
    assert told.value.code == "backup.exists"
    with pytest.raises(HostError) as told:
        backups.restore(folder / "b.tar.gz", alias, folder)
    assert told.value.code == "restore.not-empty"


def rewritten(source: Path, target: Path, **changes: Any) -> Path:
    """A backup whose manifest says something else."""
    made = backups.read(source)
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        backups._add(new, "manifest.json", msgspec.json.encode(replace(made, **changes)))
        for member in old:
            if member.name != "manifest.json":
                new.addfile(member, old.extractfile(member))
    return target


def test_what_does_not_fit_is_refused_and_leaves_the_database_empty(two: Two) -> None:
    alias, other, folder = two
    whole = folder / "b.tar.gz"
    made = backups.backup(whole, 1, alias, folder)
    (folder / "cut").write_bytes(whole.read_bytes()[:-200_000] or whole.read_bytes()[:9000])
    (folder / "none").write_text("no backup")
    wrong = {
        "restore.no-file": folder / "absent",
        "restore.damaged": folder / "none",
        "store.newer-schema": rewritten(whole, folder / "newer", schema=(*made.schema, ("engine", "0099_later"))),
        "restore.other-database": rewritten(
            whole, folder / "other", database="postgresql" if made.database == "sqlite" else "sqlite"
        ),
    }
    damaged = [
        folder / "cut",
        rewritten(whole, folder / "changed", digest="0" * 64),
        rewritten(whole, folder / "f", form=9),
    ]
    for code, path in [*wrong.items(), *(("restore.damaged", path) for path in damaged)]:
        with pytest.raises(HostError) as told:
            backups.restore(path, other, folder)
        assert told.value.code == code
        assert schema.standing(other).is_empty
    backups.restore(whole, other, folder)
    schema.check(other)
