from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.base.errors import CommandRejected
from anyshore.knowledge import review as r
from anyshore.knowledge.review_report import report, specific_agreement


def started(*ids: str, topic: str = "") -> r.Review:
    review = r.begin([r.Question(id, f"Is there a {id}?", ("Yes", "No"), topic) for id in ids or ("q",)])
    for id in review.questions:
        review = r.assign(review, id, ["ann", "bob"])
    return review


def answered(review: r.Review, id: str, ann: str, bob: str) -> r.Review:
    return r.answer(r.answer(review, id, "ann", ann, 10, reason="seen"), id, "bob", bob, 20)


def test_nobody_sees_another_answer_before_all_have_answered():
    review = r.answer(started(), "q", "ann", "Yes", 10)
    assert r.view(review, "q", "bob").answers == ()
    assert [a.value for a in r.view(review, "q", "ann").answers] == ["Yes"]
    assert r.view(review, "q", "judge").answers == ()
    assert r.view(review, "q", "bob").given == 1
    assert r.view(review, "q", "bob").status == "assigned"


def test_answers_are_revealed_to_all_after_the_last():
    review = answered(started(), "q", "Yes", "No")
    assert [a.reviewer for a in r.view(review, "q", "bob").answers] == ["ann", "bob"]
    assert r.view(review, "q", "judge").status == "disagreed"


def test_agreement_is_an_outcome_at_once():
    asked = answered(started(), "q", "Yes", "Yes").questions["q"]
    assert (asked.status, asked.outcome) == ("agreed", "Yes")


def test_an_adjudication_decides_and_the_original_answers_stay():
    before = answered(started(), "q", "Yes", "No")
    assert before.questions["q"].outcome is None
    asked = r.adjudicate(before, "q", "judge", "No", "clause 4 is a waiver", 30).questions["q"]
    assert (asked.status, asked.outcome) == ("adjudicated", "No")
    assert asked.answers == before.questions["q"].answers
    assert asked.adjudication == r.Adjudication("judge", "No", "clause 4 is a waiver", 30)


def test_steps_leave_the_review_before_them_as_it_was():
    before = started()
    after = r.answer(before, "q", "ann", "Yes", 1)
    assert before.questions["q"].answers == ()
    assert len(after.questions["q"].answers) == 1


DISAGREED = answered(started(), "q", "Yes", "No")
AGREED = answered(started(), "q", "Yes", "Yes")
OPEN = r.begin([r.Question("q", "?")])


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (lambda: r.assign(OPEN, "q", ["ann"]), "review.reviewers"),
        (lambda: r.assign(OPEN, "q", ["ann", "ann"]), "review.reviewers"),
        (lambda: r.assign(OPEN, "q", ["ann", ""]), "review.reviewers"),
        (lambda: r.assign(started(), "q", ["cid", "dan"]), "review.assigned"),
        (lambda: r.assign(OPEN, "x", ["ann", "bob"]), "review.unknown"),
        (lambda: r.answer(started(), "q", "cid", "Yes", 1), "review.not-assigned"),
        (lambda: r.answer(AGREED, "q", "ann", "No", 1), "review.answered"),
        (lambda: r.answer(started(), "q", "ann", "Maybe", 1), "review.label"),
        (lambda: r.answer(r.assign(OPEN, "q", ["ann", "bob"]), "q", "ann", "", 1), "review.label"),
        (lambda: r.adjudicate(AGREED, "q", "judge", "No", "because", 1), "review.not-disagreed"),
        (lambda: r.adjudicate(started(), "q", "judge", "No", "because", 1), "review.not-disagreed"),
        (lambda: r.adjudicate(DISAGREED, "q", "ann", "Yes", "because", 1), "review.adjudicator"),
        (lambda: r.adjudicate(DISAGREED, "q", "judge", "Yes", "  ", 1), "review.reason"),
        (lambda: r.adjudicate(DISAGREED, "q", "judge", "Maybe", "because", 1), "review.label"),
        (
            lambda: r.adjudicate(r.adjudicate(DISAGREED, "q", "judge", "No", "x", 1), "q", "judge", "Yes", "x", 2),
            "review.not-disagreed",
        ),
        (lambda: r.begin([r.Question("q", "?"), r.Question("q", "?")]), "review.duplicate"),
        (lambda: r.view(OPEN, "x", "ann"), "review.unknown"),
    ],
)
def test_steps_that_do_not_fit_are_rejected(step: object, code: str):
    with pytest.raises(CommandRejected) as rejected:
        step()  # type: ignore[operator]
    assert rejected.value.code == code


def test_unrevealed_answers_do_not_leak_into_the_ratings():
    review = r.answer(answered(started("a", "b"), "a", "Yes", "No"), "b", "ann", "Yes", 1)
    assert r.ratings(review) == ([["Yes", "No"]], ["ann", "bob"])
    assert report(review, seed=1, resamples=10).waiting == 1


def test_the_report_counts_what_reviewers_did():
    review = started("a", "b", "c", "d", topic="law")
    for id, ann, bob in [("a", "Yes", "Yes"), ("b", "No", "No"), ("c", "Yes", "No"), ("d", "No", "Yes")]:
        review = answered(review, id, ann, bob)
    review = r.adjudicate(review, "c", "judge", "Yes", "clear", 40)
    found = report(review, seed=1, resamples=50)
    assert (found.overall.questions, found.overall.disagreements, found.to_adjudicate) == (4, 2, 1)
    assert found.overall.raw.value == 0.5
    assert found.overall.kappa.value == 0.0
    assert found.by_topic.keys() == {"law"}
    assert found.by_label == {"No": 0.5, "Yes": 0.5}
    ann, bob = found.by_reviewer
    assert (ann.reviewer, ann.answered, ann.with_others, ann.upheld, ann.overruled) == ("ann", 4, 0.5, 1, 0)
    assert (bob.upheld, bob.overruled) == (0, 1)


def test_an_adjudication_does_not_change_the_agreement():
    review = answered(started(), "q", "Yes", "No")
    before = report(review, seed=1, resamples=0).overall
    after = report(r.adjudicate(review, "q", "judge", "No", "x", 1), seed=1, resamples=0).overall
    assert before.raw == after.raw


def test_specific_agreement_of_two_and_of_many():
    # Cicchetti & Feinstein 1990: 2a / (2a + b + c).
    table = [["+", "+"]] * 40 + [["+", "-"]] * 5 + [["-", "+"]] * 5 + [["-", "-"]] * 50
    assert specific_agreement(table) == {"+": 80 / 90, "-": 100 / 110}
    assert specific_agreement([["a", "a", "b"]]) == {"a": 0.5, "b": 0.0}
    assert specific_agreement([["a", None, None]]) == {}


def test_an_empty_review_reports_nothing_but_does_not_fail():
    found = report(r.begin([]), seed=1)
    assert math.isnan(found.overall.raw.value)
    assert found.by_reviewer == ()


@given(st.permutations([("ann", "Yes"), ("bob", "No"), ("cid", "Yes")]), st.integers(0, 2))
def test_three_reviewers_stay_blind_until_the_last_in_any_order(order: list[tuple[str, str]], seen: int):
    review = r.assign(r.begin([r.Question("q", "?")]), "q", ["ann", "bob", "cid"])
    for person, value in order[:seen]:
        review = r.answer(review, "q", person, value, 1)
    for person in ("ann", "bob", "cid", "judge"):
        assert all(answer.reviewer == person for answer in r.view(review, "q", person).answers)
    for person, value in order[seen:]:
        review = r.answer(review, "q", person, value, 1)
    assert len(r.view(review, "q", "judge").answers) == 3
