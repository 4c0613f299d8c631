"""``anyshore ledger``: export an engagement's ledger, and verify an export without the database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyshore.cli import dashboards, output, system, terms
from anyshore.cli.engagements import Engagement

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
    system.start(read_only=True)
    from anyshore.web.engine import books

    with output.progress("Exporting", books.head(engagement)[0]) as advance:
        entries, digest = books.export(engagement, target, advance)
    text = f"{entries:,} entries in {target}; the last one has the hash {digest}."
    output.answer(json, {"file": str(target), "entries": entries, "hash": digest}, text)


app.command("verify")(terms.recompute)
app.command("dashboard")(dashboards.of_export)
