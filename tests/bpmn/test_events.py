"""Events by position and kind. Source: BPMN 2.0.2, 10.5 and 13.5."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from anyshore.base.errors import CommandRejected
from anyshore.bpmn import BpmnEngine
from anyshore.kernel.commands import Act, Fail, Resolve, Start, Write
from anyshore.kernel.records import Sent
from tests.bpmn.models import flows, log, passed, process, run, trace
from tests.harness import Instance

MINUTE = 60_000_000

DEFINITIONS = {
    "message": '<messageEventDefinition messageRef="M1"/>',
    "signal": '<signalEventDefinition signalRef="S1"/>',
    "timer": "<timerEventDefinition><timeDuration>PT1M</timeDuration></timerEventDefinition>",
    "conditional": "<conditionalEventDefinition><condition>go</condition></conditionalEventDefinition>",
    "error": '<errorEventDefinition errorRef="E1"/>',
    "escalation": '<escalationEventDefinition escalationRef="X1"/>',
}
WAITING = ["message", "signal", "timer", "conditional"]


def happen(instance: Instance, kind: str, owner: str) -> None:
    """Lets a waiting trigger occur."""
    if kind == "conditional":
        instance.do(Write(at=1, variables={"go": True}))
    else:
        instance.resolve(owner, kind, at=MINUTE)


@pytest.mark.parametrize("kind", WAITING)
def test_intermediate_catch(kind: str) -> None:
    instance = run(
        f'<startEvent id="a"/><intermediateCatchEvent id="x">{DEFINITIONS[kind]}</intermediateCatchEvent>' + log("b"),
        "a -> x\nx -> b",
        go=False,
    )
    assert trace(instance) == []
    happen(instance, kind, "x")
    assert trace(instance) == ["b"]
    assert instance.outcome == "completed"


def test_conditional_catch_goes_on_at_once_when_the_condition_holds() -> None:
    instance = run(
        f'<startEvent id="a"/><intermediateCatchEvent id="x">{DEFINITIONS["conditional"]}</intermediateCatchEvent>'
        + log("b"), "a -> x\nx -> b", go=True,
    )  # fmt: skip
    assert trace(instance) == ["b"]


@pytest.mark.parametrize("kind", WAITING)
@pytest.mark.parametrize("interrupting", [True, False])
def test_boundary(kind: str, interrupting: bool) -> None:
    cancel = str(interrupting).lower()
    instance = run(
        '<startEvent id="a"/><userTask id="b"/>'
        f'<boundaryEvent id="x" attachedToRef="b" cancelActivity="{cancel}">{DEFINITIONS[kind]}</boundaryEvent>'
        + log("c")
        + log("d"),
        "a -> b\nb -> c\nx -> d",
        go=False,
    )
    happen(instance, kind, "b")
    assert trace(instance) == ["d"]
    if interrupting:
        assert instance.outcome == "completed"
    else:
        instance.resolve("b")
        assert trace(instance) == ["d", "c"]
        assert instance.outcome == "completed"
    assert not instance.state.waits


@pytest.mark.parametrize("kind", ["message", "signal"])
def test_non_interrupting_boundary_hears_again(kind: str) -> None:
    instance = run(
        '<startEvent id="a"/><userTask id="b"/>'
        f'<boundaryEvent id="x" attachedToRef="b" cancelActivity="false">{DEFINITIONS[kind]}</boundaryEvent>'
        + log("d"), "a -> b\nx -> d",
    )  # fmt: skip
    for _ in range(3):
        instance.resolve("b", kind)
    assert trace(instance) == ["d"] * 3


def test_a_condition_has_to_become_false_before_it_fires_again() -> None:
    instance = run(
        '<startEvent id="a"/><userTask id="b"/>'
        f'<boundaryEvent id="x" attachedToRef="b" cancelActivity="false">{DEFINITIONS["conditional"]}</boundaryEvent>'
        + log("d"), "a -> b\nx -> d", go=False,
    )  # fmt: skip
    for go, times in ((True, 1), (True, 1), (False, 1), (True, 2)):
        instance.do(Write(at=0, variables={"go": go}))
        assert trace(instance) == ["d"] * times


def test_a_condition_interrupts_before_the_next_step() -> None:
    instance = run(
        '<startEvent id="a"/><subProcess id="s"><startEvent id="sa"/>'
        '<scriptTask id="b" anyshore:result="go"><script>true</script></scriptTask>' + log("c")
        + flows("sa -> b\nb -> c") + "</subProcess>"
        f'<boundaryEvent id="x" attachedToRef="s">{DEFINITIONS["conditional"]}</boundaryEvent>' + log("d"),
        "a -> s\nx -> d",
        go=False,
    )  # fmt: skip
    assert trace(instance) == ["d"]


def subprocess(inner: str, links: str, boundary: str = "", after: str = "") -> tuple[str, str]:
    """A process with one sub-process ``s``; ``after`` continues the flows."""
    body = f'<startEvent id="a"/><subProcess id="s">{inner}{flows(links)}</subProcess>{boundary}' + log("done")
    return body, f"a -> s\ns -> done\n{after}"


@pytest.mark.parametrize("kind", WAITING)
@pytest.mark.parametrize("interrupting", [True, False])
def test_event_sub_process(kind: str, interrupting: bool) -> None:
    body, links = subprocess(
        '<startEvent id="sa"/><userTask id="b"/>'
        f'<subProcess id="h" triggeredByEvent="true"><startEvent id="x" isInterrupting="{str(interrupting).lower()}">'
        f"{DEFINITIONS[kind]}</startEvent>" + log("c") + flows("x -> c") + "</subProcess>",
        "sa -> b",
    )  # fmt: skip
    instance = run(body, links, go=False)
    happen(instance, kind, "s")
    if interrupting:
        assert trace(instance) == ["c", "done"]
    else:
        assert trace(instance) == ["c"]
        instance.resolve("b")
        assert trace(instance) == ["c", "done"]
    assert instance.outcome == "completed"
    assert not instance.state.waits


def test_event_sub_process_of_the_process_itself() -> None:
    instance = run(
        '<startEvent id="a"/><userTask id="b"/><subProcess id="h" triggeredByEvent="true"><startEvent id="x">'
        '<messageEventDefinition messageRef="M1"/></startEvent><userTask id="c"/>' + flows("x -> c") + "</subProcess>",
        "a -> b",
    )
    instance.resolve("p", "message")
    assert not instance.nodes("b")
    assert not instance.waits("p", "message"), "only one interrupting handler may start"
    instance.resolve("c")
    assert instance.outcome == "completed"


def test_running_handlers_keep_the_scope_open() -> None:
    body, links = subprocess(
        '<startEvent id="sa"/><userTask id="b"/><subProcess id="h" triggeredByEvent="true">'
        '<startEvent id="x" isInterrupting="false"><messageEventDefinition messageRef="M1"/></startEvent>'
        '<userTask id="c"/>' + flows("x -> c") + "</subProcess>", "sa -> b",
    )  # fmt: skip
    instance = run(body, links)
    instance.resolve("s", "message")
    instance.resolve("s", "message")
    assert len(instance.nodes("h")) == 2
    instance.resolve("b")
    assert trace(instance) == []
    instance.resolve("c")
    instance.resolve("c")
    assert trace(instance) == ["done"]


@pytest.mark.parametrize(
    ("boundary", "expected"),
    [
        ('<errorEventDefinition errorRef="E1"/>', ["caught"]),
        ("<errorEventDefinition/>", ["caught"]),
        ('<errorEventDefinition errorRef="E2"/>', []),
    ],
)
def test_error_end_event(boundary: str, expected: list[str]) -> None:
    body, links = subprocess(
        '<startEvent id="sa"/><userTask id="other"/><parallelGateway id="g"/>'
        '<endEvent id="b"><errorEventDefinition errorRef="E1"/></endEvent>',
        "sa -> g\ng -> b\ng -> other",
        f'<boundaryEvent id="x" attachedToRef="s">{boundary}</boundaryEvent>' + log("caught"),
        "x -> caught",
    )
    instance = run(body, links)
    assert trace(instance) == expected
    assert instance.outcome == ("completed" if expected else "error:E-1")
    assert not instance.state.nodes


def test_the_handler_for_the_code_wins_over_one_for_any() -> None:
    body, links = subprocess(
        '<startEvent id="sa"/><endEvent id="b"><errorEventDefinition errorRef="E1"/></endEvent>', "sa -> b",
        '<boundaryEvent id="x" attachedToRef="s"><errorEventDefinition/></boundaryEvent>'
        '<boundaryEvent id="y" attachedToRef="s"><errorEventDefinition errorRef="E1"/></boundaryEvent>'
        + log("any") + log("exact"), "x -> any\ny -> exact",
    )  # fmt: skip
    assert trace(run(body, links)) == ["exact"]


def test_an_error_goes_out_through_scopes_until_it_is_caught() -> None:
    body, links = subprocess(
        '<startEvent id="sa"/><subProcess id="t"><startEvent id="ta"/>'
        '<serviceTask id="job" anyshore:activity="x"/>' + flows("ta -> job") + "</subProcess>", "sa -> t",
        '<boundaryEvent id="x" attachedToRef="s"><errorEventDefinition errorRef="E1"/>'
        "</boundaryEvent>" + log("caught"), "x -> caught",
    )  # fmt: skip
    instance = run(body, links)
    instance.do(Fail(at=0, wait=instance.wait("job", "job").id, code="E-1", message="boom"))
    assert trace(instance) == ["caught"]
    assert instance.outcome == "completed"


def test_an_error_inside_an_error_handler_is_not_caught_by_it_again() -> None:
    body, links = subprocess(
        '<startEvent id="sa"/><endEvent id="b"><errorEventDefinition errorRef="E1"/></endEvent>'
        '<subProcess id="h" triggeredByEvent="true"><startEvent id="x"><errorEventDefinition/></startEvent>' + log("c")
        + '<endEvent id="again"><errorEventDefinition errorRef="E1"/></endEvent>' + flows("x -> c\nc -> again")
        + "</subProcess>", "sa -> b",
    )  # fmt: skip
    instance = run(body, links)
    assert trace(instance) == ["c"]
    assert instance.outcome == "error:E-1"


def test_error_code_and_message_can_be_mapped() -> None:
    instance = run(
        '<startEvent id="a"/><serviceTask id="job" anyshore:activity="x"/>'
        '<boundaryEvent id="x" attachedToRef="job"><extensionElements><anyshore:output name="why"'
        ' expression="errorCode + &quot;: &quot; + errorMessage"/></extensionElements><errorEventDefinition/>'
        "</boundaryEvent>", "a -> job",
    )  # fmt: skip
    instance.do(Fail(at=0, wait=instance.wait("job", "job").id, code="E-7", message="boom"))
    assert instance.variables["why"] == "E-7: boom"


@pytest.mark.parametrize(("position", "after"), [("intermediateThrowEvent", True), ("endEvent", False)])
@pytest.mark.parametrize("interrupting", [True, False])
def test_escalation(position: str, after: bool, interrupting: bool) -> None:
    body, links = subprocess(
        f'<startEvent id="sa"/><{position} id="b"><escalationEventDefinition escalationRef="X1"/></{position}>'
        + log("c"), "sa -> b" + ("\nb -> c" if after else "\nc -> sa".replace("\nc -> sa", "")),
        f'<boundaryEvent id="x" attachedToRef="s" cancelActivity="{str(interrupting).lower()}">'
        '<escalationEventDefinition escalationRef="X1"/></boundaryEvent>' + log("caught"), "x -> caught",
    )  # fmt: skip
    instance = run(body, links)
    if interrupting:
        assert trace(instance) == ["caught"]
    else:
        assert sorted(trace(instance)) == sorted(["caught", "done"] + (["c"] if after else []))
    assert instance.outcome == "completed"


def test_an_escalation_nobody_catches_goes_out_and_on() -> None:
    instance = run(
        '<startEvent id="a"/><intermediateThrowEvent id="b"><escalationEventDefinition escalationRef="X1"/>'
        "</intermediateThrowEvent>" + log("c"), "a -> b\nb -> c",
    )  # fmt: skip
    (sent,) = [record for record in instance.log if type(record).__name__ == "Sent"]
    assert (sent.kind, sent.name) == ("escalation", "X-1")
    assert trace(instance) == ["c"]


def test_an_escalation_of_a_called_process_reaches_the_call() -> None:
    instance = run(
        '<startEvent id="a"/><callActivity id="call" calledElement="q"/>'
        '<boundaryEvent id="x" attachedToRef="call" cancelActivity="false">'
        '<escalationEventDefinition escalationRef="X1"/></boundaryEvent>' + log("caught"), "a -> call\nx -> caught",
    )  # fmt: skip
    call = instance.node("call")
    instance.do(Act(at=0, verb="escalate", node=call.id, data={"code": "X-1", "detail": 1}))
    assert trace(instance) == ["caught"]
    assert instance.variables["detail"] == 1
    instance.resolve("call", "child")
    assert instance.outcome == "completed"


def test_signal_reaches_everything_that_listens() -> None:
    instance = run(
        '<startEvent id="a"/><parallelGateway id="g"/>'
        + "".join(f'<intermediateCatchEvent id="x{n}">{DEFINITIONS["signal"]}</intermediateCatchEvent>' + log(f"b{n}")
                  for n in (1, 2))
        + '<intermediateThrowEvent id="t"><extensionElements><anyshore:input name="level" expression="3"/>'
        '</extensionElements><signalEventDefinition signalRef="S1"/></intermediateThrowEvent>',
        "a -> g\ng -> t\ng -> x1\ng -> x2\nx1 -> b1\nx2 -> b2",
    )  # fmt: skip
    assert trace(instance) == ["b1", "b2"]
    assert instance.variables["level"] == 3
    (sent,) = [record for record in instance.log if type(record).__name__ == "Sent"]
    assert (sent.kind, sent.name, sent.data) == ("signal", "alarm", {"level": 3})


@pytest.mark.parametrize("parallel", [False, True])
def test_multiple_and_parallel_multiple_catch(parallel: bool) -> None:
    instance = run(
        f'<startEvent id="a"/><intermediateCatchEvent id="x" parallelMultiple="{str(parallel).lower()}">'
        f"{DEFINITIONS['message']}{DEFINITIONS['signal']}</intermediateCatchEvent>" + log("b"), "a -> x\nx -> b",
    )  # fmt: skip
    instance.resolve("x", "signal")
    assert trace(instance) == ([] if parallel else ["b"])
    if parallel:
        instance.resolve("x", "message")
        assert trace(instance) == ["b"]
    assert instance.outcome == "completed"


def test_parallel_multiple_boundary_starts_over() -> None:
    instance = run(
        '<startEvent id="a"/><userTask id="b"/><boundaryEvent id="x" attachedToRef="b" cancelActivity="false"'
        f' parallelMultiple="true">{DEFINITIONS["message"]}{DEFINITIONS["signal"]}</boundaryEvent>' + log("c"),
        "a -> b\nx -> c",
    )  # fmt: skip
    for expected, kind in enumerate(["signal", "signal", "message", "message", "signal"]):
        instance.resolve("b", kind)
        assert len(trace(instance)) == (0, 0, 1, 1, 2)[expected]


def test_multiple_end_event_does_everything() -> None:
    instance = run(
        '<startEvent id="a"/><parallelGateway id="g"/><userTask id="b"/><endEvent id="x"><terminateEventDefinition/>'
        f"{DEFINITIONS['message']}{DEFINITIONS['signal']}</endEvent>", "a -> g\ng -> x\ng -> b",
    )  # fmt: skip
    assert [record.kind for record in instance.log if type(record).__name__ == "Sent"] == ["message", "signal"]
    assert instance.outcome == "terminated"


def test_terminate_in_a_sub_process_ends_only_that() -> None:
    body, links = subprocess(
        '<startEvent id="sa"/><parallelGateway id="g"/><userTask id="b"/>'
        '<endEvent id="x"><terminateEventDefinition/></endEvent>', "sa -> g\ng -> b\ng -> x",
    )  # fmt: skip
    instance = run(body, links)
    assert trace(instance) == ["done"]
    assert instance.outcome == "completed"


def test_terminate_in_one_instance_of_a_multi_instance() -> None:
    instance = run(
        '<startEvent id="a"/><subProcess id="s"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>'
        '</multiInstanceLoopCharacteristics><startEvent id="sa"/><parallelGateway id="g"/><userTask id="b"/>'
        '<userTask id="c"/><endEvent id="x"><terminateEventDefinition/></endEvent>'
        + flows("sa -> g\ng -> b\ng -> c\nc -> x") + "</subProcess>" + log("done"), "a -> s\ns -> done",
    )  # fmt: skip
    instance.resolve("c")
    assert len(instance.nodes("b")) == 1
    instance.resolve("b")
    assert trace(instance) == []
    instance.resolve("c")
    assert trace(instance) == ["done"]


def begin(body: str, links: str, element: str | None, **variables: Any) -> Instance:
    """Starts a process at one of its start events."""
    instance = Instance(BpmnEngine(), process(body, links))
    instance.do(Start(at=0, element=element, variables={"trace": [], **variables}))
    return instance


def test_start_events() -> None:
    body = (
        '<startEvent id="n"/>'
        + "".join(f'<startEvent id="{kind}">{DEFINITIONS[kind]}</startEvent>' for kind in WAITING)
        + log("b")
        + log("c")
    )
    links = "n -> b\n" + "\n".join(f"{kind} -> c" for kind in WAITING)
    definition = process(body, links)
    assert [(one.element, one.kind) for one in definition.starts] == [
        (None, "none"), *((kind, kind) for kind in WAITING),
    ]  # fmt: skip
    assert trace(begin(body, links, None)) == ["b"]
    for kind in WAITING:
        instance = begin(body, links, kind, amount=1)
        assert trace(instance) == ["c"]
        assert instance.variables["amount"] == 1
    with pytest.raises(CommandRejected, match="does not start at"):
        begin(body, links, "b")


def test_process_without_none_start_does_not_start_by_itself() -> None:
    with pytest.raises(CommandRejected, match="by itself"):
        begin(f'<startEvent id="m">{DEFINITIONS["message"]}</startEvent>' + log("b"), "m -> b", None)


def test_process_without_any_start_event_starts_what_nothing_leads_to() -> None:
    instance = begin(log("b") + log("c") + log("d"), "b -> d", None)
    assert sorted(trace(instance)) == ["b", "c", "d"]


def test_parallel_multiple_start_needs_all_its_triggers() -> None:
    body = f'<startEvent id="m" parallelMultiple="true">{DEFINITIONS["message"]}{DEFINITIONS["signal"]}</startEvent>'
    instance = begin(body + log("b"), "m -> b", "m#1")
    assert trace(instance) == []
    instance.resolve("m", "message")
    assert trace(instance) == ["b"]
    assert instance.outcome == "completed"


def test_instantiating_receive_task() -> None:
    instance = begin('<receiveTask id="r" instantiate="true" messageRef="M1"/>' + log("b"), "r -> b", "r", amount=3)
    assert trace(instance) == ["b"]
    assert instance.variables["amount"] == 3
    assert passed(instance)[:2] == ["r", "b"]


def test_link_events_go_on_elsewhere() -> None:
    instance = run(
        '<startEvent id="a"/><intermediateThrowEvent id="t"><linkEventDefinition name="L"/></intermediateThrowEvent>'
        '<intermediateCatchEvent id="c"><linkEventDefinition name="L"/></intermediateCatchEvent>' + log("b"),
        "a -> t\nc -> b",
    )  # fmt: skip
    assert trace(instance) == ["b"]
    assert passed(instance) == ["a", "t", "c", "b", "p"]


def test_message_events_map_data() -> None:
    instance = run(
        '<startEvent id="a"/><intermediateCatchEvent id="x"><extensionElements>'
        '<anyshore:output name="total" expression="net + tax"/></extensionElements>'
        '<messageEventDefinition messageRef="M1"/></intermediateCatchEvent>', "a -> x",
    )  # fmt: skip
    instance.resolve("x", "message", net=Decimal(10), tax=Decimal(2))
    assert instance.variables["total"] == 12
    assert "net" not in instance.variables


def test_a_condition_wait_is_not_resolved_from_outside() -> None:
    instance = run(
        f'<startEvent id="a"/><intermediateCatchEvent id="x">{DEFINITIONS["conditional"]}</intermediateCatchEvent>',
        "a -> x", go=False,
    )  # fmt: skip
    with pytest.raises(CommandRejected, match="condition"):
        instance.do(Resolve(at=0, wait=instance.wait("x", "condition").id))


@pytest.mark.parametrize("interrupting", ["true", "false"])
def test_event_sub_process_for_an_escalation(interrupting: str) -> None:
    body, links = subprocess(
        '<startEvent id="sa"/><subProcess id="t"><startEvent id="ta"/><intermediateThrowEvent id="x">'
        '<escalationEventDefinition escalationRef="X1"/></intermediateThrowEvent>' + log("b") + flows("ta -> x\nx -> b")
        + '</subProcess><subProcess id="h" triggeredByEvent="true">'
        f'<startEvent id="hs" isInterrupting="{interrupting}">'
        '<escalationEventDefinition escalationRef="X1"/></startEvent>' + log("c") + flows("hs -> c") + "</subProcess>",
        "sa -> t",
    )  # fmt: skip
    assert sorted(trace(run(body, links))) == (["c", "done"] if interrupting == "true" else ["b", "c", "done"])


def test_event_sub_process_for_a_failed_job() -> None:
    body, links = subprocess(
        '<startEvent id="sa"/><serviceTask id="j" anyshore:activity="x"/><subProcess id="h" triggeredByEvent="true">'
        '<startEvent id="hs"><errorEventDefinition errorRef="E1"/></startEvent><userTask id="c"/>' + flows("hs -> c")
        + "</subProcess>", "sa -> j",
    )  # fmt: skip
    instance = run(body, links)
    instance.do(Fail(at=0, wait=instance.wait("j", "job").id, code="E-1"))
    assert not instance.nodes("j")
    instance.resolve("c")
    assert trace(instance) == ["done"]


def test_a_cycle_starts_a_non_interrupting_event_sub_process_again_and_again() -> None:
    body, links = subprocess(
        '<startEvent id="sa"/><userTask id="b"/><subProcess id="h" triggeredByEvent="true">'
        '<startEvent id="hs" isInterrupting="false"><timerEventDefinition><timeCycle>R/PT1M</timeCycle>'
        "</timerEventDefinition></startEvent>" + log("c") + flows("hs -> c") + "</subProcess>", "sa -> b",
    )  # fmt: skip
    instance = run(body, links)
    for minute in range(1, 5):
        assert instance.wait("s", "timer").due == minute * MINUTE
        instance.resolve("s", "timer", at=minute * MINUTE)
    instance.resolve("b")
    assert trace(instance) == ["c"] * 4 + ["done"]
    assert instance.outcome == "completed"


def test_a_milestone_is_told_each_time_a_token_passes() -> None:
    instance = run(
        '<startEvent id="a"/><exclusiveGateway id="again"/>'
        '<intermediateThrowEvent id="x" anyshore:milestone="first response"/>' + log("b")
        + '<exclusiveGateway id="more" default="on"/><endEvent id="c"/>',
        "a -> again\nagain -> x\nx -> b\nb -> more\nmore -> again : count(trace) < 2\nmore -> c [on]",
    )  # fmt: skip
    told = [record for record in instance.log if isinstance(record, Sent)]
    assert [(one.kind, one.name, one.data) for one in told] == [("milestone", "first response", {"element": "x"})] * 2
    assert instance.outcome == "completed"
