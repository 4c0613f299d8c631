"""What other modellers write into a node is translated, told or refused, one thing at a time."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from lxml import etree

from anyshore import bpmn, feel
from anyshore.bpmn.namespaces import bpmn as tag
from anyshore.bpmn.namespaces import own
from anyshore.bpmn.vendors.work import grouped
from tests.bpmn.vendors.dialects import HEAD, mapped, one, start
from tests.feel.test_writing import KEYS


@pytest.mark.parametrize("prefix", ["camunda", "operaton", "flowable", "activiti"])
@pytest.mark.parametrize(
    ("node", "expected"),
    [
        ('<userTask id="t" {0}:candidateGroups="a,b" {0}:assignee="c"/>', {"role": "a", "inputs": "all"}),
        ('<userTask id="t" {0}:assignee="c" {0}:formKey="embedded:app:forms/x.html"/>',
         {"role": "c", "form": "x", "inputs": "all"}),
        ('<serviceTask id="t" {0}:class="org.example.Do"/>', {"activity": "org.example.Do"}),
        ('<serviceTask id="t" {0}:delegateExpression="#{{doIt}}"/>', {"activity": "doIt"}),
        ('<sendTask id="t" {0}:delegateExpression="${{doIt}}"/>', {"activity": "doIt"}),
        ('<serviceTask id="t" {0}:type="external" {0}:topic="x"/>', {"activity": "x"}),
        ('<serviceTask id="t" {0}:expression="${{b.run(1)}}"/>', {"activity": "b.run"}),
        ('<businessRuleTask id="t" {0}:decisionRef="d" {0}:resultVariable="r"/>', {"decision": "d", "result": "r"}),
        ('<businessRuleTask id="t" {0}:type="external" {0}:topic="x"/>', {"activity": "x"}),
        ('<callActivity id="t" {0}:caseRef="c"/>', {"target": "case:c"}),
        ('<scriptTask id="t" {0}:resultVariable="r"><script>1</script></scriptTask>', {"result": "r"}),
    ],
)  # fmt: skip
def test_attributes(prefix: str, node: str, expected: dict[str, str]) -> None:
    element, found = one(node.format(prefix))
    ours = {etree.QName(name).localname: value for name, value in element.attrib.items() if name.startswith("{https")}
    assert ours == expected
    assert [one for one in found if one.severity == "error"] == []


PARAMETERS = (
    '<extensionElements><camunda:inputOutput>{}<camunda:outputParameter name="total">${{sum + 1}}'
    "</camunda:outputParameter></camunda:inputOutput></extensionElements>"
)


def test_work_of_camunda_sees_all_variables_and_gives_all_results() -> None:
    nodes = f'<userTask id="u">{PARAMETERS.format("")}</userTask>'
    nodes += f'<serviceTask id="v" camunda:type="external" camunda:topic="x">{PARAMETERS.format("")}</serviceTask>'
    text = f'{HEAD}<process id="p" isExecutable="true">{nodes}</process></definitions>'
    instance = start(bpmn.read(text.encode(), check_rules=False).process("p"), a=1)
    offered = {wait.name: wait.data for wait in instance.state.waits.values()}
    assert offered["u"]["inputs"] == {"a": 1}
    assert offered["x"] == {}  # an activity has typed inputs, and no use for others
    instance.resolve("u", sum=Decimal(4))
    assert (instance.variables["sum"], instance.variables["total"]) == (4, 5)
    instance.resolve("v", "job", sum=Decimal(6))
    assert (instance.variables["sum"], instance.variables["total"]) == (6, 7)


@pytest.mark.parametrize(
    ("root", "name"),
    [
        ('<signal id="t" name="=&quot;stop&quot;"><extensionElements><zeebe:x/></extensionElements></signal>', "stop"),
        ('<signal id="t" name="stop"/><message camunda:x="1"/>', "stop"),
    ],
)
def test_names_that_are_texts(root: str, name: str) -> None:
    element, _ = one("", root)
    assert element.get("name") == name


@pytest.mark.parametrize(
    "root",
    [
        '<message id="t" name="order-${id}" camunda:x="1"/>',
        '<signal id="t" name="=a + 1"><extensionElements><zeebe:properties/></extensionElements></signal>',
        '<error id="t" errorCode="=code"><extensionElements><zeebe:properties/></extensionElements></error>',
        '<escalation id="t" escalationCode="=("><extensionElements><zeebe:properties/></extensionElements>'
        "</escalation>",
    ],
)
def test_names_that_are_worked_out_are_refused(root: str) -> None:
    _, found = one("", root)
    assert "worked out" in " ".join(one.message for one in found if one.severity == "error")


def test_inputs_that_a_model_names_are_what_a_person_sees() -> None:
    node = PARAMETERS.format('<camunda:inputParameter name="b">${a}</camunda:inputParameter>')
    element, _ = one(f'<userTask id="t">{node}</userTask>')
    assert element.get(own("inputs")) is None


@pytest.mark.parametrize(("value", "wanted"), [(Decimal(3), [3]), ([Decimal(1), Decimal(2)], [1, 2]), (None, [])])
def test_entries_of_a_decision_are_a_list(value: Any, wanted: list[int]) -> None:
    node = '<businessRuleTask id="t" camunda:decisionRef="d" camunda:resultVariable="r"'
    element, found = one(f'{node} camunda:mapDecisionResult="collectEntries"/>')
    assert found == []
    (output,) = element.iter(own("output"))
    assert output.get("name") == "r"
    assert feel.evaluate(output.get("expression", ""), {"r": value}) == wanted


def test_what_the_model_says_in_our_terms_is_kept() -> None:
    space = own("x").split("}")[0][1:]
    element, _ = one(f'<userTask xmlns:a="{space}" id="t" a:role="mine" camunda:assignee="other"/>')
    assert element.get(own("role")) == "mine"


def test_an_expression_that_only_calculates_becomes_a_script() -> None:
    element, found = one('<serviceTask id="t" camunda:expression="${a + 1}" camunda:resultVariable="b"/>')
    assert (element.tag, element.get(own("result"))) == (tag("scriptTask"), "b")
    assert (element.findtext(tag("script")), found) == ("(if a instance of string then number(a) else a) + 1", [])


def test_a_connector_gives_its_mappings() -> None:
    element, found = one(
        '<serviceTask id="t"><extensionElements><camunda:connector><camunda:inputOutput>'
        '<camunda:inputParameter name="url">https://x/${id}</camunda:inputParameter></camunda:inputOutput>'
        "<camunda:connectorId>http</camunda:connectorId></camunda:connector></extensionElements></serviceTask>"
    )
    assert (element.get(own("activity")), mapped(element, "input"), found) == (
        "http", {"url": '"https://x/" + string(id)'}, [],
    )  # fmt: skip


def test_signals_carry_their_mappings() -> None:
    element, _ = one(
        '<endEvent id="t"><signalEventDefinition signalRef="s"><extensionElements><camunda:in source="a" target="b"/>'
        "</extensionElements></signalEventDefinition></endEvent>"
    )
    assert mapped(element, "input") == {"b": "a"}


def test_a_message_that_a_program_sends_gets_its_name() -> None:
    element, found = one(
        '<endEvent id="t"><messageEventDefinition id="d" camunda:type="external" camunda:topic="to-bank"/></endEvent>'
    )
    definition = element[0]
    (message,) = element.getroottree().getroot().findall(tag("message"))
    assert (definition.get("messageRef"), message.get("name"), found) == (message.get("id"), "to-bank", [])


@pytest.mark.parametrize(
    ("node", "ins", "outs"),
    [
        ('<callActivity id="t" calledElement="q"><extensionElements><camunda:in variables="all"/>'
         '<camunda:out variables="all"/></extensionElements></callActivity>', "all", "all"),
        ('<callActivity id="t" calledElement="q"><extensionElements><camunda:in variables="all"/>'
         '<camunda:in source="a" target="b"/></extensionElements></callActivity>', "all", None),
        ('<callActivity id="t" calledElement="q" flowable:inheritVariables="true"/>', "all", None),
        ('<callActivity id="t" calledElement="q" camunda:async="true"/>', None, None),
        ('<callActivity id="t"><extensionElements><zeebe:calledElement processId="q"/></extensionElements>'
         "</callActivity>", "all", "all"),
        ('<callActivity id="t"><extensionElements><zeebe:calledElement processId="q" propagateAllChildVariables="false"'
         ' propagateAllParentVariables="false"/></extensionElements></callActivity>', None, None),
        ('<callActivity id="t"><extensionElements><zeebe:calledElement processId="q"/><zeebe:ioMapping>'
         '<zeebe:output source="=a" target="b"/></zeebe:ioMapping></extensionElements></callActivity>', "all", None),
    ],
)  # fmt: skip
def test_calls_hand_over_what_their_engine_does(node: str, ins: str | None, outs: str | None) -> None:
    element, found = one(node)
    assert (element.get(own("inputs")), element.get(own("outputs")), found) == (ins, outs, [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [("${a &gt; 1}", "a > 1"), ("#{b}", "b"), ("a &lt; 1", "a < 1"), ("${c == 'x'}", 'c = "x"')],
)
def test_conditions(text: str, expected: str) -> None:
    condition, found = one(
        f'<task id="a" camunda:async="true"/><sequenceFlow><conditionExpression id="t">{text}</conditionExpression>'
        "</sequenceFlow>"
    )
    assert (condition.text, found) == (expected, [])


@pytest.mark.parametrize(
    ("node", "what"),
    [
        ('<task id="t"><extensionElements><camunda:executionListener class="x"/></extensionElements></task>',
         "executionListener"),
        ('<userTask id="t"><extensionElements><camunda:taskListener class="x" event="create"/></extensionElements>'
         "</userTask>", "taskListener"),
        ('<serviceTask id="t" flowable:skipExpression="${x}" flowable:class="a"/>', "skipExpression"),
        ('<serviceTask id="t" camunda:expression="${a + 1}"/>', "goes nowhere"),
        ('<serviceTask id="t" camunda:expression="${S(a).prop(1)}" camunda:resultVariable="x"/>', "function S"),
        ('<businessRuleTask id="t" camunda:decisionRef="${d}"/>', "worked out"),
        ('<callActivity id="t" calledElement="${p}"/>'.replace("id=", 'camunda:async="true" id='), "worked out"),
        ('<endEvent><signalEventDefinition id="t"><extensionElements><camunda:in variables="all"/></extensionElements>'
         "</signalEventDefinition></endEvent>", "all variables"),
        ('<timerEventDefinition id="t"><timeCycle zeebe:x="1">0 0 9 * * MON-FRI</timeCycle></timerEventDefinition>',
         "cron"),
        ('<callActivity id="t" camunda:variableMappingClass="x" calledElement="q"/>', "mapping in Java"),
        ('<scriptTask id="t" camunda:resource="x.groovy"/>', "another file"),
        ('<timerEventDefinition camunda:x="1" id="t"><timeCycle>0 0 9 * * ?</timeCycle></timerEventDefinition>',
         "cron"),
        ('<serviceTask id="t" camunda:class="x"><extensionElements><camunda:inputOutput>'
         '<camunda:inputParameter name="a"><camunda:script scriptFormat="groovy">1'
         "</camunda:script></camunda:inputParameter></camunda:inputOutput>"
         "</extensionElements></serviceTask>", "groovy"),
        ('<task id="t" camunda:neverHeardOf="1"/>', "neverHeardOf"),
        ('<businessRuleTask id="t" activiti:rules="a"/>', "Java"),
        ('<serviceTask id="t"><extensionElements><zeebe:taskDefinition type="=x"/></extensionElements></serviceTask>',
         "job type"),
        ('<userTask id="t"><extensionElements><zeebe:taskDefinition type="x"/></extensionElements></userTask>',
         "user task"),
        ('<businessRuleTask id="t"><extensionElements><zeebe:calledDecision decisionId="=x"/></extensionElements>'
         "</businessRuleTask>", "decision"),
        ('<callActivity id="t"><extensionElements><zeebe:calledElement processId="=x"/></extensionElements>'
         "</callActivity>", "process"),
        ('<serviceTask id="t"><extensionElements><zeebe:executionListeners/></extensionElements></serviceTask>',
         "executionListeners"),
        ('<scriptTask id="t"><extensionElements><zeebe:script expression="=1 + random(2)" resultVariable="x"/>'
         "</extensionElements></scriptTask>", "function random"),
        ('<timerEventDefinition id="t" zeebe:x="1"><timeCycle>=cycle(3, duration("PT1H"))</timeCycle>'
         "</timerEventDefinition>", "function cycle"),
        ('<task id="t"><extensionElements><zeebe:neverHeardOf/></extensionElements></task>', "neverHeardOf"),
        ('<callActivity id="t" calledElement="q"><extensionElements><camunda:in source="order-id" target="b"/>'
         "</extensionElements></callActivity>", "the source 'order-id'"),
        ('<callActivity id="t" calledElement="q"><extensionElements><camunda:out source="then" target="b"/>'
         "</extensionElements></callActivity>", "the source 'then'"),
        ('<userTask id="t"><multiInstanceLoopCharacteristics camunda:collection="all orders" '
         'camunda:elementVariable="o"/></userTask>', "the collection 'all orders'"),
        ('<businessRuleTask id="t" camunda:decisionRef="d" camunda:resultVariable="re-sult" '
         'camunda:mapDecisionResult="collectEntries"/>', "the result variable 're-sult'"),
        ('<scriptTask id="t" camunda:resultVariable="x" scriptFormat="juel"><script>${for}</script></scriptTask>',
         "cannot be the name of a variable"),
    ],
)  # fmt: skip
def test_what_changes_the_run_and_cannot_be_translated_is_refused_by_name_and_place(node: str, what: str) -> None:
    _, found = one(node)
    errors = [one for one in found if one.severity == "error"]
    assert errors
    assert any(what in one.message for one in errors)
    assert all(one.location.file == "test.bpmn" and one.location.line == 1 and one.location.column for one in errors)
    assert all(one.code == "bpmn.not-translated" and one.hint for one in errors)


@pytest.mark.parametrize(
    "node",
    [
        '<userTask id="t" camunda:dueDate="${d}"/>',
        '<userTask id="t" camunda:assignee="${a}"/>',
        '<userTask id="t"><extensionElements><camunda:formData/></extensionElements></userTask>',
        '<userTask id="t" flowable:assignee="$INITIATOR"/>',
        '<errorEventDefinition id="t" camunda:errorMessage="x"/>',
        '<serviceTask id="t"><extensionElements><zeebe:taskHeaders/></extensionElements></serviceTask>',
        '<serviceTask id="t"><extensionElements><zeebe:taskDefinition type="a"/></extensionElements></serviceTask>',
        '<serviceTask id="t" camunda:class="a"/>',
        '<businessRuleTask id="t" camunda:decisionRef="d" camunda:resultVariable="r"/>',
        '<userTask id="t"><extensionElements><zeebe:assignmentDefinition assignee="=a"/></extensionElements>'
        "</userTask>",
    ],
)
def test_what_is_left_out_is_a_warning(node: str) -> None:
    _, found = one(node)
    assert [one.severity for one in found] == ["warning"]


@pytest.mark.parametrize(
    "node",
    [
        '<userTask id="t" camunda:asyncBefore="true" camunda:exclusive="false" camunda:priority="50"/>',
        '<task id="t"><extensionElements><camunda:properties/><camunda:failedJobRetryTimeCycle>R3/PT1M'
        "</camunda:failedJobRetryTimeCycle></extensionElements></task>",
        '<userTask id="t" zeebe:modelerTemplate="x"><extensionElements><zeebe:userTask/><zeebe:properties/>'
        "</extensionElements></userTask>",
    ],
)
def test_what_is_for_the_modeller_only_is_not_spoken_of(node: str) -> None:
    assert one(node)[1] == []


def test_camunda_8_names_and_texts() -> None:
    element, found = one(
        '<serviceTask id="t"><extensionElements><zeebe:taskDefinition type="x"/><zeebe:ioMapping>'
        '<zeebe:input source="plain" target="a.b"/><zeebe:input source="=1 + 1" target="a.c"/>'
        '<zeebe:output source="=r" target="o"/></zeebe:ioMapping></extensionElements></serviceTask>'
    )
    assert mapped(element, "input") == {"a": '{b: "plain", c: 1 + 1}'}
    assert mapped(element, "output") == {"o": "r"}
    assert found == []


@given(KEYS.filter(lambda name: "." not in name), KEYS.filter(lambda name: "." not in name))
@example("for", "? ?")
@example("a-b", "x y")
def test_targets_with_a_dot_become_a_context_whatever_the_names(first: str, second: str) -> None:
    wanted = {first: Decimal(1), second: Decimal(2)}
    pairs = list({f"x.{first}": "1", f"x.{second}": "2"}.items())
    ((name, written),) = grouped(pairs)
    assert name == "x"
    assert feel.compile(written).evaluate({}) == wanted


def test_entries_of_a_variable_are_read_whatever_their_names() -> None:
    node = (
        '<callActivity id="t" calledElement="q"><extensionElements><camunda:in source="order.then" target="a"/>'
        '<camunda:in source="order.line-item" target="b"/></extensionElements></callActivity>'
    )
    element, found = one(node)
    assert found == []
    order = {"order": {"then": "next", "line-item": "bolt"}}
    read = {name: feel.compile(text).evaluate(order) for name, text in mapped(element, "input").items()}
    assert read == {"a": "next", "b": "bolt"}


def test_a_map_of_camunda_7_keeps_its_keys() -> None:
    entries = "".join(f'<camunda:entry key="{key}">1</camunda:entry>' for key in ("for", "a-b", "? ?", "a&#13;b"))
    parameter = f'<camunda:inputParameter name="b"><camunda:map>{entries}</camunda:map></camunda:inputParameter>'
    element, _ = one(f'<userTask id="t">{PARAMETERS.format(parameter)}</userTask>')
    written = mapped(element, "input")["b"]
    assert list(feel.compile(written).evaluate({})) == ["for", "a-b", "? ?", "a\rb"]
