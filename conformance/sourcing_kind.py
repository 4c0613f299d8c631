"""Names of activities whose kind is known: the name alone, judged by the shipped rules.

Counted are the rows outside the grey band, passed those on the right side. The last line has the area under the ROC
curve of ``judgement`` by language and level, and the share of rows that are grey.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from anyshore.sourcing.decide import Rules
from anyshore.sourcing.portfolio import Activity
from conformance.folders import files, of_suite, told
from conformance.scores import Score

COLUMNS = {"activity", "expected", "lang", "level"}
ON = date(2026, 11, 30)


@dataclass(frozen=True, slots=True)
class Judged:
    """A row and what was made of it; ``judgement`` is None where it broke."""

    place: str
    expected: str
    group: str
    judgement: float | None
    grey: bool
    broken: str = ""


def run(data: Path) -> Score:
    """Judges every list of the folder."""
    score = Score("sourcing-kind", 0, 0)
    rules = Rules(ON)
    rows = [judged for path in files(of_suite(data, "sourcing"), ".csv") for judged in _rows(path, rules)]
    for row in rows:
        if row.judgement is None:
            score.total += 1
            score.failed.append(f"{row.place}: {row.broken}")
        elif not row.grey:
            score.total += 1
            if (row.judgement > 0.5) == (row.expected == "kpo"):
                score.passed += 1
            else:
                score.failed.append(f"{row.place} is {row.expected}, judgement {row.judgement:.3f}")
    score.extra = {
        "rows": len(rows), "grey": round(sum(row.grey for row in rows) / max(len(rows), 1), 4), "auc": _areas(rows),
    }  # fmt: skip
    return score


def _rows(path: Path, rules: Rules) -> list[Judged]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        table = csv.DictReader(file)
        if not set(table.fieldnames or ()) >= COLUMNS:
            return []  # another table that stands in the folder
        return [_judged(f"{path.name}:{number}", row, rules) for number, row in enumerate(table, 2)]


def _judged(place: str, row: dict[str, str], rules: Rules) -> Judged:
    group = f"{row['lang']} {row['level']}"
    name = f"{place} {row['activity']!r}"
    expected = row["expected"].strip().lower()

    def case() -> Judged:
        judged = rules.decide(Activity(row["activity"], "DE", "internal")).judgement
        return Judged(name, expected, group, judged.probability, judged.grey)

    return told(case, lambda why: Judged(name, expected, group, None, False, why))


def _areas(rows: list[Judged]) -> dict[str, float]:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for row in rows:
        if row.judgement is not None:
            groups[row.group].append(row)
    return {group: area for group in sorted(groups) if (area := _area(groups[group])) is not None}


def _area(rows: list[Judged]) -> float | None:
    """Area under the ROC curve: how often a row of judgement work has the higher value, ties by half."""
    above = [row.judgement for row in rows if row.expected == "kpo" and row.judgement is not None]
    below = [row.judgement for row in rows if row.expected != "kpo" and row.judgement is not None]
    if not above or not below:
        return None
    won = sum((a > b) + (a == b) / 2 for a in above for b in below)
    return round(won / len(above) / len(below), 4)
