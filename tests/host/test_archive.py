"""Finished instances move to Parquet files; the ledger proves them; nothing is lost or doubled by a crash."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest

from anyshore.base.errors import HostError
from anyshore.host import archive
from anyshore.host.driver import Host, NewWork
from anyshore.host.memory import MemoryStore
from anyshore.terms.ledger import Entry
from tests.host.fixtures import DAY, Clock, outcome, waits


def run_some(host: Host, count: int = 5) -> list[int]:
    started = host.start_all(
        NewWork("process:scripts", {"x": Decimal(n)}, engagement="a", service="s", reference=f"R{n}")
        for n in range(count)
    )
    host.work()
    return started


def entries(host: Host) -> list[Entry]:
    with host.store.transaction() as tx:
        return [Entry(**json.loads(row.line)) for row in tx.ledger("a")]


def test_what_ended_long_ago_moves_and_the_rest_stays(host: Host, clock: Clock, tmp_path: Path) -> None:
    old = run_some(host)
    waiting = host.start("process:work", engagement="a")
    host.work()
    clock.sleep(86_400)
    young = host.start("process:scripts", {"x": Decimal(1)})
    host.work()
    done = archive.run(host, tmp_path, before=clock.now - DAY // 2, chunk=2)
    assert (done.instances, len(done.files)) == (5, 3)
    assert outcome(host, young) == "completed"
    assert waits(host, waiting)
    with host.store.transaction() as tx:
        assert tx.look(old) == {}
        assert tx.logs(old) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in done.files)


def test_an_archived_reference_is_not_started_again(host: Host, clock: Clock, tmp_path: Path) -> None:
    (number,) = run_some(host, 1)
    clock.sleep(1)
    (file,) = archive.run(host, tmp_path, before=clock.now).files
    assert run_some(host, 1) == [number]
    with host.store.transaction() as tx:
        stays = tx.archived("a", "s", "R0")
    assert stays is not None
    assert (stays.id, stays.file) == (number, file.name)


def test_the_ledger_proves_the_archive(host: Host, clock: Clock, tmp_path: Path) -> None:
    run_some(host)
    clock.sleep(1)
    done = archive.run(host, tmp_path, before=clock.now)
    found = archive.verify(done.files, entries(host))
    assert (found.instances, found.proven, found.findings) == (5, 5, [])
    rows = [row for path in done.files for row, log in archive.read(path) if log]
    assert [row.reference for row in rows] == [f"R{n}" for n in range(5)]


def change(path: Path, change_row: Any) -> None:
    table = parquet.read_table(path)
    rows = table.to_pylist()
    change_row(rows[0])
    parquet.write_table(type(table).from_pylist(rows, schema=table.schema), path)


def alter_record(row: dict[str, Any]) -> None:
    row["log"][0]["records"] = row["log"][0]["records"].replace(b"completed", b"cancelled")


def alter_digest_too(row: dict[str, Any]) -> None:
    alter_record(row)
    row["digest"] = archive.digest("", row["log"][0]["records"])


def drop_turns(row: dict[str, Any]) -> None:
    row["log"], row["digest"] = [], ""


def renumber(row: dict[str, Any]) -> None:
    row["log"][0]["number"] = 2


@pytest.mark.parametrize(
    ("change_row", "code"),
    [
        (alter_record, "archive.changed"),
        (alter_digest_too, "archive.not-proven"),
        (drop_turns, "archive.not-proven"),
        (renumber, "archive.missing-turn"),
    ],
)
def test_a_changed_archive_is_found(host: Host, clock: Clock, tmp_path: Path, change_row: Any, code: str) -> None:
    run_some(host)
    clock.sleep(1)
    done = archive.run(host, tmp_path, before=clock.now)
    change(done.files[0], change_row)
    found = archive.verify(done.files, entries(host))
    assert found.proven == 4
    assert code in {finding.code for finding in found.findings}


@pytest.mark.parametrize("committed", [False, True])
def test_a_crash_between_file_and_rows_loses_and_doubles_nothing(
    host: Host, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, committed: bool
) -> None:
    run_some(host)
    clock.sleep(1)

    def crash(*_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(archive, "_name" if committed else "_remove", crash)
    with pytest.raises(KeyboardInterrupt):
        archive.run(host, tmp_path, before=clock.now)
    monkeypatch.undo()
    assert [path.suffix for path in tmp_path.iterdir()] == [archive.ASIDE]
    archive.run(host, tmp_path, before=clock.now)
    files = list(tmp_path.iterdir())
    found = archive.verify(files, entries(host))
    assert (found.instances, found.proven, found.findings) == (5, 5, [])


def test_a_file_that_was_not_written_to_its_end_is_dropped(host: Host, clock: Clock, tmp_path: Path) -> None:
    run_some(host)
    clock.sleep(1)
    (tmp_path / f"instances-1-2-3.parquet{archive.ASIDE}").write_bytes(b"PAR1 half")
    archive.run(host, tmp_path, before=clock.now)
    assert [path.suffix for path in tmp_path.iterdir()] == [".parquet"]


def test_a_file_that_another_run_is_writing_is_left_alone(
    host: Host, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_some(host)
    clock.sleep(1)
    beside = Host(MemoryStore())  # as PostgreSQL shows it: nothing of the other transaction
    look, remove = archive.tidy, archive._remove

    def meanwhile(*arguments: Any) -> None:
        look(beside, tmp_path)
        remove(*arguments)
        look(beside, tmp_path)

    monkeypatch.setattr(archive, "_remove", meanwhile)
    (file,) = archive.run(host, tmp_path, before=clock.now).files
    assert list(tmp_path.iterdir()) == [file]
    assert len(list(archive.read(file))) == 5


def test_a_file_that_cannot_be_read_is_never_dropped(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside = tmp_path / f"instances-1-2-3.parquet{archive.ASIDE}"
    aside.write_bytes(b"PAR1")

    def broken(*_: Any, **__: Any) -> None:
        raise OSError("input/output error")

    monkeypatch.setattr(parquet, "read_table", broken)
    with pytest.raises(HostError, match="left as it is"):
        archive.tidy(host, tmp_path)
    assert aside.exists()


def test_something_else_is_no_archive(tmp_path: Path) -> None:
    other = tmp_path / "x.parquet"
    other.write_bytes(b"nothing")
    with pytest.raises(HostError, match="no archive file"):
        list(archive.read(other))
