"""Published tables of a survey from its raw answers: ``survey``, and folders of the same shape.

A folder holds ``raw-responses.csv`` (a row per respondent, with ``weight``) and a published table: a header of two
lines (heads, columns), then per question its text and a line per answer with whole percents. A case is a question:
every percent must be the same, and columns of fewer than 100 respondents blank. One more case is the effective sample.

python -m conformance.survey_table [data folder]
"""

from __future__ import annotations

import csv
import math
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np

from anyshore.surveys.tabulation import banner, questions
from anyshore.surveys.weighting import effective_cases
from conformance import folders
from conformance.scores import Score

RAW = "raw-responses.csv"
BLANK_BELOW = 100
NOT_CHOSEN, NOT_ASKED, SILENT = "Not selected", ("NA", ""), "No answer"
EFFECTIVE = {"masculinity-survey": 526}
"""Effective samples known of published surveys (Kish), rounded down."""


def run(data: Path) -> Score:
    """Runs every published table below ``survey``, or below the folder given."""
    score = Score("survey-table", 0, 0)
    root = folders.of_suite(data, "survey")
    for raw in folders.files(root, RAW):
        answers = folders.told(lambda raw=raw: read(raw), str)
        if isinstance(answers, str):
            score.total += 1
            score.failed.append(f"{raw.parent.name}: {answers}")
            continue
        _effective(score, raw.parent.name, answers)
        for published in sorted(set(raw.parent.glob("*.csv")) - {raw}):
            outcome = folders.told(lambda a=answers, p=published: check(a, p), lambda said: {"": said})
            for name, wrong in outcome.items():
                score.total += 1
                score.passed += not wrong
                if wrong:
                    score.failed.append(f"{published.stem} {name}: {wrong}")
    return score


def _effective(score: Score, name: str, answers: dict[str, Any]) -> None:
    found = effective_cases(answers["weight"].astype(float))
    score.extra[f"effective sample of {name}"] = round(found, 2)
    if name in EFFECTIVE:
        score.total += 1
        score.passed += math.floor(found) == EFFECTIVE[name]
        if math.floor(found) != EFFECTIVE[name]:
            score.failed.append(f"{name}: effective sample {found}")


def check(answers: dict[str, Any], published: Path) -> dict[str, str]:
    """What is wrong with each question of a published table."""
    with published.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        lines = list(csv.reader(stream))
    weights = answers["weight"].astype(float)
    columns = _columns(lines[0], lines[1], answers)
    groups, outcome = _grouped(answers), {}
    at = 0
    for text, rows in _blocks(lines[2:]):
        labels = [row[1] for row in rows]
        at = next((n for n in range(at, len(groups)) if _fits(groups[n], labels, answers)), len(groups))
        if at == len(groups):
            outcome[text] = "no raw column has these answers"
            continue
        question = _question(text, groups[at], labels, answers)
        options = banner.Options(suppressed_below=BLANK_BELOW)
        table = banner.tables([question], columns, weights, options)[0]
        outcome[text] = "; ".join(_wrong(table, rows))
        at += 1
    return outcome


def _wrong(table: banner.Table, rows: list[list[str]]) -> list[str]:
    wrong = []
    for row in rows:
        own = [_percent(value) for value in table.row(row[1]).values]
        wrong += [
            f"{row[1]} / {column} {mine or 'blank'} instead of {theirs or 'blank'}"
            for column, mine, theirs in zip(table.columns, own, row[2:], strict=True) if mine != theirs
        ]  # fmt: skip
    return wrong


def _percent(value: float) -> str:
    return "" if math.isnan(value) else f"{math.floor(value * 100 + 0.5)}%"


def _blocks(lines: list[list[str]]) -> list[tuple[str, list[list[str]]]]:
    found: list[tuple[str, list[list[str]]]] = []
    for line in lines:
        if line and line[0]:
            found.append((line[0], []))
        elif any(line) and found:
            found[-1][1].append(line)
    return found


def _columns(heads: list[str], labels: list[str], answers: dict[str, Any]) -> list[questions.Column]:
    """The banner: a head is a raw column that has all its labels, the last such in the file."""
    groups: list[tuple[str, list[str]]] = []
    for head, label in zip(heads[3:], labels[3:], strict=True):
        if head:
            groups.append((head, []))
        groups[-1][1].append(label)
    found = []
    for head, names in groups:
        raw = next(values for values in reversed(answers.values()) if set(names) <= set(values))
        found += [questions.Column(head, name, raw == name) for name in names]
    return found


def _grouped(answers: dict[str, Any]) -> list[list[str]]:
    """Raw columns by question: those of several answers are numbered and hold one answer each."""
    groups: dict[str, list[str]] = {}
    for name in answers:
        stem = re.sub(r"_\d+$", "", name)
        chosen = set(answers[name]) - {NOT_CHOSEN, *NOT_ASKED}
        several = stem != name and NOT_CHOSEN in set(answers[name]) and len(chosen) == 1
        groups.setdefault(stem if several else name, []).append(name)
    return list(groups.values())


def _fits(names: list[str], labels: list[str], answers: dict[str, Any]) -> bool:
    given = {_plain(value) for name in names for value in set(answers[name]) - {NOT_CHOSEN, *NOT_ASKED}}
    wanted = {_plain(label) for label in labels}
    return given <= wanted and wanted - given <= {_plain(SILENT)}


def _question(text: str, names: list[str], labels: list[str], answers: dict[str, Any]) -> questions.Question:
    asked = ~np.isin(answers[names[0]], NOT_ASKED)
    places = {_plain(label): number for number, label in enumerate(labels)}
    if len(names) == 1:
        codes = [places.get(_plain(value), -1) for value in answers[names[0]]]
        return questions.single(names[0], text, codes, labels, asked=asked)
    flags = np.zeros((len(asked), len(labels)), dtype=bool)
    for name in names:
        for value in set(answers[name]) - {NOT_CHOSEN, *NOT_ASKED}:
            flags[:, places[_plain(value)]] |= answers[name] == value
    return questions.multiple(names[0], text, flags, labels, asked=asked)


def read(file: Path) -> dict[str, Any]:
    """The columns of a CSV file, as words."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {name: np.array([row[name] for row in rows], dtype=object) for name in rows[0]}


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


if __name__ == "__main__":
    result = run(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
    result.print()
    sys.exit(bool(result.failed))
