"""Between the tables of a review and the pure functions: every load replays all steps, so every rule is checked again.

The variables of the case hold no answers but seals: equal answers have equal seals, and a seal tells nothing without
the secret of the review. So the plan of the case can compare the two reviews, and nobody can read them in it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet

from anyshore.knowledge import review as pure
from anyshore.knowledge.anchors import Span, span_of, span_values
from anyshore.web.core.models import Person
from anyshore.web.review.models import Adjudication, Answer, Review, Reviewer
from anyshore.web.walls import queries as walls


def load(row: Review) -> pure.Review:
    """The review as it stands, with people by email."""
    return _built(
        row, row.reviewers.select_related("person"), row.answers.select_related("person"),
        row.adjudications.select_related("person"),
    )  # fmt: skip


def load_all(rows: QuerySet[Review]) -> list[tuple[Review, pure.Review]]:
    """Many reviews as they stand, in four queries."""
    whole = rows.prefetch_related("reviewers__person", "answers__person", "adjudications__person")
    return [(row, _built(row, row.reviewers.all(), row.answers.all(), row.adjudications.all())) for row in whole]


def _built(
    row: Review, reviewers: Iterable[Reviewer], answers: Iterable[Answer], adjudications: Iterable[Adjudication]
) -> pure.Review:
    names = {one.place: one.person.email for one in reviewers}
    people = [names.get(place, place) for place in row.places]
    found = pure.begin(question(one) for one in row.questions)
    for key in found.questions:
        found = pure.assign(found, key, people)
    for one in sorted(answers, key=lambda answer: (answer.at, answer.pk)):
        found = pure.answer(
            found, one.question, one.person.email, one.value, one.at, reason=one.reason, evidence=spans(one.evidence)
        )
    for decided in sorted(adjudications, key=lambda decision: (decision.at, decision.pk)):
        found = pure.adjudicate(
            found, decided.question, decided.person.email, decided.value, decided.reason, decided.at
        )
    return found


def question(data: Mapping[str, Any]) -> pure.Question:
    """A question as kept with the review."""
    return pure.Question(data["kind"], data["text"], tuple(data["answers"]), topic=data["kind"])


def revealed(found: pure.Review) -> bool:
    """Whether all reviewers have answered everything, so that answers may be seen."""
    return all(question.revealed for question in found.questions.values())


def together(rows: QuerySet[Review]) -> pure.Review:
    """Many reviews as one, for agreement across cases."""
    questions = {}
    for row, loaded in load_all(rows):
        for key, one in loaded.questions.items():
            questions[f"{row.case}/{key}"] = replace(one, id=f"{row.case}/{key}")
    return pure.Review(questions)


def seals(row: Review, answers: Mapping[str, str]) -> list[dict[str, str]]:
    """A person's answers as a variable of the case, in the order of the questions."""
    return [
        {"clause": one["kind"], "seal": _seal(row, one["kind"], answers[one["kind"]])}
        for one in row.questions
        if one["kind"] in answers
    ]


def _seal(row: Review, kind: str, value: str) -> str:
    return hmac.new(bytes.fromhex(row.secret), f"{kind}\0{value}".encode(), hashlib.sha256).hexdigest()[:32]


def spans(data: Sequence[Mapping[str, Any]]) -> tuple[Span, ...]:
    """Evidence as kept."""
    return tuple(map(span_of, data))


def plain(evidence: Sequence[Span]) -> list[dict[str, Any]]:
    """Evidence to keep."""
    return [span_values(one) for one in evidence]


def people_of(row: Review) -> dict[str, Person]:
    """The reviewers so far, by place."""
    return {one.place: one.person for one in row.reviewers.select_related("person")}


def reviewers(numbers: Collection[int]) -> dict[int, set[int]]:
    """The keys of the reviewers of each case whose review is under way; a case that is open is not among them."""
    sealed = walls.sealed_among(numbers) if numbers else frozenset()
    if not sealed:
        return {}
    staff = walls.staff(sealed)
    places = dict(Review.objects.filter(case__in=sealed).values_list("case", "places"))
    return {
        number: {person for place in places.get(number, ()) for person in staff.get((number, place), ())}
        for number in sealed
    }
