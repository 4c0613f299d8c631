"""The service of "A service in ten minutes", taken from the page, is handed work through every channel: all real.

A folder and a folder of mails, a mailbox of a real server, REST and a browser against a real server of the pages, the
command: what arrives by each is answered for by name, and the rule decides it.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import Commands
from tests.docs.pages import blocks
from tests.host.channels.dovecot import PASSWORD, USER, Dovecot
from tests.host.intake.deliveries import mail

pytestmark = pytest.mark.long
PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "service-in-ten-minutes.md"
CHROMIUM = Path(os.environ.get("ANYSHORE_CHROMIUM", "/usr/bin/chromium"))
KEY = """
from pathlib import Path
from anyshore.web.accounts import tokens
from anyshore.web.site.services import manager_of, named

manager = manager_of(named("refunds"))
manager.set_password(given["password"])
manager.save()
Path(given["note"]).write_text(manager.email + "\\n" + tokens.issue(manager, "test"))
"""


@dataclass(frozen=True)
class Service:
    """The service of the page, ready for work.

    Attributes:
        prompt: its commands.
        home: folder of the installation.
        folder: of what is handed over.
        email: of the manager.
        token: of the manager, for REST.
    """

    prompt: Commands
    home: Path
    folder: Path
    email: str
    token: str

    def add(self, kind: str, *options: object) -> None:
        self.prompt.run("channel", "add", "refunds", "refunds", kind, *options)
        self.prompt.run("work", "--until-idle")

    def answered(self, channel: str) -> list[tuple[str, str]]:
        """What came by a channel, in order of name."""
        found = self.prompt.run("received", "refunds")
        return sorted((one["name"], one["status"]) for one in found if one["channel"] == channel)


def rows(way: str) -> bytes:
    """Two requests: the rule grants the first, the second waits for a person."""
    return f"number,amount,reason\n{way}-1,20.00,\n{way}-2,1200.50,damaged\n".encode()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, installed: Callable[[Path], Path]) -> Iterator[Service]:
    home, folder = installed(tmp_path_factory.mktemp("home")), tmp_path_factory.mktemp("work")
    with pytest.MonkeyPatch.context() as installation:
        installation.setenv("ANYSHORE_OUTGOING", "127.0.0.0/8")  # the mailbox of the test is inside
        prompt = Commands(home, tmp_path_factory.mktemp("printed"))
    try:
        prompt.run("pack", "new", "refunds", "--in", folder)
        for block in blocks(PAGE.read_text(encoding="utf-8")):
            if block.title:
                (folder / block.title).write_text(block.text, encoding="utf-8")
        prompt.execute(
            "from anyshore.base import files\nfrom anyshore.dmn import spreadsheets\nfrom pathlib import Path\n"
            "files.write(given + '/refunds/way.dmn', spreadsheets.to_dmn(Path(given + '/way.csv')))",
            str(folder),
        )
        first = prompt.run("run", folder / "refunds", folder / "march.csv", status=1)
        assert (first["received"], first["outcomes"]) == (5, {"paid": 2})
        prompt.execute(KEY, {"password": PASSWORD, "note": str(folder / "note")})
        yield Service(prompt, home, folder, *(folder / "note").read_text(encoding="utf-8").split("\n"))
    finally:
        prompt.close()


@pytest.fixture(scope="module")
def address(service: Service) -> Iterator[str]:
    """A server of the pages."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from anyshore.cli.main import main; main()", "serve", "--port", str(port)]
    environment = os.environ | {"ANYSHORE_HOME": str(service.home)}
    with subprocess.Popen([*command, "--no-worker"], env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            assert "Anyshore is at" in server.stdout.readline()
            threading.Thread(target=server.stdout.read, daemon=True).start()
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def test_the_command(service: Service) -> None:
    (service.folder / "command.csv").write_bytes(rows("C"))
    done = service.prompt.run("run", service.folder / "refunds", service.folder / "command.csv")
    assert (done["received"], done["outcomes"], done["waiting"]) == (2, {"paid": 1}, {"decide": 1})


def test_a_watched_folder(service: Service) -> None:
    inbox = service.folder / "inbox"
    inbox.mkdir()
    (inbox / "folder.csv").write_bytes(rows("F"))
    service.add("folder", "--path", inbox, "--quiet", 0)
    assert service.answered("folder") == [("folder.csv:2", "accepted"), ("folder.csv:3", "accepted")]
    assert (inbox / "done" / "folder.csv").is_file()


def test_a_folder_of_mails(service: Service) -> None:
    inbox = service.folder / "mails"
    inbox.mkdir()
    (inbox / "1.eml").write_bytes(mail(("mails.csv", rows("M"))))
    service.add("mails", "--path", inbox, "--quiet", 0)
    assert [(name.rpartition("/")[2], status) for name, status in service.answered("mails")][-2:] == [
        ("mails.csv:2", "accepted"), ("mails.csv:3", "accepted"),
    ]  # fmt: skip


def test_a_mailbox(service: Service) -> None:
    with tempfile.TemporaryDirectory(prefix="anyshore-dovecot-") as home:
        try:
            server = Dovecot(Path(home))
        except LookupError as absent:
            pytest.skip(str(absent))
        try:
            server.deliver(mail(("mailbox.csv", rows("B"))))
            said = {"host": "127.0.0.1", "port": server.port, "user": USER, "security": "none"}
            service.prompt.execute(
                "from anyshore.web.intake import channels\nfrom anyshore.web.site.services import named\n"
                "channels.add(named('refunds'), 'refunds', 'mailbox', given['said'], password=given['password'])",
                {"said": said, "password": server.password},
            )
            service.prompt.run("work", "--until-idle")
        finally:
            server.stop()
    assert [(name.rpartition("/")[2], status) for name, status in service.answered("mailbox")][-2:] == [
        ("mailbox.csv:2", "accepted"), ("mailbox.csv:3", "accepted"),
    ]  # fmt: skip


def test_rest(service: Service, address: str) -> None:
    given = {"service": "refunds", "variables": {"number": "R-1", "amount": 20}}
    asked = urllib.request.Request(
        f"{address}/api/engagements/refunds/work", json.dumps(given).encode(),
        {"Authorization": f"Bearer {service.token}", "Content-Type": "application/json"},
    )  # fmt: skip
    with urllib.request.urlopen(asked) as answer:
        assert answer.status == 201
        instance = json.load(answer)["instance"]
    service.prompt.run("work", "--until-idle")
    ended = {one["id"]: one["outcome"] for one in service.prompt.run("ops", "instances", "--engagement", "refunds")}
    assert ended[instance] == "completed", "granted by the rule"
    assert [status for _name, status in service.answered("rest")] == ["accepted"]


def test_the_browser(service: Service, address: str) -> None:
    if not CHROMIUM.exists():
        pytest.skip(f"no browser: {CHROMIUM} is absent (set ANYSHORE_CHROMIUM)")
    playwright = pytest.importorskip("playwright.sync_api", reason="no browser: playwright is not installed")
    (service.folder / "browser.csv").write_bytes(rows("W"))
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        page: Any = chromium.new_page(locale="en-GB")
        page.goto(f"{address}/sign-in/")
        page.get_by_label("Email").fill(service.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("nav")
        page.goto(f"{address}/engagements/refunds/start/")
        page.get_by_label("Files").set_input_files(service.folder / "browser.csv")
        page.get_by_role("button", name="Start").click()
        page.wait_for_url(re.compile("/received/|/instances/"))
        chromium.close()
    assert service.answered("browser") == [("browser.csv:2", "accepted"), ("browser.csv:3", "accepted")]
