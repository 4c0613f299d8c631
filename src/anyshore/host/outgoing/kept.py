"""Connections that stay open, for who asks a few places many things: one thread's, and no redirect is followed."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from anyshore.host.outgoing.client import AGENT, Connection, Limits, body_of, parts_of, told
from anyshore.host.outgoing.gate import Gate, OutgoingError, of_installation

Trust = ssl.SSLContext
"""Whose certificates are believed."""
_LOOK = 0.25
"""Seconds between two looks of who watches the time."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer.

    Attributes:
        status: of HTTP.
        kind: media type with its parameters; empty where none is told.
        location: where a redirect leads; None for no redirect.
        body: what was sent; empty for HEAD.
        seconds: it took.
    """

    status: int
    kind: str
    location: str | None
    body: bytes
    seconds: float


class Kept:
    """Asks places and keeps a connection to each.

    Args:
        gate: judges where to, once for each connection.
        limits: what one request may use.
        trust: of certificates; the system's where None.
        agent: who asks.
    """

    def __init__(
        self, gate: Gate | None = None, limits: Limits | None = None, trust: Trust | None = None,
        agent: str = AGENT,
    ) -> None:  # fmt: skip
        self._gate, self._limits, self._trust = gate or of_installation(), limits or Limits(), trust
        self._headers = {"User-Agent": agent, "Accept": "*/*", "Accept-Encoding": "identity"}
        self._open: dict[tuple[str, str], Connection] = {}
        self._busy: tuple[Connection, float] | None = None
        self._cut = False
        self._end = threading.Event()
        self._lock = threading.Lock()
        self._watch = threading.Thread(target=self._watching, daemon=True)
        self._watch.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._end.set()
        self._watch.join()
        for connection in self._open.values():
            connection.close()

    def ask(self, url: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> Reply:
        """Asks for something; a redirect is an answer like any other.

        Raises:
            OutgoingError: see :meth:`anyshore.host.outgoing.client.Client.ask`.
        """
        parts = parts_of(url)
        place = (parts.scheme, parts.netloc)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        begun = time.monotonic()
        kept = self._open.pop(place, None)
        if kept is not None:
            try:
                return self._once(kept, place, method, url, path, begun, headers)
            except OutgoingError as problem:  # the other side may end a connection that rests
                if problem.code not in ("outgoing.unreachable", "outgoing.broken"):
                    raise
        context = (self._trust or ssl.create_default_context()) if parts.scheme == "https" else None
        made = Connection(self._gate, parts, self._limits.seconds, context)
        return self._once(made, place, method, url, path, begun, headers)

    def _once(
        self, connection: Connection, place: tuple[str, str], method: str, url: str, path: str, begun: float,
        headers: Mapping[str, str] | None,
    ) -> Reply:  # fmt: skip
        self._begin(connection, begun)
        ok = False
        try:
            with told(url):
                connection.request(method, path, headers={**self._headers, **(headers or {})})
                with contextlib.closing(connection.getresponse()) as answer:
                    content = b"" if method == "HEAD" else body_of(answer, url, self._limits.body)
            ok = not answer.will_close and not self._cut
            if self._cut:
                raise OutgoingError("outgoing.slow", f"{url} took more than {self._limits.seconds:g} s.")
        except OutgoingError as problem:
            if self._cut or isinstance(problem.__cause__, TimeoutError):
                raise OutgoingError("outgoing.slow", f"{url} took more than {self._limits.seconds:g} s.") from problem
            raise
        finally:
            with self._lock:
                self._busy = None
            if ok:
                self._open[place] = connection
            else:
                connection.close()
        found = answer.getheader("location") if 300 <= answer.status < 400 else None
        return Reply(
            answer.status, answer.getheader("content-type") or "", found, content, time.monotonic() - begun
        )  # fmt: skip

    def _begin(self, connection: Connection, begun: float) -> None:
        with self._lock:
            self._cut = False
            self._busy = connection, begun + self._limits.seconds

    def _watching(self) -> None:
        """Ends a connection when its time is over, wherever it hangs."""
        while not self._end.wait(_LOOK):
            with self._lock:
                if self._busy is None or time.monotonic() < self._busy[1]:
                    continue
                self._cut = True
                made = self._busy[0].made
            if made is not None:
                with contextlib.suppress(OSError):
                    made.shutdown(socket.SHUT_RDWR)
