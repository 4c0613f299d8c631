"""The runner of the scenario kit does what the kit's README says, shown on scenarios of our own."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

Check = Callable[..., str | None]
HEAD = '<definitions xmlns="http://www.omg.org/spec/CMMN/20151109/MODEL" targetNamespace="t">'


def model(plan: str, case: str = "main", auto: str = "false") -> str:
    around = f'<case id="{case}"><casePlanModel id="plan" autoComplete="{auto}">{plan}</casePlanModel></case>'
    return f"{HEAD}{around}</definitions>"


CALLED = model(
    '<planItem id="w" definitionRef="work"/><planItem id="late" definitionRef="timer"/>'
    '<planItem id="inner" definitionRef="deeper"/>'
    '<humanTask id="work" name="Work"/><caseTask id="deeper" name="Deeper" caseRef="third"/>'
    '<timerEventListener id="timer" name="Timer"><timerExpression>PT1H</timerExpression></timerEventListener>',
    "called",
)
THIRD = model('<planItem id="d" definitionRef="deep"/><humanTask id="deep" name="Deep"/>', "third")
CALLER = model(
    '<planItem id="c1" name="Call" definitionRef="call"/><planItem id="c2" name="Other" definitionRef="call"/>'
    '<caseTask id="call" caseRef="called" isBlocking="true"/>'
)


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Runs a scenario: the model, its steps, further models by name; the failure, or None."""
    monkeypatch.syspath_prepend(str(ROOT))
    kit = importlib.import_module("conformance.cmmn_kit")

    def run(text: str, *steps: dict[str, Any], called: tuple[str, ...] = (), **more: Any) -> str | None:
        names = [f"models/{number}.cmmn" for number in range(1 + len(called))]
        (tmp_path / "models").mkdir(exist_ok=True)
        for name, content in zip(names, (text, *called), strict=True):
            (tmp_path / name).write_text(content)
        start = {"do": {"start": {"case": "main", "variables": more.get("variables", {})}}, "expect": {}}
        scenario = {
            "model": names[0], "called_models": names[1:], "expressions": {}, "steps": [start, *steps], **more
        }  # fmt: skip
        found: str | None = kit.scenario_failure(tmp_path, json.loads(json.dumps(scenario)))
        return found

    return run


def step(expect: dict[str, Any] | None = None, **do: Any) -> dict[str, Any]:
    return {"do": do, "expect": expect or {}}


def test_every_called_case_counts_and_is_found_by_its_task(check: Check) -> None:
    both = {"child_tasks": ["Deep", "Deep", "Work", "Work"], "child_cases": {"Call": "active", "Other": "active"}}
    assert (
        check(
            CALLER,
            step(both, advance_clock="PT1S"),
            step({"child_tasks": ["Deep", "Deep", "Work"]}, complete="Work", **{"in": "Call"}),
            step({"child_tasks": ["Deep", "Work"]}, complete="Deep", **{"in": "Deeper"}),
            step({"plan_items": {"Timer": ["completed"]}, "child_cases": {"Call": "completed"}}, advance_clock="PT1H"),
            step({"child_tasks": [], "child_cases": {"Other": "terminated"}}, terminate="Other"),
            called=(CALLED, THIRD),
        )
        is None
    )


def test_a_repeated_case_task_has_a_case_each(check: Check) -> None:
    repeated = model(
        '<planItem id="c" name="Call" definitionRef="call"><itemControl><repetitionRule/></itemControl>'
        '<entryCriterion id="e" sentryRef="s"/></planItem><planItem id="u" definitionRef="go"/>'
        '<sentry id="s"><planItemOnPart id="o" sourceRef="u"><standardEvent>occur</standardEvent></planItemOnPart>'
        "</sentry>"
        '<caseTask id="call" caseRef="third"/><userEventListener id="go" name="Go">'
        "<defaultControl><repetitionRule/></defaultControl></userEventListener>"
    )
    assert (
        check(
            repeated,
            step({"child_tasks": ["Deep"]}, occur="Go"),
            step({"child_tasks": ["Deep", "Deep"], "child_cases": {"Call": "active"}}, occur="Go"),
            step({"child_tasks": ["Deep"], "child_cases": {"Call": "completed"}}, complete="Deep", **{"in": "Call"}),
            called=(THIRD,),
        )
        is None
    )


def test_what_a_command_brings_is_set_with_it(check: Check) -> None:
    text = model(
        '<planItem id="p" definitionRef="process"/><planItem id="s" definitionRef="stage"/>'
        '<processTask id="process" name="Process" processRef="elsewhere"/>'
        '<stage id="stage" name="Stage"><planItem id="h" definitionRef="human"><itemControl>'
        '<manualActivationRule/></itemControl></planItem><humanTask id="human" name="Human"/></stage>'
    )
    assert (
        check(
            text,
            step({"variables": {"result": 7}}, complete="Process", variables={"result": 7}),
            step({"variables": {"why": "done"}, "case": "completed"}, complete="Stage", variables={"why": "done"}),
        )
        is None
    )


def test_nth_counts_what_the_verb_can_be_applied_to(check: Check) -> None:
    rule = "<itemControl><repetitionRule/><manualActivationRule/></itemControl>"
    text = model(
        '<planItem id="a" name="A" definitionRef="work"/><planItem id="b" name="A" definitionRef="work"/>'
        f'<planItem id="m" name="A" definitionRef="work">{rule}</planItem><humanTask id="work"/>'
        '<planItem id="l" definitionRef="listener"/><userEventListener id="listener" name="Listener"/>'
    )
    assert (
        check(
            text,
            step({"plan_items": {"b": ["completed"], "m": ["enabled"]}}, complete="A", nth=2),
            step({"plan_items": {"a": ["active"], "m": ["active"]}}, manual_start="A", nth=1),
            step({"plan_items": {"m": ["completed", "enabled"]}}, complete="A", nth=2),
            step({"refused": True}, complete="A", nth=2),
            step({"in_state": {"terminated": ["Listener"]}, "counts": {"live": 2}}, terminate="Listener"),
        )
        is None
    )


def test_an_expectation_that_is_not_met_is_told(check: Check) -> None:
    text = model('<planItem id="a" definitionRef="work"/><humanTask id="work" name="A"/>')
    assert "plan" not in (check(text, step({"tasks": ["B"]}, advance_clock="PT1S")) or "plan")
    assert "not refused" in (check(text, step({"refused": True}, complete="A")) or "")
    assert "no item 'Nobody'" in (check(text, step(complete="Nobody")) or "")
