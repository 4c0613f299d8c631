"""Tests of a course: drawn by a seed that is kept, answered on paper or at a desk, marked by rule and by people."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from anyshore.activities.activity import ActivityContext
from anyshore.activities.training import plan
from anyshore.assessment import marking
from anyshore.assessment.drawing import Drawn, Pool, as_drawn, draw, keyed
from anyshore.assessment.marking import Result, Rules
from anyshore.assessment.questions import Question, Text
from anyshore.base.errors import CommandRejected

_LINE = re.compile(r"\s*([0-9]{1,4})\s*[.:)]\s*(.*?)\s*")


@dataclass(frozen=True, slots=True)
class DrawInput:
    """Which test, and for the how manyth time."""

    course: str
    attempt: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is put.

    Attributes:
        number: in the test, from 1.
        key: in the bank.
        text: what is asked.
        options: what can be chosen, in the order drawn.
        kind: of question.
        several: whether more than one option may be chosen.
        parts: what a matching question asks for one by one.
    """

    number: Decimal
    key: str
    text: str
    options: tuple[str, ...]
    kind: str
    several: bool = False
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawOutcome:
    """The test: with the bank of this digest and the seed anybody draws it again."""

    seed: str
    digest: str
    minutes: Decimal
    test: tuple[Asked, ...]


def draw_test(data: DrawInput, context: ActivityContext) -> DrawOutcome:
    """Draws a test. Its seed is a digest of the job, so that a repeated job draws the same.

    Raises:
        CommandRejected: there is no such course, or it has no questions.
        DataError: it has fewer than shall be drawn.
    """
    course = plan.course(context, data.course)
    if course is None:
        raise CommandRejected("training.no-course", f"There is no course {data.course!r}.", hint="Load courses.csv.")
    bank, digest = plan.bank(context, course.id)
    seed = hashlib.sha256(f"{digest}\n{context.idempotency_key}\n{data.attempt}".encode()).hexdigest()[:16]
    found = draw(bank, [Pool(course.questions)], seed)
    asked = tuple(_asked(number, one) for number, one in enumerate(found, start=1))
    return DrawOutcome(seed, digest, Decimal(course.minutes), asked)


def _asked(number: int, one: Drawn) -> Asked:
    question = one.question
    options = tuple(_option(question, place) for place in one.order) if question.kind in ("choice", "matching") else ()
    text = question.asked
    parts = tuple(pair.asked.text for pair in question.pairs)
    if question.kind == "matching":
        text = f"{text} {' / '.join(parts)}"
    return Asked(Decimal(number), one.key, text, options, question.kind, question.several, parts)


def _option(question: Question, place: int) -> str:
    if question.kind == "matching":
        return question.pairs[place].answer
    given = question.answers[place].given
    return given.text if isinstance(given, Text) else ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a person said of a criterion: points of so many."""

    criterion: str
    points: Decimal
    most: Decimal


@dataclass(frozen=True, slots=True)
class MarkInput:
    """What was answered.

    Attributes:
        course: whose test.
        keys: of its questions, in order.
        seed: by which it was drawn.
        answers: a line per question, ``1: answer``; several choices or pairs divided by semicolons.
        judged: what people said of the answers that no rule can mark, by the rubric; none: nobody has yet.
    """

    course: str
    keys: tuple[str, ...]
    seed: str
    answers: str
    judged: tuple[Judged, ...] | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked question; no share: a person has to say."""

    key: str
    share: Decimal | None
    feedback: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """A row of the rubric."""

    criterion: str
    description: str
    most: Decimal


@dataclass(frozen=True, slots=True)
class MarkOutcome:
    """The result.

    Attributes:
        percent: of all marks; none: a person has to say first.
        passed: likewise.
        open: keys of the questions a person has to mark.
        rubric: by which they do.
        marks: of each question.
    """

    percent: Decimal | None
    passed: bool | None
    open: tuple[str, ...]
    rubric: tuple[Criterion, ...]
    marks: tuple[Marked, ...]


def mark(data: MarkInput, context: ActivityContext) -> MarkOutcome:
    """Marks a test.

    Raises:
        CommandRejected: the course or one of the questions is gone.
    """
    course = plan.course(context, data.course)
    if course is None:
        raise CommandRejected("training.no-course", f"There is no course {data.course!r}.", hint="Load courses.csv.")
    bank, _digest = plan.bank(context, course.id)
    known = keyed(bank)
    gone = [key for key in data.keys if key not in known]
    if gone:
        message = f"The questions {', '.join(gone)} are no longer in the bank."
        raise CommandRejected("training.question-gone", message, hint="Draw the test again.")
    test = [as_drawn(key, known[key], data.seed) for key in data.keys]
    responses = {
        one.key: _response(one.question, text) for one, text in zip(test, _lines(data.answers, len(test)), strict=True)
    }
    found = marking.mark(test, responses, Rules(course.passing, course.penalty), _by_person(test, data.judged))
    rubric = tuple(_rubric(context, course.id)) if found.open else ()
    return MarkOutcome(found.percent, found.passed, found.open, rubric, tuple(_marks(found)))


def _marks(found: Result) -> list[Marked]:
    return [Marked(one.key, one.share, " ".join(text.text for text in one.feedback)) for one in found.questions]


def _lines(text: str, count: int) -> list[str]:
    """The answers by number; a line without a number goes on with the one before."""
    found = [""] * count
    number = 0
    for line in text.splitlines():
        start = _LINE.fullmatch(line)
        if start and 1 <= int(start[1]) <= count:
            number = int(start[1])
            found[number - 1] = start[2]
        elif 1 <= number <= count:
            found[number - 1] += f"\n{line}"
    return found


def _response(question: Question, text: str) -> marking.Response:
    """What was written, as marking knows it: a choice is told by the words of its answers."""
    if question.kind == "matching":
        return [part.strip() for part in text.split(";")]
    if question.kind != "choice":
        return text
    whole = _place(question, text)
    return [whole] if whole.isdigit() else [_place(question, part) for part in text.split(";")]


def _place(question: Question, said: str) -> str:
    words = " ".join(said.split()).casefold()
    for place, one in enumerate(question.answers, start=1):
        if isinstance(one.given, Text) and " ".join(one.given.text.split()).casefold() == words:
            return str(place)
    return said.strip() and "?"  # written, but none of the answers


def _by_person(test: Sequence[Drawn], judged: tuple[Judged, ...] | None) -> dict[str, Decimal]:
    most = sum((one.most for one in judged or ()), Decimal(0))
    if not judged or not most:
        return {}
    share = min(Decimal(1), max(Decimal(0), sum((one.points for one in judged), Decimal(0)) / most))
    return {one.key: share for one in test if one.question.kind == "essay"}


def _rubric(context: ActivityContext, course: str) -> list[Criterion]:
    """The rubric of a course; without one a single criterion."""
    rows = context.records(plan.RUBRIC).find(course=course)
    found = [
        Criterion(str(row.data["criterion"]), str(row.data.get("description") or ""), _points(row.data.get("points")))
        for row in rows
    ]
    return found or [Criterion("overall", "", Decimal(4))]


def _points(value: object) -> Decimal:
    return Decimal(plan.whole(value) or 1)


@dataclass(frozen=True, slots=True)
class KeyInput:
    """Whose answers."""

    course: str


@dataclass(frozen=True, slots=True)
class Right:
    """The words that get full marks."""

    key: str
    answer: str


@dataclass(frozen=True, slots=True)
class KeyOutcome:
    """The right answers of a course; none where it has no questions."""

    right: tuple[Right, ...]


def key(data: KeyInput, context: ActivityContext) -> KeyOutcome:
    """The right answers, for trying the service."""
    if context.records(plan.BANK).get(data.course) is None:
        return KeyOutcome(())
    bank, _digest = plan.bank(context, data.course)
    return KeyOutcome(tuple(Right(name, _right(one)) for name, one in keyed(bank).items() if one.kind != "description"))


def _right(one: Question) -> str:
    match one.kind:
        case "true-false":
            return "true" if one.true else "false"
        case "matching":
            return "; ".join(pair.answer for pair in one.pairs)
        case "essay":
            return "An answer."
    best = [answer for answer in one.answers if answer.share > 0] if one.several else one.answers[:0]
    chosen = best or [max(one.answers, key=lambda answer: answer.share)]
    return "; ".join(_words(answer.given) for answer in chosen)


def _words(given: object) -> str:
    if isinstance(given, Text):
        return given.text
    number = getattr(given, "number", None)
    return str(getattr(given, "low", "") if number is None else number)
