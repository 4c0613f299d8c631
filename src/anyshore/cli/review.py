"""``anyshore review``: train clause suggestions, staff the day's cases, report walls."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyshore.cli import output
from anyshore.cli.shared import Engagement, Json
from anyshore.web.site import system

app = typer.Typer(no_args_is_help=True, help="Judgement work: clause suggestions, experts to cases, walls.")

Data = Annotated[Path, typer.Option("--data", help="Folder of real files: takes its legal/cuad contracts.")]
Most = Annotated[int | None, typer.Option(help="At most so many contracts.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show, and keep nothing.")]


@app.command()
def train(data: Data, contracts: Most = None, json: Json = False) -> None:
    """Learn clause suggestions from marked contracts, measured on contracts left out; the model goes into use.

    The folder holds master_clauses.csv and contracts/ as CUAD publishes them. Suggestions are places to look at.
    """
    system.start()
    from anyshore.web.review import suggestions

    cuad = data / "legal" / "cuad" if (data / "legal" / "cuad").is_dir() else data
    found = suggestions.learn(suggestions.read_contracts(cuad / "master_clauses.csv", cuad / "contracts", contracts))
    shown = suggestions.of_trained(found)
    output.answer(json, suggestions.trained_data(found), shown, f"Model {found.hash} is in use.")


@app.command()
def assign(engagement: Engagement, dry_run: DryRun = False, json: Json = False) -> None:
    """Match experts to the open cases of an engagement: walls first, then what must hold, then the best fit."""
    known = system.engagement(engagement)
    from anyshore.web.staffing import actions as staffing

    made = staffing.propose(known)
    if not dry_run:
        staffing.keep(made, by="anyshore review assign")
    output.answer(json, staffing.plain(made), staffing.sheet(made))


@app.command()
def walls(engagement: Engagement, json: Json = False) -> None:
    """Prove who was kept from which case and when, and that no access happened. Status 1 if one did."""
    known = system.engagement(engagement, read_only=True)
    from anyshore.web.screening import queries

    shown = queries.sheet(known)
    output.answer(json, [dict(zip(shown.columns, row, strict=True)) for row in shown.rows], shown)
    output.end(any(row[-1] for row in shown.rows))
