"""Work packages under scarce teams: the shortest plan has the published length, and keeps every rule.

Instances stand in ``.rcp`` files, their optima in a table with ``instance`` and ``optimal_makespan``. Whether a plan
keeps the rules is counted here unit by unit, without the engine.

    python -m conformance.project_scheduling [data folder]
"""

from __future__ import annotations

import csv
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from anyshore.projects import patterson
from anyshore.projects.packages import Project
from anyshore.projects.scheduling import schedule
from conformance import folders
from conformance.scores import Score


def run(data: Path) -> Score:
    """Runs the suite.

    Args:
        data: the folder of all data, or any folder of such files.
    """
    folder = folders.of_suite(data, "project-scheduling")
    score = Score("project-scheduling", 0, 0)
    seconds: list[float] = []
    known = {path.stem: path for path in folders.files(folder, ".rcp")}
    for table in folders.files(folder, ".csv"):
        for name, optimum in folders.told(lambda table=table: list(_optima(table)), lambda reason: [(reason, "")]):
            wrong = folders.told(
                lambda name=name, optimum=optimum: _case(known[name], int(optimum), seconds), lambda reason: reason
            )
            score.total += 1
            score.passed += not wrong
            if wrong:
                score.failed.append(f"{table.name}: {name}: {wrong}")
    score.extra["median_seconds"] = round(statistics.median(seconds), 3) if seconds else None
    return score


def _optima(table: Path) -> Iterator[tuple[str, str]]:
    with table.open(encoding="utf-8-sig", newline="") as opened:
        for row in csv.DictReader(opened):
            if {"instance", "optimal_makespan"} <= set(row):
                yield row["instance"], row["optimal_makespan"]


def _case(path: Path, optimum: int, seconds: list[float]) -> str:
    found = patterson.read(path)
    begun = time.process_time()
    plan = schedule(found)
    seconds.append(time.process_time() - begun)
    if broken := _broken(found, plan.starts):
        return broken
    ends = max(plan.starts[key] + one.duration for key, one in found.packages.items())
    return "" if ends == plan.makespan == optimum else f"{ends} instead of {optimum}, bound {plan.bound}"


def _broken(found: Project, starts: dict[str, int]) -> str:
    busy: dict[tuple[str, int], int] = {}
    for key, one in found.packages.items():
        if starts[key] < 0 or any(starts[b] + found.packages[b].duration > starts[key] for b in one.after):
            return f"{key} begins too early"
        for team, need in one.needs.items():
            for unit in range(starts[key], starts[key] + one.duration):
                busy[team, unit] = busy.get((team, unit), 0) + need
    return next((f"{team} at {unit}" for (team, unit), need in busy.items() if need > found.teams[team]), "")


if __name__ == "__main__":
    result = run(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
    result.print()
    sys.exit(bool(result.failed))
