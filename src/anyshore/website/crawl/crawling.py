"""A crawl as a machine without connections: it says what to fetch, is told what came, and says what is broken.

Only hosts that were agreed are asked for. ``robots.txt`` is asked first and holds (RFC 9309); what it keeps out is not
fetched, and told as not looked at.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal
from urllib.parse import unquote, urlsplit

from anyshore.website import robots
from anyshore.website.checks.findings import Finding
from anyshore.website.crawl import pages
from anyshore.website.crawl.pages import Link, Page

AGENT = "anyshore"
"""The product token robots.txt files may name."""
GONE = (404, 410)
PERMANENT = (301, 308)
HTML = ("text/html", "application/xhtml+xml")
MOST_PLACES = 1_000
"""Places of one broken address that are kept; there may be one on every page."""
TOP = ("", "top")
"""Fragments that name the beginning of every page (HTML, section 7.4.6.4)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is crawled, and how far.

    Attributes:
        start: addresses to begin with.
        hosts: the agreed ones, with the port where it is not the usual one; no other is contacted.
        pages: addresses that are asked for, at most.
        depth: steps from a start that are walked.
        agent: whose rules in robots.txt hold.
        most_hops: redirects in a row that are no finding.
    """

    start: tuple[str, ...]
    hosts: frozenset[str]
    pages: int = 10_000
    depth: int = 20
    agent: str = AGENT
    most_hops: int = 1


@dataclass(frozen=True, slots=True)
class Hop:
    """One answer on the way.

    Attributes:
        address: that was asked for.
        status: of the answer; 0 for a place that was led to and not asked, for its host was not agreed.
    """

    address: str
    status: int


@dataclass(frozen=True, slots=True)
class Came:
    """What a request came to.

    Attributes:
        hops: every answer, the last without a redirect; empty where there was none.
        kind: media type of the last, with its parameters.
        body: of the last.
        problem: why nothing came.
    """

    hops: tuple[Hop, ...] = ()
    kind: str = ""
    body: bytes = b""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """What to fetch next.

    Attributes:
        address: without fragment.
        purpose: the rules of a host, or what stands at an address.
        body: whether the body is wanted.
    """

    address: str
    purpose: Literal["rules", "page"] = "page"
    body: bool = True


@dataclass(slots=True)
class _Target:
    """An address that is linked to."""

    depth: int
    walked: bool
    places: list[tuple[str, Link]] = field(default_factory=list)
    fragments: dict[str, tuple[str, Link]] = field(default_factory=dict)
    came: Came | None = None
    anchors: frozenset[str] | None = None
    kept_out: str = ""


class Crawl:
    """A crawl under way.

    Args:
        plan: what is crawled.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._targets: dict[str, _Target] = {}
        self._waiting: deque[str] = deque()
        self._rules: dict[str, robots.Robots | None] = {}
        self._held: dict[str, list[str]] = {}
        self._asked = 0
        self._found: list[Finding] = []
        self.pages_read = 0
        for address in plan.start:
            self._add(address, 0, True)

    def next(self) -> Ask | None:
        """What to fetch next; None where there is nothing until something under way has come, or nothing at all."""
        while self._waiting:
            address = self._waiting.popleft()
            target = self._targets[address]
            place = _place(address)
            if place not in self._rules:
                first = place not in self._held
                self._held.setdefault(place, []).append(address)
                if first:
                    return Ask(f"{place}/robots.txt", "rules")
                continue
            rules = self._rules[place]
            if rules is None or not rules.allows(self.plan.agent, address):
                target.kept_out = "robots.txt" if rules is not None else "its robots.txt did not come"
                continue
            if self._asked >= self.plan.pages:
                target.kept_out = "the limit of addresses"
                continue
            self._asked += 1
            return Ask(address, body=target.walked or bool(target.fragments))
        return None

    def stop(self) -> None:
        """Ends it: what waits is told as not looked at."""
        for address in self._waiting:
            self._targets[address].kept_out = "the limit of time"
        for address in (one for held in self._held.values() for one in held):
            self._targets[address].kept_out = "the limit of time"
        self._waiting.clear()
        self._held.clear()

    def take(self, ask: Ask, came: Came) -> None:
        """Is told what came of a request."""
        if ask.purpose == "rules":
            self._take_rules(ask, came)
            return
        target = self._targets[ask.address]
        target.came = came
        last = came.hops[-1] if came.hops else None
        if last is None or last.status >= 400 or not came.kind.lower().startswith(HTML) or not ask.body:
            return
        if _host(last.address) not in self.plan.hosts:
            return
        page = pages.read(came.body, last.address, _charset(came.kind))
        target.anchors = page.anchors
        if target.walked:
            self.pages_read += 1
            self._walk(last.address, page, target.depth)

    def _take_rules(self, ask: Ask, came: Came) -> None:
        """What is unavailable lets in, what is unreachable keeps out (RFC 9309, sections 2.3.1.3 and 2.3.1.4)."""
        place = _place(ask.address)
        status = came.hops[-1].status if came.hops else 599
        if status >= 500:
            self._rules[place] = None
        else:
            self._rules[place] = robots.read(came.body if status < 300 else b"")
        self._waiting.extendleft(reversed(self._held.pop(place, [])))

    def _walk(self, address: str, page: Page, depth: int) -> None:
        for text, where in page.bad:
            self._found.append(_finding("no-address", address, where, f"{text!r} is no address.", text))
        secure = address.startswith("https:")
        for link in page.links:
            if secure and link.target.startswith("http:") and not link.walked and link.element != "form":
                weight = "is loaded" if link.passive else "is blocked by browsers, for it would be loaded"
                reason = f"{link.target} {weight} without protection into a protected page."
                self._found.append(_finding("mixed-content", address, link.place, reason, link.target))
            target = self._add(link.target, depth + 1, link.walked and page.follow)
            if target is None:
                continue
            if len(target.places) < MOST_PLACES:
                target.places.append((address, link))
            if link.fragment:
                target.fragments.setdefault(f"{address}\x1f{link.fragment}", (address, link))

    def _add(self, address: str, depth: int, walked: bool) -> _Target | None:
        if _host(address) not in self.plan.hosts:
            return None
        found = self._targets.get(address)
        if found is not None:
            return found
        if depth > self.plan.depth:
            return None
        found = self._targets[address] = _Target(depth, walked)
        self._waiting.append(address)
        return found

    def looked(self) -> list[str]:
        """Pages whose links were all looked at: what is not found there any more is fixed."""
        return sorted(address for address, one in self._targets.items() if one.anchors is not None and one.walked)

    def not_looked(self) -> dict[str, str]:
        """Addresses of agreed hosts that were not asked for, with why."""
        return {address: one.kept_out for address, one in self._targets.items() if one.kept_out}

    def findings(self) -> list[Finding]:
        """What is broken, each place by itself."""
        found = list(self._found)
        for address, target in self._targets.items():
            if target.came is not None:
                found += self._of(address, target, target.came)
        return sorted(found, key=lambda one: (one.address, one.place, one.code, one.subject))

    def _of(self, address: str, target: _Target, came: Came) -> Iterator[Finding]:
        places: list[tuple[str, Link | None]] = [*target.places] or [(address, None)]
        problem = _problem(came)
        if problem is not None:
            code, reason = problem
            for page, link in places:
                yield _finding(code, page, link.place if link else "", f"{address} {reason}", address)
            return
        hops = came.hops
        if len(hops) - 1 > self.plan.most_hops:
            way = " → ".join(one.address for one in hops)
            for page, link in places:
                reason = f"It leads on {len(hops) - 1} times: {way}."
                yield _finding("redirect-chain", page, link.place if link else "", reason, address)
        if target.anchors is not None:
            for page, link in target.fragments.values():
                if link.fragment.lower() not in TOP and not _is_there(link.fragment, target.anchors):
                    reason = f"{address} has no place #{link.fragment}."
                    yield _finding("fragment", page, link.place, reason, f"{address}#{link.fragment}")


def _problem(came: Came) -> tuple[str, str] | None:
    if came.problem:
        return "unreachable", f"does not answer: {came.problem}"
    status = came.hops[-1].status
    if status in GONE:
        return "broken", f"is not there ({status})."
    return ("broken", f"answers with an error ({status}).") if status >= 400 else None


def _is_there(fragment: str, anchors: frozenset[str]) -> bool:
    """As browsers look: as it stands, then decoded; a text fragment names no place."""
    plain = fragment.partition(":~:")[0]
    return not plain or plain in anchors or unquote(plain) in anchors


def _finding(code: str, page: str, place: str, reason: str, subject: str) -> Finding:
    return Finding("links", code, page, place, reason, subject=subject)


@lru_cache(maxsize=65_536)
def _place(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


@lru_cache(maxsize=65_536)
def _host(address: str) -> str:
    return urlsplit(address).netloc.lower()


def _charset(kind: str) -> str | None:
    _, found, rest = kind.lower().partition("charset=")
    return rest.split(";")[0].strip(" \"'") or None if found else None
