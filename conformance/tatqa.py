"""Figures of annual reports with the calculation behind them: ``tatqa/*.json``, each derivation a case.

A case passes where the derivation, read and computed by the product, comes to the answer rounded to two places, as the
data's own metric does. A percent is a hundred times the result where a ratio comes out; where percentages were put in
they stay. ``operands_found`` is the share of the numbers in derivations that stand in the report's table or paragraphs,
constants of the calculation excluded.
"""

from __future__ import annotations

import json
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from anyshore.knowledge import derivations
from anyshore.knowledge.derivations import Node
from anyshore.knowledge.number_places import NumberIndex
from conformance import folders
from conformance.scores import Score

SCALES = {"": 1, "percent": Decimal("0.01"), "thousand": 10**3, "million": 10**6, "billion": 10**9}
CENT = Decimal("0.01")


def run(data: Path) -> Score:
    """Runs every derivation of every JSON file below ``tatqa``, or below the folder given."""
    score = Score("tatqa", 0, 0, extra={"operands": 0, "operands_found": 0, "operands_exact_sign": 0, "share": None})
    root = folders.of_suite(data, "tatqa")
    for file in folders.files(root, ".json"):
        documents = folders.told(lambda file=file: json.loads(file.read_text(encoding="utf-8")), str)
        if not isinstance(documents, list):
            score.total += 1
            score.failed.append(f"{file.relative_to(root)}: no list of documents ({str(documents)[:120]})")
            continue
        for number, document in enumerate(documents):
            problem = folders.told(lambda document=document, file=file: questions(file.stem, document, score), str)
            if problem is not None:
                score.total += 1
                score.failed.append(f"{file.stem} {number}: {problem}")
    if score.extra["operands"]:
        score.extra["share"] = round(score.extra["operands_found"] / score.extra["operands"], 4)
    return score


def questions(name: str, document: dict[str, Any], score: Score) -> None:
    """Runs the arithmetic questions of a document."""
    table = [[str(cell) for cell in row] for row in document["table"]["table"]]
    index = NumberIndex(table, [str(one["text"]) for one in document["paragraphs"]])
    for question in document["questions"]:
        if question["answer_type"] != "arithmetic":
            continue
        problem = folders.told(lambda question=question: check(question, index, score), str)
        score.total += 1
        score.passed += problem is None
        if problem is not None:
            score.failed.append(f"{name} {question['uid']}: {problem}")


def check(question: dict[str, Any], index: NumberIndex, score: Score) -> str | None:
    """What is wrong with a derivation; None where it comes to the answer."""
    node = derivations.parse(question["derivation"])
    for operand in derivations.operands(node):
        if not operand.constant:
            places = index.places(operand.value)
            score.extra["operands"] += 1
            score.extra["operands_found"] += bool(places)
            score.extra["operands_exact_sign"] += bool(places) and places[0].match == "exact"
    found = shown(node, question["scale"])
    wanted = Decimal(str(question["answer"]))
    if abs(found - wanted) <= CENT / 2 or rounded(found) == rounded(wanted):
        return None
    return f"{question['derivation'].strip()} comes to {found:f}, not {wanted} {question['scale']}"


def shown(node: Node, scale: str) -> Decimal:
    """What a derivation comes to, in the scale of the answer."""
    value = derivations.compute(node)
    percent = any(one.percent for one in derivations.operands(node))
    if derivations.scaled(node) or (scale == "percent" and (percent or derivations.degree(node) == 0)):
        value /= Decimal(SCALES[scale])
    return value


def rounded(value: Decimal) -> Decimal:
    """A value to two places."""
    return value.quantize(CENT, ROUND_HALF_UP)
