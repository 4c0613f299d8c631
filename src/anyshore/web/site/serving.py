"""The server of the pages as a process of its own, and workers beside it or alone, until they are asked to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

from anyshore.host.channels import working
from anyshore.host.worker import Worker, leave_after, limit_memory
from anyshore.web.engine.bells import bell
from anyshore.web.engine.running import host
from anyshore.web.intake import channels
from anyshore.web.site import listening
from anyshore.web.webhooks.delivering import Deliverer


def serve(address: str, port: int, *, worker: bool, ready: Callable[[str], None]) -> None:
    """Serves until interrupted.

    Args:
        address: on which it listens.
        port: on which it listens.
        worker: whether a worker runs beside the pages.
        ready: is told the address of the pages once they answer.

    Raises:
        HostError: it cannot listen there.
    """
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", address, "--port", str(port),
        "--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning",
        "anyshore.web.site.wsgi:application",
    ]  # fmt: skip
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "anyshore.web.site.settings"}
    server = subprocess.Popen(command, env=environment)  # noqa: S603 - a fixed command of our own
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    try:
        if listening.answers(address, port, lambda: stop.is_set() or server.poll() is not None):
            ready(f"http://{address}:{port}/")
        (_work_until if worker else wait_until)(stop, server)
    except KeyboardInterrupt:
        pass
    finally:
        server.terminate()
        server.wait(timeout=10)


def _work_until(stop: threading.Event, server: subprocess.Popen[bytes]) -> None:
    """Works in a thread of its own, so that the end of the server ends the worker too."""
    worker = threading.Thread(target=lambda: _work(stop), name="worker")
    worker.start()
    try:
        wait_until(stop, server)
    finally:
        stop.set()
        server.terminate()
        leave_after(before=server.kill)
        worker.join()


def wait_until(stop: threading.Event, server: subprocess.Popen[bytes]) -> None:
    """Until somebody asks to stop, or the server has ended."""
    while not stop.is_set() and server.poll() is None:
        stop.wait(0.5)


def work_until_idle() -> int:
    """Looks into every channel that is due, and works until nothing is due; how many things were done."""
    host().recover()
    return _looking().work() + host().work()


def work_until_asked() -> int:
    """Works until a signal asks to stop; how many things were done."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: _end(stop))
    if memory := os.environ.get("ANYSHORE_WORKER_MEMORY", ""):
        limit_memory(int(memory))
    return _work(stop)


def _work(stop: threading.Event) -> int:
    return working.work(Worker(host(), bell()), _looking(), stop)


def _looking() -> working.Together:
    """Channels that are looked into, and what the ledger's readers are told, beside the work."""
    return working.Together(channels.poller(), Deliverer())


def _end(stop: threading.Event) -> None:
    stop.set()
    leave_after()
