"""``anyshore ledger``: export an engagement's ledger, and verify an export without the database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyshore.base.errors import Diagnostic
from anyshore.cli import output, terms
from anyshore.cli.engagements import PeriodOption, Service
from anyshore.cli.shared import Engagement, Json, Lang
from anyshore.terms import dashboard_reading, dashboard_sheets, dashboards
from anyshore.web.site import system

app = typer.Typer(no_args_is_help=True)

Out = Annotated[Path, typer.Option("--out", help="Where to write it; ENGAGEMENT.ledger.jsonl if left out.")]
Anew = Annotated[bool, typer.Option("--anew", help="Throw away what was counted before.")]
Totals = Annotated[
    bool,
    typer.Option(
        "--totals", help="Also count the ledger of its engagement anew in the database; compare the totals kept."
    ),
]


@app.command()
def export(engagement: Engagement, file: Out = Path(), json: Json = False) -> None:
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
    export: terms.Export, month: terms.Asked = None, anchor: terms.Anchor = None, totals: Totals = False,
    lang: Lang = "en", json: Json = False,
) -> None:  # fmt: skip
    """Compute every invoice and correction of an export anew; name each figure that differs from the recorded one."""
    terms.recomputed(export, month, anchor, lang, json, _differing if totals else None)


def _differing(engagement: str) -> list[Diagnostic]:
    system.start()
    from anyshore.web.engine import tallies

    return tallies.check(engagement)


@app.command()
def count(engagement: Engagement, anew: Anew = False, json: Json = False) -> None:
    """Count the monthly totals of an engagement now, instead of when somebody looks at them."""
    system.start()
    from anyshore.web.engine import tallies

    found = tallies.counted_now(engagement, anew=anew)
    text = f"{found.sequence:,} entries are counted."
    output.answer(json, {"engagement": engagement, "entries": found.sequence}, text)


@app.command("dashboard")
def dashboard(
    export: Annotated[Path, typer.Argument(help="A ledger export (JSON Lines).")],
    service: Service, by: PeriodOption = "week", lang: Lang = "en", json: Json = False,
) -> None:  # fmt: skip
    """Compute the dashboard of a service from an export alone, as of the time of the export."""
    found, problems = dashboard_reading.of_export(export, service, by)
    output.problems(problems)
    output.answer(json, dashboards.as_dict(found), *dashboard_sheets.sheets(found, lang))
    output.end(problems)
