"""A watched folder: what is whole is received once, and stands in done or refused afterwards."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from anyshore.base.errors import DataError
from anyshore.host.channels.folder import QUIET, Folder
from anyshore.host.channels.poller import Opened, Poller
from anyshore.host.driver import Host
from anyshore.host.intake.receiving import receipts
from anyshore.host.intake_ports import ChannelRow, ReceiptPage
from anyshore.host.memory import MemoryStore
from anyshore.kernel import codec
from tests.host.intake.deliveries import LETTER, PLACE, deploy, mail, service, zipped


class Clock:
    """The host's time: some seconds after files that were written just now."""

    def __init__(self) -> None:
        self.ahead = (QUIET + 1) * 1_000_000

    def __call__(self) -> int:
        return time.time_ns() // 1000 + self.ahead


class Watch:
    """A host with one watched folder."""

    def __init__(self, path: Path, kind: str = "folder") -> None:
        self.path, self.clock = path, Clock()
        path.mkdir()
        self.host = Host(MemoryStore(rollback=False), clock=self.clock, worker="test")
        deploy(self.host)
        row = ChannelRow(
            engagement="mill", service="letters", kind=kind, settings=codec.encode_value({"path": str(path)}),
            every=60, due=0,
        )  # fmt: skip
        with self.host.store.transaction() as tx:
            self.number = tx.add_channel(row)
        self.poller = Poller(lambda: self.host, self.open)

    def open(self, row: ChannelRow) -> Opened:
        return Opened(service(LETTER), PLACE, Folder.of(codec.decode_value(row.settings), row.kind, self.clock()))

    def look(self) -> list[tuple[str, str]]:
        """Lets the channel fall due, looks, and tells what was answered by it."""
        before = len(self.answers())
        row = self.row()
        row.due = 0
        with self.host.store.transaction() as tx:
            tx.save_channel(row)
        self.poller.work()
        found = self.answers()
        return found[: len(found) - before][::-1]

    def answers(self) -> list[tuple[str, str]]:
        return [(one.name, one.status) for one in receipts(self.host, ReceiptPage(engagement="mill", limit=1000))]

    def row(self) -> ChannelRow:
        with self.host.store.transaction() as tx:
            return next(row for row in tx.channels() if row.id == self.number)

    def files(self) -> list[str]:
        return sorted(one.relative_to(self.path).as_posix() for one in self.path.rglob("*") if one.is_file())


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    return Watch(tmp_path / "in")


def test_what_arrives_is_received_and_put_aside(watch: Watch) -> None:
    (watch.path / "sub").mkdir()
    for name, content in (
        ("sub/a.xml", b"<a/>"),
        ("b.docx", b"?"),
        ("c.zip", zipped({"d.xml": b"<d/>", "e.md": b"x"})),
    ):
        (watch.path / name).write_bytes(content)
    assert watch.look() == [
        ("b.docx", "refused"),
        ("c.zip/d.xml", "accepted"),
        ("c.zip/e.md", "refused"),
        ("sub/a.xml", "accepted"),
    ]
    assert watch.files() == [
        "done/sub/a.xml", "refused/b.docx", "refused/b.docx.reason.txt", "refused/c.zip", "refused/c.zip.reason.txt",
    ]  # fmt: skip
    reason = (watch.path / "refused/c.zip.reason.txt").read_text(encoding="utf-8")
    assert reason.startswith("c.zip/e.md: Files that end in .md are not taken in.")
    assert watch.look() == []


def test_a_second_file_of_a_known_name_is_new_work(watch: Watch) -> None:
    for content, status in ((b"<a>1</a>", "accepted"), (b"<a>2</a>", "accepted"), (b"<a>1</a>", "duplicate")):
        (watch.path / "a.xml").write_bytes(content)
        assert watch.look() == [("a.xml", status)]
    assert watch.files() == ["done/a (2).xml", "done/a (3).xml", "done/a.xml"]


def test_a_file_that_is_being_written_waits(watch: Watch) -> None:
    watch.clock.ahead = 0
    for name in ("a.xml", "b.xml.part", ".c.xml"):
        (watch.path / name).write_bytes(b"<a/>")
    assert watch.look() == []
    watch.clock.ahead = (QUIET + 1) * 1_000_000
    assert watch.look() == [("a.xml", "accepted")]
    (watch.path / "b.xml.part").rename(watch.path / "b.xml")
    assert watch.look() == [("b.xml", "duplicate")]
    assert watch.files() == [".c.xml", "done/a.xml", "done/b.xml"]


def test_a_file_that_changes_while_it_is_read_waits(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    path = watch.path / "a.xml"
    path.write_bytes(b"<a>")
    whole = Folder._parcel

    def slow(folder: Folder, file: Path) -> Any:
        parcel = whole(folder, file)
        path.write_bytes(b"<a>more</a>")
        return parcel

    monkeypatch.setattr(Folder, "_parcel", slow)
    assert watch.look() == []
    monkeypatch.undo()
    assert watch.look() == [("a.xml", "accepted")]


def test_a_folder_of_mails_as_a_mail_program_keeps_it(tmp_path: Path) -> None:
    watch = Watch(tmp_path / "Maildir", kind="mails")
    (watch.path / "new").mkdir()
    (watch.path / "new" / "1700000000.M1P1.host").write_bytes(mail(("a.pdf", b"%PDF-1.7")))
    assert watch.look() == [("new/1700000000.M1P1.host.eml/a.pdf", "accepted")]


def test_who_is_stopped_between_storing_and_moving_receives_nothing_twice(watch: Watch) -> None:
    (watch.path / "a.xml").write_bytes(b"<a/>")
    (watch.path / "b.docx").write_bytes(b"?")

    class Stopped(BaseException):
        """A kill, as far as one process can play it."""

    settle, Folder._settle = Folder._settle, _raising(Stopped)  # type: ignore[method-assign]
    try:
        with pytest.raises(Stopped):
            watch.look()
    finally:
        Folder._settle = settle  # type: ignore[method-assign]
    assert watch.answers() == [("a.xml", "accepted")]
    row = watch.row()
    assert row.claimed_by is not None
    watch.clock.ahead += 1_000_000_000  # its claim has run out
    assert watch.look() == [("b.docx", "refused")]
    assert watch.files() == ["done/a.xml", "refused/b.docx", "refused/b.docx.reason.txt"]


def _raising(error: type[BaseException]) -> Any:
    def settle(*_: object) -> None:
        raise error

    return settle


def test_a_folder_that_is_gone_is_a_problem_of_the_channel_alone(watch: Watch, tmp_path: Path) -> None:
    watch.path.rmdir()
    assert watch.look() == []
    row = watch.row()
    assert codec.decode_value(row.problem)["code"] == "channel.folder"
    assert row.due is not None
    assert row.due > watch.clock() + 50_000_000
    watch.path.mkdir()
    (watch.path / "a.xml").write_bytes(b"<a/>")
    assert watch.look() == [("a.xml", "accepted")]
    assert watch.row().problem == b""
    with pytest.raises(DataError, match="nothing about its path"):
        Folder.of({}, "folder", 0)
    assert Folder(watch.path, "folder", watch.clock()).check().startswith("0 files")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_nobody_may_write_in_is_read_all_the_same(watch: Watch) -> None:
    (watch.path / "a.xml").write_bytes(b"<a/>")
    (watch.path / "b.xml").write_bytes(b"<b/>")
    watch.path.chmod(0o500)
    try:
        assert watch.look() == [("a.xml", "accepted"), ("b.xml", "accepted")]
        assert watch.look() == []
        assert "cannot be moved" in codec.decode_value(watch.row().problem)["message"]
    finally:
        watch.path.chmod(0o700)
