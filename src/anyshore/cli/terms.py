"""``anyshore terms``: check terms files; verify ledger exports and recompute every figure from them, offline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

from anyshore.base.commands import NOTHING, Answer, Group, Lang
from anyshore.base.errors import Diagnostic, TermsError, plain
from anyshore.base.files import read_text
from anyshore.cli import output
from anyshore.terms import exports, months, reading, sheets
from anyshore.terms import recompute as recomputing
from anyshore.terms.ledger import anchor as known
from anyshore.terms.months import Month

Export = Annotated[Path, "A ledger export (JSON Lines)."]
Anchors = Mapping[int, str]
Anchor = Annotated[
    Anchors, known, "--anchor", "A known entry as SEQUENCE:HASH, for example from an invoice. Repeatable."
]
Asked = Annotated[
    Sequence[Month],
    months.parse,
    "--month",
    "Also compute this month, for example 2026-01; the running one if left out.",
    "A month that was not over is computed as of the export. Repeatable.",
]


def check(file: Annotated[Path, "The terms file (YAML)."]) -> Answer:
    """Check a terms file and show what it agrees on. Every problem is told with its line and column.

    Warnings tell what its holidays leave undecided; the file can be signed with them.
    """
    try:
        terms = reading.read(file)
        doubts = reading.doubts(read_text(file, error=TermsError), file=str(file))
    except TermsError as error:
        return Answer({"file": str(file), "problems": plain(error.diagnostics)}, error.diagnostics, bad=True)
    data = {"file": str(file), "id": terms.id, "version": terms.version, "problems": plain(doubts)}
    return Answer(data, doubts, sheets.of_terms(terms))


def schema() -> None:
    """Print the JSON Schema of terms files, for editors that check while you type."""
    output.document(reading.schema())


def verify(export: Export, *, anchor: Anchor = NOTHING) -> Answer:
    """Find every changed, inserted, removed or moved entry of an export. Works line by line, on any length."""
    with output.progress("Verifying", _size(export)) as done:
        found = exports.verify_export(export, anchors=anchor, progress=done)
    problems = [*found.findings, *found.warnings]
    return Answer(found.as_dict(), problems, sheets.of_verification(found), bad=found.findings)


def recompute(export: Export, *, month: Asked = (), anchor: Anchor = NOTHING, lang: Lang = "en") -> Answer:
    """Compute every invoice and correction of an export anew; name each figure that differs from the recorded one."""
    return recomputed(export, month, anchor, lang)


def recomputed(
    export: Path,
    month: Sequence[Month],
    anchor: Anchors,
    lang: Lang,
    kept: Callable[[str], list[Diagnostic]] | None = None,
) -> Answer:
    """The same with a look at what is kept of its engagement beside it: ``kept`` is asked for what is wrong there."""
    with output.progress("Recomputing", _size(export)) as done:
        found = recomputing.recompute(export, asked=[*month] or None, anchors=anchor, progress=done)
    if kept is not None:
        found.findings += kept(found.verification.engagement)
    wrong = [*found.all_findings, *found.verification.warnings]
    end = sheets.of_verification(found.verification)
    return Answer(found.as_dict(), sheets.of_recomputation(found, lang), wrong, end, bad=found.all_findings)


def _size(file: Path) -> int | None:
    return file.stat().st_size if file.is_file() else None


GROUP = Group(
    "Check terms files; recompute figures offline.",
    {"check": check, "schema": schema, "verify": verify, "recompute": recompute},
)
