"""Every rule fires where it is broken and is silent where it is kept."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from anyshore import bpmn
from anyshore.base.errors import BpmnError
from anyshore.base.xml import parse
from anyshore.bpmn import rules
from tests.bpmn.rules.build import F, codes, file, problems
from tests.bpmn.rules.cases import CASES
from tests.bpmn.rules.parts import LINE, E, S, T, catching, line, throwing

_SEEN: Counter[str] = Counter()


def _name(number: str) -> str:
    _SEEN[number] += 1
    return f"{number}-{_SEEN[number]}"


@pytest.mark.parametrize(("number", "wrong", "right"), CASES, ids=[_name(case[0]) for case in CASES])
def test_rule(number: str, wrong: bytes, right: bytes) -> None:
    assert number in codes(wrong)
    assert number not in codes(right)


def test_every_rule_has_a_case() -> None:
    elsewhere = {"EXT001"}
    assert {rule.number for rule in rules.RULES} == {case[0] for case in CASES} | elsewhere


def test_every_rule_has_a_number_of_its_own_a_section_and_a_text() -> None:
    assert len({rule.number for rule in rules.RULES}) == len(rules.RULES)
    assert all(rule.section and rule.text.endswith(".") and "\n" not in rule.text for rule in rules.RULES)


def test_an_ordinary_process_breaks_no_rule() -> None:
    assert problems(file(S + T + E, LINE)) == []


def test_a_problem_says_where_and_why() -> None:
    content = (
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:x">\n'
        b'  <process id="p" isExecutable="true">\n    <exclusiveGateway id="g" name="Paid?"/>\n  </process>\n'
        b"</definitions>"
    )
    (found,) = problems(content)
    assert found.code == "bpmn.EXT135"
    assert (found.location.file, found.location.element, found.location.line, found.location.column) == (
        "test.bpmn", "g", 3, 5,
    )  # fmt: skip
    assert "'Paid?'" in found.message
    assert "several incoming" in found.hint
    assert "10.6" in found.hint


def test_reading_reports_all_violations_together_with_what_is_not_executed() -> None:
    content = file(S + '<serviceTask id="t"/><exclusiveGateway id="g"/>' + E, "s>t t>e")
    with pytest.raises(BpmnError) as caught:
        bpmn.read(content)
    found = {one.code for one in caught.value.diagnostics}
    assert {"bpmn.EXT135", "bpmn.EXT150", "bpmn.EXT151", "bpmn.no-activity"} <= found


def test_the_rules_can_be_left_out() -> None:
    assert bpmn.read(file(S + T, "s>t", listed=False), check_rules=False).processes


def test_imports_are_looked_for_beside_the_file(tmp_path: Path) -> None:
    head = '<import namespace="urn:y" location="{}" importType="http://www.w3.org/2001/XMLSchema"/>'
    model = tmp_path / "model.bpmn"
    model.write_bytes(file(S + T + E, LINE, root=head.format("types.xsd")))

    def found() -> set[str]:
        return {one.code for one in rules.check(parse(model, error=BpmnError)) if one.severity == "error"}

    assert found() == {"bpmn.EXT001"}
    (tmp_path / "types.xsd").write_text("<html/>")
    assert found() == {"bpmn.EXT001"}
    (tmp_path / "types.xsd").write_text("<html>")
    assert found() == {"bpmn.EXT001"}
    (tmp_path / "types.xsd").write_text('<schema xmlns="http://www.w3.org/2001/XMLSchema"/>')
    assert found() == set()


def test_imports_of_content_without_a_path_and_from_the_network_are_not_looked_for() -> None:
    head = '<import namespace="urn:y" location="{}" importType="http://www.w3.org/2001/XMLSchema"/>'
    for location in ("types.xsd", "https://example.org/types.xsd"):
        assert "EXT001" not in codes(file(S + T + E, LINE, root=head.format(location)))


def test_a_script_without_its_language_is_a_warning_unless_it_is_read_strictly() -> None:
    content = line(
        '<scriptTask id="t" xmlns:a="https://anyshore.org/bpmn" a:result="x"><script>1</script></scriptTask>'
    )
    assert [(one.code, one.severity) for one in bpmn.read(content).diagnostics] == [("bpmn.EXT053", "warning")]
    assert codes(content) == {"EXT053"}
    for written in ("text/feel", "feel"):
        named = content.replace(b"<scriptTask", f'<scriptTask scriptFormat="{written}"'.encode())
        assert bpmn.read(named).diagnostics == ()


def test_rules_about_execution_warn_in_a_drawing() -> None:
    content = throwing('<messageEventDefinition messageRef="M1"/>')
    assert codes(content) == {"EXT128"}
    assert {one.severity for one in problems(content, drawing=True)} == {"warning"}
    assert codes(content.replace(b'isExecutable="true"', b'isExecutable="false"')) == set()


@pytest.mark.parametrize(
    "namespace",
    ["https://anyshore.org/bpmn", "http://camunda.org/schema/1.0/bpmn", "http://camunda.org/schema/zeebe/1.0"],
)
def test_a_file_for_an_engine_needs_no_operations(namespace: str) -> None:
    content = throwing('<messageEventDefinition messageRef="M1"/>').replace(
        b'xmlns:t="urn:test"', f'xmlns:t="urn:test" xmlns:engine="{namespace}"'.encode()
    )
    assert codes(content) == set()


def test_a_condition_of_a_flow_may_leave_its_type_away_where_it_is_a_formula() -> None:
    def content(text: str, more: str = "") -> bytes:
        flow = (
            '<sequenceFlow id="f" sourceRef="t" targetRef="e"><conditionExpression>'
            f"{text}</conditionExpression></sequenceFlow>"
        )
        return file(S + '<task id="t" default="t_e"/>' + E + flow, LINE, more=more)

    assert codes(content("amount > 10")) == set()
    assert codes(content("the amount is high")) == {"EXT012"}
    feel = 'expressionLanguage="https://www.omg.org/spec/DMN/20191111/FEEL/"'
    assert codes(content("approved", feel)) == set()


@pytest.mark.parametrize("written", ["due date", "dueDate"])
def test_a_name_is_a_time_only_where_the_file_says_its_language(written: str) -> None:
    def content(attributes: str = "") -> bytes:
        return line(
            catching(
                "t", f"<timerEventDefinition><timeDate {F} {attributes}>{written}</timeDate></timerEventDefinition>"
            )
        )

    assert codes(content()) == {"EXT132"}
    assert codes(content('language="https://www.omg.org/spec/DMN/20191111/FEEL/"')) == set()


def test_prefixed_references_into_other_files_are_left_alone() -> None:
    assert "REF" not in codes(
        line('<receiveTask id="t" messageRef="t:M9"/>').replace(b'xmlns:t="urn:test"', b'xmlns:t="urn:other"')
    )
    assert "REF" in codes(line('<receiveTask id="t" messageRef="t:M9"/>'))
    assert "REF" in codes(line('<receiveTask id="t" messageRef="nobody:M9"/>'))


def test_a_file_that_is_no_bpmn_has_no_violations_of_bpmn() -> None:
    assert rules.check(parse("<html/>", error=BpmnError)) == []


def test_the_given_invalid_models_are_refused_for_their_rules(data_dir: Path) -> None:
    wrong = []
    for model in sorted((data_dir / "betsy" / "invalid").rglob("*.bpmn")):
        found = {one.code for one in rules.check(parse(model, error=BpmnError)) if one.severity == "error"}
        if f"bpmn.{model.parent.name}" not in found:
            wrong.append(model.name)
    assert wrong == []


def test_no_valid_model_is_refused(data_dir: Path) -> None:
    valid = [one for one in (data_dir / "betsy").rglob("*.bpmn") if one.parent.name not in ("errors",)
             and "invalid" not in one.parts]  # fmt: skip
    drawings = list((data_dir / "bpmn-miwg").glob("*.bpmn"))
    own = list((Path(bpmn.__file__).parent.parent / "services").rglob("*.bpmn"))
    assert len(valid) > 90
    assert len(drawings) > 10
    assert own
    refused = {
        f"{model.name}: {one.code}"
        for model in (*valid, *drawings, *own)
        for one in rules.check(parse(model, error=BpmnError), drawing=model in drawings)
        if one.severity == "error" and (one.code != "bpmn.EXT053" or "betsy" not in model.parts)
    }
    assert refused == set(), "but for scripts of the suite, which do not say in which language they are"


UNLISTED = (
    '{0}<process id="p" isExecutable="{1}"><startEvent id="s"/><task id="t"/><exclusiveGateway id="x"/><task id="u"/>'
    '<endEvent id="e"/><sequenceFlow id="f1" sourceRef="s" targetRef="t"/>'
    '<sequenceFlow id="f2" sourceRef="t" targetRef="x"/><sequenceFlow id="f3" sourceRef="x" targetRef="u"/>'
    '<sequenceFlow id="f4" sourceRef="x" targetRef="e"/><sequenceFlow id="f5" sourceRef="u" targetRef="e"/>'
    "</process></definitions>"
)
"""No node lists its flows."""


def test_nodes_of_a_drawing_need_not_list_their_flows() -> None:
    head = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:t">'
    assert bpmn.read(UNLISTED.format(head, "false"), file="x.bpmn").described
    with pytest.raises(BpmnError, match="EXT023"):
        bpmn.read(UNLISTED.format(head, "true"), file="x.bpmn", strict=True)
    told = bpmn.read(UNLISTED.format(head, "true"), file="x.bpmn").diagnostics
    assert {(one.code, one.severity) for one in told} == {("bpmn.EXT023", "warning")}
