"""Clause suggestions: places of a contract to look at, from a model that was trained here and measured. Never findings.

The model lies in the installation's folder as numbers and words (``knowledge.clause_files``): whoever can write there
can change what is suggested, and can make nothing run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.base.telling import Sheet
from anyshore.knowledge import clause_files, documents, marked_clauses
from anyshore.knowledge.clauses import ClauseModel, Labelled, label, train
from anyshore.knowledge.documents import Source
from anyshore.web.review.models import Suggestions

FOLDS = 5
"""Parts the contracts are cut into to measure a model: each is left out once."""

TOP = 3
"""Places suggested per clause kind."""


@dataclass(frozen=True, slots=True)
class Trained:
    """What is known of the stored model.

    Attributes:
        hash: SHA-256 of its file.
        contracts: it learnt from.
        precision: share of its likely places that lawyers marked, on contracts left out.
        recall: share of the marked places it called likely, on contracts left out.
        kinds: kind → (marked, precision, recall), likewise; None where nothing was called likely.
    """

    hash: str
    contracts: int
    precision: float | None
    recall: float | None
    kinds: Mapping[str, tuple[int, float | None, float | None]]


def folder() -> Path:
    """Where models are kept."""
    return Path(settings.HOME) / "models"


def _file(digest: str) -> Path:
    return folder() / f"clauses-{digest}.zip"


def stored() -> Trained | None:
    """What is known of the model in use; None where none was trained, or only one of an earlier format."""
    path = folder() / "clauses.json"
    if not path.is_file():
        return None
    data = json.loads(path.read_text(encoding="utf-8"))
    if not _file(data["hash"]).is_file():
        return None
    kinds = {kind: (row[0], row[1], row[2]) for kind, row in data["kinds"].items()}
    return Trained(data["hash"], data["contracts"], data["precision"], data["recall"], kinds)


def trained_data(found: Trained) -> dict[str, Any]:
    """What is known of a model, as plain data."""
    kinds = {kind: {"marked": m, "precision": p, "recall": r} for kind, (m, p, r) in found.kinds.items()}
    return {
        "model": found.hash, "contracts": found.contracts, "precision": found.precision, "recall": found.recall,
        "kinds": kinds,
    }  # fmt: skip


def of_trained(found: Trained) -> Sheet:
    """The same as a table, the kinds that were marked most in front."""
    rows = [
        (kind, marked, _percent(precision), _percent(recall))
        for kind, (marked, precision, recall) in sorted(found.kinds.items(), key=lambda item: -item[1][0])
    ]
    rows.append(("all kinds together", sum(row[1] for row in rows), _percent(found.precision), _percent(found.recall)))
    title = f"Clause model from {found.contracts} contracts, measured on contracts left out"
    return Sheet(title, ("Clause kind", "Marked", "Precision", "Recall"), rows, right=(1, 2, 3))


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def learn(contracts: Sequence[Labelled]) -> Trained:
    """Trains a model on marked contracts, measures it on contracts left out, and puts it into use.

    Raises:
        DataError: too few contracts.
    """
    measured = measure(contracts)
    content = clause_files.dumps(train(contracts))
    digest = hashlib.sha256(content).hexdigest()
    folder().mkdir(parents=True, exist_ok=True)
    _file(digest).write_bytes(content)
    kinds = {kind: [int(row[0]), _share(row[2], row[1]), _share(row[2], row[0])] for kind, row in measured.items()}
    total = np.sum(list(measured.values()), axis=0)
    data = {
        "hash": digest, "contracts": len(contracts), "precision": _share(total[2], total[1]),
        "recall": _share(total[2], total[0]), "kinds": kinds,
    }  # fmt: skip
    (folder() / "clauses.json").write_text(json.dumps(data, indent=1), encoding="utf-8")
    found = stored()
    assert found is not None
    return found


def _share(part: float, whole: float) -> float | None:
    return float(part) / float(whole) if whole else None


def measure(contracts: Sequence[Labelled]) -> dict[str, np.ndarray]:
    """Kind → passages marked, called likely, and both, each contract judged by a model that did not see it."""
    tally: dict[str, np.ndarray] = {}
    for fold in range(min(FOLDS, len(contracts))):
        inside = [one for number, one in enumerate(contracts) if number % FOLDS != fold]
        model = train(inside)
        for contract in contracts[fold::FOLDS]:
            scores = model.scores(contract.texts)
            for kind in {kind for kinds in contract.kinds for kind in kinds} | set(model.kinds):
                truth = np.array([kind in kinds for kinds in contract.kinds], dtype=bool)
                likely = np.zeros(len(truth), dtype=bool)
                if kind in model.kinds:
                    column = model.kinds.index(kind)
                    likely = scores[:, column] >= model.thresholds[column]
                row = np.array([truth.sum(), likely.sum(), (truth & likely).sum()])
                tally[kind] = tally.get(kind, np.zeros(3, dtype=int)) + row
    return tally


def read_contracts(table: Path, files: Path, most: int | None = None) -> list[Labelled]:
    """Contracts with the clauses lawyers marked in them.

    Raises:
        DataError: the table or a contract cannot be used.
    """
    if not table.is_file() or not files.is_dir():
        raise DataError("review.no-contracts", "There are no marked contracts.", Location(str(table)), "Give --data.")
    rows = marked_clauses.read(table.read_bytes(), file=str(table))[:most]
    names = marked_clauses.match_names([row.filename for row in rows], [path.name for path in files.iterdir()])
    found = []
    for row in rows:
        if (name := names[row.filename]) is not None:
            marked = {kind: answer.passages for kind, answer in row.answers.items()}
            found.append(label(documents.read((files / name).read_bytes(), name), marked))
    return found


@lru_cache(maxsize=2)
def _load(digest: str) -> ClauseModel:
    path = _file(digest)
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise DataError("review.model", "The clause model is not the one that was trained.", Location(str(path)))
    return clause_files.loads(content, str(path))


def suggest(source: Source) -> dict[str, list[dict[str, Any]]]:
    """Per clause kind the places to look at, likeliest first; empty where no model was trained."""
    known = stored()
    if known is None:
        return {}
    kept = Suggestions.objects.filter(document=source.hash, model=known.hash).first()
    if kept is None:
        found = {
            kind: [
                {"quote": one.span.quote, "start": one.span.start, "page": one.span.page, "likely": one.likely}
                for one in places
            ]
            for kind, places in _load(known.hash).suggest(source, top=TOP).items()
        }
        kept, _new = Suggestions.objects.get_or_create(
            document=source.hash, model=known.hash, defaults={"found": found}
        )
    return dict(kept.found)
