"""GIFT: every file equal to its parse beside it, in all fields."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from anyshore.assessment import gift
from anyshore.assessment.questions import Answer, Between, Category, Near, Question, Text
from conformance.folders import files, of_suite, told
from conformance.scores import Score

TYPES = {
    "choice": "MC", "short": "Short", "numerical": "Numerical", "true-false": "TF", "matching": "Matching",
    "essay": "Essay", "description": "Description",
}  # fmt: skip


def run(data: Path) -> Score:
    """Reads every file, compares it with its parse, writes it and reads it again."""
    score = Score("gift", 0, 0)
    again = 0
    for path in files(of_suite(data, "questions/gift"), ".gift"):
        score.total += 1
        why = told(lambda path=path: _differs(path), str)
        score.passed += why == ""
        score.failed += [f"{path.name}: {why}"] if why else []
        again += told(lambda path=path: _again(path), lambda _why: False)
    score.extra = {"written_and_read_again": again}
    return score


def _differs(path: Path) -> str:
    """Where a file differs from its parse; empty: nowhere."""
    wanted = json.loads(path.with_suffix(".json").read_text("utf-8"), parse_float=Decimal, parse_int=Decimal)
    found = [_parse(one) for one in gift.loads(path.read_text("utf-8"), file=path.name).entries]
    if len(found) != len(wanted):
        return f"{len(found)} questions, not {len(wanted)}"
    pairs = enumerate(zip(found, wanted, strict=True), start=1)
    return next((f"question {number}: {one} is not {other}" for number, (one, other) in pairs if one != other), "")


def _again(path: Path) -> bool:
    first = gift.loads(path.read_text("utf-8"))
    second = gift.loads(gift.dumps(first))
    return [_parse(one) for one in first.entries] == [_parse(one) for one in second.entries]


def _parse(one: Category | Question) -> dict[str, Any]:
    """A question in the dialect of the parses."""
    if isinstance(one, Category):
        return {"type": "Category", "title": one.title}
    made: dict[str, Any] = {
        "id": one.id, "tags": list(one.tags) or None, "type": TYPES[one.kind], "title": one.title,
        "stem": {"format": one.stem.format, "text": one.asked}, "hasEmbeddedAnswers": one.after is not None,
    }  # fmt: skip
    if one.kind != "description":
        made["globalFeedback"] = _text(one.feedback)
    if one.kind == "true-false":
        made |= {"isTrue": one.true, "trueFeedback": _text(one.if_true), "falseFeedback": _text(one.if_false)}
    elif one.kind == "matching":
        made["matchPairs"] = [{"subquestion": _text(two.asked), "subanswer": two.answer} for two in one.pairs]
    elif one.bare:
        made["choices"] = _given(one.answers[0])
    elif one.answers:
        made["choices"] = [_choice(two) for two in one.answers]
    return made


def _choice(one: Answer) -> dict[str, Any]:
    return {
        "isCorrect": one.right, "weight": one.weight, "text": _given(one), "feedback": _text(one.feedback),
    }  # fmt: skip


def _given(one: Answer) -> dict[str, Any] | None:
    match one.given:
        case Between(low, high):
            return {"type": "high-low", "numberHigh": high, "numberLow": low}
        case Near(number, None):
            return {"type": "simple", "number": number}
        case Near(number, tolerance):
            return {"type": "range", "number": number, "range": tolerance}
        case Text() as text:
            return _text(text)


def _text(one: Text | None) -> dict[str, str] | None:
    return None if one is None else {"format": one.format, "text": one.text}
