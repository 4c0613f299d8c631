"""``anyshore ledger``: export an engagement's ledger, and verify an export without the database."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from anyshore.base.errors import DataError
from anyshore.cli import dashboards, output, system, terms
from anyshore.cli.engagements import Engagement
from anyshore.terms import exports

app = typer.Typer(no_args_is_help=True)


@app.command()
def export(
    engagement: Engagement,
    file: Annotated[
        Path, typer.Option("--out", help="Where to write it; ENGAGEMENT.ledger.jsonl if left out.")
    ] = Path(),
    json: output.Json = False,
) -> None:
    """Export the whole ledger of an engagement, with everything needed to recompute its figures."""
    target = file if file != Path() else Path(f"{engagement}.ledger.jsonl")
    entries, digest = write(engagement, target)
    text = f"{entries:,} entries in {target}; the last one has the hash {digest}."
    output.answer(json, {"file": str(target), "entries": entries, "hash": digest}, text)


def write(engagement: str, target: Path) -> tuple[int, str]:
    """Writes an export, whole or not at all; number of entries and the head's hash."""
    system.start()
    from anyshore.web.engine.books import entries, head

    total = head(engagement)[0]
    if not total:
        raise DataError(
            "engagement.unknown", f"Engagement {engagement!r} has no ledger.", hint="Sign it: anyshore engage."
        )
    with output.progress("Exporting", total) as advance:
        found = exports.write_file(
            entries(engagement), target, engagement=engagement, at=time.time_ns() // 1000, progress=advance
        )
    return found.sequence, found.hash


app.command("verify")(terms.recompute)
app.command("dashboard")(dashboards.of_export)
