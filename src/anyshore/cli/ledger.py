"""``anyshore ledger``: export an engagement's ledger, and verify an export without the database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyshore.base.errors import DataError, Diagnostic
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


@app.command()
def verify(
    export: terms.Export,
    month: terms.Asked = None,
    anchor: terms.Anchor = None,
    totals: Annotated[
        bool,
        typer.Option(
            "--totals",
            help="Also count the ledger of its engagement anew in the database; compare the totals kept.",
        ),
    ] = False,
    lang: output.Language = "en",
    json: output.Json = False,
) -> None:
    """Compute every invoice and correction of an export anew; name each figure that differs from the recorded one."""
    terms.recomputed(export, month, anchor, lang, json, _differing if totals else None)


def _differing(engagement: str) -> list[Diagnostic]:
    system.start()
    from anyshore.web.engine import tallies

    return tallies.check(engagement)


@app.command()
def count(
    engagement: Engagement,
    anew: Annotated[bool, typer.Option("--anew", help="Throw away what was counted before.")] = False,
    json: output.Json = False,
) -> None:
    """Count the monthly totals of an engagement now, instead of when somebody looks at them."""
    system.start()
    from anyshore.web.engine import books, tallies

    if not books.head(engagement)[0]:
        hint = "Sign it: anyshore engage."
        raise DataError("engagement.unknown", f"Engagement {engagement!r} has no ledger.", hint=hint)
    if anew:
        tallies.start_anew(engagement)
    found = tallies.counted(engagement)
    text = f"{found.sequence:,} entries are counted."
    output.answer(json, {"engagement": engagement, "entries": found.sequence}, text)


app.command("dashboard")(dashboards.of_export)
