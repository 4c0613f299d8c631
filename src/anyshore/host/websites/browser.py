"""A real browser that shows pages and connects to nothing: what a page asks for is fetched for it.

Chromium runs in a thread of its own with the loop of its driver, so that nobody else is tied to it. Every
request of a page is answered by a function that is given: through the gate, or from a folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from anyshore.base.errors import DataError, HostError

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

T = TypeVar("T")
CHROMIUM = Path(os.environ.get("ANYSHORE_CHROMIUM", "/usr/bin/chromium"))
NOWHERE = "http://127.0.0.1:9"
"""A proxy nobody listens at: what gets past the answers below finds no way out."""
SWITCHES = ("--no-sandbox", "--disable-dev-shm-usage", "--autoplay-policy=no-user-gesture-required")
WIDTH, HEIGHT = 1280, 860


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a page gets for a request.

    Attributes:
        status: of HTTP.
        body: content.
        headers: of the answer.
    """

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


Fetch = Callable[[str], Fetched | None]
"""What an address gives; None for a place that is not to be contacted."""


class Browser:
    """Chromium, kept for many pages.

    Args:
        fetch: answers what pages ask for.
        seconds: a page may take to show itself, and a script to run.
    """

    def __init__(self, fetch: Fetch, seconds: float = 10.0) -> None:
        self._fetch, self._most = fetch, int(seconds * 1000)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="browser")
        self._ends: list[Callable[[], object]] = []
        self._context: Any = None

    def walk(self, address: str, walk: Callable[[Page], T], *, ready: bool = True) -> T:
        """Shows a page and does something with it, in the thread of the browser.

        Args:
            address: of the page.
            walk: what to do with it.
            ready: whether to wait until everything in it has arrived.

        Raises:
            DataError: it does not show itself in time, or what is done with it fails.
        """
        return self._in_thread(lambda: self._walk(address, walk, ready)).result()

    def _in_thread(self, work: Callable[[], T]) -> Future[T]:
        return self._thread.submit(work)

    def open(self) -> None:
        """Starts it. Raises: ``HostError``: there is none on this machine."""
        self._in_thread(self._open).result()

    def _open(self) -> None:
        if not CHROMIUM.exists():
            hint = "Install Chromium, or name it with ANYSHORE_CHROMIUM."
            raise HostError("website.browser", f"There is no browser at {CHROMIUM}.", hint=hint)
        from playwright.sync_api import sync_playwright  # starts a driver: only where a page is looked at

        started = sync_playwright().start()
        self._ends.append(started.stop)
        chromium = started.chromium.launch(
            executable_path=str(CHROMIUM), args=list(SWITCHES), proxy={"server": NOWHERE, "bypass": ""}
        )
        self._ends.append(chromium.close)
        self._context = chromium.new_context(
            bypass_csp=True,
            service_workers="block",
            accept_downloads=False,
            viewport={"width": WIDTH, "height": HEIGHT},
        )

    def close(self) -> None:
        """Ends it."""
        self._in_thread(self._close).result()
        self._thread.shutdown()

    def _close(self) -> None:
        while self._ends:
            self._ends.pop()()

    def _walk(self, address: str, walk: Callable[[Page], T], ready: bool) -> T:
        from playwright.sync_api import Error

        page = self._context.new_page()
        page.set_default_timeout(self._most)
        page.on("dialog", lambda dialog: dialog.dismiss())
        page.route("**/*", _Gatekeeper(self._fetch, page))
        try:
            page.goto(address, wait_until="load" if ready else "domcontentloaded", timeout=self._most)
            return walk(page)
        except Error as problem:
            reason = problem.message.partition("\n")[0]
            hint = "Look at the page in a browser; it may reload, leave or wait for something."
            raise DataError("website.page", f"{address} could not be looked at: {reason}", hint=hint) from problem
        finally:
            page.close(run_before_unload=False)


class _Gatekeeper:
    """Answers what one page asks for; the page itself is shown once, so that none reloads or leaves."""

    def __init__(self, fetch: Fetch, page: Page) -> None:
        self._fetch, self._page, self._shown = fetch, page, False

    def __call__(self, route: Route) -> None:
        request = route.request
        if request.is_navigation_request() and request.frame == self._page.main_frame:
            if self._shown and request.redirected_from is None:
                route.abort("aborted")
                return
            self._shown = True
        found = self._fetch(request.url) if request.method in ("GET", "HEAD") else None
        if found is None:
            route.abort("blockedbyclient")
            return
        route.fulfill(status=found.status, headers=found.headers, body=found.body)


@contextmanager
def opened(fetch: Fetch, seconds: float = 10.0) -> Iterator[Browser]:
    """A browser for as long as it is needed."""
    found = Browser(fetch, seconds)
    found.open()
    try:
        yield found
    finally:
        found.close()
