"""The process that holds streams of events open: an ASGI application of its own, so that no page waits for a thread.

One look at the heads of all ledgers a second serves all streams; entries are read once for all who wait for them. A
stream that is slow is behind, and reads what it missed from the ledger: nothing is dropped and nothing kept for it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections import Counter, deque
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any, TypeVar
from urllib.parse import unquote

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anyshore.web.site.settings")
django.setup()

from django.conf import settings  # noqa: E402 - Django first
from django.db import Error, close_old_connections  # noqa: E402 - Django first
from django.http.request import split_domain_port, validate_host  # noqa: E402 - Django first

from anyshore.base.errors import AnyshoreError  # noqa: E402 - Django first
from anyshore.web.core.errors import Denied, NotFound  # noqa: E402 - Django first
from anyshore.web.site import streams  # noqa: E402 - Django first
from anyshore.web.site.streams import Listener, Told  # noqa: E402 - Django first

log = logging.getLogger("anyshore.events")

T = TypeVar("T")
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LOOK = 1.0
"""Seconds between two looks for entries."""
ALIVE = 15.0
"""Seconds of silence after which a comment shows that the stream is alive."""
AGAIN = 30.0
"""Seconds after which it is looked at again whether somebody may still listen."""
KEPT = 2_000
"""Entries of an engagement that are kept for those who are nearly up to date."""
MOST, MOST_OF_ONE = 2_000, 20
"""Streams of this process, and of one person."""
RETRY = b"retry: 3000\n\n"


@dataclass(slots=True)
class _Recent:
    """The newest entries of an engagement that somebody listens to."""

    entries: deque[Told] = field(default_factory=lambda: deque(maxlen=KEPT))
    until: int = 0


class Events:
    """The application: ``GET /api/engagements/KEY/events``."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="events")
        self._recent: dict[str, _Recent] = {}
        self._open: Counter[str] = Counter()
        self._people: Counter[int] = Counter()
        self._news = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        key = _engagement(str(scope["path"]))
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if key is None or not _named(headers.get("host", "")):
            await _refuse(send, 404, "request.path", "There is nothing here.")
        elif scope["method"] != "GET":
            await _refuse(send, 405, "request.method", "This address has no such method.")
        else:
            await self._answer(key, headers, scope.get("query_string", b"").decode("latin-1"), receive, send)

    async def _answer(self, key: str, headers: dict[str, str], query: str, receive: Receive, send: Send) -> None:
        credentials = headers.get("authorization", ""), headers.get("cookie", "")
        try:
            heard = await self._within(_listener, key, *credentials)
            after = _after(headers.get("last-event-id") or _asked(query))
            cursor = await self._within(streams.head, key) if after is None else after
        except streams.Unknown as problem:
            await _refuse(send, 401, problem.code, problem.message)
        except Denied as problem:
            await _refuse(send, 403, problem.code, problem.message)
        except NotFound as problem:
            await _refuse(send, 404, problem.code, problem.message)
        except AnyshoreError as problem:
            await _refuse(send, 422, problem.code, problem.message)
        except Error:
            await _refuse(send, 503, "store.unavailable", "The database is away.")
        else:
            if sum(self._open.values()) >= MOST or self._people[heard.person] >= MOST_OF_ONE:
                await _refuse(send, 429, "stream.too-many", "Too many streams are open.")
                return
            await self._hold(key, heard, cursor, credentials, receive, send)

    async def _hold(
        self, key: str, heard: Listener, cursor: int, credentials: tuple[str, str], receive: Receive, send: Send
    ) -> None:
        self._open[key] += 1
        self._people[heard.person] += 1
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        telling = asyncio.create_task(self._tell(key, heard, cursor, credentials, send))
        gone = asyncio.create_task(_gone(receive))
        try:
            await asyncio.wait({telling, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (telling, gone):
                task.cancel()
            self._open[key] -= 1
            self._people[heard.person] -= 1
            with suppress(asyncio.CancelledError, AnyshoreError, Error, OSError):
                await telling  # who may listen no more, or has gone, is told nothing more
        with suppress(Exception):
            await send({"type": "http.response.body", "body": b""})

    async def _tell(self, key: str, heard: Listener, cursor: int, credentials: tuple[str, str], send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await _write(send, RETRY)
        loop = asyncio.get_running_loop()
        wrote = checked = loop.time()
        while True:
            if loop.time() - checked >= AGAIN:
                heard, checked = await self._within(_listener, key, *credentials), loop.time()
            news = self._news
            found = await self._next(key, cursor)
            if not found:
                if loop.time() - wrote >= ALIVE:
                    await _write(send, b":\n\n")
                    wrote = loop.time()
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(news.wait(), min(ALIVE, AGAIN))
                continue
            cursor = found[-1].sequence
            if text := b"".join(one.text for one in found if heard.hears(one)):
                await _write(send, text)
                wrote = loop.time()

    async def _next(self, key: str, after: int) -> list[Told]:
        """The entries behind one: those that are kept where it is nearly the last, else from the ledger."""
        recent = self._recent.get(key)
        if recent is not None:
            if after >= recent.until:
                return []
            if recent.entries and recent.entries[0].sequence <= after + 1:
                return list(takewhile(lambda one: one.sequence > after, reversed(recent.entries)))[::-1]
        return await self._within(streams.entries, key, after)

    async def _look(self) -> None:
        """Reads what is new as long as somebody listens, once for all of them."""
        while +self._open:
            try:
                for key, head in (await self._within(streams.heads)).items():
                    if self._open[key] and head > (recent := self._recent.setdefault(key, _Recent(until=head))).until:
                        while found := await self._within(streams.entries, key, recent.until):
                            recent.entries.extend(found)
                            recent.until = found[-1].sequence
            except (Error, AnyshoreError) as problem:
                log.warning("events: %s", problem)
            before, self._news = self._news, asyncio.Event()
            before.set()
            await asyncio.sleep(LOOK)
        self._recent.clear()

    async def _within(self, ask: Callable[..., T], *arguments: Any) -> T:
        """Asks the database in one of two threads, each with its connection."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, _fresh, ask, *arguments)


def _fresh(ask: Callable[..., T], *arguments: Any) -> T:
    close_old_connections()
    return ask(*arguments)


def _listener(key: str, authorization: str, cookies: str) -> Listener:
    return streams.listener(streams.person_of(authorization, cookies), key)


_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"private, no-store"),
    (b"x-accel-buffering", b"no"), (b"x-content-type-options", b"nosniff"),
]  # fmt: skip


async def _write(send: Send, text: bytes) -> None:
    await send({"type": "http.response.body", "body": text, "more_body": True})


async def _refuse(send: Send, status: int, code: str, message: str) -> None:
    body = json.dumps({"code": code, "title": message, "status": status}).encode()
    headers = [(b"content-type", b"application/problem+json"), (b"cache-control", b"private, no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _gone(receive: Receive) -> None:
    """Until who listens has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return


def _engagement(path: str) -> str | None:
    parts = path.split("/")
    fits = len(parts) == 5 and parts[:3] == ["", "api", "engagements"] and parts[4] == "events"
    return unquote(parts[3]) if fits and parts[3] else None


def _named(host: str) -> bool:
    """Whether the server answers to the name it was asked by."""
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def _asked(query: str) -> str:
    return next((one.partition("=")[2] for one in query.split("&") if one.startswith("after=")), "")


def _after(text: str) -> int | None:
    """Behind which entry it goes on; None: with what comes from now on.

    Raises:
        AnyshoreError: it is no number of an entry.
    """
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > 15:
        raise AnyshoreError("stream.last-event-id", "Last-Event-ID is no number of an entry.", hint="Send none.")
    return int(text)


application = Events()
