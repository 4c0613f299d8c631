"""``anyshore serve`` and ``anyshore work``: the pages, and a worker."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from anyshore.base.commands import Answer, Bounds
from anyshore.cli import output
from anyshore.web.site import system

PORTS = Bounds(1, 65_535)


def serve(
    *,
    port: Annotated[int, PORTS, "Port on which the pages are served."] = 8000,
    address: Annotated[str, "Address to listen on."] = "127.0.0.1",
    worker: Annotated[bool, "Run a worker beside the pages."] = True,
    processes: Annotated[
        int | None, Bounds(1), "Processes that answer requests; 2 to 8 by the processors if left out."
    ] = None,
    events: Annotated[int | None, PORTS, "Port on which streams of events are served; none if left out."] = None,
) -> None:
    """Serve the web pages and the REST API until interrupted, with a worker for what falls due."""
    system.start()
    from anyshore.web.site import listening, serving

    for taken in (port, events):
        if taken is not None:
            listening.check_free(address, taken)
    if (warning := listening.open_warning(address, os.environ.get("ANYSHORE_HTTPS") == "1")) is not None:
        output.err.print(warning)
    output.end(not serving.serve(address, port, processes, events, worker=worker, told=output.out.print))


def work(*, until_idle: Annotated[bool, "Stop when nothing is due."] = False) -> Answer:
    """Run a worker: channels, commands, timers and jobs as they fall due. Several may run together."""
    system.start()
    from anyshore.web.site import serving, worker

    if not until_idle:
        raise typer.Exit(worker.watcher().run(serving.asked_to_stop()))
    done = worker.until_idle()
    return Answer({"done": done}, f"{done:,} things done.")
