"""What a blinded review shows about its reviewers: agreement overall, per topic, per label and per person."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from anyshore.knowledge.agreement import (
    Estimate,
    answered,
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
    raw_agreement,
)
from anyshore.knowledge.review import Question, Review, ratings


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement over a set of questions.

    Attributes:
        questions: how many were answered by all.
        disagreements: in how many the answers differed.
        raw: share of agreeing pairs.
        kappa: Cohen's for two people throughout, else Fleiss'.
        alpha: Krippendorff's, nominal.
    """

    questions: int
    disagreements: int
    raw: Estimate
    kappa: Estimate
    alpha: Estimate


@dataclass(frozen=True, slots=True)
class ReviewerRecord:
    """One reviewer's record.

    Attributes:
        reviewer: who.
        answered: revealed questions answered.
        with_others: share of this person's answer pairs that agree; NaN without pairs.
        upheld: disagreements in which the adjudication gave this person's answer.
        overruled: disagreements in which it gave another.
    """

    reviewer: str
    answered: int
    with_others: float
    upheld: int
    overruled: int


@dataclass(frozen=True, slots=True)
class ReviewReport:
    """The whole report; the original answers are its only input."""

    overall: Agreement
    by_topic: dict[str, Agreement]
    by_label: dict[str, float]
    by_reviewer: tuple[ReviewerRecord, ...]
    waiting: int
    to_adjudicate: int


def report(review: Review, *, seed: int, resamples: int = 1000, confidence: float = 0.95) -> ReviewReport:
    """The report of a review as it stands.

    Args:
        review: finished or not; only revealed questions count.
        seed: of the bootstrap interval of alpha.
        resamples: of that bootstrap.
        confidence: coverage of all intervals.
    """
    revealed = [question for question in review.questions.values() if question.revealed]
    topics = sorted({question.topic for question in revealed if question.topic})
    table, people = ratings(review)
    return ReviewReport(
        _agreement(review, None, seed, resamples, confidence),
        {topic: _agreement(review, topic, seed, resamples, confidence) for topic in topics},
        specific_agreement(table),
        tuple(_record(person, revealed) for person in people),
        len(review.with_status("open", "assigned")),
        len(review.with_status("disagreed")),
    )


def specific_agreement(table: Sequence[Sequence[str | None]]) -> dict[str, float]:
    """For each label: given that one of a pair chose it, the probability that the other did too.

    Cicchetti and Feinstein (1990, J. Clin. Epidemiol. 43:551–558) for two; Spitzer and Fleiss (1974) for many.
    """
    agreeing: dict[str, int] = {}
    possible: dict[str, int] = {}
    for row in table:
        given = [value for value in row if answered(value)]
        for label in set(given):
            count = given.count(label)
            agreeing[label] = agreeing.get(label, 0) + count * (count - 1)
            possible[label] = possible.get(label, 0) + count * (len(given) - 1)
    return {label: agreeing[label] / possible[label] for label in sorted(possible) if possible[label]}


def _agreement(review: Review, topic: str | None, seed: int, resamples: int, confidence: float) -> Agreement:
    table, people = ratings(review, topic)
    if len(people) == 2:
        kappa = cohen_kappa([row[0] for row in table], [row[1] for row in table], confidence=confidence)
    else:
        kappa = fleiss_kappa(table, confidence=confidence)
    alpha = krippendorff_alpha(table, seed=seed, resamples=resamples, confidence=confidence)
    differing = sum(1 for row in table if len({value for value in row if answered(value)}) > 1)
    return Agreement(len(table), differing, raw_agreement(table, confidence=confidence), kappa, alpha)


def _record(person: str, revealed: Sequence[Question]) -> ReviewerRecord:
    answered = pairs = agreeing = upheld = overruled = 0
    for question in revealed:
        own = next((answer.value for answer in question.answers if answer.reviewer == person), None)
        if own is None:
            continue
        others = [answer.value for answer in question.answers if answer.reviewer != person]
        answered += 1
        pairs += len(others)
        agreeing += others.count(own)
        if question.adjudication is not None:
            upheld += question.adjudication.value == own
            overruled += question.adjudication.value != own
    return ReviewerRecord(person, answered, agreeing / pairs if pairs else math.nan, upheld, overruled)
