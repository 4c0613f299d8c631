"""Projects in the Patterson format, as collections of scheduling problems are passed on in (``.rcp``).

Numbers apart by blanks: packages and teams; the size of each team; then for each package its duration, what it needs of
each team, how many come after it, and which.
"""

from __future__ import annotations

from pathlib import Path

from anyshore.base import files
from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.projects.packages import MOST_PACKAGES, Package, Project, project

MOST_TEAMS = 1_000
FORMAT = "Write whole numbers apart by blanks: packages, teams, sizes of teams, then each package."


def read(source: bytes | Path, file: str = "") -> Project:
    """Reads a project; packages are called by their number, teams by theirs.

    Args:
        source: a path, or the content.
        file: its name, for messages.

    Raises:
        DataError: it is none, or does not fit together.
    """
    name = file or (str(source) if isinstance(source, Path) else "project.rcp")
    content = files.read(source) if isinstance(source, Path) else source
    numbers = _Numbers(content, name)
    count, kinds = numbers.next(MOST_PACKAGES), numbers.next(MOST_TEAMS)
    teams = {f"team {number + 1}": numbers.next() for number in range(kinds)}
    durations, needs, behind = [], [], []
    for _one in range(count):
        durations.append(numbers.next())
        needs.append({team: need for team in teams if (need := numbers.next())})
        behind.append([numbers.next(count) for _each in range(numbers.next(count))])
    numbers.end()
    after: list[list[str]] = [[] for _one in range(count)]
    for number, ones in enumerate(behind, start=1):
        for one in ones:
            if one < 1:
                raise DataError("project.after", f"Package {one} is none.", Location(name), "They count from 1.")
            after[one - 1].append(str(number))
    packages = [
        Package(str(number + 1), durations[number], tuple(after[number]), needs[number]) for number in range(count)
    ]
    return project(packages, teams)


class _Numbers:
    def __init__(self, content: bytes, file: str) -> None:
        self._file, self._at = file, 0
        self._words = [
            (word, number) for number, line in enumerate(content.split(b"\n"), start=1) for word in line.split()
        ]

    def next(self, most: int | None = None) -> int:
        if self._at >= len(self._words):
            raise DataError("project.syntax", "The file ends too early.", Location(self._file), "Take the whole file.")
        word, line = self._words[self._at]
        self._at += 1
        if not word.isdigit() or len(word) > 9 or (most is not None and int(word) > most):
            told = word[:20].decode("ascii", "replace")
            message = f"{told!r} is no whole number" + (f" up to {most:,}." if most is not None else ".")
            raise DataError("project.syntax", message, Location(self._file, line=line), FORMAT)
        return int(word)

    def end(self) -> None:
        if self._at < len(self._words):
            line = self._words[self._at][1]
            raise DataError(
                "project.syntax",
                "More stands behind the last package.",
                Location(self._file, line=line),
                "Check the numbers of successors.",
            )
