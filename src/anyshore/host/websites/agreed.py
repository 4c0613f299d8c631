"""What a browser's pages ask for, fetched from agreed hosts alone and through the gate."""

from __future__ import annotations

from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

from anyshore.base.errors import DataError
from anyshore.host.outgoing.client import Limits
from anyshore.host.outgoing.gate import Gate, OutgoingError
from anyshore.host.outgoing.kept import Kept, Trust
from anyshore.host.websites.browser import Fetched
from anyshore.host.websites.crawling import MOVED, REDIRECTS
from anyshore.website.links import resolved


class Agreed:
    """Answers a browser; see ``browser.Fetch``.

    Args:
        hosts: that may be contacted, with the port where it is not the usual one.
        limits: of one request.
        gate: judges where connections go; that of the installation by default.
        trust: of certificates; the system's by default.
    """

    def __init__(
        self, hosts: frozenset[str], limits: Limits | None = None, gate: Gate | None = None, trust: Trust | None = None
    ) -> None:
        self._hosts = hosts
        self._kept = Kept(gate, limits or Limits(body=20 * 1024 * 1024), trust)
        self.refused: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._kept.__exit__(kind, error, at)

    def __call__(self, address: str) -> Fetched | None:
        """What an address gives; a redirect is followed as far as hosts were agreed."""
        for _ in range(REDIRECTS + 1):
            host = urlsplit(address).netloc.lower()
            if host not in self._hosts:
                self.refused.add(host)
                return None
            try:
                reply = self._kept.ask(address)
                if reply.status not in MOVED or reply.location is None:
                    return Fetched(reply.status, reply.body, {"content-type": reply.kind or "application/octet-stream"})
                address = resolved(urljoin(address, reply.location)).partition("#")[0]
            except (OutgoingError, DataError):
                return None
        return None
