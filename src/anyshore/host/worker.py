"""A worker: does what is due, sleeps until something is, and outlives a database that goes away for a while."""

from __future__ import annotations

import logging
import os
import resource
import threading
import time
from collections.abc import Callable
from typing import Protocol

from anyshore.base.errors import HostError
from anyshore.host import garbage
from anyshore.host.driver import Host

log = logging.getLogger(__name__)

LONGEST = 0.5
"""Seconds a worker sleeps at most: what nobody rang for is noticed by then."""

SHORTEST = 0.02
"""Seconds it sleeps at least when what is due is held by other workers."""

LONGEST_BACK_OFF = 10.0
"""Seconds between two tries to reach a database that is away."""

ROUND = 5.0
"""Seconds between two rounds of housekeeping: jobs of dead workers, messages whose time is over."""


GRACE = 8.0
"""Seconds a worker that was told to stop has for what it is at."""


def leave_after(seconds: float = GRACE, before: Callable[[], object] | None = None) -> None:
    """Ends this process where it has not ended by itself in time.

    A worker may die at any moment: its transaction is rolled back, and its jobs are given to the next.

    Args:
        seconds: what it has.
        before: what is to be done first, as ending a child.
    """

    def leave() -> None:
        log.warning(
            "still at work %.0f s after being told to stop: what is in hand is left to the next worker", seconds
        )
        if before is not None:
            before()
        os._exit(os.EX_TEMPFAIL)

    timer = threading.Timer(seconds, leave)
    timer.daemon = True
    timer.start()


MEMORY = 4096
"""MB of memory a worker may have where nothing else is said."""


def limit_memory(megabytes: int) -> None:
    """Lets this process have so much memory and no more: what needs more fails, and its instance is put aside.

    What is written to counts, not what is only reserved, as some libraries do by the gigabyte (``RLIMIT_DATA``).
    """
    most = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


class Bell(Protocol):
    """Wakes a sleeping worker."""

    def wait(self, seconds: float) -> None:
        """Sleeps for that long, or until something may be due.

        Raises:
            HostError: the database is away.
        """

    def close(self) -> None:
        """Gives back what listening needs."""


class Sleep:
    """A bell that nobody rings."""

    def wait(self, seconds: float) -> None:
        """Sleeps."""
        time.sleep(seconds)

    def close(self) -> None:
        """Nothing is held."""


class Worker:
    """Runs a host until it is told to stop.

    Args:
        host: the host.
        bell: wakes it.
        batch: instances and jobs per transaction.
    """

    def __init__(self, host: Host, bell: Bell | None = None, batch: int = 200) -> None:
        self.host, self.batch = host, batch
        self.bell: Bell = bell or Sleep()
        self.done = 0
        self._round = 0.0
        self._away = False

    def run(self, stop: threading.Event) -> int:
        """Works until ``stop`` is set; how many things were done."""
        with garbage.frozen():
            return self._run(stop)

    def _run(self, stop: threading.Event) -> int:
        back_off = SHORTEST
        try:
            while not stop.is_set():
                try:
                    if self._away:
                        self.host.give_back()
                        self._away = False
                    self._tidy()
                    done = self.host.work(self.batch, until_idle=False, stop=stop.is_set)
                    self.done += done
                    if not done:
                        self.bell.wait(self._pause())
                    back_off = SHORTEST
                except Exception as problem:  # noqa: BLE001 - a fault in one round must not end all work for good
                    self._away = True
                    _tell(problem, back_off)
                    self.host.store.release()
                    self.bell.close()
                    stop.wait(back_off)
                    back_off = min(back_off * 2, LONGEST_BACK_OFF)
        finally:
            self.bell.close()
        return self.done

    def _pause(self) -> float:
        with self.host.store.transaction() as tx:
            due = tx.next_due()
        if due is None:
            return LONGEST
        return min(max((due - self.host.clock()) / 1_000_000, SHORTEST), LONGEST)

    def _tidy(self) -> None:
        if time.monotonic() < self._round:
            return
        returned = self.host.recover()
        if returned:
            log.info("%d jobs of workers that died were given back", returned)
        with self.host.store.transaction() as tx:
            tx.drop_messages(self.host.clock())
        self._round = time.monotonic() + ROUND


def _tell(problem: Exception, seconds: float) -> None:
    if isinstance(problem, HostError):
        log.warning("%s %s; trying again in %.1f s", problem.message.splitlines()[0], problem.hint, seconds)
    else:
        log.exception("a fault of ours; trying again in %.1f s", seconds, exc_info=problem)
