"""``anyshore run``: any service on many things at once, and what came of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anyshore.cli import output, system

if TYPE_CHECKING:
    from anyshore.packs.reading import Pack
    from anyshore.runtime.reports import Tally
    from anyshore.web.site.runs import Done

ROWS = 15
"""Rows of a counted list that are shown."""


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
    with output.failing():
        system.start()
        from anyshore.web.site import runs, services

        ready = services.ready(pack, engagement)
        source = runs.source(ready, files or (), data, most)
        done = runs.run(ready, source, runs.Options(play, simulate, out, progress))
    if json:
        output.document(runs.as_dict(ready, done))
    else:
        show(ready.pack, done, ready.pack.title[lang], lang)
    if not done.outcome.sound:
        raise typer.Exit(1)


def progress(title: str) -> Any:
    """Shows how far a step has come; how much there is is not known before."""
    return output.progress(title, None)


def show(pack: Pack, done: Done, title: str, lang: str) -> None:
    """Prints what came of a run as tables."""
    found, tally = done.outcome, done.outcome.tally
    output.table(title, ("", "Count"), _rows(pack, done, lang), right=(1,))
    for note in done.notes:
        output.out.print(note[lang], highlight=False)
    if done.deliverables:
        output.out.print(f"Deliverables in {done.deliverables[0].parent} (HTML and PDF).", highlight=False)
    waiting = [(pack.words.say(reason, lang), count) for reason, count in tally.waiting.most_common()]
    if waiting:
        output.table("Waiting, by reason", ("Reason", "Count"), waiting, right=(1,))
    for name, detail in tally.report.details.items():
        counted = [(pack.words.say(word, lang), count) for word, count in tally.details[name].most_common(ROWS)]
        if counted:
            output.table(detail.title[lang], ("", "Count"), counted, right=(1,))
    if found.repeated:
        rows = [(name, f"already here: case {number}") for name, number in found.repeated[:ROWS]]
        output.table("The same again", ("Name", ""), rows)
    if found.refused:
        rows = [(name, problem.message) for name, problem in found.refused[:ROWS]]
        output.table(f"Not received ({len(found.refused):,})", ("Name", "Why"), rows)
    output.problems(found.problems)


def _rows(pack: Pack, done: Done, lang: str) -> list[tuple[str, str]]:
    found, tally = done.outcome, done.outcome.tally
    counts = [
        ("Received", found.received, True), ("  not received", len(found.refused) + found.unnamed, False),
        ("  the same again", len(found.repeated), False), ("Cases", found.cases, True),
        *((f"  {pack.words.say(word, lang)}", count, True) for word, count in sorted(tally.outcomes.items())),
        ("  waiting", tally.waiting.total(), False), ("  incidents", tally.incidents, False),
        ("  still due", tally.undecided, False), ("  in the archive", found.archived, False),
    ]  # fmt: skip
    rows = [(name, f"{count:,}") for name, count, always in counts if count or always]
    if found.cases:
        share = 100 * tally.untouched / found.cases
        rows.append(("Without a person", f"{tally.untouched:,} ({share:.1f} %)"))
        rows += _figures(tally, lang)
        rows.append(("Time each", f"{1000 * found.seconds / found.cases:.1f} ms"))
    return rows


def _figures(tally: Tally, lang: str) -> list[tuple[str, str]]:
    rows = []
    for name, measure in tally.report.measures.items():
        value = tally.figures[name].value
        if value is not None:
            text = f"{value:,.1f}" if measure.kind in ("share", "mean") else f"{value:,f}"
            rows.append((measure.title[lang], f"{text} {measure.unit}".strip()))
    return rows
