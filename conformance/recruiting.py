"""Recruiting: the suggested order of vacancies for each CV against the orders of people, beside TF-IDF's.

An annotator is a case: the mean Kendall tau-b of the suggestion against their orders has to be at least that of the
cosine of TF-IDF vectors (scikit-learn's as they come, fitted on the vacancies, and on vacancies and CVs: the higher
counts). An order names vacancies from the best to the worst, the first for CV 1. What is no permutation of the
vacancies is left out and named; an annotator may have ranked the first CVs only. How far the annotators agree among
themselves is printed beside it.

    python -m conformance.recruiting [data folder]
"""

from __future__ import annotations

import ast
import csv
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from pathlib import Path
from statistics import fmean

from sklearn.feature_extraction.text import TfidfVectorizer

from anyshore.activities.recruiting import criteria, ranking
from anyshore.knowledge import docx
from anyshore.knowledge.documents import Source
from conformance import folders
from conformance.scores import Score

Scores = dict[int, list[float]]
"""By CV: a number per vacancy, higher is better."""


@dataclass(frozen=True, slots=True)
class _Set:
    vacancies: list[dict[str, str]]
    cvs: dict[int, Source]
    orders: dict[str, list[list[int]]]


def run(data: Path) -> Score:
    """Runs the suite.

    Args:
        data: the folder of all data, or any folder of vacancies as CSV, CVs as DOCX and a text file of annotations.
    """
    folder = folders.of_suite(data, "recruiting/vacancy-resume")
    score = Score("recruiting", 0, 0, extra={"left_out": [], "annotators": {}, "agreement": {}})
    notes = [file for file in folders.files(folder, ".txt") if b"RANKINGS" in folders.told(file.read_bytes, str.encode)]
    for file in notes:
        wrong = folders.told(lambda file=file: _measure(file, folder, score), lambda reason: reason)
        if wrong:
            score.total += 1
            score.failed.append(f"{file.name}: {wrong}")
    return score


def _measure(file: Path, folder: Path, score: Score) -> str:
    found = _Set(_vacancies(folder), _cvs(folder, score), _orders(file.read_text(encoding="utf-8-sig")))
    if not found.vacancies or not found.cvs:
        return "no vacancies or CVs stand beside it"
    ours, theirs = _ours(found), _tfidf(found)
    valid = {name: _valid(name, orders, len(found.vacancies), score) for name, orders in found.orders.items()}
    for name, orders in valid.items():
        score.total += 1
        missing = [cv for cv in orders if cv not in found.cvs]
        taus = [_mean(orders, scores) for scores in (ours, *theirs)]
        score.extra["annotators"][name] = {
            "cvs": len(orders), "anyshore": round(taus[0], 4), "tfidf": [round(tau, 4) for tau in taus[1:]],
        }  # fmt: skip
        if missing or not orders or taus[0] < max(taus[1:]):
            reason = (
                f"CVs {missing} cannot be read" if missing else f"{taus[0]:.4f} against {max(taus[1:]):.4f} of TF-IDF"
            )
            score.failed.append(f"{file.name}: annotator {name}: {reason}")
        else:
            score.passed += 1
    for one, other in combinations(valid, 2):
        both = [tau(_places(valid[one][cv]), _places(valid[other][cv])) for cv in valid[one] if cv in valid[other]]
        score.extra["agreement"][f"{one}/{other}"] = round(fmean(both), 4) if both else None
    return ""


def _ours(found: _Set) -> Scores:
    asked = [criteria.of(one.get("job_title") or "", one["job_description"]) for one in found.vacancies]
    evidence = {cv: ranking.evidence(source) for cv, source in found.cvs.items()}
    among = ranking.collection(list(evidence.values()), asked)
    return {cv: [ranking.score(one, there, among) for one in asked] for cv, there in evidence.items()}


def _tfidf(found: _Set) -> list[Scores]:
    texts = [one["job_description"] for one in found.vacancies]
    cvs = {cv: source.text for cv, source in found.cvs.items()}
    made = []
    for fitted in (texts, [*texts, *cvs.values()]):
        vectors = TfidfVectorizer().fit(fitted)
        table = (vectors.transform(cvs.values()) @ vectors.transform(texts).T).toarray()
        made.append({cv: [float(value) for value in row] for cv, row in zip(cvs, table, strict=True)})
    return made


def _mean(orders: dict[int, list[int]], scores: Scores) -> float:
    return fmean(
        [tau(_places(order), [-one for one in scores[cv]]) for cv, order in orders.items() if cv in scores] or [0.0]
    )


def _places(order: Sequence[int]) -> list[float]:
    """The place of each vacancy in an order."""
    return [float(order.index(vacancy)) for vacancy in range(1, len(order) + 1)]


def tau(one: Sequence[float], other: Sequence[float]) -> float:
    """Kendall's tau-b of two lists of numbers (Kendall 1945): ties count for neither; 0 where one is all ties."""
    signs = [
        ((a > b) - (a < b), (x > y) - (x < y))
        for (a, x), (b, y) in combinations(zip(one, other, strict=True), 2)
    ]  # fmt: skip
    size = sqrt(sum(a != 0 for a, _ in signs) * sum(x != 0 for _, x in signs))
    return sum(a * x for a, x in signs) / size if size else 0.0


def _valid(name: str, orders: list[list[int]], count: int, score: Score) -> dict[int, list[int]]:
    kept = {}
    for cv, order in enumerate(orders, start=1):
        if sorted(order) == list(range(1, count + 1)):
            kept[cv] = order
        else:
            score.extra["left_out"].append(f"annotator {name}, CV {cv}: {order} is no permutation")
    return kept


def _orders(text: str) -> dict[str, list[list[int]]]:
    found = {}
    for match in re.finditer(r"ANNOTATOR_(\w+?)_RANKINGS\s*=(.*?)(?=ANNOTATOR_|\Z)", text, re.DOTALL):
        rows = ast.literal_eval(re.sub(r"#.*", "", match[2]).strip())
        found[match[1]] = [[int(one) for one in row] for row in rows]
    return found


def _vacancies(folder: Path) -> list[dict[str, str]]:
    for file in folders.files(folder, ".csv"):
        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = list(csv.DictReader(opened))
        if rows and "job_description" in rows[0]:
            return rows
    return []


def _cvs(folder: Path, score: Score) -> dict[int, Source]:
    found = {}
    for file in folders.files(folder, ".docx"):
        if file.stem.isdigit():
            source = folders.told(lambda file=file: docx.read(file.read_bytes(), file.name), lambda reason: reason)
            if isinstance(source, Source):
                found[int(file.stem)] = source
            else:
                score.total += 1
                score.failed.append(f"{file.name}: {source}")
    return dict(sorted(found.items()))


if __name__ == "__main__":
    result = run(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
    result.print()
    sys.exit(bool(result.failed))
