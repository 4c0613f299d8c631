"""``worker``: looks into channels and runs what is due until it is told to stop."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from anyshore.host.channels import working
from anyshore.host.worker import Worker
from anyshore.web.engine.bells import bell
from anyshore.web.engine.running import host
from anyshore.web.intake import channels


class Command(BaseCommand):
    """Runs commands, timers and jobs that are due."""

    help = "Runs commands, timers and jobs that are due, until it is told to stop."

    def add_arguments(self, parser: Any) -> None:
        """How much per transaction, and whether to stop when idle."""
        parser.add_argument("--batch", type=int, default=200, help="instances per transaction")
        parser.add_argument("--once", action="store_true", help="stop when nothing is due")

    def handle(self, *args: Any, **options: Any) -> None:
        """The loop. A database that is away for a while is waited for."""
        runtime = host()
        if options["once"]:
            runtime.recover()
            channels.poller().work()
            runtime.work(options["batch"])
            return
        stop = threading.Event()
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stop.set())
        working.work(Worker(runtime, bell(), options["batch"]), channels.poller(), stop)
