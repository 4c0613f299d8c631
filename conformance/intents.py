"""Intents of short requests: ``intents-banking77`` and ``intents-clinc150``.

- banking77: learnt from ``train.csv``, measured on ``test.csv`` where there is one, else five-fold, stratified, seed 0.
- clinc150: learnt from ``train`` and ``oos_train``, the threshold chosen there; measured on all other parts of the
  file. Both halves count: how many unknown requests are caught, and how many known ones go to people.

    python -m conformance.intents [data folder]
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from anyshore.knowledge import intents
from conformance import folders
from conformance.scores import Score

Request = tuple[str, str]
FOLDS = 5


def run_banking77(data: Path) -> Score:
    """Runs the first suite: a case is a request, right when its best intent is."""
    score = Score("intents-banking77", 0, 0)
    for file in folders.files(folders.of_suite(data, "tickets/banking77"), "train.csv"):
        score.failed += folders.told(
            lambda file=file: _sorted(file, score), lambda reason, file=file: _broken(file, reason, score)
        )
    score.extra["accuracy"] = round(score.passed / score.total, 4) if score.total else 0
    return score


def _broken(file: Path, reason: str, score: Score) -> list[str]:
    """A file that breaks is a failed case."""
    score.total += 1
    return [f"{file.name}: {reason}"]


def _sorted(file: Path, score: Score) -> list[str]:
    train, test = _rows(file), file.with_name("test.csv")
    rounds = [(train, _rows(test))] if test.is_file() else _folds(train)
    wrong = []
    for learnt, asked in rounds:
        sorter = intents.learn(learnt, measured=False)
        for (text, intent), found in zip(asked, sorter.sort([text for text, _ in asked]), strict=True):
            score.total += 1
            score.passed += found.intent == intent
            if found.intent != intent:
                wrong.append(f"{text!r}: {found.intent} instead of {intent}")
    return wrong


def _rows(file: Path) -> list[Request]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return [(row["text"], row["category"]) for row in csv.DictReader(opened)]


def _folds(rows: Sequence[Request]) -> list[tuple[list[Request], list[Request]]]:
    from sklearn.model_selection import StratifiedKFold

    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(rows, [intent for _, intent in rows])
    return [([rows[one] for one in learnt], [rows[one] for one in asked]) for learnt, asked in folds]


def run_clinc150(data: Path) -> Score:
    """Runs the second suite: a known request passes when its intent is right or a person sorts it, an unknown when
    one does."""
    score = Score("intents-clinc150", 0, 0, extra={"unknown_caught": 0.0, "known_to_people": 0.0, "accuracy": 0.0})
    for file in folders.files(folders.of_suite(data, "tickets/clinc150"), ".json"):
        score.failed += folders.told(
            lambda file=file: _unknown(json.loads(file.read_bytes()), score),
            lambda reason, file=file: _broken(file, reason, score),
        )
    return score


def _unknown(parts: Any, score: Score) -> list[str]:
    train = [(text, intent) for text, intent in parts["train"]]
    train += [(text, intents.NONE) for text, _ in parts.get("oos_train", ())]
    sorter = intents.learn(train)
    wrong: list[str] = []
    known: list[bool] = []
    caught: list[bool] = []
    right = 0
    for name in sorted(set(parts) - {"train", "oos_train"}):
        asked = parts[name]
        for (text, intent), found in zip(asked, sorter.sort([text for text, _ in asked]), strict=True):
            outside = name.startswith("oos")
            (caught if outside else known).append(not found.known)
            right += not outside and found.intent == intent
            passed = not found.known or (not outside and found.intent == intent)
            score.total += 1
            score.passed += passed
            if not passed:
                wrong.append(f"{text!r}: {found.intent} instead of {'none' if outside else intent}")
    score.extra["unknown_caught"] = round(sum(caught) / len(caught), 4) if caught else 0.0
    score.extra["known_to_people"] = round(sum(known) / len(known), 4) if known else 0.0
    score.extra["accuracy"] = round(right / len(known), 4) if known else 0.0
    return wrong


if __name__ == "__main__":
    for result in (
        one(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")) for one in (run_banking77, run_clinc150)
    ):
        result.print()
