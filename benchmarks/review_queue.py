"""Document review on 2,019 screening decisions: work saved over sampling at 95 % recall, five seeds.

Each run starts from one relevant and one irrelevant document drawn by the seed, as ASReview's simulations do, and asks
for one decision at a time. Run: ``python benchmarks/review_queue.py [data folder]``.
"""

from __future__ import annotations

import csv
import statistics
import sys
import time
from pathlib import Path

import numpy as np

from anyshore.knowledge import elusion
from anyshore.knowledge.queue import Decision, Document, Ranker, recall_curve, work_saved

ROOT = Path(__file__).resolve().parent.parent


COLUMNS = ("record_id", "title", "abstract", "label_included")


def read(path: Path) -> tuple[list[Document], dict[str, bool]]:
    """The documents and whether each was included; a row that is not whole is named and left out."""
    documents, truth = [], {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            number, title, abstract, included = (row.get(name) for name in COLUMNS)
            if not number or number in truth or included not in ("0", "1"):
                print(f"left out: {path.name}, line {reader.line_num}: no number and label of its own", file=sys.stderr)
                continue
            documents.append(Document(number, f"{title or ''} {abstract or ''}"))
            truth[number] = included == "1"
    return documents, truth


def simulate(
    documents: list[Document], truth: dict[str, bool], seed: int, recall: float
) -> tuple[list[bool], list[float]]:
    """The relevances in the order of review until the recall is reached, and the seconds per retraining."""
    ranker = Ranker(documents, seed=seed)
    rng = np.random.default_rng(seed)
    start = [str(rng.choice([id for id, relevant in truth.items() if relevant == kind])) for kind in (True, False)]
    decisions = [Decision(id, truth[id], "screener", 0) for id in start]
    wanted = int(np.ceil(recall * sum(truth.values())))
    seconds = []
    while sum(decision.relevant for decision in decisions) < wanted:
        began = time.perf_counter()
        family = ranker.next(decisions)
        seconds.append(time.perf_counter() - began)
        decisions += [Decision(id, truth[id], "screener", len(decisions)) for id in family]
    return [decision.relevant for decision in decisions], seconds


def main() -> None:
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data"
    path = data / "review" / "nudging_2019.csv"
    if not path.is_file():
        print(f"no data: {path} is absent")
        return
    documents, truth = read(path)
    relevant = sum(truth.values())
    if relevant in (0, len(documents)):
        print(f"{len(documents)} documents, {relevant} relevant: nothing to tell apart")
        return
    saved = []
    print(f"{len(documents)} documents, {relevant} relevant")
    for seed in range(1, 6):
        relevances, seconds = simulate(documents, truth, seed, 0.95)
        saved.append(work_saved(relevances, len(documents), relevant=relevant))
        print(
            f"seed {seed}: 95 % recall after {len(relevances)} documents, work saved {saved[-1]:.1%}, "
            f"retraining {statistics.median(seconds) * 1000:.0f} ms median, {max(seconds) * 1000:.0f} ms longest"
        )
    beside = "ASReview 2.2 runs beside it in make conformance SUITE=screening"
    print(f"mean work saved over sampling at 95 % recall: {statistics.mean(saved):.1%} ({beside})")
    print("curve of the last seed (documents reviewed: share of the relevant found)")
    curve = recall_curve(relevances)
    for reviewed in sorted({*range(25, len(curve), 25), len(curve)}):
        print(
            f"{reviewed:5d}: {curve[reviewed - 1] / relevant:6.1%} {'#' * round(50 * curve[reviewed - 1] / relevant)}"
        )
    unread, found = len(documents) - len(relevances), curve[-1]
    size = elusion.sample_size(unread, found, target=0.85)
    sample = [i for i, left in enumerate([False] * (unread - relevant + found) + [True] * (relevant - found)) if left]
    drawn = set(np.random.default_rng(5).choice(unread, size=size, replace=False).tolist())
    report = elusion.validate(len(documents), len(relevances), found, size, len(drawn & set(sample)), target=0.85)
    print(
        f"elusion sample of {size}: {report.sampled_relevant} relevant, elusion {report.elusion:.2%} "
        f"[{report.elusion_low:.2%}, {report.elusion_high:.2%}], recall {report.recall:.1%}, "
        f"at least {report.recall_low:.1%}"
    )


if __name__ == "__main__":
    main()
