"""Screening with active learning against ASReview on the same documents: ``review/*.csv`` and files of that shape.

A case is a file with ``title``, ``abstract`` and ``label_included``. It passes when the mean work saved over sampling
at 95 % recall is that of ASReview (2.2, ELAS u4, run beside from the same two first documents, in an environment of
its own) or more, and when the rule that stops reaches a recall of 95 % in 95 of 100 runs and saves at least half of
that. LIBLINEAR descends in a random order, so ASReview itself varies: half a thousandth is taken as equal.

``ASREVIEW_PYTHON`` names a Python that has ASReview; else an environment is made for it below the folder of temporary
files, which takes a minute once.
"""

from __future__ import annotations

import csv
import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from anyshore.knowledge.queue import Document, Ranker, work_saved
from anyshore.knowledge.stopping import may_stop
from conformance import folders
from conformance.scores import Score

VERSION = "2.2"
COMPARED, STOPPED = 5, 100
"""Runs that are compared with ASReview, and runs of the rule that stops."""
EQUAL = 0.0005
CHILD = Path(__file__).with_name("asreview_child.py")


@dataclass
class Review:
    """Documents with the decision on each."""

    titles: list[str]
    abstracts: list[str]
    relevant: list[bool]

    def first(self, seed: int) -> list[int]:
        """One relevant and one irrelevant document, drawn by the seed."""
        rng = np.random.default_rng(seed)
        kinds = np.array(self.relevant)
        return [int(rng.choice(np.flatnonzero(kinds == kind))) for kind in (True, False)]


def run(data: Path) -> Score:
    """Screens every CSV file below ``review``, or below the folder given."""
    score = Score("screening", 0, 0, extra={"asreview": VERSION, "sets": {}})
    for file in folders.files(folders.of_suite(data, "review"), ".csv"):
        problem = folders.told(lambda file=file: _wrong(file, score), str)
        score.total += 1
        score.passed += not problem
        if problem:
            score.failed.append(f"{file.stem}: {problem}")
    return score


def read(file: Path) -> Review:
    """The documents of a file whose last decision is told."""
    with file.open(encoding="utf-8-sig", newline="") as content:
        rows = [row for row in csv.DictReader(content) if row["label_included"] in ("0", "1")]
    relevant = [row["label_included"] == "1" for row in rows]
    if len(set(relevant)) < 2:
        raise ValueError("there are no decisions of both kinds")
    return Review([row["title"] or "" for row in rows], [row["abstract"] or "" for row in rows], relevant)


def _wrong(file: Path, score: Score) -> str:
    review = read(file)
    total, relevant = len(review.relevant), sum(review.relevant)
    documents = [
        Document(str(at), f"{t} {a}") for at, (t, a) in enumerate(zip(review.titles, review.abstracts, strict=True))
    ]
    ranker, known = Ranker(documents), {str(at): one for at, one in enumerate(review.relevant)}
    wanted = math.ceil(round(0.95 * relevant, 9))
    firsts = [review.first(seed) for seed in range(STOPPED)]

    def rehearsed(first: Sequence[int], done: object, batch: int) -> list[bool]:
        assert callable(done)
        return ranker.rehearse(known, [str(number) for number in first], done, batch=batch)

    ours = [
        work_saved(rehearsed(first, lambda so_far: sum(so_far) >= wanted, 1), total, relevant=relevant)
        for first in firsts[:COMPARED]
    ]
    theirs = [(total - place) / total - 0.05 for place in asreview(review, firsts[:COMPARED])]
    ends = [rehearsed(first, lambda so_far: may_stop(so_far, total), max(1, total // 50)) for first in firsts]
    reached = sum(sum(end) >= wanted for end in ends)
    saved = float(np.mean([(total - len(end)) / total - 0.05 for end in ends]))
    mine, other = float(np.mean(ours)), float(np.mean(theirs))
    score.extra["sets"][file.stem] = {
        "wss95": round(mine, 4), "asreview_wss95": round(other, 4), "stopped_with_recall": reached, "runs": STOPPED,
        "saved": round(saved, 4),
    }  # fmt: skip
    problems = [f"WSS@95 is {mine:.4f} where ASReview has {other:.4f}"] if mine < other - EQUAL else []
    problems += [f"{reached} of {STOPPED} runs stop with 95 % recall"] if reached < 0.95 * STOPPED else []
    problems += [f"stopping saves {saved:.3f}, less than half of {mine:.3f}"] if saved < mine / 2 else []
    return "; ".join(problems)


def asreview(review: Review, priors: Sequence[Sequence[int]]) -> list[int]:
    """The places at which ASReview has found 95 % of the relevant documents, per run."""
    given = {"titles": review.titles, "abstracts": review.abstracts, "labels": list(map(int, review.relevant)),
             "priors": priors}  # fmt: skip
    found = subprocess.run(
        [_python(), str(CHILD)], input=json.dumps(given), capture_output=True, text=True, check=False
    )
    if found.returncode:
        raise RuntimeError(f"ASReview {VERSION} did not run: {found.stderr[-300:]}")
    return list(json.loads(found.stdout))


def _python() -> str:
    """The Python of an environment with ASReview."""
    named = os.environ.get("ASREVIEW_PYTHON")
    if named:
        return named
    folder = Path(tempfile.gettempdir()) / f"anyshore-asreview-{VERSION}"
    python = folder / "bin" / "python"
    if not (folder / "whole").is_file():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", f"asreview=={VERSION}"], check=True)
        (folder / "whole").touch()
    return str(python)
