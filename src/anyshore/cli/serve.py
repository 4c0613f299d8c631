"""``anyshore serve`` and ``anyshore work``: the pages, and a worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from typing import Annotated

import typer

from anyshore.cli import output, system
from anyshore.host.channels import working
from anyshore.host.worker import Worker, leave_after, limit_memory
from anyshore.web.site import listening


def serve(
    port: Annotated[int, typer.Option(help="Port on which the pages are served.")] = 8000,
    address: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    worker: Annotated[bool, typer.Option(help="Run a worker beside the pages.")] = True,
) -> None:
    """Serve the web pages and the REST API until interrupted, with a worker for what falls due."""
    system.start()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", address, "--port", str(port),
        "--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning",
        "anyshore.web.site.wsgi:application",
    ]  # fmt: skip
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "anyshore.web.site.settings"}
    listening.check_free(address, port)
    if (warning := listening.open_warning(address, os.environ.get("ANYSHORE_HTTPS") == "1")) is not None:
        output.err.print(warning)
    server = subprocess.Popen(command, env=environment)  # noqa: S603 - a fixed command of our own
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    try:
        if listening.answers(address, port, lambda: stop.is_set() or server.poll() is not None):
            output.out.print(f"Anyshore is at http://{address}:{port}/ – stop it with Ctrl+C.")
        (_work_until if worker else _wait_until)(stop, server)
    except KeyboardInterrupt:
        pass
    finally:
        server.terminate()
        server.wait(timeout=10)


def _work_until(stop: threading.Event, server: subprocess.Popen[bytes]) -> None:
    """Works in a thread of its own, so that the end of the server ends the worker too."""
    worker = threading.Thread(target=lambda: working.work(_worker(), _poller(), stop), name="worker")
    worker.start()
    try:
        _wait_until(stop, server)
    finally:
        stop.set()
        server.terminate()
        leave_after(before=server.kill)
        worker.join()


def _wait_until(stop: threading.Event, server: subprocess.Popen[bytes]) -> None:
    """Until somebody asks to stop, or the server has ended."""
    while not stop.is_set() and server.poll() is None:
        stop.wait(0.5)


def _worker() -> Worker:
    system.start()
    from anyshore.web.engine.bells import bell

    return Worker(system.host(), bell())


def _poller() -> working.Together:
    system.start()
    from anyshore.web.intake import channels
    from anyshore.web.webhooks.delivering import Deliverer

    return working.Together(channels.poller(), Deliverer())


def _end(stop: threading.Event) -> None:
    stop.set()
    leave_after()


def work(
    until_idle: Annotated[bool, typer.Option(help="Stop when nothing is due.")] = False,
    json: output.Json = False,
) -> None:
    """Run a worker: channels, commands, timers and jobs as they fall due. Several may run together."""
    if until_idle:
        host = system.host()
        host.recover()
        done = _poller().work() + host.work()
    else:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: _end(stop))
        if memory := os.environ.get("ANYSHORE_WORKER_MEMORY", ""):
            limit_memory(int(memory))
        done = working.work(_worker(), _poller(), stop)
    output.answer(json, {"done": done}, f"{done:,} things done.")
