"""What tasks hand out and take in: work, jobs, calls, decisions."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from anyshore.base.errors import DmnError
from anyshore.kernel.commands import Retry
from anyshore.kernel.records import Sent
from tests.cmmn.cases import Case, linked


def test_a_human_task_shows_its_form_role_and_inputs() -> None:
    case = Case("""
        roles: {reviewer: Reviewer}
        items: {a: {type: human, name: First review, role: reviewer, form: review, inputs: {question: brief.question}}}
    """)
    case.start(brief={"question": "Is it valid?"})
    wait = case.wait("a")
    assert wait.name == "review"
    assert wait.data == {
        "element": "a", "name": "First review", "role": "reviewer", "form": "review",
        "inputs": {"question": "Is it valid?"},
    }  # fmt: skip


def test_outputs_choose_what_comes_back() -> None:
    case = Case("items: {a: {type: human, outputs: {first: findings, ok: count(findings) > 0}}, b: {type: human}}")
    case.start()
    case.complete("a", findings=["one"], note="private")
    assert case.variables == {"first": ["one"], "ok": True}


def test_a_task_without_outputs_writes_all_of_its_result() -> None:
    case = Case("items: {a: {type: human}, b: {type: human}}")
    case.start()
    case.complete("a", findings=["one"])
    assert case.variables == {"findings": ["one"]}


def test_an_activity_is_a_job() -> None:
    case = Case("items: {a: {type: task, activity: document.extract, inputs: {file: contract}}, b: {type: human}}")
    case.start(contract="text")
    wait = case.wait("a", "job")
    assert wait.name == "document.extract"
    assert wait.data["variables"] == {"file": "text"}
    case.resolve("a", "job", clauses=["one"])
    assert case.variables["clauses"] == ["one"]


def test_an_activity_nobody_waits_for_is_only_announced() -> None:
    case = Case("items: {a: {type: task, activity: mail.send, wait: false}, b: {type: human, after: a}}")
    records = case.start()
    assert [(r.kind, r.name) for r in records if isinstance(r, Sent)] == [("start", "activity:mail.send")]
    assert case.open == ["b"]


def test_only_declared_results_of_a_call_come_back() -> None:
    case = Case("items: {a: {type: process, calls: p}, b: {type: case, calls: c, outputs: {x: y}}, d: {type: human}}")
    case.start(secret=1)
    assert case.wait("a", "child").data["variables"] == {}
    case.resolve("a", "child", secret=2, y=3)
    case.resolve("b", "child", secret=4, y=5)
    assert case.variables == {"secret": 1, "x": 5}


def decide(reference: str, inputs: Mapping[str, object], now: int, zone: str) -> object:
    if reference == "broken":
        raise DmnError("dmn.broken", "The table has no rule.", hint="Add one.")
    return {"reference": reference, "double": inputs["amount"] * 2, "now": Decimal(now)}  # type: ignore[operator]


def test_a_decision_answers_at_once() -> None:
    text = """
        items:
          whole: {type: decision, calls: price, inputs: {amount: total}}
          parts: {type: decision, calls: price, inputs: {amount: total + 1}, outputs: {twice: double, all: result.now}}
          b: {type: human}
    """
    case = Case(linked(text, decide=decide))
    case.start(total=2, at=7)
    assert case.variables["price"]["double"] == 4
    assert case.variables["twice"] == 6
    assert case.variables["all"] == 7
    assert case.open == ["b"]


def test_a_decision_without_inputs_sees_the_case() -> None:
    case = Case(linked("items: {d: {type: decision, calls: price, outputs: {twice: double}}}", decide=decide))
    case.start(amount=4)
    assert case.variables["twice"] == 8


def test_a_decision_that_fails_is_an_incident() -> None:
    case = Case(linked("items: {d: {type: decision, calls: broken}, a: {type: human}}", decide=decide))
    case.start()
    assert case.states("d") == ["failed"]
    assert case.incidents == ["dmn.broken"]
    case.do(Retry(at=1, wait=case.wait("d", "incident").id))
    assert case.incidents == ["dmn.broken"]


def test_decisions_that_are_not_linked_say_so() -> None:
    case = Case("items: {d: {type: decision, calls: price}, a: {type: human}}")
    case.start()
    assert case.incidents == ["cmmn.no-decisions"]
