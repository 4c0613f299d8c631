"""``anyshore terms``: check terms files; verify ledger exports and recompute every figure from them, offline."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from anyshore.base.errors import Diagnostic, TermsError, plain
from anyshore.base.files import read_text
from anyshore.cli import output
from anyshore.cli.shared import Json, Lang
from anyshore.terms import exports, months, reading, sheets
from anyshore.terms import recompute as recomputing
from anyshore.terms.ledger import anchor as known

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)

Anchor = Annotated[
    list[str] | None,
    typer.Option("--anchor", help="A known entry as SEQUENCE:HASH, for example from an invoice. Repeatable."),
]
Asked = Annotated[
    list[str] | None,
    typer.Option(
        "--month",
        help="Also compute this month, for example 2026-01; the running one if left out. A month that was not over is "
        "computed as of the export. Repeatable.",
    ),
]
Export = Annotated[Path, typer.Argument(help="A ledger export (JSON Lines).")]


@app.command()
def check(file: Annotated[Path, typer.Argument(help="The terms file (YAML).")], json: Json = False) -> None:
    """Check a terms file and show what it agrees on. Every problem is told with its line and column.

    Warnings tell what its holidays leave undecided; the file can be signed with them.
    """
    try:
        terms = reading.read(file)
        doubts = reading.doubts(read_text(file, error=TermsError), file=str(file))
    except TermsError as error:
        if not json:
            raise
        output.document({"file": str(file), "problems": plain(error.diagnostics)})
        raise typer.Exit(1) from error
    data = {"file": str(file), "id": terms.id, "version": terms.version, "problems": plain(doubts)}
    output.answer(json, data, sheets.of_terms(terms), wrong=doubts)


@app.command()
def schema() -> None:
    """Print the JSON Schema of terms files, for editors that check while you type."""
    output.document(reading.schema())


@app.command()
def verify(export: Export, anchor: Anchor = None, json: Json = False) -> None:
    """Find every changed, inserted, removed or moved entry of an export. Works line by line, on any length."""
    anchors = dict(map(known, anchor or ()))
    with output.progress("Verifying", _size(export)) as done:
        found = exports.verify_export(export, anchors=anchors, progress=done)
    output.answer(json, found.as_dict(), sheets.of_verification(found), wrong=[*found.findings, *found.warnings])
    output.end(found.findings)


@app.command()
def recompute(
    export: Export, month: Asked = None, anchor: Anchor = None, lang: Lang = "en", json: Json = False
) -> None:
    """Compute every invoice and correction of an export anew; name each figure that differs from the recorded one."""
    recomputed(export, month, anchor, lang, json)


def recomputed(
    export: Path, month: list[str] | None, anchor: list[str] | None, lang: Lang, json: bool,
    kept: Callable[[str], list[Diagnostic]] | None = None,
) -> None:  # fmt: skip
    """The same with a look at what is kept of its engagement beside it: ``kept`` is asked for what is wrong there."""
    asked = [months.parse(text) for text in month] if month else None
    anchors, size = dict(map(known, anchor or ())), _size(export)
    with output.progress("Recomputing", size) as done:
        found = recomputing.recompute(export, asked=asked, anchors=anchors, progress=done)
    if kept is not None:
        found.findings += kept(found.verification.engagement)
    if json:
        output.document(found.as_dict())
    else:
        output.told(sheets.of_recomputation(found, lang))
        output.problems([*found.all_findings, *found.verification.warnings])
        output.told([sheets.of_verification(found.verification)])
    output.end(found.all_findings)


def _size(file: Path) -> int | None:
    return file.stat().st_size if file.is_file() else None
