"""``anyshore workforce roster`` and ``swap``: who works when, and whether two may exchange their shifts."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

from anyshore.base import files
from anyshore.base.commands import Answer, Bounds, Progress, day
from anyshore.runtime.rosters import judged
from anyshore.runtime.rosters import swap as tried
from anyshore.workforce.rosters import check, fairness, search, swaps
from anyshore.workforce.rosters import sheets as rosters

SEARCHED = 0.8
"""Share of the time of a roster that goes into its cost; the rest evens it out."""

Folder = Annotated[Path, "Folder with shifts.csv, staff.csv, need.csv and, if any, wishes.csv."]
Rest = Annotated[float, Bounds(0), "Hours at least between two shifts of a person."]
Country = Annotated[str | None, "Judge it by the working-time law of a country: DE, AT."]
Sundays = Annotated[bool, "--sundays", "Sundays and holidays may be worked (§ 10 ArbZG)."]
Zone = Annotated[str, "IANA time zone of the shifts that name none."]


def roster(
    folder: Folder,
    *,
    progress: Progress,
    seconds: Annotated[float, Bounds(1, 3600), "Time the search may take at most."] = 30.0,
    rest: Rest = rosters.REST,
    country: Country = None,
    sundays: Sundays = False,
    zone: Zone = "Europe/Berlin",
    picture: Annotated[Path | None, "Draw the week into this SVG file."] = None,
    out: Annotated[Path | None, "Write the roster into this file, to be swapped in later (JSON)."] = None,
) -> Answer:
    """Make a roster: who works which shift on which day, keeping every rule and costing the least.

    Of rosters that cost the same, nights, weekends and refused wishes are spread as evenly as exchanges can.
    """
    asked, begun = rosters.read(folder, rest, zone), time.monotonic()

    def left() -> float:
        return seconds - (time.monotonic() - begun)

    with progress("Searching", None):
        found = search.solve(asked.problem, lambda: left() - (1 - SEARCHED) * seconds)
        if found.roster is not None:
            rows = fairness.evened(asked.problem, found.roster, asked.nights, left)
            found = replace(found, roster=tuple(rows), cost=check.cost(asked.problem, rows))
    borne = fairness.loads(asked.problem, found.roster, asked.nights) if found.roster is not None else []
    broken = judged(asked, found.roster, country, zone, sundays=sundays) if country is not None else []
    if found.roster is not None and picture is not None:
        files.write(picture, rosters.picture(asked, found.roster).encode())
    data = rosters.plain(asked, found, broken, borne)
    answer = Answer(data, rosters.of_roster(asked, found, broken, borne), bad=found.roster is None)
    return answer.writing(out, json.dumps(data, indent=1))


def swap(
    folder: Folder,
    roster: Annotated[Path, "The roster, as `anyshore workforce roster --out` wrote it."],
    *,
    giver: Annotated[str, "--from", "Who gives a shift away."],
    on: Annotated[date, day, "--on", "The day of that shift, as 2026-03-02."],
    taker: Annotated[str, "--to", "Who gets it."],
    back: Annotated[date | None, day, "The day of theirs whose shift is given for it."] = None,
    rest: Rest = rosters.REST,
    country: Country = None,
    sundays: Sundays = False,
    zone: Zone = "Europe/Berlin",
) -> Answer:
    """Try a swap of shifts: allowed where it breaks no rule and no law that was kept before."""
    asked = rosters.read(folder, rest, zone)
    rows = rosters.told(asked, files.read(roster, name=str(roster)), str(roster))
    wanted = swaps.Swap(giver, (on - asked.first).days, taker, None if back is None else (back - asked.first).days)
    found = tried(asked, rows, wanted, country, zone, sundays=sundays)
    after = search.Found(tuple(found.roster), check.cost(asked.problem, found.roster), 0)
    data = {"allowed": found.allowed, "rules": [f"{one.person} {one.message}" for one in found.rules]}
    told = [f"{one.person} {one.message}." for one in found.rules]
    told.append("The swap is allowed." if found.allowed else "The swap is not allowed.")
    data |= rosters.plain(asked, after, found.law)
    return Answer(data, rosters.of_law(found.law), told, bad=not found.allowed)
