"""A worker and a poller beside each other: a mail server that is slow keeps no work waiting."""

from __future__ import annotations

import threading

from anyshore.host.channels.poller import Poller
from anyshore.host.worker import Worker

PATIENCE = 30
"""Seconds a look that is going on may take once work has stopped."""


def work(worker: Worker, poller: Poller, stop: threading.Event) -> int:
    """Works in this thread and looks into channels in another until ``stop`` is set; how many things were done."""
    looking = threading.Thread(target=poller.run, args=(stop,), name="channels")
    looking.start()
    try:
        return worker.run(stop)
    finally:
        stop.set()
        looking.join(timeout=PATIENCE)
