"""A small HTTP client behind the gate: GET, HEAD and POST, with limits, and what TLS said.

Redirects go through the gate like first addresses. Time is bounded as a whole: a server that sends a byte now and then
is cut off like one that sends nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from anyshore.base.errors import InternalError
from anyshore.host.outgoing.gate import Gate, OutgoingError, of_installation

AGENT = "Anyshore (+https://anyshore.org)"
_MOVED = {301, 302, 303, 307, 308}
_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may use, its redirects together.

    Attributes:
        seconds: from the first look at the name to the last byte.
        body: bytes of the body that are read.
        redirects: how many are followed.
    """

    seconds: float = 10.0
    body: int = 1024 * 1024
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Tls:
    """What a protected connection was made of.

    Attributes:
        version: of the protocol: ``TLSv1.3``.
        cipher: its name.
        certificate: subject, issuer, names and times of the server's certificate, as ``ssl`` tells them.
        digest: SHA-256 of the certificate as it was sent, in hexadecimal.
    """

    version: str
    cipher: str
    certificate: Mapping[str, Any]
    digest: str


@dataclass(frozen=True, slots=True)
class Hop:
    """One request on the way to an answer.

    Attributes:
        url: what was asked for.
        status: what was answered.
        address: of the machine that answered.
        tls: of the connection; None where it was not protected.
    """

    url: str
    status: int
    address: str
    tls: Tls | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        status: of HTTP.
        headers: names in small letters and values, in the order they came in.
        body: what was sent, undecoded; empty for HEAD.
        hops: every request on the way, the last one gave the answer.
        seconds: it took altogether.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    hops: tuple[Hop, ...]
    seconds: float

    def header(self, name: str) -> str | None:
        """The first value of a header."""
        return next((value for key, value in self.headers if key == name.lower()), None)


@dataclass(frozen=True, slots=True)
class Client:
    """Asks other machines.

    Attributes:
        gate: judges where to.
        limits: what a request may use.
        trust: of certificates; the system's where None.
        headers: sent with every request.
    """

    gate: Gate = field(default_factory=of_installation)
    limits: Limits = Limits()
    trust: ssl.SSLContext | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Asks for something. Raises: see :meth:`ask`."""
        return self.ask("GET", url, None, headers or {})

    def head(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Asks what it would be told about something. Raises: see :meth:`ask`."""
        return self.ask("HEAD", url, None, headers or {})

    def post(self, url: str, body: bytes, headers: Mapping[str, str] | None = None) -> Answer:
        """Sends something. Raises: see :meth:`ask`."""
        return self.ask("POST", url, body, headers or {})

    def ask(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """Sends a request and follows where it leads.

        Args:
            method: GET, HEAD or POST.
            url: http or https; user information in it is refused.
            body: of a POST.
            headers: sent with it; those that identify somebody do not follow to another place.

        Raises:
            OutgoingError: the address is refused or does not answer (see :meth:`Gate.connect`), it is none
                (``outgoing.url``), its certificate does not hold (``outgoing.tls``), it is too slow
                (``outgoing.slow``), too much (``outgoing.too-large``), leads round and round
                (``outgoing.redirects``) or speaks no HTTP (``outgoing.broken``).
        """
        begun = time.monotonic()
        hops: list[Hop] = []
        sent = {"User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "identity", **self.headers, **headers}
        while True:
            left = self.limits.seconds - (time.monotonic() - begun)
            if left <= 0:
                raise OutgoingError("outgoing.slow", f"{url} took more than {self.limits.seconds:g} s.")
            status, found, content, hop = self._once(method, url, body, sent, left)
            hops.append(hop)
            target = next((value for key, value in found if key == "location"), None)
            if status not in _MOVED or target is None or self.limits.redirects == 0:
                return Answer(status, found, content, tuple(hops), time.monotonic() - begun)
            if len(hops) > self.limits.redirects:
                raise OutgoingError("outgoing.redirects", f"{hops[0].url} leads on more than {len(hops) - 1} times.")
            before, url = url, urljoin(url, target)
            if status == 303 or (status in (301, 302) and method == "POST"):  # RFC 9110, 15.4
                method, body = ("HEAD" if method == "HEAD" else "GET"), None
            if _origin(urlsplit(before)) != _origin(urlsplit(url)):
                sent = {k: v for k, v in sent.items() if k.lower() not in ("authorization", "cookie")}

    def _once(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str], seconds: float
    ) -> tuple[int, tuple[tuple[str, str], ...], bytes, Hop]:
        parts = parts_of(url)
        connection = Connection(self.gate, parts, seconds, self._context() if parts.scheme == "https" else None)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        with _timed(connection, url, seconds):
            with told(url):
                connection.request(method, path, body, dict(headers))
                with contextlib.closing(connection.getresponse()) as answer:
                    content = b"" if method == "HEAD" else body_of(answer, url, self.limits.body)
            found = tuple((key.lower(), value) for key, value in answer.getheaders())
            return answer.status, found, content, Hop(url, answer.status, connection.peer, connection.tls)

    def _context(self) -> ssl.SSLContext:
        return self.trust or ssl.create_default_context()


def body_of(answer: http.client.HTTPResponse, url: str, most: int) -> bytes:
    """What an answer holds.

    Raises:
        OutgoingError: it is more than it may be.
        IncompleteRead: it ends before it is whole.
    """
    found = bytearray()
    while piece := answer.read1(_PIECE):
        found += piece
        if len(found) > most:
            raise OutgoingError("outgoing.too-large", f"{url} sends more than {most} bytes.")
    if answer.length:
        raise http.client.IncompleteRead(b"", answer.length)
    return bytes(found)


@contextlib.contextmanager
def told(url: str) -> Iterator[None]:
    """Failures of a request in words of this package."""
    try:
        yield
    except ssl.SSLError as problem:
        why = getattr(problem, "verify_message", "") or problem.reason or str(problem)
        raise OutgoingError("outgoing.tls", f"The connection to {url} is not to be trusted: {why}.") from problem
    except (http.client.HTTPException, ValueError) as problem:
        message = f"What {url} answers is not HTTP: {type(problem).__name__}."
        raise OutgoingError("outgoing.broken", message) from problem
    except OSError as problem:
        why = problem.strerror or "the connection ended"
        raise OutgoingError("outgoing.unreachable", f"{url} does not answer: {why}.") from problem


class Connection(http.client.HTTPConnection):
    """A connection that the gate makes, and that remembers what it was made of."""

    def __init__(self, gate: Gate, parts: SplitResult, seconds: float, context: ssl.SSLContext | None) -> None:
        port = parts.port or (443 if context else 80)
        super().__init__(str(parts.hostname), port, timeout=seconds)
        self.default_port = 443 if context else 80  # so that Host names no port where it is the usual one
        self._gate, self._seconds, self._context = gate, seconds, context
        self.peer = ""
        self.tls: Tls | None = None
        self.made: socket.socket | None = None  # stays, where ``sock`` goes as soon as a head says it is the last

    def connect(self) -> None:
        """Through the gate, under TLS where the address says so."""
        made = self._gate.connect(self.host, self.port, self._seconds)
        self.peer = str(made.getpeername()[0])
        self.sock = self.made = made
        if self._context is not None:
            try:
                self.sock = self.made = protected = self._context.wrap_socket(made, server_hostname=self.host)
            except BaseException:
                made.close()
                raise
            self.tls = _tls(protected)


def _tls(made: ssl.SSLSocket) -> Tls:
    cipher, raw = made.cipher(), made.getpeercert(binary_form=True)
    if cipher is None or raw is None:
        raise InternalError("outgoing.tls", "A protected connection has no cipher or no certificate.")
    return Tls(made.version() or "", cipher[0], made.getpeercert() or {}, hashlib.sha256(raw).hexdigest())


@contextlib.contextmanager
def _timed(connection: Connection, url: str, seconds: float) -> Iterator[None]:
    """Ends a connection when its time is over, wherever it hangs."""
    over = threading.Event()

    def cut() -> None:
        over.set()
        if connection.made is not None:
            with contextlib.suppress(OSError):
                connection.made.shutdown(socket.SHUT_RDWR)

    watch = threading.Timer(seconds, cut)
    watch.daemon = True
    watch.start()
    slow = OutgoingError("outgoing.slow", f"{url} took more than {seconds:.1f} s.")
    try:
        yield
        if over.is_set():  # what was cut off looks like an end
            raise slow
    except OutgoingError as problem:
        if over.is_set() or isinstance(problem.__cause__, TimeoutError):
            raise slow from problem
        raise
    finally:
        watch.cancel()
        connection.close()


def parts_of(url: str) -> SplitResult:
    """The parts of an address that may be asked. Raises: ``OutgoingError``: it is none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as problem:
        raise OutgoingError("outgoing.url", f"{url!r} is no address: {problem}.") from problem
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None or port == 0:
        raise OutgoingError("outgoing.url", f"{url!r} is no address of http or https.")
    if any(ord(one) <= 32 or ord(one) == 127 for one in url) or not url.isascii():
        raise OutgoingError("outgoing.url", f"{url!r} holds letters an address cannot have.", hint="Encode them.")
    return parts


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
