"""Gateways. Source: BPMN 2.0.2, 13.4."""

from __future__ import annotations

import pytest

from anyshore.base.errors import BpmnError
from anyshore.bpmn import blocked
from anyshore.kernel.commands import Resolve
from tests.bpmn.models import log, passed, process, run, start, trace

ABC = log("b") + log("c") + log("d")


@pytest.mark.parametrize(("n", "expected"), [(1, ["b"]), (5, ["c"]), (15, ["c"]), (100, ["d"])])
def test_exclusive_takes_the_first_flow_that_holds_else_the_default(n: int, expected: list[str]) -> None:
    instance = run(
        '<startEvent id="a"/><exclusiveGateway id="x" default="other"/>' + ABC,
        "a -> x\nx -> d [other]\nx -> b : n < 3\nx -> c : n < 50",
        n=n,
    )
    assert trace(instance) == expected


def test_parallel_ignores_conditions() -> None:
    instance = run('<startEvent id="a"/><parallelGateway id="x"/>' + ABC, "a -> x\nx -> b : false\nx -> c : 1\nx -> d")
    assert sorted(trace(instance)) == ["b", "c", "d"]


@pytest.mark.parametrize(("n", "expected"), [(1, ["d"]), (4, ["b"]), (9, ["b", "c"])])
def test_conditional_and_default_flows_without_a_gateway(n: int, expected: list[str]) -> None:
    instance = run(
        '<startEvent id="a"/><task id="x" default="other"/>' + ABC,
        "a -> x\nx -> b : n > 2\nx -> c : n > 5\nx -> d [other]",
        n=n,
    )
    assert trace(instance) == expected


def test_unconditional_flow_beside_a_conditional_one_is_always_taken() -> None:
    instance = run('<startEvent id="a"/><task id="x"/>' + ABC, "a -> x\nx -> b : n > 2\nx -> c", n=0)
    assert trace(instance) == ["c"]


def test_an_uncontrolled_merge_runs_the_activity_once_for_each_token() -> None:
    instance = run('<startEvent id="a"/><parallelGateway id="x"/>' + ABC, "a -> x\nx -> b\nx -> c\nb -> d\nc -> d")
    assert sorted(trace(instance)) == ["b", "c", "d", "d"]


DISCRIMINATOR = (
    '<startEvent id="a"/><parallelGateway id="s"/><userTask id="b"/><userTask id="c"/><userTask id="d"/>'
    '<complexGateway id="x"><activationCondition>activationCount &gt;= {least}</activationCondition></complexGateway>'
)
DISCRIMINATOR_FLOWS = "a -> s\ns -> b\ns -> c\ns -> d\nb -> x\nc -> x\nd -> x\n"


@pytest.mark.parametrize("least", [1, 2, 3])
def test_complex_gateway_fires_at_its_condition_and_resets_with_the_rest(least: int) -> None:
    instance = run(DISCRIMINATOR.format(least=least) + log("e"), DISCRIMINATOR_FLOWS + "x -> e")
    for number, task in enumerate("cbd", start=1):
        instance.resolve(task)
        assert trace(instance) == (["e"] if number >= least else [])
    assert instance.outcome == "completed"


def test_complex_gateway_offers_its_phase_to_the_conditions() -> None:
    instance = run(
        DISCRIMINATOR.format(least=2) + log("e") + log("late"),
        DISCRIMINATOR_FLOWS + "x -> e : waitingForStart\nx -> late : not(waitingForStart)",
    )
    instance.resolve("b")
    instance.resolve("c")
    assert trace(instance) == ["e"]
    instance.resolve("d")
    assert trace(instance) == ["e", "late"]
    assert instance.outcome == "completed"


def test_complex_gateway_counts_tokens_by_flow() -> None:
    instance = run(
        '<startEvent id="a"/><parallelGateway id="s"/><userTask id="b"/><userTask id="c"/>'
        '<complexGateway id="x"><activationCondition>fromC &gt; 0</activationCondition></complexGateway>' + log("e"),
        "a -> s\ns -> b\ns -> c\nb -> x [fromB]\nc -> x [fromC]\nx -> e",
    )
    instance.resolve("b")
    assert trace(instance) == []
    instance.resolve("c")
    assert trace(instance) == ["e"]


def test_complex_gateway_works_again_after_its_reset() -> None:
    instance = run(
        '<startEvent id="a"/><exclusiveGateway id="m"/><parallelGateway id="s"/><userTask id="b"/><userTask id="c"/>'
        '<complexGateway id="x"><activationCondition>activationCount &gt;= 1</activationCondition></complexGateway>'
        + log("e")
        + '<userTask id="again"/>',
        "a -> m\nm -> s\ns -> b\ns -> c\nb -> x\nc -> x\nx -> e\ne -> again\nagain -> m",
    )
    for rounds in (1, 2):
        instance.resolve("b")
        assert trace(instance) == ["e"] * rounds
        instance.resolve("c")
        assert trace(instance) == ["e"] * rounds
        instance.resolve("again")


EVENTS = (
    '<startEvent id="a"/><eventBasedGateway id="x"/>'
    '<intermediateCatchEvent id="m"><messageEventDefinition messageRef="M1"/></intermediateCatchEvent>'
    '<intermediateCatchEvent id="t"><timerEventDefinition><timeDuration>PT5M</timeDuration></timerEventDefinition>'
    '</intermediateCatchEvent><receiveTask id="r" messageRef="M2"/>' + ABC
)
EVENT_FLOWS = "a -> x\nx -> m\nx -> t\nx -> r\nm -> b\nt -> c\nr -> d"


@pytest.mark.parametrize(("name", "event", "expected"), [("order", "m", "b"), ("t", "t", "c"), ("reply", "r", "d")])
def test_event_based_gateway_takes_the_first_event(name: str, event: str, expected: str) -> None:
    instance = run(EVENTS, EVENT_FLOWS)
    assert len(instance.state.waits) == 3
    (wait,) = [wait for wait in instance.state.waits.values() if wait.name == name]
    instance.do(Resolve(at=1, wait=wait.id))
    assert trace(instance) == [expected]
    assert event in passed(instance)
    assert instance.outcome == "completed"
    assert not instance.state.waits


def test_event_based_gateway_that_brings_the_process_to_life() -> None:
    definition = process(
        '<eventBasedGateway id="x" instantiate="true"/>'
        '<intermediateCatchEvent id="m"><messageEventDefinition messageRef="M1"/></intermediateCatchEvent>'
        '<receiveTask id="r" messageRef="M2"/>' + log("b") + log("c"),
        "x -> m\nx -> r\nm -> b\nr -> c",
    )
    assert [(one.element, one.kind, one.name) for one in definition.starts] == [
        ("m", "message", "order"), ("r", "message", "reply"),
    ]  # fmt: skip


def _parallel_start(first: str) -> list[str]:
    from anyshore.bpmn import BpmnEngine
    from anyshore.kernel.commands import Start
    from tests.harness import Instance

    definition = process(
        '<eventBasedGateway id="x" instantiate="true" eventGatewayType="Parallel"/>'
        '<intermediateCatchEvent id="m"><messageEventDefinition messageRef="M1"/></intermediateCatchEvent>'
        '<receiveTask id="r" messageRef="M2"/>' + log("b") + log("c"),
        "x -> m\nx -> r\nm -> b\nr -> c",
    )
    instance = Instance(BpmnEngine(), definition)
    instance.do(Start(at=0, element=first, variables={"trace": []}))
    assert instance.outcome is None, "the other event is needed too"
    (wait,) = instance.state.waits.values()
    instance.do(Resolve(at=0, wait=wait.id))
    assert instance.outcome == "completed"
    return trace(instance)


def test_parallel_event_based_start_needs_all_its_events() -> None:
    assert _parallel_start("m") == ["b", "c"]
    assert _parallel_start("r") == ["c", "b"]


def test_parallel_event_based_gateway_only_at_the_start() -> None:
    with pytest.raises(BpmnError, match="has to instantiate"):
        process(EVENTS.replace('id="x"', 'id="x" eventGatewayType="Parallel"'), EVENT_FLOWS)


def test_event_based_gateway_leads_to_events_only() -> None:
    with pytest.raises(BpmnError, match="neither a catching event nor a receive task"):
        process('<startEvent id="a"/><eventBasedGateway id="x"/><task id="b"/>', "a -> x\nx -> b")
    link = '<intermediateCatchEvent id="b"><linkEventDefinition name="L"/></intermediateCatchEvent>'
    with pytest.raises(BpmnError, match="neither a catching event nor a receive task"):
        process(f'<startEvent id="a"/><eventBasedGateway id="x"/>{link}', "a -> x\nx -> b")


def test_inclusive_joins_one_behind_the_other() -> None:
    body = (
        '<startEvent id="a"/><parallelGateway id="s"/><userTask id="b"/><userTask id="c"/><userTask id="d"/>'
        '<inclusiveGateway id="j"/>' + log("e") + '<inclusiveGateway id="k"/>' + log("f")
    )
    links = "a -> s\ns -> b\ns -> c\ns -> d\nb -> j\nc -> j\nj -> e\ne -> k\nd -> k\nk -> f"
    instance = start(process(body, links))
    for task in "dbc":
        assert "f" not in trace(instance)
        instance.resolve(task)
    assert trace(instance) == ["e", "f"]
    assert instance.outcome == "completed"


def test_inclusive_join_sees_a_token_that_may_leave_by_a_boundary_event() -> None:
    instance = run(
        '<startEvent id="a"/><parallelGateway id="s"/><userTask id="b"/><userTask id="c"/>'
        '<boundaryEvent id="late" attachedToRef="c"><timerEventDefinition><timeDuration>PT1M</timeDuration>'
        '</timerEventDefinition></boundaryEvent><endEvent id="end"/><inclusiveGateway id="j"/>' + log("e"),
        "a -> s\ns -> b\ns -> c\nb -> j\nlate -> j\nc -> end\nj -> e",
    )
    instance.resolve("b")
    assert trace(instance) == []
    instance.resolve("c", "timer")
    assert trace(instance) == ["e"]


def test_inclusive_join_waits_for_an_activity_after_its_non_interrupting_boundary_event() -> None:
    instance = run(
        '<startEvent id="a"/><userTask id="b"/><boundaryEvent id="late" attachedToRef="b" cancelActivity="false">'
        "<timerEventDefinition><timeDuration>PT1M</timeDuration></timerEventDefinition></boundaryEvent>"
        + log("r") + '<inclusiveGateway id="j"/>' + log("e"),
        "a -> b\nb -> j\nlate -> r\nr -> j\nj -> e",
    )  # fmt: skip
    instance.resolve("b", "timer")
    assert trace(instance) == ["r"], "the token of the activity itself is still to come"
    instance.resolve("b")
    assert trace(instance) == ["r", "e"]


def test_inclusive_join_follows_links() -> None:
    instance = run(
        '<startEvent id="a"/><parallelGateway id="s"/><userTask id="b"/><userTask id="c"/>'
        '<intermediateThrowEvent id="out"><linkEventDefinition name="L"/></intermediateThrowEvent>'
        '<intermediateCatchEvent id="in"><linkEventDefinition name="L"/></intermediateCatchEvent>'
        '<inclusiveGateway id="j"/>' + log("e"),
        "a -> s\ns -> b\ns -> c\nb -> j\nc -> out\nin -> j\nj -> e",
    )
    instance.resolve("b")
    assert trace(instance) == []
    instance.resolve("c")
    assert trace(instance) == ["e"]


def test_inclusive_join_waits_for_a_token_held_by_an_incident() -> None:
    instance = run(
        '<startEvent id="a"/><parallelGateway id="s"/><userTask id="b"/>'
        + log("c", inner="")
        + '<exclusiveGateway id="x"/><inclusiveGateway id="j"/>'
        + log("e"),
        "a -> s\ns -> b\ns -> c\nc -> x\nx -> j : n > 1\nb -> j\nj -> e",
    )
    instance.resolve("b")
    assert trace(instance) == ["c"], "the incident at x holds a token that may come"


def test_conditions_are_asked_in_the_order_the_gateway_lists_its_flows() -> None:
    body = '<startEvent id="a"/><exclusiveGateway id="x">{}</exclusiveGateway>' + log("b") + log("c")
    links = "a -> x\nx -> b [fb] : true\nx -> c [fc] : true"
    assert trace(run(body.format(""), links)) == ["b"]
    listed = "<incoming>i</incoming><outgoing>fc</outgoing><outgoing>fb</outgoing>"
    assert trace(run(body.format(listed), links)) == ["c"]


def test_an_instance_that_cannot_go_on_is_found() -> None:
    definition = process(
        '<startEvent id="a"/><exclusiveGateway id="x"/><userTask id="b"/><userTask id="c"/>'
        '<parallelGateway id="j" name="Both"/>', "a -> x\nx -> b : true\nx -> c : false\nb -> j\nc -> j",
    )  # fmt: skip
    instance = start(definition)
    assert blocked.find(definition, instance.state) == []
    instance.resolve("b")
    (found,) = blocked.find(definition, instance.state)
    assert "before 'Both'" in found.message


def test_who_may_still_be_asked_is_not_blocked() -> None:
    definition = process(
        '<startEvent id="a"/><parallelGateway id="s"/><task id="b"/><parallelGateway id="j"/>'
        '<adHocSubProcess id="h"><userTask id="x"/><completionCondition>false</completionCondition></adHocSubProcess>',
        "a -> s\ns -> b\ns -> h\nb -> j\nh -> j",
    )
    instance = start(definition)
    instance.resolve("x")
    assert not instance.state.waits
    assert blocked.find(definition, instance.state) == [], "an activity may be started once more"
