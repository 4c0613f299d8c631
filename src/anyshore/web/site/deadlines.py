"""No request has its thread for ever: after its time it ends with 503, and where even that does not help, its process.

A thread is interrupted by an exception that Python raises in it between two lines (``PyThreadState_SetAsyncExc``). What
is within one call into a library has none; for that the process ends, and the server starts another.
"""

from __future__ import annotations

import ctypes
import logging
import os
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from anyshore.base.errors import HostError

log = logging.getLogger("anyshore.web")

LOOK = 0.5
"""Seconds between two looks at the requests that are answered."""


class TooLong(HostError):
    """A request had its time."""

    def __init__(self) -> None:
        super().__init__(
            "request.too-long", "This takes longer than a request may take.",
            hint="Ask for less at once; what was to be changed was not.",
        )  # fmt: skip


@dataclass(slots=True)
class _Running:
    until: float
    what: str
    interrupted: float | None = None


class Deadlines:
    """Watches over the requests of one process.

    Args:
        seconds: what a request has.
        grace: seconds it has to end once it was interrupted, before its process ends.
    """

    def __init__(self, seconds: float, grace: float = 10.0) -> None:
        self.seconds, self.grace = seconds, grace
        self._lock = threading.Lock()
        self._running: dict[int, _Running] = {}
        self._watching = False

    @contextmanager
    def within(self, what: str) -> Iterator[None]:
        """Ends the block by ``TooLong`` where it takes too long."""
        thread = threading.get_ident()
        with self._lock:
            self._running[thread] = _Running(time.monotonic() + self.seconds, what)
            if not self._watching:
                self._watching = True
                threading.Thread(target=self._watch, name="deadlines", daemon=True).start()
        try:
            try:
                yield
            finally:
                self._over(thread)
        except TooLong:  # it is raised once, and may have come while that was done
            self._over(thread)
            raise

    def _over(self, thread: int) -> None:
        """Nothing interrupts this thread from here on."""
        with self._lock:
            found = self._running.pop(thread, None)
        if found is not None and found.interrupted is not None:
            _take()

    def _watch(self) -> None:
        while True:
            time.sleep(LOOK)
            self.look(time.monotonic())

    def look(self, now: float) -> None:
        """Interrupts what has had its time, and ends the process of what does not take notice."""
        with self._lock:
            for thread, one in self._running.items():
                if one.interrupted is None and now >= one.until:
                    one.interrupted = now
                    log.error("%s takes longer than %.0f s\n%s", one.what, self.seconds, _where(thread))
                    _interrupt(thread)
                elif one.interrupted is not None and now >= one.interrupted + self.grace:
                    log.critical("%s does not end: this process does", one.what)
                    os._exit(os.EX_TEMPFAIL)


def _interrupt(thread: int) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(TooLong))


def _take() -> None:
    """Lets an interruption of this thread that is under way arrive here, where it hits nobody.

    It is not taken back by an interruption with nothing: CPython 3.11 would look for it between all lines from then on,
    which slows the thread, and never ends where lines are traced.
    """
    with suppress(TooLong):
        for _ in range(1_000):  # it arrives at the end of a round
            pass


def _where(thread: int) -> str:
    frame = sys._current_frames().get(thread)
    return "" if frame is None else "".join(traceback.format_stack(frame, limit=15))
