"""What 200 open streams of events cost those who look at pages: p95 with and without them, in turns.

``python -m benchmarks streams``. Eight people each look at a page as soon as the last one came; entries are added to
the ledger meanwhile, which every stream is told. Which of the two comes first changes from round to round.
"""

from __future__ import annotations

import http.client
import selectors
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.host import servers

STREAMS, CLIENTS, SECONDS, ROUNDS = 200, 8, 8.0, 6
SERVE = (
    "import sys; sys.argv = ['anyshore', 'serve', '--no-worker', '--port', '{}', '--events', '{}'];"
    "from anyshore.cli.main import main; main()"
)
PREPARE = """
from anyshore.web.site import system
system.start()
from anyshore.web.accounts import tokens
from anyshore.web.core.models import Engagement, Person
from anyshore.web.site import services
found = services.ready("payables").engagement
from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
people = list(Person.objects.filter(memberships__role="manager")[:1])
person = people[0]
session = SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), "anyshore.web.accounts.signin.EmailBackend"
session[HASH_SESSION_KEY] = person.get_session_auth_hash()
session.save()
readers = []
for number in range(20):
    one = Person.objects.create_user(f"reader{number}@example.org", "a long enough phrase", name=f"Reader {number}")
    from anyshore.web.core.models import Membership
    Membership.objects.create(person=one, organisation=found.provider, role="manager")
    readers.append(tokens.issue(one, "events", ["read"]))
print(session.session_key, found.key, *readers)
"""
WRITE = """
import sys, time
from anyshore.web.site import system
host = system.host()
from anyshore.host.ledgers import LedgerWriter
until = time.monotonic() + float(sys.argv[1])
while time.monotonic() < until:
    with host.store.transaction() as tx:
        chain = LedgerWriter(tx, sys.argv[2])
        chain.add(host.clock(), "turn", {})
        chain.write()
    time.sleep(0.2)
"""


def _free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _look(port: int, cookie: str, until: float, waited: list[float]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while time.monotonic() < until:
        began = time.perf_counter()
        connection.request("GET", "/work/", headers={"Cookie": f"sessionid={cookie}"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        waited.append(time.perf_counter() - began)


class Listening:
    """Many streams, read by one thread."""

    def __init__(self, port: int, key: str, tokens: list[str]) -> None:
        self.heard = 0
        self._stop = threading.Event()
        self._selector = selectors.DefaultSelector()
        for number in range(STREAMS):
            one = socket.create_connection(("127.0.0.1", port))
            asked = (
                f"GET /api/engagements/{key}/events HTTP/1.1\r\nHost: localhost\r\n"
                f"Authorization: Bearer {tokens[number % len(tokens)]}\r\n\r\n"
            )
            one.sendall(asked.encode())
            self._selector.register(one, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        while not self._stop.is_set():
            for key, _ in self._selector.select(0.2):
                assert isinstance(key.fileobj, socket.socket)
                self.heard += key.fileobj.recv(65_536).count(b"\nevent: ")

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            assert isinstance(key.fileobj, socket.socket)
            key.fileobj.close()


def _p95(port: int, cookie: str) -> float:
    waited: list[float] = []
    until = time.monotonic() + SECONDS
    threads = [threading.Thread(target=_look, args=(port, cookie, until, waited)) for _ in range(CLIENTS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return statistics.quantiles(waited, n=20)[-1]


def main() -> None:
    """Prints p95 of both, and what the streams were told."""
    with tempfile.TemporaryDirectory(dir=servers.HOME) as home:
        environment = servers.environment(Path(home), None) | {"ANYSHORE_HOSTS": "localhost,127.0.0.1"}
        python = [sys.executable, "-c"]
        said = subprocess.run([*python, PREPARE], env=environment, stdout=subprocess.PIPE, text=True, check=True)
        cookie, key, *tokens = said.stdout.splitlines()[-1].split()
        port, events = _free(), _free()
        server = subprocess.Popen([*python, SERVE.format(port, events)], env=environment, stdout=subprocess.DEVNULL)
        writer = subprocess.Popen([*python, WRITE, str(2 * ROUNDS * (SECONDS + 10)), key], env=environment)
        try:
            for one in (port, events):
                _wait(one)
            _p95(port, cookie)
            without, beside, heard = [], [], 0
            for number in range(ROUNDS):
                for open_ in (number % 2 == 0, number % 2 == 1):
                    streams = Listening(events, key, tokens) if open_ else None
                    time.sleep(3)
                    (beside if open_ else without).append(_p95(port, cookie))
                    if streams is not None:
                        streams.close()
                        heard += streams.heard
            _told(without, beside, heard)
        finally:
            for process in (writer, server):
                process.terminate()
                process.wait()


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"nothing listens on {port}")


def _told(without: list[float], beside: list[float], heard: int) -> None:
    before, after = statistics.median(without), statistics.median(beside)
    print(f"p95 of a page, {CLIENTS} in a closed loop, median of {ROUNDS} rounds of {SECONDS:.0f} s")
    print(f"without streams       {1000 * before:7.1f} ms")
    more = 100 * (after / before - 1)
    print(f"{STREAMS} open streams      {1000 * after:7.1f} ms  {more:+.1f} %; {heard:,} events told")


if __name__ == "__main__":
    main()
