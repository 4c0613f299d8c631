"""Going on under another version of the model."""

from __future__ import annotations

import pytest

from anyshore.base.errors import CommandRejected
from anyshore.kernel.commands import Migrate
from tests.cmmn.cases import Case, linked

OLD = """
items:
  a: {type: human}
  b: {type: human}
  c: {type: human, after: [a, b]}
"""


def migrated(case: Case, text: str, **elements: str) -> Case:
    case.definition = linked(text)
    case.do(Migrate(at=9, definition="test:2", elements=elements))
    return case


def test_live_items_keep_their_state_and_what_they_heard() -> None:
    case = Case(OLD)
    case.start()
    case.complete("a")
    wait = case.wait("b")
    migrated(case, OLD + "  d: {type: human, after: c}")
    assert case.wait("b") == wait
    assert case.states("d") == ["available"]
    case.complete("b")
    case.complete("c")
    assert case.open == ["d"]
    assert case.state.definition == "test:2"


def test_items_that_ended_do_not_begin_again() -> None:
    case = Case(OLD)
    case.start()
    case.complete("a")
    migrated(case, OLD)
    assert case.states("a") == []


def test_a_new_item_has_heard_what_ended_before() -> None:
    case = Case(OLD)
    case.start()
    case.complete("a")
    migrated(case, OLD + "  m: {type: milestone, name: M, after: a}")
    assert case.milestones == ["M"]


def test_a_criterion_that_is_gone_lets_the_item_in() -> None:
    case = Case(OLD)
    case.start()
    migrated(case, "items: {a: {type: human}, b: {type: human}, c: {type: human}}")
    assert case.open == ["a", "b", "c"]


def test_elements_are_mapped() -> None:
    case = Case(OLD)
    case.start()
    case.complete("a")
    migrated(case, "items: {a: {type: human}, z: {type: human}, c: {type: human, after: [a, z]}}", b="z")
    assert case.open == ["z"]
    case.complete("z")
    assert case.open == ["c"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("items: {a: {type: human}, c: {type: human}}", "no such item"),
        ("items: {a: {type: human}, b: {type: milestone}, c: {type: human}}", "never active"),
        ("items: {a: {type: human}, b: {type: process, calls: p}, c: {type: human}}", "waits for work"),
        ("items: {a: {type: human}, s: {type: stage, items: {b: {type: human}}}, c: {type: human}}", "another stage"),
    ],
)
def test_what_has_no_place_is_refused_and_changes_nothing(text: str, message: str) -> None:
    case = Case(OLD)
    case.start()
    before = case.state
    with pytest.raises(CommandRejected, match=message):
        migrated(case, text)
    assert case.state == before


def test_changes_of_plan_go_along() -> None:
    case = Case(OLD)
    case.start()
    case.act("add", reason="r", id="extra", item={"type": "human"})
    migrated(case, OLD + "  d: {type: human, after: c}")
    assert "extra" in case.open
    case.complete("extra")


def test_a_stage_takes_on_new_items() -> None:
    text = "items: {s: {type: stage, items: {a: {type: human}%s}}}"
    case = Case(text % "")
    case.start()
    migrated(case, text % ", b: {type: human}")
    assert case.open == ["a", "b"]
