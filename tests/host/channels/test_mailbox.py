"""A mailbox on a real server: every mail is answered for once, whoever is killed in between."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from anyshore.base.errors import DataError
from anyshore.host.channels.mailbox import Mailbox
from anyshore.host.channels.poller import Opened, Poller
from anyshore.host.driver import Host
from anyshore.host.intake.receiving import receipts
from anyshore.host.intake_ports import ChannelRow, ReceiptPage
from anyshore.host.memory import MemoryStore
from anyshore.kernel import codec
from anyshore.packs import reading
from tests.host.channels.dovecot import USER, Dovecot
from tests.host.intake.deliveries import LETTER, PLACE, deploy, mail, service

PDF = b"%PDF-1.7\n"


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    """The server of this module; each test leaves its INBOX empty."""
    with tempfile.TemporaryDirectory(prefix="anyshore-dovecot-") as home:  # pytest's own is closed to other users
        try:
            found = Dovecot(Path(home))
        except LookupError as absent:
            pytest.skip(str(absent))
        try:
            yield found
        finally:
            found.stop()


@pytest.fixture(autouse=True)
def listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server is on this machine, which is not reached unless it is listed."""
    monkeypatch.setenv("ANYSHORE_OUTGOING", "127.0.0.0/8,::1")


@pytest.fixture
def inbox(server: Dovecot) -> Iterator[Dovecot]:
    yield server
    with server.session() as session:
        _, numbers = session.search(None, "ALL")
        for number in numbers[0].split():
            session.store(number.decode(), "+FLAGS", "\\Deleted")
        session.expunge()


def settings(server: Dovecot, **more: object) -> dict[str, object]:
    return {"host": "127.0.0.1", "port": server.port, "user": USER, "security": "none"} | more


class Desk:
    """A host with one mailbox."""

    def __init__(self, server: Dovecot) -> None:
        self.now, self.server = 1_767_258_000_000_000, server
        self.host = Host(MemoryStore(rollback=False), clock=lambda: self.now, worker="test")
        deploy(self.host)
        row = ChannelRow(
            engagement="mill", service="letters", kind="mailbox", settings=codec.encode_value(settings(server)),
            every=60, due=0,
        )  # fmt: skip
        with self.host.store.transaction() as tx:
            tx.add_channel(row)

    def open(self, row: ChannelRow) -> Opened:
        return Opened(service(LETTER), PLACE, Mailbox.of(codec.decode_value(row.settings), self.server.password))

    def look(self) -> list[tuple[str, str, str | None]]:
        """Looks once, a minute later; all that was answered so far."""
        self.now += 60_000_000
        Poller(lambda: self.host, self.open).work()
        found = receipts(self.host, ReceiptPage(engagement="mill", limit=1000))
        return [(one.name, one.status, one.sender) for one in reversed(found)]

    def problem(self) -> str:
        with self.host.store.transaction() as tx:
            (row,) = tx.channels()
        return codec.decode_value(row.problem)["message"] if row.problem else ""


def test_each_mail_is_answered_for_and_marked(inbox: Dovecot) -> None:
    desk = Desk(inbox)
    inbox.deliver(mail(("a.pdf", PDF), subject="Invoice May"), mail(subject="Hello", id="<2@x>"))
    first = [
        ("Invoice May.eml/a.pdf", "accepted", "ada@example.org"), ("Hello.eml", "refused", "ada@example.org"),
    ]  # fmt: skip
    assert desk.look() == first
    assert inbox.flags() == [["\\Seen"], ["\\Flagged", "\\Seen"]]
    assert desk.look() == first, "a mail that was answered for is not looked at again"
    inbox.deliver(mail(("b.pdf", PDF), subject="Invoice May", id="<3@x>"), mail(("c.pdf", PDF + b"2"), id="<4@x>"))
    assert [status for _, status, _ in desk.look()[2:]] == ["duplicate", "accepted"]
    assert desk.problem() == ""


def test_a_mail_somebody_has_read_is_received_all_the_same(inbox: Dovecot) -> None:
    inbox.deliver(mail(("a.pdf", PDF)))
    with inbox.session() as session:
        session.store("1", "+FLAGS", "\\Seen")
    assert [status for _, status, _ in Desk(inbox).look()] == ["accepted"]


def test_what_is_wrong_with_the_mailbox_is_said_and_tried_again(inbox: Dovecot) -> None:
    desk = Desk(inbox)
    good = desk.open
    desk.open = lambda row: Opened(  # type: ignore[method-assign]
        service(LETTER), PLACE, Mailbox.of(codec.decode_value(row.settings), "wrong")
    )
    assert desk.look() == []
    assert "cannot be read" in desk.problem()
    desk.open = good  # type: ignore[method-assign]
    inbox.deliver(mail(("a.pdf", PDF)))
    assert [status for _, status, _ in desk.look()] == ["accepted"]
    assert desk.problem() == ""
    for said in ({"mailbox": "Nowhere"}, {"port": 1}, {"host": "no.such.invalid", "security": "tls"}):
        with pytest.raises(DataError, match="cannot be read"):
            Mailbox.of(settings(inbox, **said), inbox.password).check()


def test_a_password_never_travels_in_the_clear_to_another_machine(inbox: Dovecot) -> None:
    with pytest.raises(DataError, match="not read without encryption"):
        Mailbox.of(settings(inbox, host="mail.example.org"), "x")
    with pytest.raises(DataError, match="password"):
        Mailbox.of(settings(inbox), None)


def test_tls_is_checked(inbox: Dovecot) -> None:
    if inbox.certificate is None:
        pytest.skip("needs openssl to make a certificate")
    inbox.deliver(mail(("a.pdf", PDF)))
    trusted = {"authority": str(inbox.certificate), "host": "localhost"}
    for security, port in (("tls", inbox.tls_port), ("starttls", inbox.port)):
        found = Mailbox.of(settings(inbox, security=security, port=port, **trusted), inbox.password)
        assert found.check() == f"1 mails in INBOX of {USER} on localhost."
        with pytest.raises(DataError, match="certificate"):
            Mailbox.of(settings(inbox, security=security, port=port, host="localhost"), inbox.password).check()


RUNNER = """
import json, sys, time
from anyshore.web.site import system
from anyshore.host.intake import receiving
from anyshore.host.intake_ports import ReceiptPage

host = system.host()
from anyshore.web.intake import channels

def fall_due():
    with host.store.transaction() as tx:
        for row in tx.channels():
            row.due, row.claimed_by, row.claimed_until = 0, None, None  # what time does: the claim of the dead runs out
            tx.save_channel(row)

if len(sys.argv) > 1:  # between fetch and store, or between store and mark: a moment in which to be killed
    whole = receiving._store
    def slowly(*given):
        print("fetched", flush=True)
        time.sleep(30 if sys.argv[1] == "fetched" else 0)
        found = whole(*given)
        print("stored", flush=True)
        time.sleep(30)
        return found
    receiving._store = slowly
arrived = []
for _ in range(2):
    fall_due()
    arrived.append(channels.poller().work())
kept = receiving.receipts(host, ReceiptPage(engagement="payables", limit=1000))
print(json.dumps([arrived, [[one.name, one.status, one.instance] for one in kept]]))
"""
SETUP = """
import sys
import tempfile
from anyshore.web.site import system
from anyshore.packs import reading

system.start()
from anyshore.web.core.models import Engagement
from anyshore.web.intake import channels
from anyshore.web.site import demonstration

demonstration.engage(reading.named("payables").terms.read_text(encoding="utf-8"))
said = {"host": "127.0.0.1", "port": int(sys.argv[1]), "user": sys.argv[2], "security": "none"}
channels.add(Engagement.objects.get(key="payables"), "payables", "mailbox", said, password=sys.argv[3], every=5)
"""


def test_who_is_killed_between_fetch_and_store_loses_and_doubles_nothing(
    inbox: Dovecot, tmp_path: Path, installed: Callable[[Path], Path]
) -> None:
    environment = os.environ | {"ANYSHORE_HOME": str(installed(tmp_path))}

    def run(program: str, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments], env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    run(SETUP, str(inbox.port), USER, inbox.password)
    samples = reading.named("payables").folder / "samples"
    names = ["01-matching-ubl.xml", "04-no-order-ubl.xml", "08-not-xml.xml"]
    inbox.deliver(*(mail((name, (samples / name).read_bytes()), id=f"<{name}@x>", subject=name) for name in names))
    for moment in ("fetched", "stored"):
        with subprocess.Popen(
            [sys.executable, "-c", RUNNER, moment], env=environment, stdout=subprocess.PIPE, text=True
        ) as victim:
            assert victim.stdout is not None
            while (line := victim.stdout.readline().strip()) != moment:
                assert line == "fetched", line
            victim.send_signal(signal.SIGKILL)
    arrived, found = json.loads(run(RUNNER))
    assert arrived == [2, 0], "the first was stored by the second of those that were killed"
    assert Counter(status for _, status, _ in found) == {"accepted": 3}
    assert sorted(name for name, _, _ in found) == [f"{name}.eml/{name}" for name in names]
    assert len({instance for _, _, instance in found}) == 3
    assert inbox.flags()[-1] == ["\\Seen"]
    secrets = tmp_path / "channel-secrets.json"
    assert secrets.stat().st_mode & 0o777 == 0o600
    (database,) = tmp_path.glob("*.sqlite3")
    assert inbox.password.encode() not in database.read_bytes()


def test_a_mailbox_inside_is_not_reached_unless_it_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever adds a channel names any address: none of them leads into the network of the installation."""
    monkeypatch.delenv("ANYSHORE_OUTGOING")
    for security in ("none", "tls", "starttls"):
        said = {"host": "127.0.0.1", "port": 1, "user": "me", "security": security}
        with pytest.raises(DataError, match="not reached from here"):
            Mailbox.of(said, "secret").check()
