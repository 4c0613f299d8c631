"""Item analysis: patterns of answers with published statistics beside them, each within 0.01."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from anyshore.assessment.item_analysis import Analysis, analyse
from conformance.folders import files, of_suite, told
from conformance.scores import Score

TOLERANCE = 0.01
END = "_patterns.csv"


def run(data: Path) -> Score:
    """Analyses each file of patterns and compares every published value; a case is a value."""
    score = Score("item-analysis", 0, 0)
    for path in files(of_suite(data, "questions"), END):
        cases = told(lambda path=path: list(_cases(path)), lambda why, path=path: [(f"{path.name}: {why}", False)])
        score.total += len(cases)
        score.passed += sum(right for _name, right in cases)
        score.failed += [name for name, right in cases if not right]
    return score


def _cases(path: Path) -> Iterator[tuple[str, bool]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    names = [name for name in rows[0] if name != "people"]
    marks = [[None if row[name] == "" else float(row[name]) for name in names] for row in rows]
    found = analyse(names, [row for row, line in zip(marks, rows, strict=True) for _ in range(int(line["people"]))])
    with path.with_name(path.name.replace(END, "_published.csv")).open(encoding="utf-8-sig", newline="") as file:
        for line in csv.DictReader(file):
            for column, value in line.items():
                if column != "measure" and value:
                    got = _value(found, line["measure"].lower(), column)
                    right = got is not None and abs(got - float(value)) <= TOLERANCE
                    yield f"{path.name}: {line['measure']}, {column}: {got} is not {value}", right


def _value(found: Analysis, measure: str, column: str) -> float | None:
    one = next((item for item in found.items if item.name == column), None)
    if "alpha" in measure:
        return found.alpha
    if "discrimination" in measure and one is None:
        return None if found.model is None else found.model.discrimination
    if one is None:
        return None
    return one.rasch if "rasch" in measure else one.difficulty
