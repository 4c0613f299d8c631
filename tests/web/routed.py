"""A real browser whose requests Django answers in the test's own thread: no server, and all its transaction holds.

The browser lives in a thread of its own, for its loop would give Django another connection to the database.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

CHROMIUM = Path(os.environ.get("ANYSHORE_CHROMIUM", "/usr/bin/chromium"))
HOST = "http://testserver"
HEADERS = ("accept-language", "hx-request", "hx-target", "referer")


class Browser:
    """Chromium in a thread: a walk is done there, what it asks is answered here."""

    def __init__(self) -> None:
        self._walks: SimpleQueue[Any] = SimpleQueue()
        self._said: SimpleQueue[Any] = SimpleQueue()
        self._answers: SimpleQueue[Any] = SimpleQueue()
        self._static: dict[str, dict[str, Any]] = {}
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()

    def _live(self) -> None:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as started:
            chromium = started.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
            pages: dict[str, Any] = {}
            while (found := self._walks.get()) is not None:
                walk, options = found
                page = pages.get(str(options))
                if page is None:
                    page = pages[str(options)] = chromium.new_context(bypass_csp=True, **options).new_page()
                    page.route("**/*", self._route)
                try:
                    self._said.put(("walked", walk(page), None))
                except BaseException as error:  # told where the test is
                    self._said.put(("walked", None, error))
            chromium.close()

    def _route(self, route: Any) -> None:
        request = route.request
        if not request.url.startswith(HOST):
            route.abort()
            return
        parts = urlsplit(request.url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        found = self._static.get(path)
        if found is None:
            headers = {name: value for name, value in request.headers.items() if name in HEADERS}
            kind = request.headers.get("content-type", "application/x-www-form-urlencoded")
            self._said.put(("asked", (request.method, path, request.post_data_buffer or b"", kind, headers), None))
            found = self._answers.get()
            if path.startswith("/static/"):
                self._static[path] = found
        route.fulfill(**found)

    def walk(self, client: Client, walk: Callable[[Any], Any], *, width: int = 1280, **options: Any) -> Any:
        """Does what a walk does with a page of somebody who is signed in as a client of Django's is."""
        self._walks.put((walk, {"viewport": {"width": width, "height": 860}, **options}))
        while True:
            what, given, error = self._said.get()
            if what == "walked":
                if error is not None:
                    raise error
                return given
            self._answers.put(_answer(client, *given))

    def end(self) -> None:
        """Closes it."""
        self._walks.put(None)
        self._thread.join(timeout=30)


def _answer(client: Client, method: str, path: str, body: bytes, kind: str, headers: dict[str, str]) -> dict[str, Any]:
    if method == "POST":
        found = client.generic("POST", path, body, content_type=kind, headers=headers)
    else:
        found = client.get(path, headers=headers)
    content = b"".join(found.streaming_content) if found.streaming else found.content
    return {"status": found.status_code, "headers": dict(found.headers), "body": content}


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser; the test is skipped where there is none."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser: {CHROMIUM} is absent (set ANYSHORE_CHROMIUM)")
    pytest.importorskip("playwright.sync_api", reason="no browser: playwright is not installed")
    found = Browser()
    yield found
    found.end()
