"""Two people judge a contract apart from each other; a third decides; nothing leaks before."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from anyshore.base.errors import CommandRejected
from anyshore.web.cases import deliverable, findings
from anyshore.web.core.errors import Denied, Invalid
from anyshore.web.engine import people
from anyshore.web.engine import queries as engine
from anyshore.web.engine.books import entries
from anyshore.web.review import actions, blinding, queries
from anyshore.web.review.models import Answer, Review
from anyshore.web.work import actions as work_actions
from anyshore.web.work import queries as work_queries

CLAUSES = 15
SECRET = "a reason that only the first reviewer knows"
FREE = {"Anti-Assignment": ("absent", "")}


def pages_of(desk: Any, name: str) -> str:
    """Everything the system tells a person about the case."""
    browser = desk.world.browser(name)
    number = desk.number
    addresses = [
        reverse("instance", args=[number]), reverse("review-result", args=[number]), reverse("work"),
        f"/api/instances/{number}", "/api/instances", "/api/work", reverse("instances"), reverse("notifications"),
        reverse("case-comments", args=[number]), f"/api/cases/{number}/review", reverse("reviews"),
    ]  # fmt: skip
    for element in desk.open():
        addresses.append(reverse("work-item", args=[number, desk.wait(element)]))
        addresses.append(reverse("review-desk", args=[number, desk.wait(element)]))
        addresses.append(f"/api/work/{number}/{desk.wait(element)}")
    answers = [browser.get(address, follow=True) for address in addresses]
    assert {answer.status_code for answer in answers} <= {200, 403, 404}
    return "\n".join(answer.content.decode() for answer in answers)


def test_two_that_agree_need_no_adjudication(desk: Any) -> None:
    desk.review("lead", "first_review")
    desk.review("second", "second_review")
    assert desk.open() == {"write_memo"}
    known = engine.variables(desk.case())
    assert known["disagreement"] is False
    assert len(findings.claims_of(desk.case())) == 7


def test_two_that_differ_are_adjudicated_and_their_answers_stay(desk: Any) -> None:
    desk.review("lead", "first_review")
    desk.review("second", "second_review", FREE)
    assert desk.open() == {"adjudicate"}
    assert engine.variables(desk.case())["disagreement"] is True
    before = list(Answer.objects.values_list("person__email", "question", "value", "at"))
    wait = desk.take("judge", "adjudicate")
    shown = queries.differences(desk.person("judge"), desk.number, wait)
    assert [card["kind"] for card in shown["cards"]] == ["Anti-Assignment"]
    judge = desk.person("judge")
    with pytest.raises(CommandRejected, match="not decided"):
        actions.finish_adjudication(judge, desk.number, wait)
    with pytest.raises(Invalid):
        actions.adjudicate(judge, desk.number, wait, "Anti-Assignment", "free", " ")
    actions.adjudicate(judge, desk.number, wait, "Anti-Assignment", "free", "Clause 6.1 allows it.")
    with pytest.raises(CommandRejected):
        actions.adjudicate(judge, desk.number, wait, "Anti-Assignment", "absent", "Changed my mind")
    actions.finish_adjudication(judge, desk.number, wait, "30")
    desk.world.host.work()
    assert desk.open() == {"write_memo"}
    assert list(Answer.objects.values_list("person__email", "question", "value", "at")) == before
    clause = next(one for one in findings.claims_of(desk.case()) if one.id == "Anti-Assignment")
    assert clause.author == "Lead Expert"
    facts = [entry.data for entry in entries("contract-review") if entry.type == "case.finding"]
    assert len(facts) == CLAUSES
    assert all(fact["upheld"] is True and people.address(fact["author"]) == "lead@example.org" for fact in facts)
    assert [fact["finding"] for fact in facts if fact["adjudicated"]] == ["Anti-Assignment"]


def test_a_finding_that_is_overruled_is_not_upheld(desk: Any) -> None:
    desk.review("lead", "first_review", FREE)
    desk.review("second", "second_review")
    wait = desk.take("judge", "adjudicate")
    actions.adjudicate(desk.person("judge"), desk.number, wait, "Anti-Assignment", "free", "Clause 6.1 allows it.")
    actions.finish_adjudication(desk.person("judge"), desk.number, wait)
    facts = {e.data["finding"]: e.data["upheld"] for e in entries("contract-review") if e.type == "case.finding"}
    assert facts.pop("Anti-Assignment") is False
    assert set(facts.values()) == {True}


@pytest.mark.parametrize("reader", ["second", "judge", "manager", "owner"])
def test_nothing_of_the_first_review_reaches_anybody_before_the_second(desk: Any, reader: str) -> None:
    wait = desk.take("lead", "first_review")
    lead = desk.person("lead")
    for kind in blinding.load(actions.begin(lead, desk.number, wait)).questions:
        actions.draft(lead, desk.number, wait, kind, "absent", reason=SECRET)
    assert SECRET in desk.world.browser("lead").get(reverse("review-desk", args=[desk.number, wait])).content.decode()
    assert SECRET not in pages_of(desk, reader)
    actions.finish(lead, desk.number, wait)
    desk.world.host.work()
    seen = pages_of(desk, reader)
    assert SECRET not in seen
    _row, _review, views = queries.views(desk.person(reader), desk.number)
    assert all(view.answers == () and view.status == "assigned" for view in views)
    secret = Review.objects.get(case=desk.number).secret
    assert secret not in seen
    ledger = " ".join(str(entry) for entry in entries("contract-review"))
    assert SECRET not in ledger
    assert "absent" not in ledger


def test_the_case_holds_seals_that_tell_nothing(desk: Any) -> None:
    desk.review("lead", "first_review")
    first = engine.variables(desk.case())["first_findings"]
    assert len(first) == CLAUSES
    # Answers that are the same for several clauses do not look the same.
    assert len({one["seal"] for one in first}) == CLAUSES
    assert not set(str(first)) & {"“"}
    desk.review("second", "second_review")
    assert engine.variables(desk.case())["second_findings"] == first


def test_one_person_is_only_one_of_reviewer_reviewer_and_adjudicator(desk: Any) -> None:
    desk.review("lead", "first_review")
    with pytest.raises(Denied):
        desk.take("lead", "second_review")
    assert "second_review" not in {one.row.element for one in work_queries.desk(desk.person("lead")).waiting}
    desk.review("second", "second_review", FREE)
    for name in ("lead", "second"):
        with pytest.raises(Denied):
            desk.take(name, "adjudicate")
    desk.take("judge", "adjudicate")


def test_the_rule_holds_even_for_a_task_that_was_claimed_past_the_queue(desk: Any) -> None:
    from anyshore.web.engine.models import Wait

    desk.review("lead", "first_review")
    wait = desk.wait("second_review")
    Wait.objects.filter(instance=desk.number, wait=wait).update(claimed_by="lead@example.org")
    lead = desk.person("lead")
    for kind in blinding.load(Review.objects.get()).questions:
        actions.draft(lead, desk.number, wait, kind, "absent")
    with pytest.raises(CommandRejected, match="Two different people"):
        actions.finish(lead, desk.number, wait)
    assert Answer.objects.filter(person=lead).count() == CLAUSES
    desk.take  # noqa: B018 - the task stays with its holder
    assert "second_review" in desk.open()


def test_the_tasks_of_a_review_are_not_completed_by_their_plain_form(desk: Any) -> None:
    wait = desk.take("lead", "first_review")
    with pytest.raises(CommandRejected, match="page of its own"):
        work_actions.complete(desk.person("lead"), desk.number, wait, {"findings": "Liability: capped"})
    api = desk.world.browser("lead").post(
        f"/api/work/{desk.number}/{wait}/complete", {"answers": {"findings": "x"}}, content_type="application/json"
    )
    assert api.status_code == 409


def test_an_unfinished_review_is_not_given(desk: Any) -> None:
    wait = desk.take("lead", "first_review")
    lead = desk.person("lead")
    actions.draft(lead, desk.number, wait, "Governing Law", "foreign")
    with pytest.raises(Invalid) as caught:
        actions.finish(lead, desk.number, wait)
    assert caught.value.fields["Governing Law"] == "Quote the words the answer rests on."
    assert len(caught.value.fields) == CLAUSES
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    ("value", "quote", "field"),
    [
        ("nonsense", "", "value"),
        ("foreign", "governed by the laws of Ireland", "quote"),
        ("foreign", "this Agreement", "quote"),
    ],
)
def test_an_answer_rests_on_words_of_the_contract(desk: Any, value: str, quote: str, field: str) -> None:
    wait = desk.take("lead", "first_review")
    with pytest.raises(Invalid) as caught:
        actions.draft(desk.person("lead"), desk.number, wait, "Governing Law", value, quotes=[quote] if quote else [])
    assert set(caught.value.fields) == {field}


def test_no_finding_is_noted_beside_a_blinded_review(desk: Any) -> None:
    desk.review("lead", "first_review")
    source = next(iter(findings.sources(desk.case())))
    with pytest.raises(CommandRejected, match="blinded review"):
        findings.add(desk.person("lead"), desk.number, source, "laws of Switzerland", "Swiss law", "Law", 1)


def test_who_gives_a_task_back_before_answering_may_be_replaced(desk: Any) -> None:
    wait = desk.take("lead", "first_review")
    work_actions.give_back(desk.person("lead"), desk.number, wait)
    desk.review("judge", "first_review")
    desk.review("lead", "second_review")
    assert desk.open() == {"write_memo"}


def test_answers_and_decisions_are_never_changed(desk: Any) -> None:
    desk.review("lead", "first_review")
    one = Answer.objects.first()
    with pytest.raises(TypeError):
        one.save()
    with pytest.raises(TypeError):
        one.delete()


def test_agreement_counts_given_reviews_only(desk: Any) -> None:
    desk.review("lead", "first_review")
    assert queries.agreement(desk.person("manager"))["overall"].questions == 0
    desk.review("second", "second_review", FREE)
    found = queries.agreement(desk.person("manager"))
    overall = dict(found["overall"].estimates)
    assert found["overall"].questions == CLAUSES
    assert overall["raw"].value == pytest.approx(14 / 15)
    assert overall["raw"].low < 14 / 15 < overall["raw"].high
    assert overall["Cohen κ"].value == pytest.approx(1 - (1 / 15) / (1 - (8 * 9 + 7 * 0 + 6) / 225), abs=0.05)
    assert {"Fleiss κ", "Krippendorff α"} <= set(overall)
    assert {line.name for line, _own in found["labels"]} >= {"absent", "free", "capped"}
    assert [one.upheld for _line, one in found["reviewers"]] == [0, 0]


def test_the_memo_tells_the_deviations_and_is_signed(desk: Any) -> None:
    desk.review("lead", "first_review")
    desk.review("second", "second_review")
    desk.do("lead", "write_memo", memo="It may be signed after changes.")
    desk.do("lead", "sign_off", opinion="I stand for it.")
    assert desk.case().status == "ended"
    made = deliverable.report(desk.case(), desk.world.client.bought.get(key="contract-review"))
    sections = [section.heading for section in made.composed.deliverable.sections]
    assert sections[:2] == ["Summary", "Deviations from the playbook"]
    told = " ".join(text for section in made.composed.paragraphs for text, _cited in section)
    assert "Exclusivity: The customer is bound." in told
    assert "Audit Rights: Not in the contract." in told
    [signature] = made.composed.deliverable.signoffs
    assert (signature.person, signature.statement) == ("Lead Expert", "I stand for it.")
