"""An SMTP server that takes mails and keeps none: a process of its own, for measuring and for tests.

``python -m tests.host.outgoing.sink OPTIONS`` (JSON) prints its port, and when its input ends what it saw. Mails are
counted by their Message-ID; of a sample the signature is checked by dkimpy, and that it stands over both headers of
one click (RFC 8058, 4). It speaks STARTTLS, or TLS at once, and lets commands stand in a line (RFC 2920) if asked to.
"""

from __future__ import annotations

import json
import re
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

_ID = re.compile(rb"(?im)^message-id:\s*(<[^>\r\n]+>)")
_COVERED = re.compile(rb"\sh=([^;]+);")
_BOTH = {"list-unsubscribe", "list-unsubscribe-post"}


@dataclass
class Options:
    """How the server is.

    Attributes:
        certificate: PEM; empty: no TLS.
        private: its key.
        pipelining: whether it says that commands may stand in a line.
        sample: one of so many mails is checked; 0: none.
        key: of DKIM, as the DNS has it (``v=DKIM1; …``).
        replies: what is answered to receivers, by the part before the at sign.
        to_data: what is answered to mails, by a text they hold.
        keep: folder in which the sampled mails are kept; empty: nowhere.
    """

    certificate: str = ""
    private: str = ""
    pipelining: bool = True
    sample: int = 0
    key: str = ""
    replies: dict[str, str] = field(default_factory=dict)
    to_data: dict[str, str] = field(default_factory=dict)
    keep: str = ""


@dataclass
class Seen:
    """What a server saw.

    Attributes:
        mails: that were taken.
        ids: different identifiers of them.
        connections: to it.
        checked: mails of the sample.
        wrong: what was wrong with mails of the sample.
        to: how many mails each receiver got, the first thousand of them.
    """

    mails: int = 0
    ids: int = 0
    connections: int = 0
    checked: int = 0
    wrong: list[str] = field(default_factory=list)
    to: dict[str, int] = field(default_factory=dict)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, options: Options) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.options, self.seen, self.known, self.lock = options, Seen(), set[bytes](), threading.Lock()
        self.sample: list[bytes] = []
        self.context: ssl.SSLContext | None = None
        if options.certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(options.certificate, options.private)

    def take(self, content: bytes, to: list[str]) -> None:
        found = _ID.search(content)
        with self.lock:
            self.seen.mails += 1
            self.known.add(found[1] if found else b"")
            for one in to:
                if one in self.seen.to or len(self.seen.to) < 1000:
                    self.seen.to[one] = self.seen.to.get(one, 0) + 1
            if self.options.sample and self.seen.mails % self.options.sample == 0:
                self.sample.append(content)

    def told(self) -> Seen:
        self.seen.ids, self.seen.checked = len(self.known), len(self.sample)
        for content in self.sample:
            self.seen.wrong += _wrong(content, self.options.key)
        if self.options.keep:
            for number, content in enumerate(self.sample):
                Path(self.options.keep, f"{number}.eml").write_bytes(content)
        return self.seen


class _Session(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        with self.server.lock:
            self.server.seen.connections += 1
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.say("220 sink.example ESMTP")
        to: list[str] = []
        while line := self.rfile.readline(2000):
            verb, _, rest = line.decode("ascii", "replace").strip().partition(" ")
            match verb.upper():
                case "EHLO" | "HELO":
                    self.hello()
                case "STARTTLS":
                    self.protect()
                case "MAIL":
                    to = []
                    self.say("250 2.1.0 fine")
                case "RCPT":
                    address = rest.partition("<")[2].partition(">")[0]
                    reply = self.server.options.replies.get(address.partition("@")[0], "250 2.1.5 fine")
                    to += [address] if reply.startswith("2") else []
                    self.say(reply)
                case "DATA":
                    self.data(to)
                case "QUIT":
                    self.say("221 2.0.0 bye")
                    return
                case "RSET" | "NOOP":
                    self.say("250 2.0.0 fine")
                case _:
                    self.say("502 5.5.2 what?")

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def hello(self) -> None:
        offers = ["sink.example", "SIZE 10000000"]
        if self.server.options.pipelining:
            offers.append("PIPELINING")
        if self.server.context is not None and not isinstance(self.connection, ssl.SSLSocket):
            offers.append("STARTTLS")
        for offer in offers[:-1]:
            self.say(f"250-{offer}")
        self.say(f"250 {offers[-1]}")

    def protect(self) -> None:
        assert self.server.context is not None
        self.say("220 2.0.0 go on")
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)

    def data(self, to: list[str]) -> None:
        if not to:
            self.say("554 5.5.1 no valid recipients")
            return
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        content = b"".join(lines)
        for text, reply in self.server.options.to_data.items():
            if text.encode() in content:
                self.say(reply)
                return
        self.server.take(content, to)
        self.say("250 2.0.0 taken")


def _wrong(content: bytes, key: str) -> Iterator[str]:
    """What is wrong with a mail."""
    import dkim

    found = _COVERED.search(content)
    covered = set(re.findall(r"[a-z-]+", found[1].decode())) if found else set()
    if not covered >= _BOTH:
        yield f"the signature does not cover {sorted(_BOTH - covered)}"
    heads = content.partition(b"\r\n\r\n")[0].lower()
    for name in _BOTH:
        if heads.count(b"\r\n" + name.encode() + b":") != 1:
            yield f"{name} is not there once"
    if not dkim.verify(content, dnsfunc=lambda name, timeout=5: key.encode()):
        yield "the signature does not hold"


@contextmanager
def running(**options: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    """A server in a process of its own: its port, and what it saw, filled when the block ends."""
    seen: dict[str, Any] = {}
    command = [sys.executable, "-m", "tests.host.outgoing.sink", json.dumps(asdict(Options(**options)))]
    root = Path(__file__).resolve().parents[3]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline()), seen
        finally:
            assert process.stdin is not None
            process.stdin.close()
            seen.update(json.loads(process.stdout.readline()))


def main() -> None:
    """Serves until the input ends."""
    server = _Server(Options(**json.loads(sys.argv[1])))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()
    print(json.dumps(asdict(server.told())), flush=True)


if __name__ == "__main__":
    main()
