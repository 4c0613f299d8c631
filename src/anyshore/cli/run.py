"""``anyshore run``: any service on many things at once, and what came of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

from anyshore.base.commands import Answer, Bounds, Lang
from anyshore.cli import output
from anyshore.web.site import system


def run(
    pack: Annotated[str, "The service: id of a pack, its folder, or ORGANISATION/ID for a pack of one's own."],
    files: Annotated[Sequence[Path], "Files and folders to work on; the samples of the pack if left out."] = (),
    *,
    data: Annotated[Path | None, "Folder to work on; of a folder of real files the part the pack names."] = None,
    engagement: Annotated[str | None, "Id of the engagement; the pack's own sample terms if left out."] = None,
    most: Annotated[int | None, Bounds(1), "At most so many files."] = None,
    play: Annotated[
        bool, "--play", "Let the pack's play answer for people: to show a service, never real work."
    ] = False,
    simulate: Annotated[
        bool, "--simulate", "Make reference data up from what is received: to try, never to pay."
    ] = False,
    bulk: Annotated[bool, "--bulk", "Take each file (CSV, Parquet, Arrow) as one batch, decided over columns."] = False,
    out: Annotated[Path | None, "Folder for deliverables; var/deliverables if left out."] = None,
    lang: Lang = "en",
) -> Answer:
    """Run a service on files: receive them, work until nothing is due, tell what came of it.

    Each thing received is answered for by name. Interrupted and started again, the run goes on where it was, and its
    figures are the same. What waits for people is found in the pages. The exit status is 1 where something could not
    be received, failed or is still due.
    """
    system.start()
    from anyshore.web.site import bulks, runs, services

    ready = services.ready(pack, engagement)
    if bulk:
        return bulks.answer(ready, files, progress, ready.pack.title[lang])
    done = runs.run(ready, runs.source(ready, files, data, most), runs.Options(play, simulate, out, progress))
    shown = runs.parts(ready.pack, done, ready.pack.title[lang], lang)
    return Answer(runs.as_dict(ready, done), shown, done.outcome.problems, bad=not done.outcome.sound)


def progress(title: str) -> AbstractContextManager[Callable[[int], None]]:
    """Shows how far a step has come; how much there is is not known before."""
    return output.progress(title, None)
