"""Reading files: what is found, what is refused, and that all problems come back at once with their places."""

from __future__ import annotations

from pathlib import Path

import pytest

from anyshore import bpmn
from anyshore.base.errors import BpmnError
from tests.bpmn.models import HEAD, definitions, flows, log, process, start, trace

START = '<startEvent id="a"/>'


def codes(body: str, links: str = "", root: str = "") -> list[str]:
    """Codes of all problems of a process."""
    with pytest.raises(BpmnError) as refused:
        definitions(body, links, root=root)
    return [problem.code for problem in refused.value.diagnostics]


@pytest.mark.parametrize(
    ("body", "links", "code"),
    [
        ('<startEvent id="a"/><choreographyTask id="b"/>', "", "bpmn.not-executed"),
        ('<startEvent id="a"/><subChoreography id="b"/>', "", "bpmn.not-executed"),
        ('<startEvent id="a"/><task id="b" priority="3"/>', "a -> b", "bpmn.not-executed"),
        ('<startEvent id="a"/><task id="b" anyshore:form="x"/>', "a -> b", "bpmn.not-executed"),
        ('<startEvent id="a"/><serviceTask id="b" implementation="http://x" anyshore:activity="y"/>', "a -> b",
         "bpmn.not-executed"),
        ('<startEvent id="a"/><task id="b" xmlns:c="http://www.jboss.org/drools" c:asyncBefore="true"/>',
         "a -> b",
         "bpmn.not-executed"),
        ('<startEvent id="a"/><task id="b"><extensionElements><z:onEntry xmlns:z="http://www.jboss.org/drools"/>'
         "</extensionElements></task>", "a -> b", "bpmn.not-executed"),
        ('<startEvent id="a"/><task id="b"><extensionElements><anyshore:magic/></extensionElements></task>', "a -> b",
         "bpmn.not-executed"),
        ('<startEvent id="a"/><transaction id="b" method="##Store"/>', "a -> b", "bpmn.transaction-method"),
        ('<startEvent id="a"/><task id="a"/>', "", "bpmn.duplicate-id"),
        ("<startEvent/>", "", "bpmn.no-id"),
        ('<startEvent id="a"/><sequenceFlow id="f" sourceRef="a" targetRef="nowhere"/>', "", "bpmn.unknown-reference"),
        ('<startEvent id="a"/><sequenceFlow id="f" sourceRef="a"/>', "", "bpmn.missing-reference"),
        ('<startEvent id="a"/><subProcess id="s"><task id="b"/></subProcess>', "a -> b", "bpmn.flow-end"),
        ('<startEvent id="a"/><task id="b" default="other"/><task id="c"/>', "a -> b\nb -> c [f]", "bpmn.default-flow"),
        ('<startEvent id="a"/><task id="b"/><task id="c"/>', "a -> b\nb -> c : 1 +", "feel.syntax"),
        ('<startEvent id="a"/><serviceTask id="b"/>', "a -> b", "bpmn.no-activity"),
        ('<startEvent id="a"/><businessRuleTask id="b"/>', "a -> b", "bpmn.no-decision"),
        ('<startEvent id="a"/><callActivity id="b"/>', "a -> b", "bpmn.calls-nothing"),
        ('<startEvent id="a"/><callActivity id="b" anyshore:target="robot:7"/>', "a -> b", "bpmn.call-target"),
        ('<startEvent id="a"/><sendTask id="b"/>', "a -> b", "bpmn.no-message"),
        ('<startEvent id="a"/><scriptTask id="b"/>', "a -> b", "bpmn.empty-expression"),
        ('<startEvent id="a"/><intermediateCatchEvent id="b"/>', "a -> b", "bpmn.catches-nothing"),
        ('<startEvent id="a"/><intermediateCatchEvent id="b"><errorEventDefinition/></intermediateCatchEvent>',
         "a -> b",
         "bpmn.event-position"),
        ('<startEvent id="a"/><intermediateThrowEvent id="b"><timerEventDefinition><timeDuration>PT1S</timeDuration>'
         "</timerEventDefinition></intermediateThrowEvent>", "a -> b", "bpmn.event-position"),
        ('<startEvent id="a"><timerEventDefinition/></startEvent>', "", "bpmn.timer"),
        ('<startEvent id="a"><timerEventDefinition><timeCycle>R0/PT1S</timeCycle></timerEventDefinition></startEvent>',
         "",
         "bpmn.timer"),
        ('<startEvent id="a"><timerEventDefinition><timeDate>2026-02-30T00:00:00Z</timeDate></timerEventDefinition>'
         "</startEvent>", "", "bpmn.timer"),
        ('<startEvent id="a"><conditionalEventDefinition/></startEvent>', "", "bpmn.no-condition"),
        ('<startEvent id="a"/><task id="b"/><boundaryEvent id="x" attachedToRef="a"><errorEventDefinition/>'
         "</boundaryEvent>",
         "a -> b", "bpmn.boundary"),
        ('<startEvent id="a"/><task id="b"/><boundaryEvent id="x" attachedToRef="b" cancelActivity="false">'
         "<errorEventDefinition/></boundaryEvent>", "a -> b", "bpmn.always-interrupts"),
        ('<startEvent id="a"/><intermediateThrowEvent id="b"><linkEventDefinition name="L"/></intermediateThrowEvent>',
         "a -> b", "bpmn.link"),
        ('<startEvent id="a"/><subProcess id="s" triggeredByEvent="true"><startEvent id="x"/></subProcess>', "",
         "bpmn.event-subprocess"),
        ('<startEvent id="a"/><task id="b"><multiInstanceLoopCharacteristics/></task>', "a -> b", "bpmn.no-instances"),
        ('<startEvent id="a"/><task id="b"><multiInstanceLoopCharacteristics behavior="Some"><loopCardinality>2'
         "</loopCardinality></multiInstanceLoopCharacteristics></task>", "a -> b", "bpmn.behavior"),
        ('<startEvent id="a"/><task id="b" isForCompensation="maybe"/>', "a -> b", "bpmn.bad-flag"),
        ('<startEvent id="a"/><adHocSubProcess id="s" ordering="Random"/>', "a -> s", "bpmn.ordering"),
        ('<startEvent id="a"/><task id="b"/><task id="c"/><sequenceFlow id="f" sourceRef="b" targetRef="c">'
         '<conditionExpression language="groovy">x</conditionExpression></sequenceFlow>', "a -> b", "bpmn.language"),
        ('<dataStoreReference id="ds"/><startEvent id="a"/><userTask id="b"><dataOutputAssociation>'
         "<sourceRef>o</sourceRef>"
         '<targetRef>ds</targetRef></dataOutputAssociation><ioSpecification><dataOutput id="o"/><inputSet/><outputSet/>'
         "</ioSpecification></userTask>", "a -> b", "bpmn.not-executed"),
        ('<startEvent id="a"/><userTask id="b"><potentialOwner/></userTask>', "a -> b", "bpmn.performer"),
    ],
)  # fmt: skip
def test_refused_by_name(body: str, links: str, code: str) -> None:
    assert code in codes(body, links)


def test_all_problems_come_back_at_once_with_their_places() -> None:
    content = (
        HEAD + '\n<process id="p" isExecutable="true">\n  <startEvent id="a"/>\n  <serviceTask id="b"/>\n'
        '  <choreographyTask id="c"/>\n  <sequenceFlow id="f" sourceRef="a" targetRef="zzz"/>\n'
        "</process>\n</definitions>"
    )
    with pytest.raises(BpmnError) as refused:
        bpmn.read(content, file="order.bpmn", check_rules=False)
    found = {(one.location.element, one.location.line, one.location.column) for one in refused.value.diagnostics}
    assert found == {("b", 4, 3), ("c", 5, 3), ("f", 6, 3)}
    assert all(one.location.file == "order.bpmn" for one in refused.value.diagnostics)
    assert all(one.hint for one in refused.value.diagnostics)


@pytest.mark.parametrize(
    "content",
    [
        "", "no xml", "<a/>", '<definitions xmlns="urn:other"/>', "<!DOCTYPE a><a/>",
        HEAD + '<process id="p" isExecutable="true">',
    ],
)  # fmt: skip
def test_what_is_no_bpmn_is_refused(content: str) -> None:
    with pytest.raises(BpmnError):
        bpmn.read(content.encode())


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BpmnError, match="Cannot read"):
        bpmn.read(tmp_path / "none.bpmn")


def test_reading_a_path(tmp_path: Path) -> None:
    file = tmp_path / "x.bpmn"
    file.write_text(
        HEAD
        + '<process id="p" isExecutable="true">'
        + START
        + '<endEvent id="b"/>'
        + flows("a -> b")
        + "</process></definitions>"
    )
    assert bpmn.read(file, check_rules=False).document.file == str(file)
    assert bpmn.read(str(file), check_rules=False).process().id == "p"


def test_unknown_extensions_are_warned_about() -> None:
    found = definitions(START + '<task id="b" xmlns:v="urn:vendor" v:color="red"/>', "a -> b")
    assert [(one.code, one.severity) for one in found.diagnostics] == [("bpmn.unknown-extension", "warning")]


def test_processes_that_are_only_drawn() -> None:
    found = bpmn.read(HEAD + '<process id="q" name="Drawing"><task id="x" name="Think"/></process></definitions>')
    assert found.described == {"q": "Drawing"}
    with pytest.raises(BpmnError, match="only drawn"):
        found.process("q")
    with pytest.raises(BpmnError, match="no process 'z'"):
        found.process("z")
    with pytest.raises(BpmnError, match="not exactly one"):
        found.process()


def test_pools_lanes_and_message_flows() -> None:
    found = definitions(
        '<laneSet id="ls"><lane id="l1" name="Outer"><flowNodeRef>a</flowNodeRef><flowNodeRef>b</flowNodeRef>'
        '<childLaneSet id="cl"><lane id="l2" name="Inner"><flowNodeRef>b</flowNodeRef></lane></childLaneSet></lane>'
        "</laneSet>" + START + '<task id="b"/>', "a -> b",
        extra='<process id="q" isExecutable="true"><startEvent id="qa"/></process><collaboration id="co">'
        '<participant id="P1" processRef="p"/><participant id="P2" processRef="q"/><participant id="P3"/>'
        '<messageFlow id="mf" sourceRef="b" targetRef="P2"/></collaboration>',
    )  # fmt: skip
    assert found.process("p").lanes == {"a": "Outer", "b": "Inner"}
    assert found.participants == {"P1": "p", "P2": "q"}
    assert [(one.source, one.target) for one in found.message_flows] == [("b", "P2")]
    assert list(found.processes) == ["p", "q"]


def test_references_may_have_a_prefix() -> None:
    definition = process(
        START + '<receiveTask id="b" messageRef="tns:M1"/>' + log("c"), "a -> b\nb -> c",
        root='<message id="M1" name="order"/>',
    )  # fmt: skip
    instance = start(definition)
    instance.resolve("b", "message")
    assert trace(instance) == ["c"]


def test_what_a_process_needs_from_outside() -> None:
    definition = process(
        START + '<serviceTask id="b" anyshore:activity="mail"/><userTask id="c" anyshore:form="f"/>'
        '<callActivity id="d" calledElement="q"/><businessRuleTask id="e" anyshore:decision="D" anyshore:result="r"/>'
        '<subProcess id="s"><startEvent id="sa"/><serviceTask id="sb" anyshore:activity="mail"/>' + flows("sa -> sb")
        + "</subProcess>", "a -> b\nb -> c\nc -> d\nd -> e\ne -> s",
    )  # fmt: skip
    assert (definition.activities, definition.forms) == (("mail",), ("f",))
    assert (definition.calls, definition.decisions) == (("process:q",), ("D",))


def test_names_with_spaces_are_known_to_feel() -> None:
    definition = process(
        '<dataObject id="d1" name="Net amount"/>'
        + START
        + "<exclusiveGateway id='x' default='no'/>"
        + log("b")
        + log("c"),
        "a -> x\nx -> b : Net amount > 3\nx -> c [no]",
    )
    assert trace(start(definition, **{"Net amount": 5})) == ["b"]


def test_activity_from_an_operation() -> None:
    definition = process(
        START + '<serviceTask id="b" operationRef="op"/>', "a -> b",
        root='<message id="M" name="m"/><interface id="i" name="Tax"><operation id="op" name="tax.compute">'
        "<inMessageRef>M</inMessageRef></operation></interface>",
    )  # fmt: skip
    assert start(definition).wait("b", "job").name == "tax.compute"


def test_reference_models_of_the_interchange_group_are_read_or_refused_by_name(data_dir: Path) -> None:
    for file in sorted((data_dir / "bpmn-miwg").glob("*.bpmn")):
        try:
            found = bpmn.read(file).diagnostics
        except BpmnError as refused:
            found = tuple(refused.diagnostics)
        assert all(one.message and one.location.line for one in found), file
