"""A plan moved by hand: packages that begin when somebody says, or last as long as somebody says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.projects.packages import Project, project, windows


def check(found: Project, moved: Mapping[str, int]) -> None:
    """Refuses starts that no plan can have, before one is searched.

    Args:
        found: the project.
        moved: the unit each moved package is to begin at, by key.

    Raises:
        DataError: with everything that is wrong: no such package, a start before what it waits for can have ended.
    """
    early = windows(found)
    problems = []
    for key, start in moved.items():
        if key not in found.packages:
            message, hint = f"{key!r} is no package.", f"There are: {', '.join(list(found.packages)[:9])}."
        elif start < early[key].earliest:
            message = f"{key} cannot begin at {start}."
            hint = f"What it waits for ends at {early[key].earliest} at the earliest."
        else:
            continue
        problems.append(Diagnostic("project.move", message, Location(element=key), hint))
    if problems:
        raise DataError.of(problems)


def impossible(moved: Mapping[str, int]) -> DataError:
    """That no plan keeps all that was moved: one waits for another, or they need more of a team than there is."""
    listed = ", ".join(f"{key} at {start}" for key, start in moved.items())
    hint = "One of them waits for another, or together they need more of a team than there is: move fewer."
    return DataError("project.move", f"No plan has {listed}.", Location(element=next(iter(moved))), hint)


def lasting(found: Project, durations: Mapping[str, int]) -> Project:
    """The project with other durations, in units, by key.

    Raises:
        DataError: no such package, or a duration that is none.
    """
    if not durations:
        return found
    check(found, dict.fromkeys(durations.keys() - found.packages.keys(), 0))
    packages = [replace(one, duration=durations.get(key, one.duration)) for key, one in found.packages.items()]
    return project(packages, found.teams)
