"""Sessions of ``requests`` that go through the gate, for libraries that bring that client along."""

from __future__ import annotations

from typing import Any

from anyshore.host.outgoing import gate

SECONDS = 10.0
"""For one request."""
MOST = 1024 * 1024
"""Bytes of one answer."""


def gated() -> Any:
    """A session whose every connection the gate makes, with limits of time and size, whatever proxies are set."""
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3 import PoolManager
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

    class Plain(HTTPConnection):
        def _new_conn(self) -> Any:
            return gate.of_installation().connect(self.host, self.port, SECONDS)

    class Protected(HTTPSConnection):
        def _new_conn(self) -> Any:
            return gate.of_installation().connect(self.host, self.port, SECONDS)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class ProtectedPool(HTTPSConnectionPool):
        ConnectionCls = Protected

    class Adapter(HTTPAdapter):
        def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **rest: Any) -> None:
            self.poolmanager = PoolManager(connections, maxsize=maxsize, block=block, **rest)
            self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": ProtectedPool}

        def send(self, request: Any, *args: Any, **options: Any) -> Any:
            options |= {"timeout": SECONDS, "stream": True, "proxies": {}}
            answer = super().send(request, *args, **options)
            content = answer.raw.read(MOST + 1, decode_content=True)
            if len(content) > MOST:
                raise requests.exceptions.ContentDecodingError(f"{request.url} sends more than {MOST} bytes.")
            answer._content = content
            return answer

    session = requests.Session()
    session.trust_env = False
    session.max_redirects = 3
    session.mount("http://", Adapter())
    session.mount("https://", Adapter())
    return session
