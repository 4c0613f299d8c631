"""``anyshore run``: any service on many things at once, and what came of them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anyshore.cli import output, system

if TYPE_CHECKING:
    from anyshore.packs.reading import Pack
    from anyshore.web.site.runs import Done


def run(
    pack: Annotated[
        str, typer.Argument(help="The service: id of a pack, its folder, or ORGANISATION/ID for a pack of one's own.")
    ],
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files and folders to work on; the samples of the pack if left out.")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option("--data", help="Folder to work on; of a folder of real files the part the pack names."),
    ] = None,
    engagement: Annotated[
        str | None, typer.Option("--engagement", help="Id of the engagement; the pack's own sample terms if left out.")
    ] = None,
    most: Annotated[int | None, typer.Option("--most", min=1, help="At most so many files.")] = None,
    play: Annotated[
        bool, typer.Option("--play", help="Let the pack's play answer for people: to show a service, never real work.")
    ] = False,
    simulate: Annotated[
        bool,
        typer.Option("--simulate", help="Make reference data up from what is received: to try, never to pay."),
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for deliverables; var/deliverables if left out.")
    ] = None,
    lang: output.Language = "en",
    json: output.Json = False,
) -> None:
    """Run a service on files: receive them, work until nothing is due, tell what came of it.

    Each thing received is answered for by name. Interrupted and started again, the run goes on where it was, and its
    figures are the same. What waits for people is found in the pages. The exit status is 1 where something could not
    be received, failed or is still due.
    """
    system.start()
    from anyshore.web.site import runs, services

    ready = services.ready(pack, engagement)
    source = runs.source(ready, files or (), data, most)
    done = runs.run(ready, source, runs.Options(play, simulate, out, progress))
    if json:
        output.document(runs.as_dict(ready, done))
    else:
        show(ready.pack, done, ready.pack.title[lang], lang)
    output.end(not done.outcome.sound)


def progress(title: str) -> AbstractContextManager[Callable[[int], None]]:
    """Shows how far a step has come; how much there is is not known before."""
    return output.progress(title, None)


def show(pack: Pack, done: Done, title: str, lang: str) -> None:
    """Prints what came of a run as tables."""
    from anyshore.packs import sheets

    output.told([sheets.summary(pack, done.outcome, title, lang), *(note[lang] for note in done.notes)])
    if done.deliverables:
        output.told([f"Deliverables in {done.deliverables[0].parent} (HTML and PDF)."])
    output.told(sheets.details(pack, done.outcome, lang))
    output.problems(done.outcome.problems)
