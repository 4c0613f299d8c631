"""What every command prints: readable tables, or one JSON document with ``--json``; problems on standard error."""

from __future__ import annotations

import json as codec
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from anyshore.base import files, sizes
from anyshore.base.commands import Answer, Told
from anyshore.base.errors import Diagnostic, plain
from anyshore.base.locations import Location
from anyshore.base.telling import Reasons, Sheet, counted, moment, of_problems

if TYPE_CHECKING:
    from anyshore.host.operations import Outcome

_WIDTH = None if sys.stdout.isatty() else 110
"""Columns where no terminal says how many there are: a log, a file, a pipe."""

out = Console(width=_WIDTH)
err = Console(stderr=True)

SHOWN = 6
"""Sentences of an explanation that are shown where not all are asked for."""


def show(answer: Answer, *, json: bool) -> None:
    """Prints what a command comes to, writes its files and says so, and ends with status 1 where something is bad."""
    if json:
        document(answer.data)
    else:
        told(answer.parts)
    problems(answer.beside)
    for file, content in answer.files:
        if content is not None:
            files.write(file, content if isinstance(content, bytes) else content.encode())
        typer.echo(f"Written: {file}", err=json)
    end(answer.bad)


def told(part: Told) -> None:
    """Prints tables and sentences, and on standard error problems."""
    match part:
        case Sheet():
            table(part.title, part.columns, part.rows, right=part.right)
        case Reasons():
            _reasons(part)
        case str():
            out.print(part, markup=False, highlight=False, soft_wrap=True)
        case Diagnostic():
            problems([part])
        case _:
            for one in part:
                told(one)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[int] = ()) -> None:
    """Prints a table; ``right`` are the numbers of columns to align right, from 0."""
    grid = Table(title=Text(title), title_justify="left", title_style="bold", header_style="bold", expand=False)
    for number, name in enumerate(columns):
        grid.add_column(Text(name), justify="right" if number in right else "left", overflow="fold")
    for row in rows:
        grid.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    out.print(grid)


def records(
    title: str, found: Sequence[Mapping[str, Any]], columns: Mapping[str, str], right: Sequence[int] = ()
) -> Answer:
    """Things, told to people by the fields that headings name; a time is named as ``@field``."""
    rows = [[_field(one, name) for name in columns.values()] for one in found]
    return Answer(found, Sheet(title, list(columns), rows, right))


def _field(one: Mapping[str, Any], name: str) -> object:
    return moment(one[name[1:]]) if name.startswith("@") else one[name]


def _reasons(found: Reasons) -> None:
    most = None if found.whole else SHOWN
    for line in found.lines[:most]:
        out.print(f"  {line}", markup=False, highlight=False)
    if most is not None and len(found.lines) > most:
        out.print(f"  … and {len(found.lines) - most:,} more.", highlight=False)


def document(value: object) -> None:
    """Prints one JSON document.

    Raises:
        TooLargeError: it is larger than one document of ours may be.
    """
    sizes.check(value, sizes.WRITTEN)
    sys.stdout.write(codec.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def problems(found: Iterable[Diagnostic]) -> None:
    """Prints problems on standard error, one after the other."""
    for diagnostic in found:
        colour = {"error": "red", "warning": "yellow", "info": "blue"}[diagnostic.severity]
        err.print(f"[{colour}]{diagnostic.severity}[/] ", end="")
        place = "" if diagnostic.location == Location() else f"{diagnostic.location}: "
        text = f"{place}{diagnostic.message} [{diagnostic.code}]"
        err.print(text, markup=False, highlight=False, soft_wrap=True)
        if diagnostic.hint:
            err.print(f"      {diagnostic.hint}", markup=False, highlight=False, style="dim", soft_wrap=True)


def findings(found: Sequence[Diagnostic], looked_at: int, *, hints: bool, bad: object) -> Answer:
    """What a check of files found, errors first, with what to do if wanted."""
    found = sorted(found, key=lambda problem: problem.severity != "error")
    fine = f"Nothing to find fault with in {counted(looked_at, 'file')}."
    return Answer(plain(found), of_problems(found, hints=hints) if found else fine, bad=bad)


def outcome(done: Outcome, word: str) -> Answer:
    """What came of commands to many instances; bad where one refused."""
    return Answer(done.as_dict(), done.parts(word), bad=done.refused)


def end(bad: object) -> None:
    """Ends with status 1 where something is bad."""
    if bad:
        raise typer.Exit(1)


LINE_EVERY = 10.0
"""Seconds between two lines of progress where no terminal can show a bar."""


@contextmanager
def progress(title: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Progress on standard error while the block runs; call what it gives with the number done so far.

    A bar where there is a terminal; in a log or a pipe, a line now and then.
    """
    if not err.is_terminal:
        yield _lines(title, total)
        return
    # Takes a while to load: only where there is a terminal.
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda done: bar.update(task, completed=done)


def _lines(title: str, total: int | None) -> Callable[[int], None]:
    begun = last = time.monotonic()

    def advance(done: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= LINE_EVERY:
            last = now
            of = "" if total is None else f" of {total:,}"
            err.print(f"{title}: {done:,}{of} after {now - begun:.0f} s", markup=False, highlight=False)

    return advance
