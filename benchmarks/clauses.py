"""Clause-kind suggestions on contracts left out: precision and recall per kind, and evidence recall at five spans.

CUAD: five folds of contracts; a passage is right where it overlaps a passage the lawyers marked. ContractNLI: five
folds of documents over the development set; the given spans are ranked per hypothesis, whose text is an example too.
Run: ``python benchmarks/clauses.py [data folder]``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from anyshore.base.errors import AnyshoreError
from anyshore.knowledge import documents, marked_clauses
from anyshore.knowledge.clauses import Labelled, label, train

ROOT = Path(__file__).resolve().parent.parent
FOLDS = 5


def cuad(folder: Path) -> list[Labelled]:
    """The contracts of the table; one that is absent or cannot be read is named and left out."""
    rows = marked_clauses.read((folder / "master_clauses.csv").read_bytes())
    paired, without = marked_clauses.with_contracts(rows, [path.name for path in (folder / "contracts").iterdir()])
    for name in without:
        print(f"left out: {name}, for which {folder / 'contracts'} has not exactly one file", file=sys.stderr)
    found = []
    for row, name in paired:
        path = folder / "contracts" / name
        marked = {kind: answer.passages for kind, answer in row.answers.items()}
        try:
            found.append(label(documents.read(path.read_bytes(), path.name), marked))
        except (OSError, AnyshoreError) as problem:
            print(f"left out: {row.filename}: {problem}", file=sys.stderr)
    return found


def measure_cuad(contracts: list[Labelled]) -> None:
    if len(contracts) < FOLDS:
        print(f"CUAD: {len(contracts)} contracts are too few for {FOLDS} folds")
        return
    tally: dict[str, np.ndarray] = {}
    for fold in range(FOLDS):
        print(f"learning from the contracts outside fold {fold + 1} of {FOLDS} …", file=sys.stderr, flush=True)
        model = train([c for n, c in enumerate(contracts) if n % FOLDS != fold])
        for contract in contracts[fold::FOLDS]:
            scores = model.scores(contract.texts)
            for kind in {kind for kinds in contract.kinds for kind in kinds} - set(model.kinds):
                # Marked in this fold only: nothing could be learnt, every passage is missed.
                marked = sum(kind in kinds for kinds in contract.kinds)
                tally[kind] = tally.get(kind, np.zeros(6, dtype=int)) + np.array([marked, 0, 0, 0, 1, 0])
            for column, kind in enumerate(model.kinds):
                truth = np.array([kind in kinds for kinds in contract.kinds])
                likely = scores[:, column] >= model.thresholds[column]
                five = np.argsort(-scores[:, column], kind="stable")[:5]
                counts = [
                    truth.sum(),
                    likely.sum(),
                    (truth & likely).sum(),
                    truth[five].sum(),
                    truth.any(),
                    truth[five].any(),
                ]
                tally[kind] = tally.get(kind, np.zeros(6, dtype=int)) + np.array(counts, dtype=int)
    print(
        f"CUAD: {len(contracts)} contracts, {sum(len(c.texts) for c in contracts)} passages, {FOLDS} folds by contract"
    )
    print(f"{'clause kind':36}{'marked':>7}{'precision':>11}{'recall':>8}{'recall@5':>10}{'found@5':>9}")
    for kind, row in sorted(tally.items(), key=lambda item: -item[1][0]):
        print(line(kind, row))
    print(line("all kinds together", np.sum(list(tally.values()), axis=0)))


def line(name: str, row: np.ndarray) -> str:
    marked, likely, hits, five, present, seen = (int(value) for value in row)
    share = [f"{a / b:.0%}" if b else "–" for a, b in ((hits, likely), (hits, marked), (five, marked), (seen, present))]
    return f"{name:36}{marked:7d}{share[0]:>11}{share[1]:>8}{share[2]:>10}{share[3]:>9}"


def annotated(document: dict[str, Any]) -> Labelled:
    """A document of ContractNLI with the kinds of its spans."""
    kinds: list[set[str]] = [set() for _ in document["spans"]]
    for kind, annotation in document["annotation_sets"][0]["annotations"].items():
        for number in annotation["spans"]:
            kinds[number].add(kind)
    texts = tuple(document["text"][a:b] for a, b in document["spans"])
    return Labelled(document["file_name"], texts, tuple(frozenset(k) for k in kinds))


def measure_nli(path: Path) -> tuple[float, float]:
    """Recall of the evidence spans among the first five, mean over pairs and over spans; nan where there are none."""
    data = json.loads(path.read_text(encoding="utf-8"))
    contracts = []
    for number, document in enumerate(data["documents"], 1):
        try:
            contracts.append(annotated(document))
        except (LookupError, TypeError) as problem:
            print(f"left out: {path.name}, document {number}: {problem!r}", file=sys.stderr)
    if len(contracts) < FOLDS:
        print(f"ContractNLI: {len(contracts)} documents are too few for {FOLDS} folds")
        return float("nan"), float("nan")
    hypotheses = {kind: entry["hypothesis"] for kind, entry in data["labels"].items()}
    shares, found, wanted = [], 0, 0
    for fold in range(FOLDS):
        model = train([c for n, c in enumerate(contracts) if n % FOLDS != fold], descriptions=hypotheses)
        for contract in contracts[fold::FOLDS]:
            scores = model.scores(contract.texts)
            for column, kind in enumerate(model.kinds):
                evidence = {n for n, kinds in enumerate(contract.kinds) if kind in kinds}
                if evidence:
                    hits = len(evidence & set(np.argsort(-scores[:, column], kind="stable")[:5].tolist()))
                    shares.append(hits / len(evidence))
                    found, wanted = found + hits, wanted + len(evidence)
    print(f"ContractNLI dev: {len(contracts)} documents, {len(shares)} pairs with evidence, {wanted} evidence spans")
    print(f"evidence recall at five spans: {np.mean(shares):.1%} (mean over pairs), {found / wanted:.1%} (over spans)")
    return float(np.mean(shares)), found / wanted


def main() -> None:
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data"
    nli, contracts = data / "legal" / "contractnli" / "dev.json", data / "legal" / "cuad"
    if nli.is_file():
        measure_nli(nli)
    else:
        print(f"no data: {nli} is absent")
    if (contracts / "master_clauses.csv").is_file() and (contracts / "contracts").is_dir():
        measure_cuad(cuad(contracts))
    else:
        print(f"no data: {contracts} has no master_clauses.csv or no contracts")


if __name__ == "__main__":
    main()
