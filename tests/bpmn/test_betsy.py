"""The betsy suite, as far as its files are here."""

from __future__ import annotations

import importlib
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from anyshore import feel

UNREACHABLE = {"AdHocSubProcess_Parallel", "AdHocSubProcess_Sequential"}
"""Their trace asks for a token that stands in none of their scripts."""


@pytest.fixture
def betsy(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The runner, which stands beside the package."""
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2]))
    return importlib.import_module("conformance.betsy")


def test_every_test_gives_its_trace(data_dir: Path, betsy: Any) -> None:
    tests = json.loads((data_dir / "betsy" / "tests.json").read_text())
    wrong = {
        test["name"]
        for test in tests
        for case in test["cases"]
        if not betsy.same(case["traces"], betsy.trace(data_dir, test, case))
    }
    assert wrong == UNREACHABLE


def test_the_unreachable_traces_are_so(data_dir: Path) -> None:
    tests = json.loads((data_dir / "betsy" / "tests.json").read_text())
    for test in tests:
        if test["name"] in UNREACHABLE:
            content = (data_dir / "betsy" / test["file"]).read_text()
            assert any(token not in content for case in test["cases"] for token in case["traces"])


@pytest.mark.parametrize(
    ("written", "translated"),
    [
        ('test.contains("a")', True),
        (' ${ test.contains("a") }\n', True),
        ('!test.contains("a")', False),
        ('test.contains("a") && test.contains("b")', False),
        ('test.contains("a") and test.contains("c")', True),
        ('test.contains("b") || !test.contains("d")', True),
        ('!(test.contains("a") || test.contains("b"))', False),
        ('test.contains("a")>', True),
        ("integerVariable == 2 && true", True),
        ("#{3 > integerVariable}", True),
        ("${integerVariable>=3}", False),
        ("false", False),
    ],
)
def test_expressions(betsy: Any, written: str, translated: bool) -> None:
    found = feel.compile(betsy.expression(written)).evaluate({"test": "ac", "integerVariable": Decimal(2)})
    assert found is translated


def test_what_is_no_expression_stays(betsy: Any) -> None:
    assert betsy.expression("") == ""
    assert betsy.expression("a b c") == "a b c"


def test_traces_are_compared_as_multisets(betsy: Any) -> None:
    assert betsy.same(["b", "a", "a"], ["a", "b", "a"])
    assert not betsy.same(["a"], ["a", "a"])
    assert betsy.same(["ERROR"], ["ERROR_deployment"])
    assert betsy.same(["ERROR", "a"], ["a", "ERROR_runtime"])
    assert not betsy.same(["ERROR"], ["a", "ERROR_runtime"])
    assert not betsy.same(["ERROR"], [])


CASE = {"input": None, "integerVariable": 0, "delay": 0, "parallel": False, "traces": []}
MODEL = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:t"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<process id="Start" isExecutable="true">
  <startEvent id="s"><outgoing>f1</outgoing>%s</startEvent>
  <scriptTask id="a"><incoming>f1</incoming><outgoing>f2</outgoing><script>SCRIPT_task1</script></scriptTask>
  <scriptTask id="b"><incoming>f2</incoming><outgoing>f3</outgoing><script>%s</script></scriptTask>
  <endEvent id="e"><incoming>f3</incoming></endEvent>
  <sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="b"/>
  <sequenceFlow id="f3" sourceRef="b" targetRef="e"/>
</process></definitions>"""


def trace(betsy: Any, data: Path, event: str, token: str, **case: Any) -> list[str]:
    (data / "betsy" / "events").mkdir(parents=True)
    (data / "betsy" / "events" / "Start.bpmn").write_text(MODEL % (event, token))
    found: list[str] = betsy.trace(data, {"group": "events", "name": "Start"}, {**CASE, **case})
    return found


def test_a_process_that_a_timer_starts_again_and_again(betsy: Any, tmp_path: Path) -> None:
    event = '<timerEventDefinition><timeCycle xsi:type="tFormalExpression">R/PT2S</timeCycle></timerEventDefinition>'
    assert trace(betsy, tmp_path, event, "CREATE_LOG_FILE", delay=5000) == ["SCRIPT_task1"] * 2


@pytest.mark.parametrize(("text", "started"), [("abc", ["SCRIPT_task1"]), ("b", [])])
def test_a_process_that_a_condition_starts(betsy: Any, tmp_path: Path, text: str, started: list[str]) -> None:
    condition = '<condition xsi:type="tFormalExpression">test.contains("a")</condition>'
    event = f"<conditionalEventDefinition>{condition}</conditionalEventDefinition>"
    assert trace(betsy, tmp_path, event, "CREATE_LOG_FILE", input=text) == started


def test_a_script_that_fails_and_a_marker(betsy: Any, tmp_path: Path) -> None:
    assert trace(betsy, tmp_path, "", "THROW_ERROR") == ["SCRIPT_task1", "ERROR_runtime"]
    marked = trace(betsy, tmp_path / "other", "", "CREATE_MARKER_FILE", traces=["MARKER_exists"])
    assert marked == ["SCRIPT_task1", "MARKER_exists"]


def test_a_test_that_breaks_fails_alone(betsy: Any, tmp_path: Path) -> None:
    assert betsy.trace(tmp_path, {"group": "events", "name": "Gone"}, CASE)[0].startswith("unreadable")
    trace(betsy, tmp_path, "", "CREATE_LOG_FILE")
    other = {"group": "events", "name": "Other", "file": "events/Start.bpmn"}
    assert betsy.trace(tmp_path, other, CASE)[0].startswith("broken")
