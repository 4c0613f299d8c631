"""What every command prints: readable tables, or one JSON document with ``--json``; problems on standard error."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table

from anyshore.base import sizes
from anyshore.base.errors import AnyshoreError, Diagnostic
from anyshore.base.locations import Location

_WIDTH = None if sys.stdout.isatty() else 110
"""Columns where no terminal says how many there are: a log, a file, a pipe."""

out = Console(width=_WIDTH)
err = Console(stderr=True)

SHOWN = 6
"""Sentences of an explanation that are shown where not all are asked for."""

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.")]
Language = Annotated[Literal["en", "de"], typer.Option("--lang", help="Language of reasons and titles: en or de.")]


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, right: Sequence[int] = ()) -> None:
    """Prints a table; ``right`` are the numbers of columns to align right, from 0."""
    grid = Table(title=title, title_justify="left", title_style="bold", header_style="bold", expand=False)
    for number, name in enumerate(columns):
        grid.add_column(name, justify="right" if number in right else "left", overflow="fold")
    for row in rows:
        grid.add_row(*("" if cell is None else str(cell) for cell in row))
    out.print(grid)


def sentences(lines: Sequence[str], *, most: int | None = SHOWN) -> None:
    """Prints an explanation; of a long one the beginning, and how much more there is."""
    for line in lines[:most]:
        out.print(f"  {line}", markup=False, highlight=False)
    if most is not None and len(lines) > most:
        out.print(f"  … and {len(lines) - most:,} more.", highlight=False)


def document(value: Any) -> None:
    """Prints one JSON document.

    Raises:
        TooLargeError: it is larger than one document of ours may be.
    """
    sizes.check(value, sizes.WRITTEN)
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def moment(at: int | None) -> str:
    """A time in microseconds since 1970 UTC, to the second."""
    return "" if at is None else datetime.fromtimestamp(at / 1_000_000, UTC).strftime("%Y-%m-%d %H:%M:%SZ")


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


@contextmanager
def failing() -> Iterator[None]:
    """Turns an error raised on purpose into its problems on standard error and exit status 1."""
    try:
        yield
    except AnyshoreError as error:
        problems(error.diagnostics)
        raise typer.Exit(1) from error


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
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda done: bar.update(task, completed=done)


def _lines(title: str, total: int | None) -> Callable[[int], None]:
    begun = told = time.monotonic()

    def advance(done: int) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= LINE_EVERY:
            told = now
            of = "" if total is None else f" of {total:,}"
            err.print(f"{title}: {done:,}{of} after {now - begun:.0f} s", markup=False, highlight=False)

    return advance
