"""Files are opened whatever they model, edited, and written back without loss."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from anyshore import bpmn
from anyshore.base.errors import BpmnError
from anyshore.bpmn.namespaces import bpmn as tag
from anyshore.bpmn.namespaces import own
from anyshore.bpmn.writing import Document

CONTENT = """<?xml version="1.0" encoding="UTF-8"?>
<!-- drawn by hand -->
<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:odd="urn:odd" xmlns:unused="urn:unused"
    xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" targetNamespace="urn:test" odd:flag="1">
  <b:process id="p" isExecutable="false">
    <!-- the beginning -->
    <b:startEvent id="s" name="Start&#10;here">
      <b:outgoing>f</b:outgoing>
    </b:startEvent>
    <b:userTask id="t" name="Work">
      <b:extensionElements>
        <odd:thing xmlns:deep="urn:deep" deep:a="b"><![CDATA[a < b && c]]></odd:thing>
      </b:extensionElements>
      <b:incoming>f</b:incoming>
    </b:userTask>
    <b:sequenceFlow id="f" sourceRef="s" targetRef="t" />
    <b:choreographyTask id="never" initiatingParticipantRef="x"/>
  </b:process>
  <di:BPMNDiagram id="d"><di:BPMNPlane id="pl" bpmnElement="p"><di:BPMNShape id="sh" bpmnElement="t"/></di:BPMNPlane>
  </di:BPMNDiagram>
</b:definitions>
<!-- the end -->
"""


def canonical(document: Document) -> bytes:
    return etree.tostring(document.xml.root.getroottree(), method="c14n2", with_comments=True)


def opened() -> Document:
    return Document.open(CONTENT.encode())


def test_what_is_written_is_what_was_read_to_the_letter_but_for_the_space_between_attributes() -> None:
    written = opened().write().decode()
    # A parser does not tell how attributes and empty elements are spaced; all else is the text as it stood.
    assert written == CONTENT.replace('"\n    xmlns:di', '" xmlns:di').replace('"t" />', '"t"/>')


def test_written_and_opened_again_it_is_the_same() -> None:
    first = opened()
    assert canonical(Document.open(first.write())) == canonical(first)


def test_a_file_that_could_not_be_executed_is_opened() -> None:
    content = CONTENT.replace('isExecutable="false"', 'isExecutable="true"').encode()
    with pytest.raises(BpmnError):
        bpmn.read(content)
    assert Document.open(content).element("never").tag == tag("choreographyTask")


def test_only_what_is_no_bpmn_is_refused() -> None:
    with pytest.raises(BpmnError, match="root is 'html'") as caught:
        Document.open("<html/>")
    assert caught.value.code == "bpmn.not-bpmn"
    with pytest.raises(BpmnError, match="DOCTYPE"):
        Document.open(b"<!DOCTYPE a><a/>")
    with pytest.raises(BpmnError, match="Not well-formed"):
        Document.open("<a>")


def test_a_path_may_be_given_as_text(tmp_path: Path) -> None:
    file = tmp_path / "a.bpmn"
    file.write_text(CONTENT, encoding="utf-8")
    assert Document.open(str(file)).xml.file == str(file)
    assert Document.open(file).write() == opened().write()


def test_the_rules_are_those_of_interchange() -> None:
    found = opened().check()
    assert "bpmn.EXT036" in {one.code for one in found}
    assert {one.location.line for one in found if one.code == "bpmn.EXT036"} == {17}


def test_diagram_elements() -> None:
    assert [etree.QName(one).localname for one in opened().diagram_elements()] == [
        "BPMNDiagram", "BPMNPlane", "BPMNShape",
    ]  # fmt: skip


def changed(document: Document) -> set[str]:
    """The lines that are not those of the file."""
    before = opened().write().decode().splitlines()
    return set(document.write().decode().splitlines()) - set(before)


def test_rename() -> None:
    document = opened()
    document.rename("t", "Do <it> & more")
    assert changed(document) == {'    <b:userTask id="t" name="Do &lt;it&gt; &amp; more">'}
    document.rename("t", "")
    assert "name" not in document.element("t").attrib
    document.rename("t", "")


def test_documentation_is_added_changed_and_taken_away_in_place() -> None:
    document = opened()
    document.set_documentation("t", "What to do")
    assert changed(document) == {"      <b:documentation>What to do</b:documentation>"}
    assert document.element("t")[0].tag == tag("documentation")
    document.set_documentation("t", "Something else")
    assert changed(document) == {"      <b:documentation>Something else</b:documentation>"}
    document.set_documentation("t", "")
    assert canonical(document) == canonical(opened())
    document.set_documentation("t", "")


def test_a_condition_is_added_changed_and_taken_away() -> None:
    document = opened()
    document.set_condition("f", "amount > 10")
    again = Document.open(document.write())
    (condition,) = again.elements("conditionExpression")
    assert condition.text == "amount > 10"
    assert condition.get("{http://www.w3.org/2001/XMLSchema-instance}type") == "b:tFormalExpression"
    again.set_condition("f", "amount > 20")
    assert [one.text for one in again.elements("conditionExpression")] == ["amount > 20"]
    again.set_condition("f", None)
    assert canonical(again) == canonical(opened())
    again.set_condition("f", None)


def test_a_changed_condition_is_no_longer_in_the_old_language() -> None:
    content = CONTENT.replace(
        'targetRef="t" />', 'targetRef="t"><b:conditionExpression language="groovy">a</b:conditionExpression>'
        "</b:sequenceFlow>",
    )  # fmt: skip
    document = Document.open(content)
    document.set_condition("f", "b")
    (condition,) = document.elements("conditionExpression")
    assert (condition.text, dict(condition.attrib)) == ("b", {})


def test_our_attributes_are_set_under_a_readable_prefix() -> None:
    document = opened()
    document.set_extension("t", "role", "clerk")
    document.set_extension("t", "form", "check")
    written = document.write().decode()
    assert '<b:userTask id="t" name="Work" anyshore:role="clerk" anyshore:form="check">' in written
    assert written.count('xmlns:anyshore="https://anyshore.org/bpmn"') == 1
    for kept in ('xmlns:unused="urn:unused"', 'xmlns:deep="urn:deep"', 'xmlns:odd="urn:odd"'):
        assert kept in written
    again = Document.open(written)
    assert again.element("t").get(own("role")) == "clerk"
    again.set_extension("t", "role", None)
    again.set_extension("t", "role", None)
    assert again.element("t").get(own("role")) is None


def test_edits_that_make_no_sense_are_refused_with_the_place() -> None:
    document = opened()
    with pytest.raises(BpmnError, match="no anyshore:activity") as caught:
        document.set_extension("t", "activity", "x")
    assert caught.value.location.line == 10
    assert "apart, form, inputs, outputs, performer, role" in caught.value.hint
    with pytest.raises(BpmnError, match="no sequence flow"):
        document.set_condition("t", "x")
    with pytest.raises(BpmnError, match="no element 'nobody'"):
        document.rename("nobody", "x")
    assert canonical(document) == canonical(opened())


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1", "UTF-16"])
def test_the_encoding_is_kept(encoding: str) -> None:
    content = CONTENT.replace("UTF-8", encoding).replace("Work", "Prüfen").encode(encoding)
    written = Document.open(content).write()
    assert written.decode(encoding).startswith(f'<?xml version="1.0" encoding="{encoding}"?>')
    assert "Prüfen" in written.decode(encoding)
    assert Document.open(written).element("t").get("name") == "Prüfen"


def test_line_ends_are_kept() -> None:
    written = Document.open(CONTENT.replace("\n", "\r\n").encode()).write()
    assert written.count(b"\n") == written.count(b"\r\n") > 10


@given(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"], exclude_characters="￾￿"), max_size=30))
def test_any_name_survives(name: str) -> None:
    document = opened()
    document.rename("t", name)
    assert (Document.open(document.write()).element("t").get("name") or "") == name


def test_the_samples_of_other_modellers_survive() -> None:
    for sample in (Path(__file__).parent / "vendors" / "samples").glob("*.bpmn"):
        first = Document.open(sample)
        again = Document.open(first.write())
        assert canonical(again) == canonical(first)
        assert len(again.diagram_elements()) == len(first.diagram_elements()) > 20


def test_the_reference_models_survive(data_dir: Path) -> None:
    models = sorted((data_dir / "bpmn-miwg").rglob("*.bpmn"))
    assert len(models) > 10
    for model in models:
        first = Document.open(model)
        again = Document.open(first.write())
        assert canonical(again) == canonical(first), model.name
        assert len(again.diagram_elements()) == len(first.diagram_elements()) > 0, model.name
