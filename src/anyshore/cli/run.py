"""``anyshore run``: any service on many things at once, and what came of them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anyshore.base.errors import DataError
from anyshore.cli import output
from anyshore.cli.shared import Json, Lang
from anyshore.web.site import system

if TYPE_CHECKING:
    from anyshore.web.site.services import Ready

Service = Annotated[
    str, typer.Argument(help="The service: id of a pack, its folder, or ORGANISATION/ID for a pack of one's own.")
]
Files = Annotated[
    list[Path] | None, typer.Argument(help="Files and folders to work on; the samples of the pack if left out.")
]
Data = Annotated[
    Path | None, typer.Option("--data", help="Folder to work on; of a folder of real files the part the pack names.")
]
Under = Annotated[
    str | None, typer.Option("--engagement", help="Id of the engagement; the pack's own sample terms if left out.")
]
Most = Annotated[int | None, typer.Option("--most", min=1, help="At most so many files.")]
Play = Annotated[
    bool, typer.Option("--play", help="Let the pack's play answer for people: to show a service, never real work.")
]
Simulate = Annotated[
    bool, typer.Option("--simulate", help="Make reference data up from what is received: to try, never to pay.")
]
Bulk = Annotated[
    bool, typer.Option("--bulk", help="Take each file (CSV, Parquet, Arrow) as one batch, decided over columns.")
]
Out = Annotated[Path | None, typer.Option("--out", help="Folder for deliverables; var/deliverables if left out.")]


def run(
    pack: Service, files: Files = None, data: Data = None, engagement: Under = None, most: Most = None,
    play: Play = False, simulate: Simulate = False, bulk: Bulk = False, out: Out = None, lang: Lang = "en",
    json: Json = False,
) -> None:  # fmt: skip
    """Run a service on files: receive them, work until nothing is due, tell what came of it.

    Each thing received is answered for by name. Interrupted and started again, the run goes on where it was, and its
    figures are the same. What waits for people is found in the pages. The exit status is 1 where something could not
    be received, failed or is still due.
    """
    system.start()
    from anyshore.web.site import runs, services

    ready = services.ready(pack, engagement)
    if bulk:
        _bulk(ready, files or [], lang, json)
        return
    source = runs.source(ready, files or (), data, most)
    done = runs.run(ready, source, runs.Options(play, simulate, out, progress))
    output.answer(json, runs.as_dict(ready, done), *runs.parts(ready.pack, done, ready.pack.title[lang], lang))
    output.problems(() if json else done.outcome.problems)
    output.end(not done.outcome.sound)


def _bulk(ready: Ready, files: list[Path], lang: Lang, json: bool) -> None:
    """Each file as one batch."""
    from anyshore.web.site import bulks

    if not files:
        raise DataError("bulk.file", "No file is named.", hint="Name the files of rows: anyshore run PACK FILE --bulk.")
    found = [bulks.run(ready, file, progress) for file in files]
    told = [part for row, fresh in found for part in bulks.parts(row, fresh, ready.pack.title[lang])]
    output.answer(json, [bulks.as_dict(row, fresh) for row, fresh in found], *told)


def progress(title: str) -> AbstractContextManager[Callable[[int], None]]:
    """Shows how far a step has come; how much there is is not known before."""
    return output.progress(title, None)
