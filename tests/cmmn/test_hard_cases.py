"""The cases that break case engines: chains, exits, repetition, suspension.

Each runs twice: with turns as they come, and with a budget that ends the turn, and restarts, after every single step.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from anyshore.base.errors import CommandRejected
from anyshore.kernel.commands import Cancel, Resume, Retry, Suspend, Write
from anyshore.kernel.records import Left
from tests.cmmn.cases import Case, moves
from tests.harness import Instance


@pytest.fixture(params=[20_000, 1], ids=["by command", "by step"], autouse=True)
def budget(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many records a turn may have before the instance is stored and read back."""
    monkeypatch.setattr(Instance, "budget", request.param)
    return int(request.param)


def test_a_chain_of_sentries_runs_through_in_one_turn() -> None:
    chain = "\n".join(f"  m{i}: {{type: milestone, name: M{i}, after: m{i - 1}}}" for i in range(1, 200))
    case = Case(f"items:\n  m0: {{type: milestone, name: M0, enter: [{{if: go}}]}}\n{chain}\n")
    case.start()
    assert case.milestones == []
    case.set(go=True)
    assert case.milestones == [f"M{i}" for i in range(200)]
    assert case.outcome == "completed"


def test_a_stage_that_exits_takes_its_children_along() -> None:
    case = Case("""
        items:
          work:
            type: stage
            exit: [{on: stop}]
            items:
              a: {type: human}
              inner: {type: stage, items: {b: {type: human}, m: {type: milestone, after: b}}}
              later: {type: human, after: a}
          stop: {type: user}
          after: {type: human, enter: [{on: work exit}]}
          never: {type: human, enter: [{on: work complete}]}
    """)
    case.start()
    assert case.open == ["a", "b"]
    records = case.act("occur", "stop")
    assert moves(records) == [
        ("stop", "occur"),
        ("m", "parentTerminate"),
        ("b", "exit"),
        ("later", "exit"),
        ("inner", "exit"),
        ("a", "exit"),
        ("work", "exit"),
        ("after", "start"),
    ]
    assert case.open == ["after"]
    assert case.states("never") == ["available"]


def test_a_repeating_task_repeats_while_its_rule_holds() -> None:
    case = Case("items: {a: {type: human, repeat: more}}")
    case.start(more=True)
    for _ in range(3):
        assert case.open == ["a"]
        case.complete("a")
    case.complete("a", more=False)
    assert case.outcome == "completed"


def test_a_repeating_item_with_entry_criteria_waits_beside_the_running_one() -> None:
    case = Case("items: {go: {type: user, repeat: true}, a: {type: human, after: go, repeat: true}}")
    case.start()
    for count in range(1, 4):
        case.act("occur", "go")
        assert sorted(case.states("a")) == ["active"] * count + ["available"]
    case.complete("a")
    assert sorted(case.states("a")) == ["active", "active", "available"]


def test_a_repeating_item_with_a_bare_condition_enters_each_time_it_becomes_true() -> None:
    case = Case("items: {a: {type: human, repeat: true, enter: [{if: late}]}}")
    case.start()
    case.set(late=True)
    assert case.open == ["a"]
    case.set(late=True)
    assert case.open == ["a"]
    case.set(late=False)
    case.set(late=True)
    assert case.open == ["a", "a"]


def test_endless_repetition_becomes_an_incident_that_names_the_item() -> None:
    case = Case("items: {a: {type: task, wait: false, repeat: true, name: Spinning}, b: {type: human}}")
    case.start()
    assert case.incidents == ["case.endless-repetition"]
    (incident,) = case.waits(kind="incident")
    assert "'Spinning'" in incident.data["message"]
    assert case.open == ["b"]
    case.do(Retry(at=1, wait=incident.id))
    assert case.incidents == ["case.endless-repetition"]


def test_a_suspended_case_stands_still_and_hears_afterwards() -> None:
    case = Case("items: {a: {type: human, enter: [{if: go}]}, b: {type: human}}")
    case.start()
    case.do(Suspend(at=1))
    case.do(Write(at=2, variables={"go": True}))
    assert case.states("a") == ["available"]
    with pytest.raises(CommandRejected, match="suspended"):
        case.complete("b")
    case.do(Resume(at=3))
    assert case.open == ["b", "a"]


def test_a_suspended_stage_puts_its_waits_aside_and_takes_them_up_again() -> None:
    case = Case("""
        items:
          s:
            type: stage
            items:
              a: {type: human, form: review}
              t: {type: timer, at: PT1H}
              call: {type: process, calls: p, outputs: {answer: answer}}
              next: {type: human, after: b}
          b: {type: human}
    """)
    case.start()
    due = case.wait("t", "timer").due
    case.act("suspend", "s")
    assert {case.states(e)[0] for e in ("s", "a", "t", "call", "next")} == {"suspended"}
    assert case.open == ["b"]
    assert not case.waits(kind="timer")
    case.complete("b")
    assert case.states("next") == ["suspended"]
    case.resolve("call", "child", answer=1)
    assert case.states("call") == ["suspended"]
    case.act("resume", "s")
    assert case.states("call") == []
    assert case.variables["answer"] == 1
    assert sorted(case.open) == ["a", "next"]
    assert case.wait("t", "timer").due == due
    assert case.wait("a").name == "review"


def test_an_item_suspended_by_itself_stays_so_when_its_stage_is_resumed() -> None:
    case = Case("items: {s: {type: stage, items: {a: {type: human}, b: {type: human}}}}")
    case.start()
    case.act("suspend", "a")
    case.act("suspend", "s")
    case.act("resume", "s")
    assert case.states("a") == ["suspended"]
    assert case.states("b") == ["active"]
    with pytest.raises(CommandRejected, match="suspended"):
        case.act("complete", "a")


def test_a_case_is_cancelled_with_everything_in_it() -> None:
    case = Case("items: {s: {type: stage, items: {a: {type: human}, t: {type: timer, at: PT1H}}}}")
    case.start()
    case.do(Cancel(at=1))
    assert case.outcome == "terminated"
    assert not case.state.nodes
    assert not case.state.waits
    assert [r.element for r in case.log if isinstance(r, Left)] == ["t", "a", "s", "x.plan"]


def test_a_task_that_calls_waits_for_its_child() -> None:
    case = Case("""
        items:
          p: {type: process, calls: payables, inputs: {amount: total * 2}, outputs: {paid: result.sum}}
          c: {type: case, calls: dispute, after: p}
          free: {type: case, calls: survey, wait: false, after: p}
    """)
    case.start(total=21)
    wait = case.wait("p", "child")
    assert wait.name == "process:payables"
    assert wait.data == {"target": "process:payables", "variables": {"amount": 42}}
    records = case.resolve("p", "child", result={"sum": Decimal(42)})
    assert case.variables["paid"] == 42
    assert "result" not in case.variables
    assert case.wait("c", "child").data["target"] == "case:dispute"
    assert [r.name for r in records if type(r).__name__ == "Sent"] == ["case:survey"]
    assert case.states("free") == []
    case.resolve("c", "child")
    assert case.outcome == "completed"
