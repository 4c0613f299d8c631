"""Crawls a site: a machine says what to fetch, threads fetch it through the gate; only agreed hosts are asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from anyshore.base.errors import DataError
from anyshore.host.outgoing.client import AGENT, Limits
from anyshore.host.outgoing.gate import Gate, OutgoingError
from anyshore.host.outgoing.kept import Kept
from anyshore.website.crawl.crawling import Ask, Came, Crawl, Hop, Plan
from anyshore.website.links import resolved

REDIRECTS = 10
MOVED = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Pace:
    """How gently a site is asked.

    Attributes:
        at_once: requests under way.
        per_second: requests begun, at most; None for as fast as they come.
        seconds: for the whole crawl; what is not asked for by then is told as not looked at.
        limits: of one request.
    """

    at_once: int = 4
    per_second: float | None = 5.0
    seconds: float = 600.0
    limits: Limits = Limits(seconds=15.0, body=5 * 1024 * 1024)


def crawl(
    plan: Plan, pace: Pace | None = None, gate: Gate | None = None, told: Callable[[int], None] | None = None
) -> Crawl:
    """Crawls to the end of what was agreed.

    Args:
        plan: what is crawled.
        pace: how gently.
        gate: judges where connections go; that of the installation by default.
        told: is told how many addresses have come.

    Returns:
        the crawl with everything it found.
    """
    machine, pace = Crawl(plan), pace or Pace()
    fetcher = _Fetcher(plan, pace, gate)
    ends = time.monotonic() + pace.seconds
    under_way: dict[Future[Came], Ask] = {}
    count = 0
    with ThreadPoolExecutor(pace.at_once) as threads:
        try:
            while True:
                while len(under_way) < 4 * pace.at_once and time.monotonic() < ends:
                    ask = machine.next()
                    if ask is None:
                        break
                    under_way[threads.submit(fetcher.fetch, ask)] = ask
                if not under_way:
                    break
                done, _ = wait(under_way, return_when=FIRST_COMPLETED)
                for one in done:
                    machine.take(under_way.pop(one), one.result())
                    count += 1
                if told is not None:
                    told(count)
        finally:
            fetcher.close()
    machine.stop()
    return machine


class _Fetcher:
    """Fetches what a crawl asks for, each thread with connections of its own."""

    def __init__(self, plan: Plan, pace: Pace, gate: Gate | None) -> None:
        self._plan, self._pace, self._gate = plan, pace, gate
        self._own = threading.local()
        self._all: list[Kept] = []
        self._lock = threading.Lock()
        self._next = 0.0

    def close(self) -> None:
        for one in self._all:
            one.__exit__(None, None, None)

    def fetch(self, ask: Ask) -> Came:
        """An address and where it leads, as far as its hosts were agreed."""
        hops: list[Hop] = []
        address = ask.address
        try:
            while True:
                self._wait()
                reply = self._kept().ask(address, "GET" if ask.body else "HEAD")
                if reply.status in (405, 501) and not ask.body:
                    reply = self._kept().ask(address, "GET")  # a server that knows no HEAD
                hops.append(Hop(address, reply.status))
                if reply.status not in MOVED or reply.location is None:
                    return Came(tuple(hops), reply.kind, reply.body)
                address = resolved(urljoin(address, reply.location)).partition("#")[0]
                if urlsplit(address).netloc.lower() not in self._plan.hosts:
                    return Came((*hops, Hop(address, 0)))
                if len(hops) > REDIRECTS:
                    return Came(tuple(hops), problem=f"it leads on more than {REDIRECTS} times.")
        except (OutgoingError, DataError) as problem:
            return Came(tuple(hops), problem=problem.message)

    def _kept(self) -> Kept:
        found: Kept | None = getattr(self._own, "kept", None)
        if found is None:
            found = self._own.kept = Kept(self._gate, self._pace.limits, agent=AGENT)
            with self._lock:
                self._all.append(found)
        return found

    def _wait(self) -> None:
        """Until the next request may begin."""
        if self._pace.per_second is None:
            return
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next)
            self._next = turn + 1 / self._pace.per_second
        time.sleep(turn - now)
