"""What a page links to, with the place, and what can be linked to in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urldefrag

from lxml import etree

from anyshore.base.errors import DataError
from anyshore.website.links import resolved

MOST_LINKS = 20_000
"""Links of a page that are looked at."""
_SCHEMES = ("http:", "https:")
_BY_TAG = {
    "a": ("href",), "area": ("href",), "link": ("href",), "img": ("src", "srcset"), "script": ("src",),
    "iframe": ("src",), "frame": ("src",), "source": ("src", "srcset"), "video": ("src", "poster"), "audio": ("src",),
    "track": ("src",), "embed": ("src",), "object": ("data",), "input": ("src",), "form": ("action",),
}  # fmt: skip
_WALKED = frozenset({"a", "area", "iframe", "frame"})
"""Elements that lead to pages; the others fetch a part of this one."""
_UNASKED = frozenset({"preconnect", "dns-prefetch", "pingback", "modulepreload"})
"""Relations of a ``link`` that name a place and no thing that is there."""
_PASSIVE = frozenset({"img", "audio", "video", "source", "track", "input"})


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it stands in a page.

    Attributes:
        target: where it leads, without the fragment.
        fragment: what of the page is meant; empty for the whole of it.
        element: which one: ``a``.
        line: where it stands, from 1.
        text: as it stands.
        walked: whether it leads to a page of its own.
    """

    target: str
    fragment: str
    element: str
    line: int
    text: str
    walked: bool

    @property
    def passive(self) -> bool:
        """Whether a browser shows a protected page with it although it is fetched unprotected (images and sound)."""
        return self.element in _PASSIVE

    @property
    def place(self) -> str:
        """Where, as a person reads it."""
        return f"line {self.line}: {self.element}"


@dataclass(frozen=True, slots=True)
class Page:
    """What is in a page.

    Attributes:
        links: in order; mail, telephone and script are none.
        bad: links that are no address, with line and element.
        anchors: what fragments can name.
        follow: whether it lets crawlers go on from it (``robots`` in its head).
    """

    links: tuple[Link, ...]
    bad: tuple[tuple[str, str], ...]
    anchors: frozenset[str]
    follow: bool


def read(content: bytes, address: str, charset: str | None = None) -> Page:
    """Reads a page as forgiving as browsers do.

    Args:
        content: of the page.
        address: where it was found, after redirects.
        charset: what the server says its letters are; by default what the page says.
    """
    try:
        root = etree.fromstring(*_letters(content, charset))
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        return Page((), (), frozenset(), True)
    base = _base(root, address)
    links: list[Link] = []
    bad: list[tuple[str, str]] = []
    anchors: set[str] = set()
    follow = True
    for element in root.iter(etree.Element):
        if not isinstance(element.tag, str):
            continue
        if (name := element.get("id")) is not None:
            anchors.add(name)
        names = _BY_TAG.get(element.tag)
        if element.tag == "a" and (name := element.get("name")) is not None:
            anchors.add(name)
        elif element.tag == "meta" and (element.get("name") or "").lower() == "robots":
            follow = follow and "nofollow" not in (element.get("content") or "").lower()
        if names is None or len(links) >= MOST_LINKS or not _asked(element):
            continue
        for text in _texts(element, names):
            _add(element, text, base, links, bad)
    return Page(tuple(links), tuple(bad), frozenset(anchors), follow)


def _letters(content: bytes, charset: str | None) -> tuple[bytes, etree.HTMLParser]:
    """A page in letters its parser knows by name."""
    if charset is None or charset in ("utf-8", "utf8"):
        return content, _parser(charset and "utf-8")
    try:
        return content.decode(charset, "replace").encode("utf-8", "replace"), _parser("utf-8")
    except (LookupError, ValueError):  # no such set of letters, or one that is none
        return content, _parser(None)


@lru_cache(maxsize=2)
def _parser(charset: str | None) -> etree.HTMLParser:
    return etree.HTMLParser(encoding=charset, no_network=True, remove_pis=True)


def _base(root: etree._Element, address: str) -> str:
    found = next((one for one in root.iter("base") if one.get("href") is not None), None)
    if found is None:
        return address
    try:
        return resolved((found.get("href") or "").strip(), address)
    except DataError:
        return address


def _asked(element: etree._Element) -> bool:
    """Whether a browser would ask for what an element names."""
    if element.tag == "link":
        return not _UNASKED & set((element.get("rel") or "").lower().split())
    if element.tag == "form":
        return (element.get("method") or "get").lower() == "get"  # what a form sends is not asked for
    return element.tag != "input" or (element.get("type") or "").lower() == "image"


def _texts(element: etree._Element, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        value = element.get(name)
        if value is None:
            continue
        if name == "srcset":
            yield from (part.split()[0] for part in value.split(", ") if part.strip())
        elif value.strip():
            yield value.strip()


def _add(element: etree._Element, text: str, base: str, links: list[Link], bad: list[tuple[str, str]]) -> None:
    known: Any = element  # whose line the stubs of the library leave open
    tag, line = str(element.tag), int(known.sourceline or 0)
    try:
        target = _resolved(text, base)
    except DataError:
        bad.append((text[:200], f"line {line}: {tag}"))
        return
    if target.startswith(_SCHEMES):
        whole, fragment = urldefrag(target)
        links.append(Link(whole, fragment, tag, line, text[:500], tag in _WALKED))


@lru_cache(maxsize=65_536)
def _resolved(text: str, base: str) -> str:
    return resolved(text, base)
