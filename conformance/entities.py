"""Record linkage without labels against the truth: ``entities/febrl*.csv``, ``dblp-acm`` and sets of the same shapes.

A folder with ``truth.csv`` holds two catalogues; the truth's columns are the places in the first and in the second. A
file with a column ``rec_id`` holds records of which the number in ``rec-7-dup-0`` is the truth; two files that
differ in a last letter ``a`` and ``b`` are linked with one another. A case is a set; it passes at its F1.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from pathlib import Path

from anyshore.entities.linkage import Linked, Records, find_duplicates, link
from conformance import folders
from conformance.scores import Score

SYNTHETIC, CATALOGUES = 0.99, 0.985
CATALOGUE_LEAST = {"abt-buy": 0.883}
"""F1 a set must reach: what its publisher's page gives for trigrams alone, where the records of shops hold little."""
SEPARATORS = "%|;\t,"
Pair = tuple[int, int]


def run(data: Path) -> Score:
    """Links every set below ``entities``, or below the folder given."""
    score = Score("entities", 0, 0, extra={"sets": {}})
    root = folders.of_suite(data, "entities")
    truths = [file for file in folders.files(root, ".csv") if file.name == "truth.csv"]
    catalogues = {file.parent for file in truths}
    for truth in truths:
        name = truth.parent.name
        least = CATALOGUE_LEAST.get(name, CATALOGUES)
        _measure(score, name, least, lambda truth=truth: _catalogues(truth))
    singles = [file for file in folders.files(root, ".csv") if file.parent not in catalogues]
    paired = {file for file in singles if _partner(file) in singles and _partner(file) != file}
    for file in singles:
        if file not in paired:
            _measure(score, file.stem, SYNTHETIC, lambda file=file: _single(file))
        elif file.stem.endswith("a"):
            other = _partner(file)
            _measure(score, f"{file.stem} {other.stem}", SYNTHETIC, lambda file=file, other=other: _two(file, other))
    return score


def _partner(file: Path) -> Path:
    """The file a file is linked with, if it is there: of ``4a`` that is ``4b``."""
    turned = {"a": "b", "b": "a"}.get(file.stem[-1:], "")
    return file.with_name(f"{file.stem[:-1]}{turned}{file.suffix}")


def _measure(score: Score, name: str, least: float, case: object) -> None:
    assert callable(case)
    score.total += 1
    found = folders.told(case, str)
    if isinstance(found, str):
        score.failed.append(f"{name}: {found}")
        return
    linked, truth = found
    pairs = {(each.left, each.right) for each in linked.links}
    right = len(pairs & truth)
    precision, recall = right / max(len(pairs), 1), right / max(len(truth), 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    score.extra["sets"][name] = {
        "f1": round(f1, 4), "precision": round(precision, 4), "recall": round(recall, 4), "pairs": len(truth),
        "one_to_one": linked.one_to_one,
    }  # fmt: skip
    print(f"{name}: F1 {f1:.4f}, precision {precision:.4f}, recall {recall:.4f} of {len(truth)} pairs")
    if f1 >= least:
        score.passed += 1
    else:
        score.failed.append(f"{name}: F1 {f1:.4f} where {least} is asked")


def read(file: Path) -> dict[str, list[str]]:
    """The columns of a CSV file, whatever it separates them by; a short row has nothing in its last ones."""
    text = file.read_text(encoding="utf-8-sig")
    head = text.partition("\n")[0]
    separator = max(SEPARATORS, key=head.count)
    rows = list(csv.reader(io.StringIO(text), delimiter=separator, skipinitialspace=True))
    if len(rows) < 2 or len(rows[0]) < 2:
        raise ValueError("no records")
    names = [name.strip() for name in rows[0]]
    return {
        name: [row[at].strip() if at < len(row) else "" for row in rows[1:] if row] for at, name in enumerate(names)
    }


def _catalogues(truth: Path) -> tuple[Linked, set[Pair]]:
    files = [file for file in sorted(truth.parent.glob("*.csv")) if file != truth]
    order = truth.parent.name.split("-")
    files.sort(key=lambda file: order.index(file.stem) if file.stem in order else len(order))
    first, second = (read(file) for file in files)
    places = [
        {number: at for at, number in enumerate(side.get("id", map(str, range(len(next(iter(side.values())))))))}
        for side in (first, second)
    ]
    rows = list(zip(*read(truth).values(), strict=True))
    wanted = {(places[0][one], places[1][other]) for one, other, *_rest in rows}
    return link(_without(first, "id"), _without(second, "id")), wanted


def _without(records: Records, name: str) -> Records:
    return {column: values for column, values in records.items() if column != name}


def _entities(records: Records) -> dict[str, list[int]]:
    """The places of each entity, by the number in ``rec_id``."""
    found: dict[str, list[int]] = defaultdict(list)
    for place, name in enumerate(records["rec_id"]):
        found[re.search(r"\d+", name)[0]].append(place)  # type: ignore[index]
    return found


def _single(file: Path) -> tuple[Linked, set[Pair]]:
    records = read(file)
    truth = {
        (one, other) for places in _entities(records).values() for at, one in enumerate(places)
        for other in places[at + 1 :]
    }  # fmt: skip
    return find_duplicates(_without(records, "rec_id")), truth


def _two(file: Path, other: Path) -> tuple[Linked, set[Pair]]:
    first, second = read(file), read(other)
    theirs = _entities(second)
    truth = {(i, j) for name, places in _entities(first).items() for i in places for j in theirs.get(name, ())}
    return link(_without(first, "rec_id"), _without(second, "rec_id")), truth
