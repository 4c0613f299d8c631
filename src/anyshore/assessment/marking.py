"""Marking a test: weights, negative marks, feedback, and what a person has to look at."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation, localcontext

from anyshore.assessment.drawing import Drawn
from anyshore.assessment.questions import Answer, Between, Near, Question, Text

Response = str | Sequence[str]
"""What somebody answered: words or a number; ``true`` or ``false``; of a choice the places of its answers, from 1; of
pairs the answers."""

_ROUNDED = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Rules:
    """How a test is marked.

    Attributes:
        passing: least share of the marks, in per cent.
        penalty: taken off for a wrong answer, as a share of a question's mark; what is left open costs nothing.
        negative: whether a question may cost marks by its weights.
    """

    passing: Decimal = Decimal(80)
    penalty: Decimal = Decimal(0)
    negative: bool = False


@dataclass(frozen=True, slots=True)
class Marked:
    """An answered question.

    Attributes:
        key: of the question.
        share: of its mark, -1 to 1; None: a person has to say.
        feedback: to what was answered, and to everybody.
    """

    key: str
    share: Decimal | None
    feedback: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """A marked test.

    Attributes:
        questions: in order.
        percent: of all marks, 0 to 100, to two places; None: a person has to say first.
        passed: likewise.
    """

    questions: tuple[Marked, ...]
    percent: Decimal | None
    passed: bool | None

    @property
    def open(self) -> tuple[str, ...]:
        """Keys of the questions a person has to mark."""
        return tuple(one.key for one in self.questions if one.share is None)


def mark(
    test: Sequence[Drawn],
    responses: Mapping[str, Response],
    rules: Rules,
    by_person: Mapping[str, Decimal] | None = None,
) -> Result:
    """Marks a test.

    Args:
        test: the questions.
        responses: by key of the question; left out or empty: not answered.
        rules: how it is marked.
        by_person: the share a person gave, by key, of questions that no rule can mark.
    """
    given = by_person or {}
    marked = tuple(_marked(one, responses.get(one.key, ""), rules, given.get(one.key)) for one in test)
    shares = [one.share for one in marked if one.share is not None]
    if len(shares) < len(marked) or not marked:
        return Result(marked, None, None)
    with localcontext() as context:
        context.prec = 34
        percent = max(Decimal(0), sum(shares, Decimal(0)) * 100 / len(marked)).quantize(Decimal("0.01"))
    return Result(marked, percent, percent >= rules.passing)


def _marked(one: Drawn, response: Response, rules: Rules, by_person: Decimal | None) -> Marked:
    question = one.question
    general = () if question.feedback is None else (question.feedback,)
    answered = any(part.strip() for part in ([response] if isinstance(response, str) else response))
    if not answered:
        return Marked(one.key, Decimal(0), general)
    if question.kind == "essay":
        return Marked(one.key, by_person, general)
    share, feedback = _share(question, response)
    if share <= 0:
        share -= rules.penalty
    if not rules.negative:
        share = max(share, -rules.penalty)
    return Marked(one.key, max(Decimal(-1), min(Decimal(1), share)), (*feedback, *general))


def _share(question: Question, response: Response) -> tuple[Decimal, tuple[Text, ...]]:
    match question.kind:
        case "true-false":
            return _truth(question, _one(response))
        case "choice":
            return _chosen(question, [response] if isinstance(response, str) else response)
        case "short":
            return _best([one for one in question.answers if _says(one, _one(response))])
        case "numerical":
            return _best([one for one in question.answers if _amounts(one, _one(response))])
        case "matching":
            return _matched(question, [response] if isinstance(response, str) else response), ()
    return Decimal(0), ()


def _one(response: Response) -> str:
    return response if isinstance(response, str) else " ".join(response)


def _truth(question: Question, said: str) -> tuple[Decimal, tuple[Text, ...]]:
    true = said.strip().lower() in ("true", "t")
    told = question.if_true if true else question.if_false
    known = true or said.strip().lower() in ("false", "f")
    return Decimal(known and true == question.true), () if told is None or not known else (told,)


def _chosen(question: Question, places: Sequence[str]) -> tuple[Decimal, tuple[Text, ...]]:
    """The sum of the weights that were chosen; where one answer is right, the first that was chosen alone."""
    known = {str(place): one for place, one in enumerate(question.answers, start=1)}
    chosen = [known[place] for place in dict.fromkeys(one.strip() for one in places) if place in known]
    if not question.several:
        chosen = chosen[:1]
    told = tuple(one.feedback for one in chosen if one.feedback is not None)
    total = sum((one.share for one in chosen), Decimal(0))
    # Thirds are written as 33.33333: all of them are all.
    return (Decimal(1) if abs(total - 1) < _ROUNDED else total), told


def _best(found: Sequence[Answer]) -> tuple[Decimal, tuple[Text, ...]]:
    """The first answer with the most marks of those that fit."""
    if not found:
        return Decimal(0), ()
    best = max(found, key=lambda one: one.share)
    return best.share, () if best.feedback is None else (best.feedback,)


def _says(one: Answer, said: str) -> bool:
    """Whether words are an answer: large and small letters are the same, ``*`` stands for anything."""
    if not isinstance(one.given, Text):
        return False
    parts = [re.escape(" ".join(part.split())) for part in one.given.text.split("*")]
    return re.fullmatch(".*".join(parts), " ".join(said.split()), re.IGNORECASE | re.DOTALL) is not None


def _amounts(one: Answer, said: str) -> bool:
    if isinstance(one.given, Text):
        return True
    try:
        value = Decimal(said.strip().replace(",", "."))
    except InvalidOperation:
        return False
    given: Near | Between = one.given
    return value.is_finite() and given.holds(value)


def _matched(question: Question, said: Sequence[str]) -> Decimal:
    right = sum(
        " ".join(answer.split()).casefold() == " ".join(pair.answer.split()).casefold()
        for pair, answer in zip(question.pairs, said, strict=False)
        if pair.asked.text
    )
    asked = sum(bool(pair.asked.text) for pair in question.pairs)
    return Decimal(right) / max(1, asked)
