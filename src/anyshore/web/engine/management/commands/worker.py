"""``worker``: runs what is due until it is told to stop."""

from __future__ import annotations

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from anyshore.base.errors import HostError
from anyshore.web.engine.running import host

log = logging.getLogger("anyshore.worker")
PAUSE = 0.5
"""Seconds between two looks when nothing is due: how late a command from another process may be noticed."""


class Command(BaseCommand):
    """Runs commands, timers and jobs that are due."""

    help = "Runs commands, timers and jobs that are due, until it is told to stop."

    def add_arguments(self, parser: Any) -> None:
        """How much per transaction, and whether to stop when idle."""
        parser.add_argument("--batch", type=int, default=100, help="instances per transaction")
        parser.add_argument("--once", action="store_true", help="stop when nothing is due")

    def handle(self, *args: Any, **options: Any) -> None:
        """The loop. A database that is away for a while is waited for."""
        stop = threading.Event()
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stop.set())
        wait = PAUSE
        while not stop.is_set():
            try:
                done = host().work(options["batch"], until_idle=False)
            except HostError as problem:
                log.warning("%s", problem)
                close_old_connections()
                done, wait = 0, min(wait * 2, 30)
            else:
                wait = PAUSE
            if options["once"] and not done:
                return
            if not done:
                stop.wait(wait)
