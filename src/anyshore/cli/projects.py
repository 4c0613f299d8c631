"""``anyshore project``: work packages under scarce teams."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyshore.cli import output
from anyshore.cli.shared import Json
from anyshore.projects import patterson, scheduling, sheets
from anyshore.runtime.answers import pair

app = typer.Typer(no_args_is_help=True)

File = Annotated[
    Path, typer.Argument(help="Work packages: CSV or Excel with package, duration, after, needs; or .rcp.")
]
Teams = Annotated[list[str] | None, typer.Option("--team", help="How much there is of a team, as mason=2. Repeatable.")]
Work = Annotated[float, typer.Option(min=0.1, max=3600, help="Work the search may take, about seconds.")]
Picture = Annotated[Path | None, typer.Option(help="Draw the plan into this SVG file.")]


@app.command()
def schedule(
    file: File, team: Teams = None, work: Work = scheduling.WORK, picture: Picture = None, json: Json = False
) -> None:
    """Find the shortest plan in which nobody is in two places, and say whether a shorter one can be."""
    teams = sheets.teams(map(pair, team or ()))
    found = patterson.read(file) if file.suffix.lower() == ".rcp" else sheets.read(file, teams)
    plan = scheduling.schedule(found, work)
    output.answer(json, sheets.plain(found, plan), *sheets.of_plan(found, plan))
    output.write(picture, sheets.picture(found, plan), json)
