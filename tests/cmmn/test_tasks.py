"""What tasks hand out and take in: work, jobs, calls, decisions."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from anyshore import cmmn
from anyshore.base.errors import CommandRejected, DmnError
from anyshore.kernel.commands import Retry
from anyshore.kernel.records import Entered, Sent, WaitOpened
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
    assert wait.data == {"file": "text"}
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


HEAVY = "count(for i in 1..9999999 return i)"
"""More than an expression may use."""


@pytest.mark.parametrize("own", ["type: human", "type: task, activity: x", "type: task, activity: x, wait: false"])
@pytest.mark.parametrize("manual", [False, True])
def test_inputs_that_cannot_be_computed_make_the_task_fail_until_somebody_helps(own: str, manual: bool) -> None:
    task = f"{{{own}, manual: {str(manual).lower()}, inputs: {{x: 'if mended then 1 else {HEAVY}'}}}}"
    case = Case(f"items: {{a: {task}, b: {{type: human}}}}")
    case.start()
    if manual:
        case.act("manual_start", "a")
    assert (case.states("a"), case.incidents) == (["failed"], ["feel.budget.steps"])
    case.do(Retry(at=1, wait=case.wait("a", "incident").id, variables={"mended": True}))
    assert not case.incidents
    assert case.waits("a") or case.last("a") == "completed"


def test_outputs_of_a_job_that_cannot_be_computed_make_it_fail_and_a_retry_runs_it_again() -> None:
    output = f"{{x: 'if mended then 1 else {HEAVY}'}}"
    case = Case(f"items: {{a: {{type: task, activity: x, outputs: {output}}}, b: {{type: human}}}}")
    case.start()
    case.resolve("a", "job")
    assert (case.states("a"), case.incidents) == (["failed"], ["feel.budget.steps"])
    case.do(Retry(at=1, wait=case.wait("a", "incident").id, variables={"mended": True}))
    case.resolve("a", "job")
    assert case.variables["x"] == 1


def test_an_answer_whose_outputs_cannot_be_computed_is_refused() -> None:
    case = Case(f"items: {{a: {{type: human, outputs: {{x: '{HEAVY}'}}}}, b: {{type: human}}}}")
    case.start()
    for answer in (lambda: case.complete("a"), lambda: case.act("complete", "a")):
        with pytest.raises(CommandRejected, match="steps"):
            answer()
    assert case.open == ["a", "b"]


def test_outputs_of_a_call_that_fail_while_it_is_suspended_are_told_when_it_is_resumed() -> None:
    case = Case(f"items: {{a: {{type: case, calls: x, outputs: {{y: '{HEAVY}'}}}}, b: {{type: human}}}}")
    case.start()
    case.act("suspend", "a")
    case.resolve("a", "child")
    assert case.states("a") == ["suspended"]
    case.act("resume", "a")
    assert (case.states("a"), case.incidents) == (["failed"], ["feel.budget.steps"])


def test_a_call_that_fails_while_it_is_suspended_fails_when_it_is_resumed() -> None:
    case = Case("items: {a: {type: case, calls: x}, b: {type: human}}")
    case.start()
    case.act("suspend", "a")
    case.fail("a", "child")
    assert (case.states("a"), case.incidents) == (["suspended"], [])
    case.act("resume", "a")
    assert (case.states("a"), case.incidents) == (["failed"], ["broken"])
    assert case.wait("a", "incident").data["message"] == "it broke"
    case.do(Retry(at=1, wait=case.wait("a", "incident").id))
    assert case.wait("a", "child")


def test_a_job_goes_on_while_its_task_is_suspended_and_is_not_begun_again() -> None:
    case = Case("items: {a: {type: task, activity: pay}, b: {type: human}}")
    case.start()
    case.act("suspend", "a")
    case.resolve("a", "job", paid=True)
    assert (case.states("a"), case.variables) == (["suspended"], {"paid": True})
    records = case.act("resume", "a")
    assert case.last("a") == "completed"
    assert not [one for one in records if isinstance(one, WaitOpened)]


def test_a_job_under_way_is_the_same_after_a_pause() -> None:
    case = Case("items: {s: {type: stage, items: {a: {type: task, activity: pay}}}, b: {type: human}}")
    case.start()
    job = case.wait("a", "job")
    case.act("suspend", "s")
    case.act("resume", "s")
    assert case.wait("a", "job") == job


@pytest.mark.parametrize("own", ["type: human", "type: milestone, enter: [{if: go}]"])
def test_a_repetition_rule_that_fails_is_an_incident_of_the_stage_and_judged_again(own: str) -> None:
    rule = f"if mended then repetitionCounter < 2 else {HEAVY} > 1"
    case = Case(f"items: {{a: {{{own}, repeat: '{rule}'}}, b: {{type: human}}}}")
    case.start(go=True)
    if case.waits("a"):
        case.complete("a")
    assert (case.states("a"), case.incidents) == ([], ["feel.budget.steps"])
    case.do(Retry(at=1, wait=case.waits(kind="incident")[0].id))
    assert case.incidents == ["feel.budget.steps"]
    case.do(Retry(at=2, wait=case.waits(kind="incident")[0].id, variables={"mended": True}))
    assert not case.incidents
    entered = [one for one in case.log if isinstance(one, Entered) and one.element == "a"]
    assert [one.private["round"] for one in entered] == [1, 2]


def test_a_stage_does_not_complete_while_what_it_offers_cannot_be_judged() -> None:
    rule = f"if mended then false else {HEAVY} > 1"
    case = Case(f"items: {{b: {{type: human}}}}\noptional: {{a: {{type: human, when: '{rule}'}}}}")
    case.start()
    case.complete("b")
    assert (case.outcome, case.incidents) == (None, ["feel.budget.steps"])
    case.set(other=1)
    assert case.incidents == ["feel.budget.steps"]
    case.do(Retry(at=1, wait=case.waits(kind="incident")[0].id, variables={"mended": True}))
    assert case.outcome == "completed"


CALLED = """<definitions xmlns="http://www.omg.org/spec/CMMN/20151109/MODEL" id="d" targetNamespace="t">
<case id="called"><caseFileModel><caseFileItem id="paper" name="paper"/></caseFileModel>
  <casePlanModel id="p"><planItem id="a" definitionRef="h"/><humanTask id="h"/></casePlanModel>
  <input id="called.in" name="limit"/><output id="called.out" name="twice"><bindingRefinement>limit * 2 + more
  </bindingRefinement></output><output id="called.paper" name="document" bindingRef="paper"/></case>
<case id="caller"><casePlanModel id="q"><planItem id="c" definitionRef="t"/><caseTask id="t" caseRef="called">
  <input id="t.in" name="amount"/><output id="t.out" name="total"/>
  <parameterMapping sourceRef="t.in" targetRef="called.in"/><parameterMapping sourceRef="called.out" targetRef="t.out"/>
  </caseTask></casePlanModel></case></definitions>"""


def called(name: str) -> Case:
    return Case(cmmn.link(cmmn.read(CALLED.encode()), name))


@pytest.mark.parametrize("by_hand", [False, True])
def test_a_case_computes_its_outputs_when_it_completes(by_hand: bool) -> None:
    case = called("called")
    case.start(limit=20, more=1, paper="text")
    if by_hand:
        case.act("terminate", "a")
    else:
        case.complete("a", more=2)
    assert case.outcome == "completed"
    assert (case.variables["twice"], case.variables["document"]) == (41 if by_hand else 42, "text")


def test_outputs_of_a_case_see_what_is_given_when_it_is_completed_by_hand() -> None:
    manual = 'definitionRef="h"><itemControl><manualActivationRule/></itemControl></planItem>'
    text = CALLED.replace('definitionRef="h"/>', manual)
    case = Case(cmmn.link(cmmn.read(text.encode()), "called"))
    case.start(limit=20, more=1)
    case.act("complete", "p", variables={"more": Decimal(5)})
    assert (case.outcome, case.variables["twice"]) == ("completed", 45)


def test_outputs_of_a_case_that_cannot_be_computed_are_an_incident_of_the_case() -> None:
    model = cmmn.read(CALLED.replace("limit * 2 + more", f"if mended then 1 else {HEAVY}").encode())
    case = Case(cmmn.link(model, "called"))
    case.start()
    case.complete("a")
    assert (case.outcome, case.incidents) == (None, ["feel.budget.steps"])
    with pytest.raises(CommandRejected, match="steps"):
        case.act("complete", "p")
    case.do(Retry(at=1, wait=case.waits(kind="incident")[0].id, variables={"mended": True}))
    assert (case.outcome, case.variables["twice"]) == ("completed", 1)


def test_mappings_to_a_case_of_the_file_go_by_the_names_of_its_parameters() -> None:
    case = called("caller")
    case.start(amount=7)
    assert {k: str(v) for k, v in case.wait("c", "child").data["variables"].items()} == {"limit": "7"}
    case.resolve("c", "child", twice=14)
    assert case.variables["total"] == 14


def test_a_case_takes_an_input_by_its_id_too() -> None:
    case = called("called")
    case.start(**{"called.in": 3})
    assert case.variables == {"limit": 3}
