"""Work packages, the teams they need, and what is wrong with a plan of them.

Time is counted in whole units (days, say) from 0. A package once begun is not interrupted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location

MOST_PACKAGES = 5_000
_LONGEST = 1_000_000
"""Units of one package."""


@dataclass(frozen=True, slots=True)
class Package:
    """A piece of work.

    Attributes:
        key: its key.
        duration: units it takes, from 0 (a milestone).
        after: keys of packages that must have ended before.
        needs: how much of each team it keeps busy.
        not_before: unit before which it cannot begin.
    """

    key: str
    duration: int
    after: tuple[str, ...] = ()
    needs: Mapping[str, int] = field(default_factory=dict)
    not_before: int = 0


@dataclass(frozen=True, slots=True)
class Project:
    """Work packages by key, and how much there is of each team."""

    packages: Mapping[str, Package]
    teams: Mapping[str, int]

    @property
    def order(self) -> tuple[str, ...]:
        """Keys, each after what it waits for."""
        return _ordered(self.packages)


@dataclass(frozen=True, slots=True)
class Window:
    """When a package can be, if teams were plenty.

    Attributes:
        earliest: start.
        latest: start that makes the whole no longer.
    """

    earliest: int
    latest: int

    @property
    def slack(self) -> int:
        """Units it may be late; 0 on the critical path."""
        return self.latest - self.earliest


def project(packages: Sequence[Package], teams: Mapping[str, int], file: str = "") -> Project:
    """Packages and teams, checked as a whole.

    Args:
        packages: the packages.
        teams: how much there is of each team.
        file: where they are from, for messages.

    Raises:
        DataError: with everything that is wrong: keys twice or unknown, more needed than there is, circles.
    """
    known: dict[str, Package] = {}
    problems: list[Diagnostic] = []

    def wrong(code: str, key: str, message: str, hint: str) -> None:
        problems.append(Diagnostic(f"project.{code}", message, Location(file or None, key), hint))

    for name, size in teams.items():
        if size < 0:
            wrong("team", name, f"There are {size} of {name}.", "Give a number from 0.")
    for one in packages:
        if one.key in known:
            wrong("twice", one.key, f"Package {one.key!r} stands there twice.", "Give it its own key.")
        known[one.key] = one
        if not 0 <= one.duration <= _LONGEST or one.not_before < 0:
            wrong("duration", one.key, f"{one.key} takes {one.duration} from {one.not_before}.", "Whole units from 0.")
        for team, need in one.needs.items():
            if team not in teams:
                wrong(
                    "team", one.key, f"{one.key} needs {team!r}, which is no team.", f"There are: {', '.join(teams)}."
                )
            elif not 0 <= need <= teams[team]:
                hint = "Add people, or split the package."
                wrong("scarce", one.key, f"{one.key} needs {need} of {team}, of whom there are {teams[team]}.", hint)
    for one in packages:
        for before in one.after:
            if before not in known:
                wrong(
                    "after",
                    one.key,
                    f"{one.key} waits for {before!r}, which is no package.",
                    "Add it, or leave it out.",
                )
    if len(known) > MOST_PACKAGES:
        wrong("size", "", f"More than {MOST_PACKAGES:,} packages.", "Plan it in parts.")
    if not problems:
        placed = _ordered(known)
        circle = sorted(known.keys() - set(placed))
        if circle:
            wrong("circle", circle[0], f"{circle[0]} waits for itself, through {', '.join(circle[1:4]) or 'nothing'}.",
                  "Take one of the arrows away.")  # fmt: skip
    if problems:
        raise DataError.of(problems)
    return Project(known, dict(teams))


def windows(found: Project, end: int | None = None) -> dict[str, Window]:
    """Earliest and latest starts by the critical path method (Kelley and Walker 1959), as if teams were plenty.

    Args:
        found: the project.
        end: unit at which all has to be done; the earliest possible one where left out.
    """
    early: dict[str, int] = {}
    for key in found.order:
        one = found.packages[key]
        early[key] = max([one.not_before, *(early[before] + found.packages[before].duration for before in one.after)])
    done = max((early[key] + one.duration for key, one in found.packages.items()), default=0)
    last = done if end is None else end
    late = {key: last - one.duration for key, one in found.packages.items()}
    for key in reversed(found.order):
        for before in found.packages[key].after:
            late[before] = min(late[before], late[key] - found.packages[before].duration)
    return {key: Window(early[key], late[key]) for key in found.packages}


def faults(found: Project, starts: Mapping[str, int]) -> list[Diagnostic]:
    """What is wrong with a plan: nothing, where every package has its place, its time and its teams.

    Args:
        found: the project.
        starts: unit at which each package begins.
    """
    problems = []
    for key, one in found.packages.items():
        if key not in starts:
            problems.append(Diagnostic("project.unplanned", f"{key} has no start.", Location(element=key), "Plan it."))
            continue
        if starts[key] < one.not_before:
            message = f"{key} begins at {starts[key]}, before {one.not_before}."
            problems.append(Diagnostic("project.early", message, Location(element=key), "Move it."))
        for before in one.after:
            ends = starts.get(before, 0) + found.packages[before].duration
            if before in starts and starts[key] < ends:
                message = f"{key} begins at {starts[key]}, {before} ends at {ends}."
                problems.append(Diagnostic("project.order", message, Location(element=key), "Move one of them."))
    for team, size in found.teams.items():
        problems += _overbooked(found, starts, team, size)
    return problems


def _overbooked(found: Project, starts: Mapping[str, int], team: str, size: int) -> list[Diagnostic]:
    changes: dict[int, int] = {}
    for key, one in found.packages.items():
        need = one.needs.get(team, 0)
        if key in starts and need and one.duration:
            changes[starts[key]] = changes.get(starts[key], 0) + need
            changes[starts[key] + one.duration] = changes.get(starts[key] + one.duration, 0) - need
    busy = 0
    for at in sorted(changes):
        busy += changes[at]
        if busy > size:
            message = f"From {at} on {busy} of {team} are needed, of whom there are {size}."
            return [Diagnostic("project.scarce", message, Location(element=team), "Move a package.")]
    return []


def _ordered(packages: Mapping[str, Package]) -> tuple[str, ...]:
    """Keys, each after what it waits for; those on a circle and behind it are left out."""
    waiting = {key: len(set(one.after)) for key, one in packages.items()}
    behind: dict[str, list[str]] = {key: [] for key in packages}
    for key, one in packages.items():
        for before in set(one.after):
            behind[before].append(key)
    ready = [key for key, number in waiting.items() if not number]
    found: list[str] = []
    while ready:
        key = ready.pop(0)
        found.append(key)
        for after in behind[key]:
            waiting[after] -= 1
            if not waiting[after]:
                ready.append(after)
    return tuple(found)
