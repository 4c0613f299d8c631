"""Required, repetition and manual activation rules; completion of stages and cases."""

from __future__ import annotations

import pytest

from anyshore.base.errors import CommandRejected
from anyshore.cmmn.definition import Options
from tests.cmmn.cases import Case


@pytest.mark.parametrize(
    ("auto", "item", "ends"),
    [
        ("true", "{type: human, manual: true}", True),
        ("false", "{type: human, manual: true}", False),
        ("true", "{type: human, manual: true, required: true}", False),
        ("true", "{type: human, enter: [{if: never}]}", True),
        ("false", "{type: human, enter: [{if: never}]}", False),
        ("true", "{type: human, enter: [{if: never}], required: true}", False),
        ("true", "{type: human, required: needed}", False),
        ("true", "{type: user}", True),
        ("false", "{type: user}", False),
        ("true", "{type: milestone, required: true, enter: [{if: never}]}", False),
        ("true", "{type: human, manual: true, required: 'needed = false'}", True),
    ],
)
def test_what_holds_a_case_open(auto: str, item: str, ends: bool) -> None:
    case = Case(f"auto_complete: {auto}\nitems: {{a: {{type: human}}, b: {item}}}")
    case.start(needed=True)
    case.complete("a")
    assert (case.outcome == "completed") is ends


def test_disabled_items_hold_nothing() -> None:
    case = Case("items: {a: {type: human}, b: {type: human, manual: true, required: true}}")
    case.start()
    case.act("disable", "b")
    case.complete("a")
    assert case.outcome == "completed"


@pytest.mark.parametrize(("holds", "outcome"), [(True, None), (False, "completed")])
def test_whether_a_failed_item_holds_is_an_option(holds: bool, outcome: str | None) -> None:
    case = Case("items: {a: {type: human}, b: {type: human}}", options=Options(failed_holds=holds))
    case.start()
    case.fail("a")
    case.complete("b")
    assert case.outcome == outcome


def test_the_required_rule_is_judged_when_the_item_is_created() -> None:
    case = Case("auto_complete: true\nitems: {a: {type: human}, b: {type: human, manual: true, required: need}}")
    case.start(need=False)
    case.set(need=True)
    case.complete("a")
    assert case.outcome == "completed"


def test_a_case_is_completed_by_hand_only_when_nothing_required_is_open() -> None:
    case = Case("""
        items:
          a: {type: human, required: true, name: Sign off}
          b: {type: human, enter: [{if: never}]}
          u: {type: user}
    """)
    case.start()
    with pytest.raises(CommandRejected, match="Sign off"):
        case.act("complete")
    case.complete("a")
    assert case.outcome is None
    case.act("complete")
    assert case.outcome == "completed"
    assert case.last("b") == "terminated"


def test_a_stage_is_completed_by_hand() -> None:
    case = Case("items: {s: {type: stage, items: {a: {type: human, manual: true}}}, b: {type: human, after: s}}")
    case.start()
    case.act("complete", "s")
    assert case.last("a") == "terminated"
    assert case.open == ["b"]


def test_a_rule_sees_how_often_its_item_was_instantiated() -> None:
    case = Case("items: {a: {type: human, repeat: repetitionCounter < 3}}")
    case.start()
    for _ in range(3):
        case.complete("a")
    assert case.outcome == "completed"


def test_an_item_that_exits_does_not_repeat() -> None:
    case = Case("items: {a: {type: human, repeat: true, exit: [{on: stop}]}, stop: {type: user}, b: {type: human}}")
    case.start()
    case.complete("a")
    case.act("occur", "stop")
    assert case.states("a") == []


def test_a_stage_repeats_with_everything_in_it() -> None:
    case = Case("""
        items:
          s:
            type: stage
            repeat: again
            items: {a: {type: human}, m: {type: milestone, after: a, name: M}, b: {type: human, after: m}}
    """)
    case.start(again=True)
    case.complete("a")
    case.complete("b")
    assert case.open == ["a"]
    case.complete("a")
    case.complete("b", again=False)
    assert case.milestones == ["M", "M"]
    assert case.outcome == "completed"


def test_on_parts_stay_within_their_stage_instance() -> None:
    """Two instances of a stage run side by side; what happens in one is not heard in the other."""
    case = Case("""
        items:
          go: {type: user, repeat: true}
          s:
            type: stage
            after: go
            repeat: true
            exit: [{on: stop}]
            items: {a: {type: human}, b: {type: human, after: a}, stop: {type: user}}
    """)
    case.start()
    case.act("occur", "go")
    case.act("occur", "go")
    assert case.open == ["a", "a"]
    case.complete("a")
    assert sorted(case.open) == ["a", "b"]
    case.act("occur", node=case.nodes("stop")[1].id)
    assert case.open == ["b"]
    assert sorted(case.states("s")) == ["active", "available"]


def test_manual_activation_is_judged_when_the_item_is_entered() -> None:
    case = Case("items: {a: {type: human, manual: 'by hand', enter: [{if: go}]}}".replace("by hand", "choose"))
    case.start(choose=False)
    case.set(choose=True)
    case.set(go=True)
    assert case.states("a") == ["enabled"]
