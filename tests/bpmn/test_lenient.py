"""What whole families of modellers write against a rule, and changes no run, is read; strictly it is refused."""

from __future__ import annotations

import pytest

from anyshore import bpmn
from anyshore.base.errors import BpmnError
from anyshore.bpmn.writing import Document

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = (
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
)
LINE = (
    '<startEvent id="s"><outgoing>f</outgoing></startEvent>{}<endEvent id="e"><incoming>g</incoming></endEvent>'
    '<sequenceFlow id="f" sourceRef="s" targetRef="t"/><sequenceFlow id="g" sourceRef="t" targetRef="e"/>'
)
TASK = '<userTask id="t"><incoming>f</incoming><outgoing>g</outgoing></userTask>'


def file(
    body: str = "", *, head: str = 'targetNamespace="urn:t"', process: str = "", before: str = "", after: str = ""
) -> str:
    body = body or LINE.format(TASK)
    return (
        f'<definitions xmlns="{MODEL}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" {head}>{before}'
        f'<process id="p" isExecutable="true" {process}>{body}</process>{after}</definitions>'
    )


def told(text: str) -> list[tuple[str, str]]:
    return [(one.code.removeprefix("bpmn."), one.severity) for one in bpmn.read(text, file="x.bpmn").diagnostics]


NO_IDS = LINE.format(TASK).replace('<sequenceFlow id="f"', "<sequenceFlow").replace("<outgoing>f</outgoing>", "")
SHAPE = (
    '<bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement="p"><bpmndi:BPMNShape bpmnElement="t">'
    '<di:extension><a:pen xmlns:a="urn:a" width="2"/></di:extension><dc:Bounds x="0" y="0" width="9" height="9"/>'
    "</bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
)


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        (file(NO_IDS.replace("<incoming>f</incoming>", "")), {"EXT003", "EXT023"}),
        (file(before='<interface name="i"><operation id="o" name="o"><inMessageRef>m</inMessageRef></operation>'
                     '</interface><message id="m" name="m"/>'), {"EXT003"}),
        (file(f'<property name="x"/>{LINE.format(TASK)}'), {"EXT003"}),
        (file(LINE.format('<userTask id="t"/>')), {"EXT023"}),
        (file(head=""), {"XSD"}),
        (file(process='processType="Public"'), {"EXT035"}),
    ],
)  # fmt: skip
def test_it_is_read_with_a_warning_and_refused_strictly(text: str, rules: set[str]) -> None:
    assert set(told(text)) == {(rule, "warning") for rule in rules}
    with pytest.raises(BpmnError) as refused:
        bpmn.read(text, strict=True)
    assert {one.code for one in refused.value.diagnostics} >= {f"bpmn.{rule}" for rule in rules}


@pytest.mark.parametrize(
    "node", ["<userTask><incoming>f</incoming><outgoing>g</outgoing></userTask>", '<userTask id="t" name="x"/><task/>']
)
def test_a_node_without_an_id_is_refused(node: str) -> None:
    with pytest.raises(BpmnError, match="EXT003"):
        bpmn.read(file(LINE.format(node)))


def test_in_an_ad_hoc_sub_process_an_event_may_stand_alone() -> None:
    inner = '<userTask id="a"/><intermediateThrowEvent id="n"/>'
    adhoc = f'<adHocSubProcess id="t"><incoming>f</incoming><outgoing>g</outgoing>{inner}</adHocSubProcess>'
    assert told(file(LINE.format(adhoc))) == []
    with pytest.raises(BpmnError, match="EXT115"):
        bpmn.read(file(LINE.format(adhoc)), strict=True)


def test_an_extension_in_the_diagram_is_read_and_kept() -> None:
    text = file(head=f'targetNamespace="urn:t" {DI}', after=SHAPE)
    assert told(text) == []
    assert b'width="2"' in Document.open(text).write()


@pytest.mark.parametrize("wrong", ['<di:unknown xmlns:di="http://www.omg.org/spec/DD/20100524/DI"/>', "<nonsense/>"])
def test_what_is_no_element_of_the_standard_is_still_told(wrong: str) -> None:
    with pytest.raises(BpmnError, match="XSD"):
        bpmn.read(
            file(head=f'targetNamespace="urn:t" {DI}', after=SHAPE.replace("<dc:Bounds", f"{wrong}<dc:Bounds", 1))
        )


GATEWAY = (
    '<exclusiveGateway id="t" default="g"><incoming>f</incoming><outgoing>h</outgoing><outgoing>g</outgoing>'
    '</exclusiveGateway><endEvent id="e2"><incoming>h</incoming></endEvent><sequenceFlow id="h" sourceRef="t" '
    'targetRef="e2"><conditionExpression xsi:type="tFormalExpression">{}</conditionExpression></sequenceFlow>'
)


def test_a_language_that_no_expression_is_in_is_passed_over() -> None:
    head = 'targetNamespace="urn:t" expressionLanguage="http://www.mvel.org/2.0"'
    assert told(file(head=head)) == []
    with pytest.raises(BpmnError, match="mvel"):
        bpmn.read(file(LINE.format(GATEWAY.format("n > 1".replace(">", "&gt;"))), head=head))


@pytest.mark.parametrize(
    "head",
    [
        'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"', 'xmlns:flowable="http://flowable.org/bpmn"',
        'exporter="Camunda Modeler" exporterVersion="5.0.0"', 'exporter="Flowable Open Source Modeler"',
    ],
)  # fmt: skip
def test_a_dialect_is_known_by_its_namespace_or_its_modeller(head: str) -> None:
    text = file(LINE.format(GATEWAY.format("${amount &gt; 100}")), head=f'targetNamespace="urn:t" {head}')
    process = bpmn.read(text).process()
    assert process.flows["h"].condition is not None
    assert process.flows["h"].condition.source == "amount > 100"


def test_an_expression_of_camunda_8_is_known_by_its_namespace() -> None:
    head = 'targetNamespace="urn:t" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    process = bpmn.read(file(LINE.format(GATEWAY.format("=amount &gt; 100")), head=head)).process()
    assert process.flows["h"].condition is not None


def test_without_any_sign_of_a_dialect_its_expression_is_refused() -> None:
    with pytest.raises(BpmnError, match="expected an expression"):
        bpmn.read(file(LINE.format(GATEWAY.format("${amount &gt; 100}"))))


JBPM = 'xmlns:tns="http://www.jboss.org/drools" targetNamespace="urn:t"'


@pytest.mark.parametrize(
    "process", ['tns:packageName="org.acme"', 'tns:version="2"', 'tns:adHoc="false"', 'tns:bgcolor="#fff"']
)
def test_what_jbpm_says_that_is_so_anyway_is_passed_over(process: str) -> None:
    assert told(file(head=JBPM, process=process)) == []


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("elementname", "Look", True), ("customDescription", "x", True), ("customAsync", "false", True),
        ("customAsync", "true", False), ("customAutoStart", "true", False), ("unheard", "1", False),
    ],
)  # fmt: skip
def test_metadata_of_jbpm_is_refused_where_it_changes_something(name: str, value: str, read: bool) -> None:
    extension = (
        f'<extensionElements><tns:metaData name="{name}"><tns:metaValue>{value}</tns:metaValue></tns:metaData>'
        "</extensionElements>"
    )
    text = file(LINE.format(TASK.replace('id="t">', f'id="t">{extension}')), head=JBPM)
    if read:
        assert told(text) == []
    else:
        with pytest.raises(BpmnError, match="metaData of jBPM"):
            bpmn.read(text)


def test_an_ad_hoc_process_of_jbpm_is_refused() -> None:
    with pytest.raises(BpmnError, match="adHoc of jBPM"):
        bpmn.read(file(head=JBPM, process='tns:adHoc="true"'))


def test_a_namespace_that_is_no_uri_is_noted_and_written_back() -> None:
    text = file(head='targetNamespace="urn:t" xmlns:own="http://acme.example/Collapsed Process"')
    (note,) = bpmn.read(text).diagnostics
    assert (note.code, note.severity, note.location.line) == ("xml.namespace", "warning", 1)
    assert b"Collapsed Process" in Document.open(text).write()


@pytest.mark.parametrize("text", ["<a xmlns:b='http://x y'><b:c></a>", "<a xmlns:b='http://x y'><c:d/></a>"])
def test_what_is_not_well_formed_besides_is_refused(text: str) -> None:
    with pytest.raises(BpmnError, match="Not well-formed"):
        bpmn.read(text)


def test_one_fault_gives_one_finding_in_words() -> None:
    text = file(LINE.format(TASK).replace('<sequenceFlow id="g" sourceRef="t"', '<sequenceFlow id="g"'))
    with pytest.raises(BpmnError) as refused:
        bpmn.read(text)
    about = [one for one in refused.value.diagnostics if one.location.element == "g"]
    assert [(one.code, one.message) for one in about] == [("bpmn.XSD", "sequenceFlow has no sourceRef.")]
    assert all(one.hint for one in refused.value.diagnostics)


def test_a_value_out_of_range_is_one_finding() -> None:
    with pytest.raises(BpmnError) as refused:
        bpmn.read(file(process='processType="Secret"'))
    (found,) = refused.value.diagnostics
    assert found.message == "processType of process is 'Secret'; it can be None, Public, Private."
