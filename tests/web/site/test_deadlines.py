"""A request that takes too long ends with 503, and its thread goes on with the next."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from anyshore.web.core.errors import headers_of, status_of
from anyshore.web.site import middleware
from anyshore.web.site.deadlines import Deadlines, TooLong


def test_what_takes_too_long_is_interrupted_and_the_next_is_not() -> None:
    watched = Deadlines(seconds=1000)
    began = threading.Event()

    def look() -> None:
        assert began.wait(30)
        watched.look(time.monotonic() + 1001)

    looking = threading.Thread(target=look)
    looking.start()

    def large() -> None:
        with watched.within("GET /large/"):
            began.set()
            while True:
                pass

    with pytest.raises(TooLong) as told:
        large()
    looking.join()
    assert (status_of(told.value), headers_of(told.value)) == (503, {"Retry-After": "30"})
    with watched.within("GET /small/"):
        watched.look(time.monotonic())
        total = sum(range(1000))
    assert total == 499_500


AFTER = """
import sys, threading, time
from anyshore.web.site.deadlines import Deadlines, TooLong

watched = Deadlines(seconds=0)
for late in (False, True) * 20:
    looking = threading.Thread(target=lambda: watched.look(time.monotonic() - (0 if late else 1000)))
    try:
        with watched.within("GET /"):
            looking.start()
    except TooLong:
        pass
    finally:
        looking.join()
sys.settrace(lambda frame, event, argument: sys.gettrace())
(lambda: [one for one in range(1000)])()
sys.settrace(None)
print("done")
"""


def test_nothing_is_left_to_look_for_between_lines() -> None:
    """In a process of its own: where something is, tracing never ends."""
    done = subprocess.run([sys.executable, "-c", AFTER], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr


def test_an_interruption_that_comes_too_late_hits_nobody() -> None:
    watched = Deadlines(seconds=0)
    for _ in range(50):
        looking = threading.Thread(target=lambda: watched.look(time.monotonic()))
        try:
            with watched.within("GET /"):
                looking.start()
        except TooLong:
            continue
        finally:
            looking.join()
    assert sum(range(100_000)) == 4_999_950_000, "no interruption is left over"


STUCK = """
import threading, time
from anyshore.web.site.deadlines import Deadlines
watched = Deadlines(seconds=0.1, grace=0.2)
with watched.within("GET /stuck/"):
    try:
        time.sleep(3600)
    finally:
        time.sleep(3600)
"""


def test_a_process_that_takes_no_notice_is_ended() -> None:
    done = subprocess.run([sys.executable, "-c", STUCK], capture_output=True, timeout=60)
    assert done.returncode == os.EX_TEMPFAIL
    assert b"GET /stuck/ does not end" in done.stderr


def test_every_request_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    class Noted(Deadlines):
        def within(self, what: str):
            seen.append(what)
            return super().within(what)

    monkeypatch.setattr(middleware, "DEADLINES", Noted(60))
    assert middleware.deadline(lambda request: HttpResponse("ok"))(RequestFactory().get("/work/?x=1")).content == b"ok"
    assert seen == ["GET /work/"]
