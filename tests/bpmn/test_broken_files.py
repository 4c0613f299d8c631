"""Files that are broken in any way are refused with their problems, and never by an error of ours."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from anyshore import bpmn
from anyshore.base.errors import BpmnError
from anyshore.base.xml import parse
from anyshore.bpmn import rules, vendors
from tests.draws import examples

SAMPLES = sorted((Path(__file__).parent / "vendors" / "samples").glob("*.bpmn"))
SERVICE = Path(bpmn.__file__).parent.parent / "services" / "bpo" / "payables" / "payables.bpmn"


def break_somehow(root: etree._Element, chance: random.Random) -> None:
    """One accident: something is lost, doubled, moved, renamed or filled with nonsense."""
    elements = [one for one in root.iter(etree.Element) if one is not root]
    one, other = chance.choice(elements), chance.choice(elements)
    match chance.randrange(7):
        case 0:
            one.getparent().remove(one)
        case 1 if one.attrib:
            del one.attrib[chance.choice(list(one.attrib))]
        case 2 if one.attrib:
            one.set(
                chance.choice(list(one.attrib)), chance.choice(["", "x", "-1", other.get("id") or "y", "a:b", "${"])
            )
        case 3:
            one.text = chance.choice(["", "nonsense", other.get("id") or "", "${x", "=", "0 0 9 * * ?"])
        case 4:
            one.getparent().append(etree.fromstring(etree.tostring(one)))
        case 5 if other not in one.iter(etree.Element):
            other.append(one)
        case _:
            one.tag = other.tag


def read(content: bytes) -> None:
    found = []
    try:
        bpmn.read(content, file="broken.bpmn")
    except BpmnError as refused:
        found = list(refused.diagnostics)
        found.append(found[0])  # a refusal has a problem
    assert all(one.message and one.code for one in found)


@pytest.mark.parametrize("sample", [*SAMPLES, SERVICE], ids=lambda path: path.stem)
@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32), accidents=st.integers(1, 6))
def test_broken_samples(sample: Path, seed: int, accidents: int) -> None:
    root = etree.fromstring(sample.read_bytes())
    chance = random.Random(seed)
    for _ in range(accidents):
        break_somehow(root, chance)
    content = etree.tostring(root)
    read(content)
    document = parse(content, "broken.bpmn", error=BpmnError)
    vendors.translate(document)
    for one in rules.check(document):
        assert one.location.file == "broken.bpmn"
        assert one.location.line
    assert bpmn.Document.open(content).write()


def test_the_invalid_models_given_are_read_without_an_error_of_ours(data_dir: Path) -> None:
    for model in (data_dir / "betsy" / "invalid").rglob("*.bpmn"):
        read(model.read_bytes())


def test_an_event_with_the_id_of_the_scope_around_a_compensation() -> None:
    """The activity's scope is then an event."""
    content = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:x">
    <process id="p" isExecutable="true"><startEvent id="q"/><subProcess id="q"><task id="t"/>
    <task id="u" isForCompensation="true"/><boundaryEvent id="b" attachedToRef="t">
    <compensateEventDefinition/></boundaryEvent><association sourceRef="b" targetRef="u"/></subProcess>
    <endEvent id="e"><compensateEventDefinition/></endEvent></process></definitions>"""
    with pytest.raises(BpmnError) as refused:
        bpmn.read(content)
    assert "bpmn.EXT002" in {one.code for one in refused.value.diagnostics}
