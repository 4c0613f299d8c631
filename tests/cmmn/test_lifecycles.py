"""The three transition tables and the verbs that go through them (CMMN 1.1, 8.4)."""

from __future__ import annotations

import pytest

from anyshore.base.errors import CommandRejected
from anyshore.cmmn import lifecycles
from anyshore.kernel.commands import Resolve, Retry
from anyshore.kernel.state import ROOT
from tests.cmmn.cases import Case, moves

MANUAL = "items: {a: {type: human, manual: true}, b: {type: human}}"


@pytest.mark.parametrize("table", [lifecycles.CASE, lifecycles.TASK_OR_STAGE, lifecycles.EVENT_OR_MILESTONE])
def test_nothing_leaves_an_end(table: lifecycles.Lifecycle) -> None:
    assert not [before for before, _ in table if before in lifecycles.ENDED]


@pytest.mark.parametrize(
    ("verbs", "state"),
    [
        ([], "enabled"),
        (["disable"], "disabled"),
        (["disable", "reenable"], "enabled"),
        (["manual_start"], "active"),
        (["manual_start", "suspend"], "suspended"),
        (["manual_start", "suspend", "resume"], "active"),
        (["manual_start", "fault"], "failed"),
        (["manual_start", "fault", "reactivate"], "active"),
    ],
)
def test_verbs_move_a_task(verbs: list[str], state: str) -> None:
    case = Case(MANUAL)
    case.start()
    for verb in verbs:
        case.act(verb, "a")
    assert case.states("a") == [state]
    assert ("a" in case.open) == (state == "active")


@pytest.mark.parametrize(
    ("before", "verb"),
    [
        ([], "complete"),
        ([], "reenable"),
        ([], "suspend"),
        ([], "terminate"),
        ([], "occur"),
        (["disable"], "manual_start"),
        (["manual_start"], "enable"),
        (["manual_start", "suspend"], "complete"),
        (["manual_start", "fault"], "complete"),
    ],
)
def test_verbs_that_do_not_fit_the_state_are_refused(before: list[str], verb: str) -> None:
    case = Case(MANUAL)
    case.start()
    for step in before:
        case.act(step, "a")
    with pytest.raises(CommandRejected) as refused:
        case.act(verb, "a")
    assert refused.value.hint


def test_an_unknown_verb_is_refused_with_the_nearest() -> None:
    case = Case(MANUAL)
    case.start()
    with pytest.raises(CommandRejected, match="manual_start"):
        case.act("manual_strat", "a")


def test_a_verb_needs_one_live_instance() -> None:
    case = Case("items: {go: {type: user, repeat: true}, a: {type: human, after: go, repeat: true}, b: {type: human}}")
    case.start()
    case.act("occur", "go")
    with pytest.raises(CommandRejected, match="2 live instances"):
        case.act("complete", "a")
    active = next(node.id for node in case.nodes("a") if node.state == "active")
    case.act("complete", node=active)
    assert case.states("a") == ["available"]
    with pytest.raises(CommandRejected, match="no live node"):
        case.act("complete", node=active)


def test_a_failed_task_is_an_incident_that_a_retry_takes_up_again() -> None:
    case = Case("items: {a: {type: human}}")
    case.start()
    case.fail("a")
    assert case.states("a") == ["failed"]
    assert case.incidents == ["broken"]
    assert case.outcome is None
    case.do(Retry(at=1, wait=case.wait("a", "incident").id))
    assert case.open == ["a"]
    case.complete("a")
    assert case.outcome == "completed"


def test_a_failure_that_a_sentry_waits_for_is_no_incident() -> None:
    case = Case("auto_complete: true\nitems: {a: {type: human}, mend: {type: human, enter: [{on: a fault}]}}")
    case.start()
    case.fail("a")
    assert case.incidents == []
    assert case.open == ["mend"]
    case.complete("mend")
    assert case.outcome == "completed"


def test_a_failed_item_exits_by_its_criterion() -> None:
    case = Case("items: {a: {type: human, exit: [{on: stop}]}, stop: {type: user}, b: {type: human}}")
    case.start()
    case.fail("a")
    assert moves(case.act("occur", "stop")) == [("stop", "occur"), ("a", "exit")]


def test_the_whole_case_is_suspended_and_reactivated() -> None:
    case = Case("items: {a: {type: human}, s: {type: stage, items: {b: {type: human}}}}")
    case.start()
    case.act("suspend")
    assert case.open == []
    assert {node.state for node in case.state.nodes.values()} == {"suspended"}
    case.act("reactivate")
    assert case.open == ["a", "b"]


def test_a_called_case_that_was_terminated_terminates_its_task() -> None:
    case = Case("items: {c: {type: case, calls: other}, d: {type: human, after: c}, e: {type: human}}")
    case.start()
    case.do(Resolve(at=1, wait=case.wait("c", "child").id, outcome="terminated"))
    assert case.last("c") == "terminated"
    assert case.states("d") == ["available"]


def test_incidents_are_retried_not_resolved() -> None:
    case = Case("items: {a: {type: human}}")
    case.start()
    case.fail("a")
    with pytest.raises(CommandRejected, match="Retry"):
        case.do(Resolve(at=1, wait=case.wait("a", "incident").id))


def test_a_suspended_case_resumes_and_what_was_suspended_before_stays_so() -> None:
    case = Case("items: {s: {type: stage, items: {b: {type: human}}}, a: {type: human}}")
    case.start()
    case.act("suspend", "s")
    case.act("suspend")
    assert case.states("a") == ["suspended"]
    case.act("resume")
    assert (case.states("a"), case.states("s"), case.states("b")) == (["active"], ["suspended"], ["suspended"])
    case.act("resume", "s")
    assert case.states("b") == ["active"]


def test_completing_a_stage_by_hand_sets_what_is_given() -> None:
    case = Case("items: {s: {type: stage, items: {b: {type: human, manual: true}}}, a: {type: human}}")
    case.start()
    case.act("complete", "s", variables={"why": "enough"})
    assert case.states("s") == []
    assert case.state.variables[ROOT]["why"] == "enough"


STAGE = """
    items:
      s: {type: stage, items: {a: {type: human}, b: {type: human, after: p}, p: {type: message, message: m}}}
      z: {type: human}
"""


def test_what_a_failed_stage_heard_begins_when_it_is_reactivated() -> None:
    case = Case(STAGE)
    case.start()
    case.act("fault", "s")
    case.resolve("p", "message")
    assert case.states("b") == ["available"]
    case.act("reactivate", "s")
    assert case.states("b") == ["active"]


def test_a_failed_item_in_a_suspended_stage_is_retried_when_the_stage_goes_on() -> None:
    case = Case(STAGE)
    case.start()
    case.fail("a")
    case.act("suspend", "s")
    case.do(Retry(at=1, wait=case.wait("a", "incident").id))
    assert (case.states("a"), case.incidents) == (["failed"], ["case.stands-still"])
    case.act("resume", "s")
    case.do(Retry(at=2, wait=case.wait("a", "incident").id))
    assert (case.states("a"), case.incidents) == (["active"], [])


def test_a_timer_without_a_time_that_is_suspended_keeps_its_incident() -> None:
    case = Case("items: {t: {type: timer, at: patience}, a: {type: human}}")
    case.start()
    case.act("suspend", "t")
    case.do(Retry(at=1, wait=case.wait("t", "incident").id, variables={"patience": "PT1H"}))
    assert case.incidents == ["case.stands-still"]
    case.act("resume", "t")
    case.do(Retry(at=2, wait=case.wait("t", "incident").id))
    assert case.waits("t", "timer")


def test_a_failed_stage_keeps_the_repetition_that_was_stopped() -> None:
    spinning = "{type: task, wait: false, repeat: true}"
    case = Case(f"items: {{s: {{type: stage, items: {{a: {spinning}, b: {{type: human}}}}}}, z: {{type: human}}}}")
    case.start()
    case.act("fault", "s")
    assert sorted(map(str, case.incidents)) == ["case.endless-repetition", "case.fault"]
    case.act("reactivate", "s")
    assert case.incidents == ["case.endless-repetition"]


def test_an_incident_does_not_fail_once_more() -> None:
    case = Case("items: {a: {type: human}}")
    case.start()
    case.fail("a")
    with pytest.raises(CommandRejected, match="Retry"):
        case.fail("a", "incident")
