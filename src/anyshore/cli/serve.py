"""``anyshore serve`` and ``anyshore work``: the pages, and a worker."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from typing import Annotated

import typer

from anyshore.cli import output, system
from anyshore.cli.worker import poller, watcher

MOST_PROCESSES = 8
"""Processes that answer requests where nothing else is said; each takes some hundred MB."""


def serve(
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Port on which the pages are served.")] = 8000,
    address: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    worker: Annotated[bool, typer.Option(help="Run a worker beside the pages.")] = True,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Processes that answer requests; 2 to 8 by the processors if left out.")
    ] = None,
    events: Annotated[
        int | None,
        typer.Option(min=1, max=65_535, help="Port on which streams of events are served; none if left out."),
    ] = None,
) -> None:
    """Serve the web pages and the REST API until interrupted, with a worker for what falls due."""
    system.start()
    processes = processes or min(max(2, os.cpu_count() or 1), MOST_PROCESSES)
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", address, "--port", str(port),
        "--workers", str(processes), "--blocking-threads", "4", "--respawn-failed-workers", "--no-ws", "--log-level",
        "warning",
        "anyshore.web.site.wsgi:application",
    ]  # fmt: skip
    environment = _environment()
    from anyshore.web.site import listening

    for taken in (port, events):
        if taken is not None:
            listening.check_free(address, taken)
    if (warning := listening.open_warning(address, os.environ.get("ANYSHORE_HTTPS") == "1")) is not None:
        output.err.print(warning)
    server = subprocess.Popen(command, env=environment)  # noqa: S603 - a fixed command of our own
    streams = None if events is None else subprocess.Popen(_events(address, events), env=environment)  # noqa: S603
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    try:
        if listening.answers(address, port, lambda: stop.is_set() or server.poll() is not None):
            output.out.print(f"Anyshore is at http://{address}:{port}/ – stop it with Ctrl+C.")
        if events is not None:
            output.out.print(f"Streams of events are at http://{address}:{events}/api/engagements/KEY/events.")
        (_work_until if worker else wait_until)(stop, server)
    finally:
        for one in filter(None, (server, streams)):
            _end(one)
    if server.returncode not in (0, -signal.SIGTERM, -signal.SIGINT):
        raise typer.Exit(1)


def _environment() -> dict[str, str]:
    """The environment of the processes that answer."""
    if os.environ.get("ANYSHORE_METRICS_TOKEN"):  # the processes count together, in files that end with this one
        counts = tempfile.mkdtemp(prefix="anyshore-metrics-")
        atexit.register(shutil.rmtree, counts, ignore_errors=True)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = counts
    return os.environ | {"DJANGO_SETTINGS_MODULE": "anyshore.web.site.settings"}


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


def wait_until(stop: threading.Event, server: subprocess.Popen[bytes]) -> None:
    """Until somebody asks to stop, or the server has ended."""
    while not stop.is_set() and server.poll() is None:
        stop.wait(0.5)


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def work(
    until_idle: Annotated[bool, typer.Option(help="Stop when nothing is due.")] = False,
    json: output.Json = False,
) -> None:
    """Run a worker: channels, commands, timers and jobs as they fall due. Several may run together."""
    if until_idle:
        done = _until_idle()
        output.answer(json, {"done": done}, f"{done:,} things done.")
        return
    system.start()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if status := watcher().run(stop):
        raise typer.Exit(status)


def _until_idle() -> int:
    host = system.host()
    host.recover()
    return poller().work() + host.work()
