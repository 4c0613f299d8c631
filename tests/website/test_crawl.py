"""A crawl over pages that stand in this file: what is fetched, what is kept out, what is broken and where."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from anyshore.website.crawl import pages
from anyshore.website.crawl.crawling import Ask, Came, Crawl, Hop, Plan

SHOP = "https://shop.example"
HTML = "text/html; charset=utf-8"
Site = dict[str, Any]


def crawl(site: Site, **told: Any) -> tuple[Crawl, list[str]]:
    """Crawls a site given as content, status or place it leads to by path."""
    found = Crawl(Plan((f"{SHOP}/",), frozenset({"shop.example"}), **told))
    asked = []
    while (ask := found.next()) is not None:
        asked.append(ask.address.removeprefix(SHOP))
        found.take(ask, came(site, ask))
    return found, asked


def came(site: Site, ask: Ask) -> Came:
    hops, address = [], ask.address
    while True:
        there = site.get(address.removeprefix(SHOP), 404)
        if isinstance(there, str) and there.startswith("http"):
            hops.append(Hop(address, 301))
            address = there
        elif isinstance(there, int):
            return Came((*hops, Hop(address, there)), HTML) if there else Came(problem="it took too long.")
        else:
            return Came((*hops, Hop(address, 200)), HTML, there.encode())


def found(site: Site, **told: Any) -> list[tuple[str, str, str, str]]:
    machine, _ = crawl(site, **told)
    return [(one.code, one.address.removeprefix(SHOP), one.place, one.subject) for one in machine.findings()]


def test_a_broken_link_is_told_at_every_place_that_holds_it() -> None:
    site = {"/": "<a href=b>b</a>\n<a href='/gone'>x</a>", "/b": "<p>\n\n<img src=gone>", "/late": 0}
    assert found(site) == [
        ("broken", "/", "line 2: a", f"{SHOP}/gone"), ("broken", "/b", "line 3: img", f"{SHOP}/gone"),
    ]  # fmt: skip
    assert found({"/": "<a href=late>", "/late": 0})[0][0] == "unreachable"
    assert found({"/": 500}) == [("broken", "/", "", f"{SHOP}/")]


def test_only_agreed_hosts_are_asked_for_and_everything_once() -> None:
    links = "<a href=b><a href='b#x'><a href='//other.example/'><a href='mailto:a@b.c'><a href='javascript:0'>"
    site = {"/": links, "/b": "<b id=x><a href='/'>"}
    machine, asked = crawl(site)
    assert asked == ["/robots.txt", "/", "/b"]
    assert machine.findings() == []
    assert machine.looked() == [f"{SHOP}/", f"{SHOP}/b"]


def test_rules_of_a_host_hold() -> None:
    site = {"/robots.txt": "User-agent: *\nDisallow: /in", "/": "<a href=/in/a><a href=/out>", "/out": "x"}
    machine, asked = crawl(site)
    assert asked == ["/robots.txt", "/", "/out"]
    assert machine.not_looked() == {f"{SHOP}/in/a": "robots.txt"}
    assert crawl({**site, "/robots.txt": 503})[1] == ["/robots.txt"]
    assert crawl({**site, "/robots.txt": 403})[1] == ["/robots.txt", "/", "/in/a", "/out"]


def test_fragments_are_looked_for_as_browsers_do() -> None:
    links = "".join(f"<a href='b#{one}'>" for one in ("one", "tw%C3%B6", "three", "top", "", ":~:text=x", "none"))
    site = {"/": links, "/b": "<a name=one></a><p id='twö'></p><p id=three>"}
    assert [one[3] for one in found(site)] == [f"{SHOP}/b#none"]


def test_chains_of_redirects_and_mixed_content_are_findings() -> None:
    site = {
        "/": "<a href=a><a href=c><img src='http://shop.example/i.png'><script src='http://cdn.example/x.js'></script>",
        "/a": f"{SHOP}/b", "/b": f"{SHOP}/c", "/c": "x",
    }  # fmt: skip
    machine, _ = crawl(site)
    told = {(one.code, one.subject): one.reason for one in machine.findings()}
    assert set(told) == {
        ("redirect-chain", f"{SHOP}/a"), ("mixed-content", "http://shop.example/i.png"),
        ("mixed-content", "http://cdn.example/x.js"), ("broken", "http://shop.example/i.png"),
    }  # fmt: skip
    assert "blocked" in told["mixed-content", "http://cdn.example/x.js"]


def test_a_crawl_is_bounded() -> None:
    endless = {f"/{number}": f"<a href=/{number + 1}>" for number in range(1, 500)}
    site = {"/": "<a href=/1>", **endless}
    assert len(crawl(site, pages=10)[1]) == 11
    assert crawl(site, depth=3)[1] == ["/robots.txt", "/", "/1", "/2", "/3"]
    stop = {"/": "<meta name=robots content='noindex, nofollow'><a href=/1>", **endless}
    assert crawl(stop)[1] == ["/robots.txt", "/", "/1"]


def test_a_page_is_read_with_its_base() -> None:
    content = b"<base href='/x/'><a href=b></a><img srcset='c.png 1x, d.png 2x'><link rel=preconnect href=//e.example>"
    read = pages.read(content, f"{SHOP}/p")
    assert [one.target for one in read.links] == [f"{SHOP}/x/b", f"{SHOP}/x/c.png", f"{SHOP}/x/d.png"]
    assert pages.read(b"<a href='https://[::1'>", SHOP).bad == (("https://[::1", "line 1: a"),)
    assert pages.read("<p id=ä>".encode("latin-1"), SHOP, "latin-1").anchors == {"ä"}


@given(st.binary(max_size=200), st.sampled_from([None, "utf-8", "latin-1", "nonsense"]))
def test_whatever_a_page_holds_something_is_read(content: bytes, charset: str | None) -> None:
    assert isinstance(pages.read(content, SHOP, charset).links, tuple)
