"""The cases that break process engines, each on the harness that restarts and replays after every command.

Each runs twice: with turns as they come, and with a budget that ends the turn, and restarts, after every single step.
"""

from __future__ import annotations

import pytest

from anyshore.base.errors import CommandRejected
from anyshore.bpmn import BpmnEngine, migration
from anyshore.kernel.commands import Act, Cancel, Continue, Fail, Migrate, Resolve, Resume, Retry, Start, Suspend, Write
from anyshore.kernel.records import Continued, Yielded
from anyshore.kernel.state import State
from anyshore.kernel.turn import advance
from tests.bpmn import models
from tests.bpmn.models import log, passed, process, run, script, trace
from tests.harness import Instance

SECOND = 1_000_000
MINUTE = 60 * SECOND


@pytest.fixture(params=[20_000, 1], ids=["by command", "by step"], autouse=True)
def budget(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many records a turn may have before the instance is stored and read back."""
    monkeypatch.setattr(Instance, "budget", request.param)
    return int(request.param)


def test_straight_through_needs_no_node_but_the_root() -> None:
    instance = run(
        '<startEvent id="a"/>' + script("b", "1 + 1", "x") + script("c", "x * 2", "y") + '<endEvent id="d"/>',
        "a -> b\nb -> c\nc -> d",
    )
    assert instance.outcome == "completed"
    assert instance.variables["y"] == 4
    assert passed(instance) == ["a", "b", "c", "d", "p"]
    assert len([record for record in instance.log if not isinstance(record, (Yielded, Continued))]) == 9


def test_parallel_split_and_join() -> None:
    instance = run(
        '<startEvent id="a"/><parallelGateway id="s"/><userTask id="b"/><userTask id="c"/><parallelGateway id="j"/>'
        + log("d"),
        "a -> s\ns -> b\ns -> c\nb -> j\nc -> j\nj -> d",
    )
    instance.resolve("c")
    assert trace(instance) == []
    instance.resolve("b")
    assert trace(instance) == ["d"]
    assert instance.outcome == "completed"


def test_parallel_join_counts_each_flow_not_the_tokens() -> None:
    instance = run(
        '<startEvent id="a"/><parallelGateway id="s"/><exclusiveGateway id="x"/><userTask id="b"/><userTask id="c"/>'
        '<parallelGateway id="j"/>' + log("d"),
        "a -> s\ns -> x\ns -> x\ns -> c\nx -> b\nb -> j\nc -> j\nj -> d",
    )
    instance.resolve("b")
    instance.resolve("b")
    assert trace(instance) == []
    instance.resolve("c")
    assert trace(instance) == ["d"]
    assert instance.outcome is None, "one token is left before the join"


INCLUSIVE = (
    '<startEvent id="a"/><inclusiveGateway id="s" default="dflt"/>'
    '<userTask id="b"/><userTask id="c"/><userTask id="d"/><inclusiveGateway id="j"/>' + log("e")
)
INCLUSIVE_FLOWS = """a -> s
s -> b : n >= 1
s -> c : n >= 2
s -> d [dflt]
b -> j
c -> j
d -> j
j -> e"""


@pytest.mark.parametrize(("n", "tasks"), [(0, ["d"]), (1, ["b"]), (2, ["b", "c"])])
def test_inclusive_join_waits_for_the_tokens_that_can_come(n: int, tasks: list[str]) -> None:
    instance = run(INCLUSIVE, INCLUSIVE_FLOWS, n=n)
    for number, task in enumerate(tasks):
        assert trace(instance) == [], f"after {number} of {len(tasks)}"
        instance.resolve(task)
    assert trace(instance) == ["e"]
    assert instance.outcome == "completed"


def test_inclusive_join_waits_for_a_token_far_upstream_and_not_for_one_that_cannot_reach_it() -> None:
    instance = run(
        '<startEvent id="a"/><parallelGateway id="s"/><userTask id="b"/><userTask id="far"/><userTask id="off"/>'
        '<exclusiveGateway id="x"/><inclusiveGateway id="j"/>' + log("e") + '<endEvent id="end"/>',
        "a -> s\ns -> b\ns -> far\ns -> off\nb -> j\nfar -> x\nx -> j : go\nx -> end : not(go)\nj -> e",
        go=False,
    )
    instance.resolve("b")
    assert trace(instance) == [], "far may still come"
    instance.resolve("far")
    assert trace(instance) == ["e"], "far went elsewhere; off never could"
    instance.resolve("off")
    assert instance.outcome == "completed"


def test_inclusive_join_waits_for_a_token_inside_a_sub_process() -> None:
    instance = run(
        '<startEvent id="a"/><parallelGateway id="s"/><userTask id="b"/>'
        '<subProcess id="sub"><startEvent id="sa"/><userTask id="inner"/>'
        + models.flows("sa -> inner")
        + "</subProcess>"
        '<inclusiveGateway id="j"/>' + log("e"),
        "a -> s\ns -> b\ns -> sub\nb -> j\nsub -> j\nj -> e",
    )
    instance.resolve("b")
    assert trace(instance) == []
    instance.resolve("inner")
    assert trace(instance) == ["e"]


def test_inclusive_join_in_a_loop() -> None:
    """A token that could come round again does not block: its only way there visits the gateway itself."""
    instance = run(
        '<startEvent id="a"/><inclusiveGateway id="j"/>'
        + script("n1", "n + 1", "n")
        + '<exclusiveGateway id="x"/>'
        + log("e"),
        "a -> j\nj -> n1\nn1 -> x\nx -> j : n < 3\nx -> e : n >= 3",
        n=0,
    )
    assert instance.variables["n"] == 3
    assert instance.outcome == "completed"


def test_an_endless_loop_becomes_an_incident() -> None:
    definition = process('<startEvent id="a"/><task id="b"/>', "a -> b\nb -> b")
    state = State("x")
    advance(BpmnEngine(), definition, state, Start(at=0), yield_after=1_000, endless_after=5_000)
    while state.pending:
        advance(BpmnEngine(), definition, state, Continue(at=0), yield_after=1_000, endless_after=5_000)
    (wait,) = state.waits.values()
    assert wait.name == "instance.endless"
    assert state.outcome is None


NESTED = (
    '<startEvent id="a"/>'
    '<subProcess id="outer"><startEvent id="oa"/>'
    '<subProcess id="inner"><startEvent id="ia"/><userTask id="work"/>' + models.flows("ia -> work") + "</subProcess>"
    '<boundaryEvent id="remind" attachedToRef="inner" cancelActivity="false"><timerEventDefinition>'
    "<timeCycle>R2/PT10M</timeCycle></timerEventDefinition></boundaryEvent>"
    + log("reminder")
    + log("inner_done")
    + models.flows("oa -> inner\nremind -> reminder\ninner -> inner_done")
    + "</subProcess>"
    '<boundaryEvent id="late" attachedToRef="outer"><timerEventDefinition><timeDuration>PT1H</timeDuration>'
    "</timerEventDefinition></boundaryEvent>" + log("escalate") + log("done")
)
NESTED_FLOWS = "a -> outer\nlate -> escalate\nouter -> done"


def test_nested_scopes_with_interrupting_and_non_interrupting_timer() -> None:
    instance = run(NESTED, NESTED_FLOWS)
    assert instance.wait("inner", "timer").due == 10 * MINUTE
    instance.resolve("inner", "timer", at=10 * MINUTE)
    assert trace(instance) == ["reminder"]
    assert instance.wait("inner", "timer").due == 20 * MINUTE
    instance.resolve("inner", "timer", at=25 * MINUTE)
    assert instance.waits("inner", "timer") == [], "the cycle has two rounds, however late the host was"
    instance.resolve("outer", "timer", at=60 * MINUTE)
    assert trace(instance) == ["reminder", "reminder", "escalate"]
    assert instance.outcome == "completed"
    assert not instance.state.waits


def test_nested_scopes_without_timers_firing() -> None:
    instance = run(NESTED, NESTED_FLOWS)
    instance.resolve("work", at=MINUTE)
    assert trace(instance) == ["inner_done", "done"]
    assert not instance.state.waits
    assert instance.outcome == "completed"


MULTI = (
    '<userTask id="b"><multiInstanceLoopCharacteristics anyshore:collection="items" anyshore:item="item"'
    ' anyshore:collect="answer" anyshore:into="answers"/></userTask>'
)


def test_a_turn_with_a_long_agenda_does_as_much_as_it_leaves() -> None:
    """Otherwise storing the agenda at the end of every turn would cost the square of its length."""
    many = '<multiInstanceLoopCharacteristics anyshore:collection="items"/>'
    definition = process('<startEvent id="a"/>' + script("b", "1", "x", inner=many), "a -> b")
    state = State("test:1")
    command: Start | Continue = Start(at=0, variables={"items": [None] * 30_000})
    turns = []
    while not turns or state.pending:
        turns.append((len(advance(BpmnEngine(), definition, state, command)), len(state.pending)))
        command = Continue(at=0)
    assert state.outcome == "completed"
    assert max(left for _, left in turns) == 30_000 + 1, "the steps, and the nodes to look at after them"
    assert all(done >= left for done, left in turns)


def test_multi_instance_keeps_the_order_of_the_items_whatever_completes_first() -> None:
    instance = run('<startEvent id="a"/>' + MULTI, "a -> b", items=["x", "y", "z"])
    for wait in reversed(instance.waits("b", "work")):
        instance.do(Resolve(at=0, wait=wait.id, variables={"answer": instance.state.variables[wait.owner]["item"]}))
    assert instance.variables["answers"] == ["x", "y", "z"]
    assert instance.outcome == "completed"


COMPENSATED = "".join(
    f'<scriptTask id="do{n}" anyshore:result="trace"><script>append(trace, "do{n}")</script></scriptTask>'
    f'<boundaryEvent id="c{n}" attachedToRef="do{n}"><compensateEventDefinition/></boundaryEvent>'
    f'<association id="as{n}" sourceRef="c{n}" targetRef="undo{n}"/>' + log(f"undo{n}", 'isForCompensation="true"')
    for n in (1, 2, 3)
)


def test_compensation_in_reverse_order() -> None:
    instance = run(
        '<startEvent id="a"/>'
        + COMPENSATED
        + '<intermediateThrowEvent id="t"><compensateEventDefinition/></intermediateThrowEvent>'
        + log("after"),
        "a -> do1\ndo1 -> do2\ndo2 -> do3\ndo3 -> t\nt -> after",
    )
    assert trace(instance) == ["do1", "do2", "do3", "undo3", "undo2", "undo1", "after"]
    assert instance.outcome == "completed"


def test_message_correlation() -> None:
    instance = run(
        '<startEvent id="a"/><receiveTask id="r" messageRef="M1" anyshore:correlation="order.number"/>' + log("b"),
        "a -> r\nr -> b",
        order={"number": 17},
    )
    wait = instance.wait("r", "message")
    assert (wait.name, wait.key) == ("order", "17")
    instance.resolve("r", "message", amount="12")
    assert instance.variables["amount"] == "12"
    assert trace(instance) == ["b"]


def test_sent_message_carries_its_key_and_data() -> None:
    instance = run(
        '<startEvent id="a"/><sendTask id="r" messageRef="M1" anyshore:correlation="n"><extensionElements>'
        '<anyshore:input name="amount" expression="n * 2"/></extensionElements></sendTask>',
        "a -> r",
        n=4,
    )
    (sent,) = [record for record in instance.log if type(record).__name__ == "Sent"]
    assert (sent.kind, sent.name, sent.key, sent.data) == ("message", "order", "4", {"amount": 8})


def test_suspend_and_resume() -> None:
    instance = run('<startEvent id="a"/><userTask id="b"/>', "a -> b")
    instance.do(Suspend(at=1))
    with pytest.raises(CommandRejected, match="suspended"):
        instance.resolve("b")
    instance.do(Resume(at=2))
    instance.resolve("b", at=3)
    assert instance.outcome == "completed"


def test_writing_while_suspended_moves_nothing_until_it_is_resumed() -> None:
    instance = run(
        '<startEvent id="a"/><intermediateCatchEvent id="x"><conditionalEventDefinition><condition>go</condition>'
        "</conditionalEventDefinition></intermediateCatchEvent>" + log("b"), "a -> x\nx -> b", go=False,
    )  # fmt: skip
    instance.do(Suspend(at=1))
    instance.do(Write(at=2, variables={"go": True}))
    assert trace(instance) == []
    instance.do(Resume(at=3))
    assert trace(instance) == ["b"]
    assert instance.outcome == "completed"


def test_migration_to_a_join_that_needs_less() -> None:
    for suspended in (False, True):
        instance = run(OLD + '<userTask id="d"/><endEvent id="e"/>', OLD_FLOWS + "\ns -> d\nd -> j")
        instance.resolve("b")
        instance.resolve("c")
        assert instance.outcome is None
        if suspended:
            instance.do(Suspend(at=1))
        instance.definition = process(
            OLD + '<userTask id="d"/><endEvent id="e"/>' + log("late"), OLD_FLOWS + "\ns -> d\nd -> late"
        )
        instance.do(Migrate(at=1, definition="test:2"))
        if suspended:
            assert "e" not in passed(instance)
            instance.do(Resume(at=2))
        assert "e" in passed(instance)
        instance.resolve("d")
        assert instance.outcome == "completed"


OLD = '<startEvent id="a"/><parallelGateway id="s"/><userTask id="b"/><userTask id="c"/><parallelGateway id="j"/>'
OLD_FLOWS = "a -> s\ns -> b\ns -> c\nb -> j [bj]\nc -> j [cj]\nj -> e [je]"


def test_migration_of_a_running_instance() -> None:
    instance = run(OLD + '<endEvent id="e"/>', OLD_FLOWS)
    instance.resolve("b")
    new = process(
        OLD.replace('"c"', '"c2"') + log("check") + '<endEvent id="e"/>'
        '<boundaryEvent id="late" attachedToRef="c2" cancelActivity="false"><timerEventDefinition><timeDuration>PT1M'
        "</timeDuration></timerEventDefinition></boundaryEvent>" + log("remind"),
        "a -> s\ns -> b\ns -> c2\nb -> j [bj2]\nc2 -> j [cj]\nj -> check\ncheck -> e\nlate -> remind",
    )
    instance.definition = new
    with pytest.raises(CommandRejected, match="bj"):
        instance.do(Migrate(at=1, definition="test:2", elements={"c": "c2"}))
    with pytest.raises(CommandRejected, match="'c'"):
        instance.do(Migrate(at=1, definition="test:2", elements={"bj": "bj2"}))
    assert migration.problems(instance.state, new, {"bj": "bj2", "c": "c2"}) == []
    instance.do(Migrate(at=MINUTE, definition="test:2", elements={"c": "c2", "bj": "bj2"}))
    assert instance.state.definition == "test:2"
    assert instance.wait("c2", "timer").due == 2 * MINUTE, "the new boundary event listens from now on"
    instance.resolve("c2", "timer", at=2 * MINUTE)
    instance.resolve("c2", at=3 * MINUTE)
    assert trace(instance) == ["remind", "check"]
    assert instance.outcome == "completed"


def test_migration_refuses_another_kind_of_element() -> None:
    instance = run('<startEvent id="a"/><userTask id="b"/>', "a -> b")
    instance.definition = process('<startEvent id="a"/><serviceTask id="b" anyshore:activity="x"/>', "a -> b")
    with pytest.raises(CommandRejected, match="user task"):
        instance.do(Migrate(at=0, definition="test:2"))


def test_cancel_ends_everything() -> None:
    instance = run(NESTED, NESTED_FLOWS)
    instance.do(Cancel(at=5))
    assert instance.outcome == "cancelled"
    assert not instance.state.waits
    assert not instance.state.nodes


def test_failed_job_without_handler_is_an_incident_and_can_be_retried() -> None:
    instance = run('<startEvent id="a"/><serviceTask id="b" anyshore:activity="mail"/>', "a -> b")
    job = instance.wait("b", "job")
    assert job.name == "mail"
    instance.do(Fail(at=0, wait=job.id, code="mail.down", message="no server"))
    incident = instance.wait("b", "incident")
    assert incident.data["message"] == "no server"
    instance.do(Retry(at=1, wait=incident.id))
    instance.resolve("b", "job")
    assert instance.outcome == "completed"


def test_failed_job_with_an_error_event() -> None:
    instance = run(
        '<startEvent id="a"/><serviceTask id="b" anyshore:activity="mail"/>'
        '<boundaryEvent id="x" attachedToRef="b"><errorEventDefinition errorRef="E1"/><outputSet/></boundaryEvent>'
        + log("handled"),
        "a -> b\nx -> handled",
    )
    instance.do(Fail(at=0, wait=instance.wait("b", "job").id, code="E-1", variables={"detail": "full"}))
    assert trace(instance) == ["handled"]
    assert instance.variables["detail"] == "full"
    assert instance.outcome == "completed"


def test_a_condition_that_is_neither_true_nor_false_is_an_incident_that_can_be_repaired() -> None:
    instance = run(
        '<startEvent id="a"/><exclusiveGateway id="x"/>' + log("b") + log("c"),
        "a -> x\nx -> b : amount > 10\nx -> c : amount <= 10",
    )
    (wait,) = instance.state.waits.values()
    assert wait.kind == "incident"
    assert "amount" in wait.data["message"]
    assert instance.outcome is None
    instance.do(Retry(at=0, wait=wait.id, variables={"amount": 11}))


def test_an_exclusive_gateway_without_a_way_out_is_an_incident() -> None:
    instance = run('<startEvent id="a"/><exclusiveGateway id="x"/>' + log("b") + log("c"),
                   "a -> x\nx -> b : n > 10\nx -> c : n > 20", n=1)  # fmt: skip
    (wait,) = instance.state.waits.values()
    assert wait.name == "bpmn.no-flow"
    instance.do(Retry(at=0, wait=wait.id, variables={"n": models.feel.from_python(15)}))
    assert trace(instance) == ["b"]
    assert instance.outcome == "completed"


def test_commands_that_do_not_fit_are_rejected() -> None:
    instance = run('<startEvent id="a"/><userTask id="b"/>', "a -> b")
    for command in (
        Resolve(at=0, wait=99), Fail(at=0, wait=99, code="x"), Act(at=0, verb="fly"), Act(at=0, verb="start", node=99),
        Act(at=0, verb="start", node=1, element="b"), Write(at=0, scope=99, variables={"x": 1}),
    ):  # fmt: skip
        with pytest.raises(CommandRejected):
            instance.do(command)
    assert isinstance(instance, Instance)


NEW_SUB = (
    '<startEvent id="a"/><subProcess id="{s}"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>'
    '</multiInstanceLoopCharacteristics><startEvent id="sa"/><eventBasedGateway id="{g}"/>'
    '<intermediateCatchEvent id="{m}"><messageEventDefinition messageRef="M1"/></intermediateCatchEvent>'
    '<receiveTask id="r" messageRef="M2"/>{more}{flows}</subProcess>'
    '<boundaryEvent id="{x}" attachedToRef="{s}"><signalEventDefinition signalRef="S1"/></boundaryEvent>'
)


def nested(s: str, g: str, m: str, x: str, more: str = "") -> str:
    inner = models.flows(
        f"sa -> {g}\n{g} -> {m}\n{g} -> r\n{m} -> done" if more else f"sa -> {g}\n{g} -> {m}\n{g} -> r"
    )
    return NEW_SUB.format(s=s, g=g, m=m, x=x, more=more, flows=inner) + log("late") + log("end")


def test_migration_maps_nested_instances_and_what_they_wait_for() -> None:
    instance = run(nested("s", "g", "m", "x"), "a -> s\ns -> end\nx -> late")
    instance.definition = process(nested("s2", "g2", "m2", "x2", log("done")), "a -> s2\ns2 -> end\nx2 -> late")
    elements = {"s": "s2", "g": "g2", "m": "m2", "x": "x2"}
    instance.do(Migrate(at=1, definition="test:2", elements=elements))
    assert len(instance.waits("s2", "signal")) == 1
    orders = [wait for wait in instance.state.waits.values() if wait.name == "order"]
    assert len(orders) == 2
    for wait in orders:
        instance.do(Resolve(at=2, wait=wait.id))
    assert trace(instance) == ["done", "done", "end"]
    assert instance.outcome == "completed"


def test_migration_closes_what_the_new_version_does_not_wait_for() -> None:
    instance = run(nested("s", "g", "m", "x"), "a -> s\ns -> end\nx -> late")
    body = nested("s", "g", "m", "x")
    begun, ended = body.index('<boundaryEvent id="x"'), body.index("</boundaryEvent>") + len("</boundaryEvent>")
    instance.definition = process(body[:begun] + body[ended:], "a -> s\ns -> end")
    instance.do(Migrate(at=1, definition="test:2"))
    assert not instance.waits("s", "signal")
