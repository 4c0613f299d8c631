"""Pages checked by axe-core in a browser, which asks for nothing but what was agreed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from anyshore.host.websites import axe, browser
from anyshore.host.websites.agreed import Agreed
from anyshore.website.checks import accessibility
from anyshore.website.checks.findings import Finding


def checked(addresses: Iterable[str], hosts: frozenset[str], told: Callable[[int], None]) -> list[Finding]:
    """The findings on pages, one page after the other.

    Args:
        addresses: of the pages.
        hosts: that may be asked.
        told: takes how many pages are done.
    """
    found: list[Finding] = []
    with Agreed(hosts) as fetch, browser.opened(fetch) as shown:
        for number, address in enumerate(addresses, start=1):
            found += accessibility.findings(address, shown.walk(address, axe.run))
            told(number)
    return found
