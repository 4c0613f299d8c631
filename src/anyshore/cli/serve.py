"""``anyshore serve`` and ``anyshore work``: the pages, and a worker."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from anyshore.cli import output, system


def serve(
    port: Annotated[int, typer.Option(help="Port on which the pages are served.")] = 8000,
    address: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    worker: Annotated[bool, typer.Option(help="Run a worker beside the pages.")] = True,
) -> None:
    """Serve the web pages and the REST API until interrupted, with a worker for what falls due."""
    system.start()
    from anyshore.web.site import listening, serving

    listening.check_free(address, port)
    if (warning := listening.open_warning(address, os.environ.get("ANYSHORE_HTTPS") == "1")) is not None:
        output.err.print(warning)
    told = "Anyshore is at {} – stop it with Ctrl+C."
    serving.serve(address, port, worker=worker, ready=lambda place: output.told([told.format(place)]))


def work(
    until_idle: Annotated[bool, typer.Option(help="Stop when nothing is due.")] = False,
    json: output.Json = False,
) -> None:
    """Run a worker: channels, commands, timers and jobs as they fall due. Several may run together."""
    system.start()
    from anyshore.web.site import serving

    done = serving.work_until_idle() if until_idle else serving.work_until_asked()
    output.answer(json, {"done": done}, f"{done:,} things done.")
