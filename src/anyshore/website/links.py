"""Addresses of links, resolved as browsers do (WHATWG URL)."""

from __future__ import annotations

import unicodedata

from ada_url import URL

from anyshore.base.errors import DataError

MOST_LETTERS = 100_000
SPECIAL = ("http:", "https:", "ws:", "wss:", "ftp:", "file:")
"""Schemes whose hosts are domains."""
_PUNYCODE = "xn--"


def resolved(link: str, page: str | None = None) -> str:
    """The address a link leads to, as a browser writes it.

    Args:
        link: as it stands in the page.
        page: address of the page it stands in; None for an address by itself.

    Raises:
        DataError: it is no address.
    """
    told = link if len(link) <= 80 else f"{link[:80]}…"
    if len(link) > MOST_LETTERS:
        raise DataError("website.address", f"{told!r} is too long for an address.", hint="Correct the link.")
    try:
        found = URL(link, base=page) if page is not None else URL(link)
        if found.protocol in SPECIAL:
            _check_host(found.hostname)
    except ValueError as problem:
        where = f" in {page}" if page else ""
        raise DataError("website.address", f"{told!r}{where} is no address.", hint="Correct the link.") from problem
    return str(found.href)


def _check_host(host: str) -> None:
    """Refuses a label in Punycode that stands for letters no label can have; the library lets some of them through.

    A letter that a domain maps to others (a circled number, a capital) is no letter of a label (UTS 46, section 4.1).

    Raises:
        ValueError: it is one.
    """
    for label in host.split("."):
        if label.startswith(_PUNYCODE):
            letters = label.removeprefix(_PUNYCODE).encode("ascii").decode("punycode")
            if not letters or letters != unicodedata.normalize("NFKC", letters) or letters != letters.lower():
                raise ValueError(label)
