"""How good judgement work is helped here, measured on real data: anchors, suggestions, document review, forecasts.

Run: ``make evaluate`` or ``python -m benchmarks.evaluate [data folder]``; about six minutes on two cores. A part whose
data is absent says so. There is no ``main``: the benchmarks run the slow parts by themselves already.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from pathlib import Path

from anyshore.knowledge import calibration, documents, marked_clauses
from anyshore.knowledge.anchors import Refusal, SourceIndex, anchor
from benchmarks import clauses, review_queue

ROOT = Path(__file__).resolve().parent.parent
LEAST_WORDS = 8
"""Shorter passages are names and dates, which stand in many contracts."""


def anchors(data: Path) -> None:
    """Every passage lawyers marked, looked for in its own contract and in the next one."""
    folder = data / "legal" / "cuad"
    rows = marked_clauses.read((folder / "master_clauses.csv").read_bytes())
    paired, without = marked_clauses.with_contracts(rows, [path.name for path in (folder / "contracts").iterdir()])
    for name in without:
        print(f"left out: {name}, for which {folder / 'contracts'} has not exactly one file")
    marked = []
    for row, name in paired:
        path = folder / "contracts" / name
        quotes = [passage for answer in row.answers.values() for passage in answer.passages]
        marked.append((SourceIndex(documents.read(path.read_bytes(), path.name)), quotes))
    total = sum(len(quotes) for _, quotes in marked)
    held = sum(_stands(index, quote) for index, quotes in marked for quote in quotes)
    long_ones = strays = 0
    for number, (_, quotes) in enumerate(marked):
        other = marked[(number + 1) % len(marked)][0]
        chosen = [quote for quote in quotes if len(quote.split()) >= LEAST_WORDS]
        long_ones += len(chosen)
        strays += sum(_stands(other, quote) for quote in chosen)
    print(f"anchored in their own contract: {held} of {total}")
    print(f"anchored in another contract ({LEAST_WORDS} words and more): {strays} of {long_ones:,}")


def _stands(index: SourceIndex, quote: str) -> bool:
    return not isinstance(anchor(index, quote, in_order=False), Refusal)


def suggestions(data: Path) -> None:
    """Clause suggestions on contracts left out."""
    clauses.measure_nli(data / "legal" / "contractnli" / "dev.json")
    clauses.measure_cuad(clauses.cuad(data / "legal" / "cuad"))


def document_review(data: Path) -> None:
    """Work saved at 95 % recall."""
    sys.argv = ["review_queue", str(data)]
    review_queue.main()


def forecasts(data: Path) -> None:
    """Probability forecasts of games against always forecasting the base rate."""
    with (data / "forecasts" / "nba_games.csv").open(encoding="utf-8", newline="") as file:
        made = [
            calibration.Forecast(
                str(number), "model", row["season"], "win", float(row["prob1"]), 0, 1, float(row["prob1_outcome"]) == 1
            )
            for number, row in enumerate(csv.DictReader(file))
        ]
    found = calibration.score(made)
    assert found is not None
    print(f"{found.count} forecasts: Brier {found.brier:.4f} [{found.brier_low:.4f}, {found.brier_high:.4f}]", end="")
    print(f" against {found.uncertainty:.4f} for the base rate; skill {found.skill:.1%}")
    print(
        f"reliability {found.reliability:.4f}, resolution {found.resolution:.4f}, uncertainty {found.uncertainty:.4f}"
    )


PARTS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "Quotations and their places": ("legal/cuad", anchors),
    "Forecasts": ("forecasts/nba_games.csv", forecasts),
    "Document review": ("review/nudging_2019.csv", document_review),
    "Clause suggestions": ("legal", suggestions),
}


def run(data: Path) -> int:
    """Runs all parts; the number of parts whose data is absent."""
    absent = 0
    for title, (needed, part) in PARTS.items():
        print(f"\n== {title}", flush=True)
        if (data / needed).exists():
            part(data)
        else:
            absent += 1
            print(f"no data: {data / needed} is absent")
    return absent


if __name__ == "__main__":
    raise SystemExit(bool(run(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data")))
