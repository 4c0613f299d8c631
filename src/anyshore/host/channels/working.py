"""A worker and a poller beside each other: a mail server that is slow keeps no work waiting."""

from __future__ import annotations

import threading
from typing import Protocol

from anyshore.host.worker import Worker

PATIENCE = 30
"""Seconds a look that is going on may take once work has stopped."""


class Beside(Protocol):
    """What runs beside a worker: a ``Poller`` that looks into channels, a deliverer that tells what happened."""

    def run(self, stop: threading.Event) -> None:
        """Does what falls due until ``stop`` is set."""

    def work(self) -> int:
        """Does once what is due; how many things it did."""


class Together:
    """Several that run beside a worker, none of which waits for another."""

    def __init__(self, *all: Beside) -> None:
        self._all = all

    def run(self, stop: threading.Event) -> None:
        """See ``Beside``."""
        running = [threading.Thread(target=one.run, args=(stop,), name=type(one).__name__) for one in self._all]
        for one in running:
            one.start()
        for one in running:
            one.join()

    def work(self) -> int:
        """See ``Beside``."""
        return sum(one.work() for one in self._all)


def work(worker: Worker, poller: Beside, stop: threading.Event) -> int:
    """Works in this thread and looks into channels in another until ``stop`` is set; how many things were done."""
    looking = threading.Thread(target=poller.run, args=(stop,), name="channels")
    looking.start()
    try:
        return worker.run(stop)
    finally:
        stop.set()
        looking.join(timeout=PATIENCE)
