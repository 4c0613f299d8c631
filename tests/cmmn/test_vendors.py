"""Extensions of Flowable and Camunda: executed, harmless, left out, refused; never passed over in silence."""

from __future__ import annotations

from typing import Any

import pytest

from anyshore import cmmn
from anyshore.base.errors import CmmnError, Diagnostic
from anyshore.kernel.records import Sent
from tests.cmmn.cases import Case

HEAD = """<definitions xmlns="http://www.omg.org/spec/CMMN/20151109/MODEL" xmlns:flowable="http://flowable.org/cmmn"
  xmlns:camunda="http://camunda.org/schema/1.0/cmmn" id="d" targetNamespace="t">"""


def text(plan: str, attributes: str = "") -> bytes:
    model = f'<casePlanModel id="x.plan" {attributes}>{plan}</casePlanModel>'
    return f'{HEAD}<case id="x">{model}</case></definitions>'.encode()


def case(plan: str, attributes: str = "", **kinds: Any) -> Case:
    return Case(cmmn.link(cmmn.read(text(plan, attributes), **kinds)))


def refusal(plan: str, attributes: str = "") -> tuple[Diagnostic, ...]:
    with pytest.raises(CmmnError) as refused:
        cmmn.read(text(plan, attributes))
    return refused.value.diagnostics


TASK = '<planItem id="a" definitionRef="t"/><planItem id="z" definitionRef="last"/><humanTask id="last"/>'


@pytest.mark.parametrize(("quick", "open_"), [(True, ["z"]), (False, ["z", "a"]), (None, ["z", "a"])])
def test_whether_a_task_blocks_can_be_an_expression(quick: bool | None, open_: list[str]) -> None:
    found = case(TASK + '<humanTask id="t" flowable:isBlockingExpression="${quick != true}"/>')
    found.start(**({} if quick is None else {"quick": quick}))
    assert sorted(found.open) == sorted(open_)


def test_whether_a_call_blocks_can_be_an_expression() -> None:
    found = case(TASK + '<caseTask id="t" caseRef="other" isBlocking="true" flowable:isBlockingExpression="${false}"/>')
    sent = [one for one in found.start() if isinstance(one, Sent)]
    assert [(one.kind, one.name) for one in sent] == [("start", "case:other")]


PLAN = """<planItem id="a" definitionRef="t"/><planItem id="b" definitionRef="t"><itemControl><manualActivationRule/>
  </itemControl></planItem><humanTask id="t"/>"""


def test_whether_a_plan_completes_automatically_can_be_an_expression() -> None:
    found = case(PLAN, 'flowable:autoCompleteCondition="${enough}"')
    found.start(enough=False)
    found.complete("a")
    assert found.outcome is None
    found.set(enough=True)
    assert found.outcome == "completed"


def test_the_condition_counts_in_place_of_the_attribute() -> None:
    found = case(PLAN, 'autoComplete="true" flowable:autoCompleteCondition="${enough}"')
    found.start(enough=False)
    found.complete("a")
    assert found.outcome is None


def test_a_stage_completes_automatically_by_an_expression() -> None:
    stage = f'<stage id="s" flowable:autoCompleteCondition="${{enough}}">{PLAN}</stage>'
    found = case('<planItem id="st" definitionRef="s"/><planItem id="k" definitionRef="l"/><humanTask id="l"/>' + stage)
    found.start()
    found.complete("a")
    assert found.states("st") == ["active"]
    found.set(enough=True)
    assert found.last("st") == "completed"


def test_rules_count_by_the_name_the_file_gives() -> None:
    rule = '<repetitionRule flowable:counterVariable="round"><condition>${round &lt; 3}</condition></repetitionRule>'
    found = case(f'<planItem id="a" definitionRef="t"><itemControl>{rule}</itemControl></planItem><humanTask id="t"/>')
    found.start()
    for _ in range(3):
        found.complete("a")
    assert found.outcome == "completed"


def test_mappings_hand_over_and_take_back() -> None:
    mappings = """<extensionElements><flowable:in source="order" target="number"/>
      <flowable:in sourceExpression="${amount * 2}" target="twice"/><flowable:out source="answer" target="decision"/>
      <flowable:out sourceExpression="${answer == 'yes'}" target="agreed"/></extensionElements>"""
    found = case(TASK + f'<caseTask id="t" caseRef="other">{mappings}</caseTask>')
    found.start(order="PO-1", amount=4)
    assert {k: str(v) for k, v in found.wait("a", "child").data["variables"].items()} == {
        "number": "PO-1",
        "twice": "8",
    }
    found.resolve("a", "child", answer="yes", more="x")
    assert (found.variables["decision"], found.variables["agreed"]) == ("yes", True)
    assert "more" not in found.variables


def test_a_reference_of_flowable_is_a_text_unless_it_is_an_expression() -> None:
    for written, target in (("other", "case:other"), ("${which}", "case:that")):
        found = case(TASK + f'<caseTask id="t"><caseRefExpression>{written}</caseRefExpression></caseTask>')
        found.start(which="that")
        assert found.wait("a", "child").name == target


@pytest.mark.parametrize(
    ("plan", "named"),
    [
        ('<task id="t" flowable:class="org.x.Y"/>', "class"),
        ('<task id="t" flowable:type="http"/>', "type"),
        ('<task id="t" camunda:delegateExpression="${x}"/>', "delegateExpression"),
        ('<humanTask id="t" flowable:isBlockingExpression="${bean.blocks()}"/>', "isBlockingExpression|bean.blocks"),
        ('<milestone id="t" flowable:milestoneVariable="reached"/>', "milestoneVariable"),
        ('<userEventListener id="t" flowable:availableCondition="${x}"/>', "availableCondition"),
        ('<eventListener id="t" flowable:eventType="signal" flowable:signalRef="s"/>', "signalRef"),
        ('<humanTask id="t"><extensionElements><flowable:taskListener event="create"/></extensionElements>'
         "</humanTask>", "taskListener"),
        ('<humanTask id="t"><defaultControl><repetitionRule flowable:maxInstanceCount="3"/></defaultControl>'
         "</humanTask>", "maxInstanceCount"),
        ('<humanTask id="t"><defaultControl><extensionElements><flowable:parentCompletionRule type="ignore"/>'
         "</extensionElements></defaultControl></humanTask>", "parentCompletionRule"),
        ('<caseTask id="t" caseRef="c"><extensionElements><camunda:in variables="all"/></extensionElements></caseTask>',
         "in of Camunda"),
        ('<caseTask id="t" caseRef="c" flowable:inheritVariables="true"/>', "inheritVariables"),
    ],
)  # fmt: skip
def test_what_changes_a_case_and_is_not_executed_is_refused_by_name(plan: str, named: str) -> None:
    try:
        found = refusal(TASK + plan)
    except pytest.fail.Exception:
        with pytest.raises(CmmnError) as late:
            case(TASK + plan)
        found = late.value.diagnostics
    assert any(name in one.message for one in found for name in named.split("|"))
    assert all(one.location.line for one in found)
    tolerant = case(TASK + plan, tolerant=True)
    tolerant.start()


def test_criteria_of_flowable_that_are_not_usual_are_refused() -> None:
    sentry = '<sentry id="s"><ifPart><condition>x</condition></ifPart></sentry>'
    for attribute, refused in (
        ('flowable:exitType="activeInstances"', True), ('flowable:exitEventType="complete"', True),
        ('flowable:exitEventType="exit" flowable:exitType="default"', False),
    ):  # fmt: skip
        plan = f'<exitCriterion sentryRef="s" {attribute}/>{sentry}{TASK}<humanTask id="t"/>'
        if refused:
            assert refusal(plan)[0].code == "cmmn.not-translated"
        else:
            assert case(plan)


def test_what_is_left_out_is_said() -> None:
    model = cmmn.read(text(TASK + '<humanTask id="t" flowable:assignee="ada" flowable:async="true" flowable:new="1"/>'))
    found = [one for one in cmmn.check(model) if one.severity == "warning"]
    assert [one.message.split()[0] for one in found] == ["assignee", "new"]
    assert "performerRef" in found[0].message
    assert "not known here" in found[1].message


def test_expressions_of_flowable_are_translated_and_written_back_as_they_came() -> None:
    sentry = "<sentry id='s'><ifPart><condition>${x &gt; 1 &amp;&amp; not empty names}</condition></ifPart></sentry>"
    plan = f'<planItem id="a" definitionRef="t"><entryCriterion sentryRef="s"/></planItem><humanTask id="t"/>{sentry}'
    model = cmmn.read(text(plan))
    assert b"${x &gt; 1 &amp;&amp; not empty names}" in cmmn.write(model)
    found = Case(cmmn.link(model))
    found.start(x=2, names=[])
    assert found.states("a") == ["available"]
    found.set(names=["n"])
    assert found.open == ["a"]
