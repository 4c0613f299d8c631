"""Hard pairs of names of companies with a verdict: ``entities/name-checks.json`` and files of the same shape.

A row is ``{"match", "schema", "query": {"name"}, "candidate": {"name"}}``. Rows of people and vessels are no names of
companies and are not counted.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from anyshore.entities.names import compare
from conformance import folders
from conformance.scores import Score

COMPANIES = frozenset({"Company", "Organization", "LegalEntity"})


def run(data: Path) -> Score:
    """Compares the pairs of every JSON file below ``entities``, or below the folder given."""
    score = Score("name-checks", 0, 0, extra={"true_positive": 0, "false_positive": 0, "false_negative": 0})
    root = folders.of_suite(data, "entities")
    for file in folders.files(root, ".json"):
        rows = folders.told(lambda file=file: json.loads(file.read_text(encoding="utf-8")), str)
        if not isinstance(rows, list):
            score.total += 1
            score.failed.append(f"{file.relative_to(root)}: no list of pairs ({str(rows)[:120]})")
            continue
        for number, row in enumerate(rows, 1):
            if isinstance(row, dict) and row.get("schema", "Company") not in COMPANIES:
                continue
            problem = folders.told(lambda row=row: _wrong(row, score), str)
            score.total += 1
            score.passed += problem is None
            if problem is not None:
                score.failed.append(f"{file.stem} {number}: {problem}")
    return score


def _wrong(row: dict[str, Any], score: Score) -> str | None:
    """What is wrong with the verdict on a pair; None where it is right."""
    one, other, wanted = row["query"]["name"], row["candidate"]["name"], bool(row["match"])
    found = compare(one, other)
    kind = "true_positive" if found.same and wanted else "false_positive" if found.same else "false_negative"
    score.extra[kind] += found.same or wanted
    if found.same == wanted:
        return None
    reasons = "; ".join(found.reasons_for if found.same else found.reasons_against)
    return f"{one!r} and {other!r} are {'not ' if found.same else ''}one: {reasons}"
