"""The processes of ``anyshore serve``: the server, and a worker beside it that ends with it."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable

from anyshore.web.site import listening
from anyshore.web.site.worker import watcher

MOST_PROCESSES = 8
"""Processes that answer requests where nothing else is said; each takes some hundred MB."""


def serve(
    address: str, port: int, processes: int | None, events: int | None = None, *, worker: bool,
    told: Callable[[str], None],
) -> bool:  # fmt: skip
    """Serves the pages until somebody asks to stop, or the server ends. The system is started.

    Args:
        address: on which it listens.
        port: on which it listens.
        processes: that answer requests; by the processors if left out.
        events: the port on which streams of events are served; none if left out.
        worker: whether a worker runs beside it.
        told: takes the sentences that they answer.

    Returns:
        Whether it ended because it was asked to.
    """
    environment = _environment()
    server = _begun(_pages(address, port, processes or min(max(2, os.cpu_count() or 1), MOST_PROCESSES)), environment)
    streams = None if events is None else _begun(_events(address, events), environment)
    stop = asked_to_stop()
    try:
        if listening.answers(address, port, lambda: stop.is_set() or server.poll() is not None):
            told(f"Anyshore is at http://{address}:{port}/ – stop it with Ctrl+C.")
        if events is not None:
            told(f"Streams of events are at http://{address}:{events}/api/engagements/KEY/events.")
        (_work_until if worker else wait_until)(stop, server)
    finally:
        for one in filter(None, (server, streams)):
            _end(one)
    return server.returncode in (0, -signal.SIGTERM, -signal.SIGINT)


def asked_to_stop() -> threading.Event:
    """Set when somebody asks this process to stop."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def wait_until(stop: threading.Event, server: subprocess.Popen[bytes]) -> None:
    """Until somebody asks to stop, or the server has ended."""
    while not stop.is_set() and server.poll() is None:
        stop.wait(0.5)


def _begun(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, env=environment)  # noqa: S603 - a fixed command of our own


def _environment() -> dict[str, str]:
    """The environment of the processes that answer."""
    if os.environ.get("ANYSHORE_METRICS_TOKEN"):  # the processes count together, in files that end with this one
        counts = tempfile.mkdtemp(prefix="anyshore-metrics-")
        atexit.register(shutil.rmtree, counts, ignore_errors=True)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = counts
    return os.environ | {"DJANGO_SETTINGS_MODULE": "anyshore.web.site.settings"}


def _pages(address: str, port: int, processes: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", address, "--port", str(port),
        "--workers", str(processes), "--blocking-threads", "4", "--respawn-failed-workers", "--no-ws", "--log-level",
        "warning",
        "anyshore.web.site.wsgi:application",
    ]  # fmt: skip


def _events(address: str, port: int) -> list[str]:
    """The command of the process that holds streams open: one is enough, as none of them waits in a thread."""
    return [
        "nice", "-n", "5",  # pages come first
        sys.executable, "-m", "granian", "--interface", "asgi", "--host", address, "--port", str(port), "--workers",
        "1", "--respawn-failed-workers", "--no-ws", "--log-level", "warning", "anyshore.web.site.streaming:application",
    ]  # fmt: skip


def _work_until(stop: threading.Event, server: subprocess.Popen[bytes]) -> None:
    """Watches a worker in a thread of its own, so that the end of the server ends the worker too."""
    watching = threading.Thread(target=lambda: watcher().run(stop), name="worker")
    watching.start()
    try:
        wait_until(stop, server)
    finally:
        stop.set()
        server.terminate()
        watching.join()


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
