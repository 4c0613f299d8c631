"""``anyshore project``: work packages under scarce teams."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from anyshore.base.commands import Answer, Bounds, Group, pair
from anyshore.projects import moving, patterson, scheduling, sheets

Pairs = Sequence[tuple[str, str]]


def schedule(
    file: Annotated[Path, "Work packages: CSV or Excel with package, duration, after, needs; or .rcp."],
    *,
    team: Annotated[Pairs, pair, "How much there is of a team, as mason=2. Repeatable."] = (),
    move: Annotated[Pairs, pair, "Begin a package at a unit, as Copy=4. Repeatable."] = (),
    lasts: Annotated[Pairs, pair, "Let a package last so many units, as Copy=5. Repeatable."] = (),
    work: Annotated[float, Bounds(0.1, 3600), "Work the search may take, about seconds."] = scheduling.WORK,
    picture: Annotated[Path | None, "Draw the plan into this SVG file."] = None,
) -> Answer:
    """Find the shortest plan in which nobody is in two places, and say whether a shorter one can be.

    What is moved by hand stays where it was moved to; the others are planned around it, and the plan is proved again.
    """
    teams = sheets.teams(team)
    found = patterson.read(file) if file.suffix.lower() == ".rcp" else sheets.read(file, teams)
    found = moving.lasting(found, sheets.units(lasts))
    plan = scheduling.schedule(found, work, sheets.units(move))
    drawn = sheets.picture(found, plan) if picture is not None else None
    return Answer(sheets.plain(found, plan), sheets.of_plan(found, plan)).writing(picture, drawn)


GROUP = Group("Plan work packages that wait for each other and share scarce teams.", {"schedule": schedule})
