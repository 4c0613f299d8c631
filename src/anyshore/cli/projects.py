"""``anyshore project``: work packages under scarce teams."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyshore.cli import output
from anyshore.cli.shared import Json
from anyshore.projects import moving, patterson, scheduling, sheets
from anyshore.runtime.answers import pair

app = typer.Typer(no_args_is_help=True)

File = Annotated[
    Path, typer.Argument(help="Work packages: CSV or Excel with package, duration, after, needs; or .rcp.")
]
Teams = Annotated[list[str] | None, typer.Option("--team", help="How much there is of a team, as mason=2. Repeatable.")]
Work = Annotated[float, typer.Option(min=0.1, max=3600, help="Work the search may take, about seconds.")]
Move = Annotated[list[str] | None, typer.Option(help="Begin a package at a unit, as Copy=4. Repeatable.")]
Lasts = Annotated[list[str] | None, typer.Option(help="Let a package last so many units, as Copy=5. Repeatable.")]
Picture = Annotated[Path | None, typer.Option(help="Draw the plan into this SVG file.")]


@app.command()
def schedule(
    file: File, team: Teams = None, move: Move = None, lasts: Lasts = None, work: Work = scheduling.WORK,
    picture: Picture = None, json: Json = False,
) -> None:  # fmt: skip
    """Find the shortest plan in which nobody is in two places, and say whether a shorter one can be.

    What is moved by hand stays where it was moved to; the others are planned around it, and the plan is proved again.
    """
    teams = sheets.teams(map(pair, team or ()))
    found = patterson.read(file) if file.suffix.lower() == ".rcp" else sheets.read(file, teams)
    found = moving.lasting(found, sheets.units(map(pair, lasts or ())))
    plan = scheduling.schedule(found, work, sheets.units(map(pair, move or ())))
    output.answer(json, sheets.plain(found, plan), *sheets.of_plan(found, plan))
    output.write(picture, sheets.picture(found, plan), json)
