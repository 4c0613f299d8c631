"""Blinded review by two or more people: assign, answer, reveal when all have answered, adjudicate.

A review is plain data; every step takes it and gives the next one, or is rejected and leaves it as it was. Nobody
sees another's answer before all of a question have answered (:func:`view`), and no answer is ever overwritten: an
adjudication stands beside the answers it decides between.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from anyshore.base.errors import CommandRejected
from anyshore.base.locations import Location
from anyshore.knowledge.anchors import Span

Status = Literal["open", "assigned", "agreed", "disagreed", "adjudicated"]


@dataclass(frozen=True, slots=True)
class Answer:
    """One reviewer's answer.

    Attributes:
        reviewer: who.
        value: the label chosen, for example ``Yes``.
        at: when, microseconds since 1970-01-01T00:00Z.
        reason: why, in the reviewer's words.
        evidence: places in sources.
    """

    reviewer: str
    value: str
    at: int
    reason: str = ""
    evidence: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Adjudication:
    """The decision between answers that differ: by whom, what, why, when."""

    adjudicator: str
    value: str
    reason: str
    at: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question under review.

    Attributes:
        id: unique in the review.
        text: what is asked.
        labels: the answers allowed; empty for any.
        topic: what agreement is reported by, for example a clause kind.
        reviewers: who answers, in the order assigned.
        answers: as given, in their order.
        adjudication: the decision where answers differed.
    """

    id: str
    text: str
    labels: tuple[str, ...] = ()
    topic: str = ""
    reviewers: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    adjudication: Adjudication | None = None

    @property
    def revealed(self) -> bool:
        """Whether all reviewers have answered, so that answers may be seen."""
        return bool(self.reviewers) and len(self.answers) == len(self.reviewers)

    @property
    def status(self) -> Status:
        """``open`` → ``assigned`` → ``agreed``, or ``disagreed`` → ``adjudicated``."""
        if not self.reviewers:
            return "open"
        if not self.revealed:
            return "assigned"
        if self.adjudication is not None:
            return "adjudicated"
        return "agreed" if len({answer.value for answer in self.answers}) == 1 else "disagreed"

    @property
    def outcome(self) -> str | None:
        """The answer that counts: the adjudicated one, or the one all gave; None while there is neither."""
        if self.adjudication is not None:
            return self.adjudication.value
        return self.answers[0].value if self.status == "agreed" else None


@dataclass(frozen=True, slots=True)
class Review:
    """The questions of a review, by id, in their order."""

    questions: dict[str, Question] = field(default_factory=dict)

    def with_status(self, *statuses: Status) -> list[Question]:
        """The questions that stand at one of these points."""
        return [question for question in self.questions.values() if question.status in statuses]

    def waiting_for(self, person: str) -> list[Question]:
        """The questions this person still has to answer."""
        return [
            question
            for question in self.questions.values()
            if person in question.reviewers and person not in {answer.reviewer for answer in question.answers}
        ]


@dataclass(frozen=True, slots=True)
class View:
    """What one person may see of a question: pages show this and nothing else.

    Attributes:
        question: id.
        text: what is asked.
        labels: the answers allowed.
        status: where it stands; ``disagreed`` is seen only once revealed.
        given: how many have answered.
        expected: how many will.
        answers: the person's own before the reveal, all after it.
        adjudication: the decision, once made.
    """

    question: str
    text: str
    labels: tuple[str, ...]
    status: Status
    given: int
    expected: int
    answers: tuple[Answer, ...]
    adjudication: Adjudication | None


def view(review: Review, question: str, person: str) -> View:
    """The question as this person may see it.

    Raises:
        CommandRejected: there is no such question.
    """
    asked = _question(review, question)
    answers = asked.answers if asked.revealed else tuple(a for a in asked.answers if a.reviewer == person)
    return View(
        asked.id, asked.text, asked.labels, asked.status, len(asked.answers), len(asked.reviewers), answers,
        asked.adjudication,
    )  # fmt: skip


def begin(questions: Iterable[Question]) -> Review:
    """A review of these questions.

    Raises:
        CommandRejected: two questions share an id.
    """
    started: dict[str, Question] = {}
    for question in questions:
        if question.id in started:
            raise _rejected(question.id, "review.duplicate", "the id is used twice", "give every question its own")
        started[question.id] = question
    return Review(started)


def assign(review: Review, question: str, reviewers: Sequence[str]) -> Review:
    """Gives a question to its reviewers, at least two different people.

    Raises:
        CommandRejected: unknown question, already assigned, or fewer than two people.
    """
    asked = _question(review, question)
    if asked.reviewers:
        raise _rejected(question, "review.assigned", "the question is already assigned")
    if len(reviewers) < 2 or len(set(reviewers)) != len(reviewers) or not all(reviewers):
        raise _rejected(question, "review.reviewers", "a blinded review needs two different people", "name both")
    return _with(review, replace(asked, reviewers=tuple(reviewers)))


def answer(
    review: Review,
    question: str,
    reviewer: str,
    value: str,
    at: int,
    *,
    reason: str = "",
    evidence: Sequence[Span] = (),
) -> Review:
    """Records a reviewer's answer. It stays for good.

    Raises:
        CommandRejected: not this person's question, answered before, or not one of the labels.
    """
    asked = _question(review, question)
    if reviewer not in asked.reviewers:
        raise _rejected(question, "review.not-assigned", f"{reviewer} does not review this question")
    if any(given.reviewer == reviewer for given in asked.answers):
        raise _rejected(question, "review.answered", f"{reviewer} has answered; answers stay", "argue at adjudication")
    _check_label(asked, value)
    given = Answer(reviewer, value, at, reason, tuple(evidence))
    return _with(review, replace(asked, answers=(*asked.answers, given)))


def adjudicate(review: Review, question: str, adjudicator: str, value: str, reason: str, at: int) -> Review:
    """Decides between answers that differ. The adjudicator is not one of the reviewers, and says why.

    Raises:
        CommandRejected: nothing to decide, decided before, a reviewer as judge, no reason, or not one of the labels.
    """
    asked = _question(review, question)
    if asked.status != "disagreed":
        raise _rejected(question, "review.not-disagreed", f"nothing to decide: the question is {asked.status}")
    if not adjudicator or adjudicator in asked.reviewers:
        raise _rejected(question, "review.adjudicator", "a reviewer cannot decide about the own answer", "ask another")
    if not reason.strip():
        raise _rejected(question, "review.reason", "an adjudication needs a reason", "write why")
    _check_label(asked, value)
    return _with(review, replace(asked, adjudication=Adjudication(adjudicator, value, reason, at)))


def ratings(review: Review, topic: str | None = None) -> tuple[list[list[str | None]], list[str]]:
    """The original answers as a rating table (a row per revealed question, a column per person), and the people.

    Answers of questions not yet revealed are left out: agreement must not leak them.
    """
    revealed = [q for q in review.questions.values() if q.revealed and topic in (None, q.topic)]
    people = sorted({answer.reviewer for question in revealed for answer in question.answers})
    table = []
    for question in revealed:
        by_person: Mapping[str, str] = {answer.reviewer: answer.value for answer in question.answers}
        table.append([by_person.get(person) for person in people])
    return table, people


def _question(review: Review, question: str) -> Question:
    if question not in review.questions:
        raise _rejected(question, "review.unknown", "there is no such question in the review")
    return review.questions[question]


def _with(review: Review, question: Question) -> Review:
    return Review({**review.questions, question.id: question})


def _check_label(question: Question, value: str) -> None:
    if question.labels and value not in question.labels:
        raise _rejected(question.id, "review.label", f"{value!r} is not an answer", f"one of {list(question.labels)}")
    if not value:
        raise _rejected(question.id, "review.label", "the answer is empty", "give an answer")


def _rejected(question: str, code: str, message: str, hint: str = "") -> CommandRejected:
    return CommandRejected(code, message, Location(element=question), hint)
