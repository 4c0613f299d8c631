"""Looking at a site on this machine: a second try, only agreed hosts, rules and limits."""

from __future__ import annotations

import socket
from collections.abc import Callable
from itertools import count

from anyshore.host.outgoing.client import Limits
from anyshore.host.websites.crawling import Pace, crawl
from anyshore.host.websites.looking import Looking, look
from anyshore.website.checks.expecting import Expected
from anyshore.website.crawl.crawling import Plan
from tests.host.outgoing.servers import HERE, serving

Talk = Callable[[socket.socket, bytes], None]


def answers(*statuses: int, text: str = "all is well") -> Talk:
    """A server that answers one status after the other, the last for ever."""
    at = count()

    def talk(connection: socket.socket, _head: bytes) -> None:
        status = statuses[min(next(at), len(statuses) - 1)]
        body = text.encode()
        connection.sendall(f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)

    return talk


def looked(*statuses: int, **told: object) -> tuple[bool, str, int]:
    pauses: list[float] = []
    how = Looking(Expected(**told), gate=HERE, limits=Limits(seconds=5))  # type: ignore[arg-type]
    with serving(answers(*statuses)) as port:
        found = look(f"http://127.0.0.1:{port}/", how, pauses.append)
    return found.up, found.reason, len(pauses)


def test_what_fails_once_is_tried_again_before_it_is_down() -> None:
    assert looked(200) == (True, "", 0)
    assert looked(500, 200) == (True, "", 1)
    assert looked(500, 503) == (False, "It answers 503 instead of 200.", 1)
    assert looked(302, status=(200, 302)) == (True, "", 0)


def test_content_and_time_are_agreed_too() -> None:
    assert looked(200, text="well")[0]
    assert looked(200, text="welcome")[1] == "What it answers does not hold 'welcome'."
    assert "agreed are 0.00 s" in looked(200, seconds=0.0)[1]


def test_nobody_there_is_down_with_its_reason() -> None:
    how = Looking(gate=HERE, limits=Limits(seconds=2), pause=0)
    with serving(answers(200)) as port:
        pass
    found = look(f"http://127.0.0.1:{port}/", how)
    assert not found.up
    assert found.seconds is None
    assert "does not answer" in found.reason


def site(pages: dict[str, str], asked: list[str]) -> Talk:
    """Pages by path; a value that begins with ``/`` or ``http`` is where it leads."""

    def talk(connection: socket.socket, head: bytes) -> None:
        path = head.split()[1].decode()
        asked.append(path)
        there = pages.get(path)
        if there is None:
            connection.sendall(b"HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n")
        elif there.startswith(("/", "http")):
            connection.sendall(f"HTTP/1.1 301 X\r\nLocation: {there}\r\nContent-Length: 0\r\n\r\n".encode())
        else:
            head_ = f"HTTP/1.1 200 X\r\nContent-Type: text/html\r\nContent-Length: {len(there)}\r\n\r\n"
            connection.sendall(head_.encode() + there.encode())

    return talk


def test_a_crawl_asks_agreed_hosts_alone_and_tells_places() -> None:
    asked: list[str] = []
    others: list[str] = []
    with serving(site({}, others)) as other:
        pages = {
            "/": "<a href=/a>a</a><a href=/gone>g</a><a href=/out>o</a><a href=/private>p</a>",
            "/a": "<img src=/gone>", "/out": f"http://127.0.0.1:{other}/x", "/private": "<p>",
            "/robots.txt": "User-agent: *\nDisallow: /private",
        }  # fmt: skip
        with serving(site(pages, asked)) as port:
            host = f"127.0.0.1:{port}"
            ticks: list[int] = []
            found = crawl(Plan((f"http://{host}/",), frozenset({host})), Pace(per_second=None), HERE, ticks.append)
    assert sorted(asked) == ["/", "/a", "/gone", "/out", "/robots.txt"]
    assert others == []
    assert [(one.code, one.place) for one in found.findings()] == [("broken", "line 1: a"), ("broken", "line 1: img")]
    assert found.not_looked() == {f"http://{host}/private": "robots.txt"}
    assert ticks[-1] == 5


def test_a_crawl_ends_in_time_and_tells_what_it_left() -> None:
    endless = {f"/{number}": f"<a href=/{number + 1}>" for number in range(1000)}
    with serving(site({"/": "<a href=/1>", **endless}, [])) as port:
        host = f"127.0.0.1:{port}"
        plan = Plan((f"http://{host}/",), frozenset({host}), depth=2000)
        found = crawl(plan, Pace(at_once=1, per_second=20, seconds=0.5), HERE)
    assert set(found.not_looked().values()) == {"the limit of time"}
