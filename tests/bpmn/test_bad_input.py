"""Damaged files: refused with a ``BpmnError`` or run; never anything else."""

from __future__ import annotations

import random

import pytest
from lxml import etree

from anyshore import bpmn
from anyshore.base.errors import BpmnError, CommandRejected
from anyshore.kernel.commands import Resolve, Start
from anyshore.kernel.state import INCIDENT, State
from anyshore.kernel.turn import advance
from tests.bpmn import models, test_hard_cases
from tests.bpmn.models import flows, log
from tests.draws import seeds

SAMPLES = [
    (test_hard_cases.INCLUSIVE, test_hard_cases.INCLUSIVE_FLOWS),
    (test_hard_cases.NESTED, test_hard_cases.NESTED_FLOWS),
    ('<startEvent id="a"/>' + test_hard_cases.MULTI + log("c"), "a -> b\nb -> c"),
    (
        '<startEvent id="a"/>' + test_hard_cases.COMPENSATED
        + '<intermediateThrowEvent id="t"><compensateEventDefinition activityRef="do2"/></intermediateThrowEvent>',
        "a -> do1\ndo1 -> do2\ndo2 -> do3\ndo3 -> t",
    ),
    (
        '<startEvent id="a"/><transaction id="t"><startEvent id="ta"/><endEvent id="no"><cancelEventDefinition/>'
        "</endEvent>"
        + flows("ta -> no") + '</transaction><boundaryEvent id="x" attachedToRef="t"><cancelEventDefinition/>'
        '</boundaryEvent><eventBasedGateway id="g"/><receiveTask id="r" messageRef="M1"/>'
        '<intermediateCatchEvent id="c">'
        '<timerEventDefinition><timeCycle>R2/PT1M</timeCycle></timerEventDefinition></intermediateCatchEvent>'
        '<callActivity id="q" calledElement="other"/><adHocSubProcess id="h"><userTask id="u"/></adHocSubProcess>'
        '<intermediateThrowEvent id="l"><linkEventDefinition name="L"/></intermediateThrowEvent>'
        '<intermediateCatchEvent id="k"><linkEventDefinition name="L"/></intermediateCatchEvent>',
        "a -> t\nx -> g\ng -> r\ng -> c\nr -> q\nc -> h\nq -> l\nk -> h",
    ),
    (
        '<dataObject id="o"/><dataObjectReference id="or" dataObjectRef="o"/><startEvent id="a"/><userTask id="b">'
        '<ioSpecification><dataInput id="i"/><dataOutput id="p"/><inputSet><dataInputRefs>i</dataInputRefs></inputSet>'
        "<outputSet><dataOutputRefs>p</dataOutputRefs></outputSet></ioSpecification><dataInputAssociation>"
        "<sourceRef>or</sourceRef><targetRef>i</targetRef></dataInputAssociation><dataOutputAssociation>"
        "<sourceRef>p</sourceRef><targetRef>or</targetRef></dataOutputAssociation></userTask><subProcess id='e'"
        ' triggeredByEvent="true"><startEvent id="s"><signalEventDefinition signalRef="S1"/></startEvent></subProcess>',
        "a -> b",
    ),
]  # fmt: skip


def damage(content: str, choose: random.Random) -> bytes:
    """Drops, moves or rewrites a few things."""
    root = etree.fromstring(content)
    for _ in range(choose.randint(1, 3)):
        elements = [one for one in root.iter(etree.Element) if one is not root]
        if not elements:
            break
        one, other = choose.choice(elements), choose.choice(elements)
        match choose.randint(0, 5):
            case 0:
                one.getparent().remove(one)
            case 1 if one.attrib:
                del one.attrib[choose.choice(sorted(one.attrib))]
            case 2 if one.attrib:
                names = [two.get("id") or "x" for two in elements]
                one.set(choose.choice(sorted(one.attrib)), choose.choice([*names, "", "true", "-1", "zzz"]))
            case 3:
                one.text = choose.choice(["", "1 +", "zzz", "PT", other.get("id") or "q"])
            case 4 if one not in other.iterancestors() and one is not other:
                other.append(one)
            case _:
                one.tag = other.tag
    return etree.tostring(root)


@pytest.mark.drawn
@pytest.mark.parametrize("sample", range(len(SAMPLES)))
@pytest.mark.parametrize("check_rules", [True, False])
def test_damaged_files(sample: int, check_rules: bool) -> None:
    body, links = SAMPLES[sample]
    content = (
        f'{models.HEAD}{models.ROOT}<process id="p" isExecutable="true">{body}{flows(links)}</process></definitions>'
    )
    for seed in seeds(40 if check_rules else 150):
        choose = random.Random(seed)
        try:
            found = bpmn.read(damage(content, choose), check_rules=check_rules)
        except BpmnError as refused:
            problems = refused.diagnostics
        else:
            problems = found.diagnostics
            for process in found.processes.values():
                play(process, choose)
        assert all(one.message and one.code for one in problems)


def play(process: bpmn.Process, choose: random.Random) -> None:
    """What is read can be run."""
    engine, state = bpmn.BpmnEngine(), State("x")
    try:
        variables = {"trace": [], "items": [], "n": 1}
        advance(engine, process, state, Start(at=0, variables=variables), yield_after=300)
    except CommandRejected:
        return
    for number in range(10):
        waits = [wait for wait in state.waits.values() if wait.kind not in (INCIDENT, "condition")]
        if state.outcome is not None or state.pending or not waits:
            return
        advance(engine, process, state, Resolve(at=number, wait=choose.choice(waits).id), yield_after=300)
