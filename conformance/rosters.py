"""Shift scheduling instances in the text form of Curtois and Qu: what a plan costs, proven by whom, feasible by count.

python -m conformance.rosters [data folder]
"""

from __future__ import annotations

import csv
import math
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from anyshore.workforce.rosters.check import broken, cost
from anyshore.workforce.rosters.problem import Cover, Kind, Person, Problem, Wish
from anyshore.workforce.rosters.search import solve
from conformance import folders
from conformance.scores import Score


def parse(text: str) -> Problem:
    """A problem from the text of an instance.

    Raises:
        ValueError: a line is not what its section says.
    """
    sections: dict[str, list[list[str]]] = {}
    section: list[list[str]] = []
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("SECTION_"):
            section = sections.setdefault(line.removeprefix("SECTION_"), [])
        elif line and not line.startswith("#"):
            section.append([cell.strip() for cell in line.split(",")])
    away = {row[0]: frozenset(int(day) for day in row[1:] if day) for row in sections.get("DAYS_OFF", [])}
    return Problem(
        int(sections["HORIZON"][0][0]),
        [
            Kind(row[0], int(row[1]), frozenset(name for name in "".join(row[2:3]).split("|") if name))
            for row in sections["SHIFTS"]
        ],
        [_person(row, away.get(row[0], frozenset())) for row in sections["STAFF"]],
        [Cover(int(row[0]), row[1], int(row[2]), int(row[3]), int(row[4])) for row in sections.get("COVER", [])],
        [
            *_wishes(sections.get("SHIFT_ON_REQUESTS", []), True),
            *_wishes(sections.get("SHIFT_OFF_REQUESTS", []), False),
        ],
    )


def _person(row: list[str], away: frozenset[int]) -> Person:
    most = dict(cell.split("=", 1) for cell in row[1].split("|") if cell)
    longest, least, run, shortest, rest, weekends = (int(cell) for cell in row[2:8])
    return Person(
        row[0], {name: int(many) for name, many in most.items()}, longest, least, run, shortest, rest, weekends, away
    )


def _wishes(rows: list[list[str]], wanted: bool) -> Iterator[Wish]:
    return (Wish(row[0], int(row[1]), row[2], int(row[3]), wanted) for row in rows)


def run(data: Path, seconds: float | None = None) -> Score:
    """Runs the suite.

    Args:
        data: the folder of all data, or any folder of such instances.
        seconds: the time for each instance; left out, as ``_goal`` says.
    """
    folder = folders.of_suite(data, "rosters")
    published = {}
    for table in folders.files(folder, ".csv"):
        published |= dict(folders.told(lambda table=table: list(_published(table)), lambda _reason: []))
    score = Score("rosters", 0, 0)
    for path in folders.files(folder, ".txt"):
        score.total += 1
        said = folders.told(lambda path=path: _case(path, published, seconds), lambda reason: f"failed: {reason}")
        print(f"{path.name}: {said}", file=sys.stderr, flush=True)
        score.extra[path.stem] = said
        if said.startswith("failed: "):
            score.failed.append(f"{path.name}: {said.removeprefix('failed: ')}")
        else:
            score.passed += 1
    return score


def _published(table: Path) -> Iterator[tuple[str, int]]:
    with table.open(encoding="utf-8-sig", newline="") as opened:
        for row in csv.DictReader(opened):
            yield row["instance"], int(row["best_published_cost"])


def _goal(problem: Problem, best: int | None) -> tuple[float, float, float]:
    """Seconds, the gap to the bound that is enough, and the cost that is too much.

    Up to 16 people over four weeks the published cost is to be reached within a minute, up to 40 within 5 % of it in
    five; larger ones are to have a roster that keeps the rules.
    """
    if best is not None and problem.days <= 28 and len(problem.people) <= 16:
        return 60.0, 0.0, best + 0.5
    if best is not None and problem.days <= 28 and len(problem.people) <= 40:
        return 300.0, 0.005, best * 1.05
    return 300.0, 0.02, math.inf


def _case(path: Path, published: dict[str, int], seconds: float | None) -> str:
    begun = time.monotonic()
    problem = parse(path.read_text(encoding="utf-8-sig"))
    digits = re.findall(r"\d+", path.stem)
    best = published.get(path.stem, published.get(digits[-1] if digits else ""))
    allowed, enough, too_much = _goal(problem, best)
    allowed = seconds or allowed
    # what is under way when time is up takes a moment to end
    found = solve(problem, lambda: 0.97 * allowed - 1 - (time.monotonic() - begun), enough=enough)
    took = time.monotonic() - begun
    if found.roster is None or found.cost is None:
        return f"failed: none found in {took:.0f} s, bound {found.bound}"
    wrong = broken(problem, found.roster)
    if wrong or cost(problem, found.roster) != found.cost:
        return f"failed: {wrong[0].person} {wrong[0].message}" if wrong else "failed: another cost than told"
    told = f"{found.cost} in {took:.0f} s, bound {found.bound}, gap {found.gap:.1%}"
    told += f", published {best} ({found.cost / best - 1:+.1%})" if best else ""
    return f"failed: {told}" if found.cost > too_much or took > allowed else told


if __name__ == "__main__":
    result = run(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
    result.print()
    sys.exit(bool(result.failed))
