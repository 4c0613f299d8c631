"""Whole models whose trace follows from the specification: several processes, events between them, patterns of flow.

Every instance is stored, read back and replayed after every command, as on the harness; the host is the one in memory.
"""

from __future__ import annotations

from typing import Any

import pytest

from anyshore import feel
from anyshore.bpmn import BpmnEngine, Definitions, Process
from anyshore.kernel.commands import Command
from anyshore.kernel.records import Record, VariableSet
from anyshore.kernel.state import JOB, State, Wait
from anyshore.runtime import tryout
from anyshore.runtime.tryout import Answer, Running, World
from tests.bpmn import models
from tests.bpmn.models import definitions, flows, script
from tests.harness import Instance

SECOND = 1_000_000


def log(*names: str, inner: str = "", more: str = "") -> str:
    """Script tasks that write their id to the trace."""
    return "".join(script(name, f'"{name}"', "token", more, inner) for name in names)


def event(tag: str, name: str, inner: str = "", more: str = "") -> str:
    """An event; ``inner`` is shorthand such as ``signal:S1`` or ``timer:PT1S``, several with spaces between them."""
    return f'<{tag} id="{name}" {more}>{"".join(map(_trigger, inner.split()))}</{tag}>'


def _trigger(text: str) -> str:
    kind, _, what = text.partition(":")
    if kind == "ref":
        return f"<eventDefinitionRef>{what}</eventDefinitionRef>"
    if kind == "timer":
        inner = f"<timeDuration>{what}</timeDuration>"
    elif kind == "conditional":
        inner = f"<condition>{what}</condition>"
    else:
        inner = ""
    attribute = {"compensate": "activityRef"}.get(kind, f"{kind}Ref")
    given = f'{attribute}="{what}"' if what and not inner else ""
    return f"<{kind}EventDefinition {given}>{inner}</{kind}EventDefinition>"


def begins(name: str, inner: str = "", more: str = "") -> str:
    return event("startEvent", name, inner, more)


def ends(name: str, inner: str = "") -> str:
    return event("endEvent", name, inner)


def catches(name: str, inner: str, more: str = "") -> str:
    return event("intermediateCatchEvent", name, inner, more)


def throws(name: str, inner: str) -> str:
    return event("intermediateThrowEvent", name, inner)


def guards(name: str, host: str, inner: str, more: str = "") -> str:
    return event("boundaryEvent", name, inner, f'attachedToRef="{host}" {more}')


def scope(name: str, body: str, links: str, tag: str = "subProcess", more: str = "") -> str:
    return f'<{tag} id="{name}" {more}>{body}{flows(links)}</{tag}>'


def handler(name: str, body: str, links: str) -> str:
    return scope(name, body, links, more='triggeredByEvent="true"')


def undone(host: str, by: str, body: str) -> str:
    """A compensation boundary event of ``host`` that leads to ``by``."""
    boundary = guards(f"undo_{host}", host, "compensate")
    return f'{boundary}{body}<association id="to_{by}" sourceRef="undo_{host}" targetRef="{by}"/>'


def beside(name: str, body: str, links: str) -> str:
    """Another process of the file."""
    return f'<process id="{name}" isExecutable="true">{body}{flows(links)}</process>'


FORK = '<parallelGateway id="fork"/>'
TEN_SECONDS = '<serviceTask id="slow" anyshore:activity="slow"/>'
UNDO = 'isForCompensation="true"'
THREE = "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"
IN_TURN = THREE.replace("Characteristics>", 'Characteristics isSequential="true">', 1)
DEFINED = models.ROOT + "".join(
    _trigger(text).replace("EventDefinition ", f'EventDefinition id="{name}" ', 1)
    for name, text in {
        "dSignal": "signal:S1", "dTimer": "timer:PT1S", "dTrue": "conditional:true", "dTerminate": "terminate",
        "dCompensate": "compensate", "dCancel": "cancel", "dError": "error:E1", "dEscalation": "escalation:X1",
        "dMessage": "message:M1",
    }.items()
)  # fmt: skip

CALLED = beside("q", begins("qa") + log("inner") + ends("qe"), "qa -> inner\ninner -> qe")
CALL = '<callActivity id="call" calledElement="q"/>'

SCENARIOS: dict[str, tuple[Definitions, str]] = {
    "a called process runs and its caller goes on": (
        definitions(begins("a") + CALL + log("b"), "a -> call\ncall -> b", extra=CALLED), "inner b"),
    "an error of a called process is caught at the call": (
        definitions(
            begins("a") + CALL + guards("x", "call", "error:E1") + log("b", "c"), "a -> call\ncall -> b\nx -> c",
            extra=beside("q", begins("qa") + log("inner") + ends("qe", "error:E1"), "qa -> inner\ninner -> qe"),
        ), "inner c"),
    "an escalation of a called process is caught at the call, which goes on": (
        definitions(
            begins("a") + CALL + guards("x", "call", "escalation:X1", 'cancelActivity="false"') + log("b", "c"),
            "a -> call\ncall -> b\nx -> c",
            extra=beside("q", begins("qa") + throws("qt", "escalation:X1") + log("inner"), "qa -> qt\nqt -> inner"),
        ), "b c inner"),
    "a multi-instance call": (
        definitions(begins("a") + CALL.replace("/>", f">{THREE}</callActivity>") + log("b"), "a -> call\ncall -> b",
                    extra=CALLED), "inner inner inner b"),
    "a message starts another process": (
        definitions(begins("a") + log("b") + ends("e", "message:M1"), "a -> b\nb -> e",
                    extra=beside("q", begins("qa", "message:M1") + log("c"), "qa -> c")), "b c"),
    "a message is kept until somebody waits for it": (
        definitions(begins("a") + throws("t", "message:M1") + throws("s", "signal:S1"), "a -> t\nt -> s",
                    extra=beside("q", begins("qa", "signal:S1") + catches("w", "message:M1") + log("c"),
                                 "qa -> w\nw -> c")), "c"),
    "a message interrupts a sub-process of another process": (
        definitions(
            begins("a") + throws("s", "signal:S1") + catches("t", "timer:PT1S") + throws("m", "message:M1"),
            "a -> s\ns -> t\nt -> m",
            extra=beside(
                "q", begins("qa", "signal:S1") + scope("sub", begins("sa") + TEN_SECONDS + log("late"),
                                                       "sa -> slow\nslow -> late")
                + guards("x", "sub", "message:M1") + log("c"), "qa -> sub\nx -> c"),
        ), "c"),
    "a signal starts several processes": (
        definitions(begins("a") + throws("s", "signal:S1") + log("b"), "a -> s\ns -> b",
                    extra=beside("q", begins("qa", "signal:S1") + log("c"), "qa -> c")
                    + beside("r", begins("ra", "signal:S1") + log("d"), "ra -> d")), "b c d"),
    "the events that start an instance together start one": (
        definitions(
            begins("a") + throws("s", "signal:S1") + throws("t", "signal:S2"), "a -> s\ns -> t",
            extra=beside("q", '<eventBasedGateway id="g" instantiate="true" eventGatewayType="Parallel"/>'
                         + catches("x", "signal:S1") + catches("y", "signal:S2") + log("c", "d"),
                         "g -> x\ng -> y\nx -> c\ny -> d"),
        ), "c d"),
    "a parallel multiple start event waits for all": (
        definitions(begins("a") + throws("s", "signal:S1") + throws("t", "signal:S2"), "a -> s\ns -> t",
                    extra=beside("q", begins("qa", "signal:S1 signal:S2", 'parallelMultiple="true"') + log("c"),
                                 "qa -> c")), "c"),
    "an event-based gateway hears a receive task": (
        definitions(
            begins("a") + throws("s", "signal:S1")
            + '<eventBasedGateway id="g"/><receiveTask id="x" messageRef="M1"/><receiveTask id="y" messageRef="M2"/>'
            + log("c", "d"), "a -> s\ns -> g\ng -> x\ng -> y\nx -> c\ny -> d",
            extra=beside("q", begins("qa", "signal:S1") + catches("w", "timer:PT2S")
                         + '<sendTask id="send" messageRef="M2"/>', "qa -> w\nw -> send"),
        ), "d"),
    "link events pair by reference, whatever their names": (
        definitions(
            begins("a")
            + '<intermediateThrowEvent id="t"><linkEventDefinition id="l1" name="out"><target>l2</target>'
            "</linkEventDefinition></intermediateThrowEvent>"
            '<intermediateCatchEvent id="c"><linkEventDefinition id="l2" name="in"/></intermediateCatchEvent>'
            + log("b"), "a -> t\nc -> b",
        ), "b"),
    "a link is found by the source that its target names": (
        definitions(
            begins("a")
            + '<intermediateThrowEvent id="t"><linkEventDefinition id="l1" name="out"/></intermediateThrowEvent>'
            '<intermediateCatchEvent id="c"><linkEventDefinition id="l2" name="in"><source>l1</source>'
            "</linkEventDefinition></intermediateCatchEvent>" + log("b"), "a -> t\nc -> b",
        ), "b"),
    "a handler that throws again is heard outside": (
        definitions(
            begins("a") + scope("sub", handler("h", begins("ha", "error:E1") + log("b") + ends("he", "error:E2"),
                                               "ha -> b\nb -> he") + begins("sa") + ends("se", "error:E1"), "sa -> se")
            + guards("x", "sub", "error:E2") + log("c", "d"), "a -> sub\nsub -> d\nx -> c",
        ), "b c"),
    "a handler in every instance": (
        definitions(
            begins("a") + scope("sub", IN_TURN + handler("h", begins("ha", "escalation:X1") + log("b"), "ha -> b")
                                + begins("sa") + throws("t", "escalation:X1") + log("never"), "sa -> t\nt -> never")
            + log("c"), "a -> sub\nsub -> c",
        ), "b b b c"),
    "a handler that needs two events": (
        definitions(
            handler("h", begins("ha", "signal:S1 signal:S2", 'parallelMultiple="true"') + log("b"), "ha -> b")
            + begins("a") + throws("s", "signal:S1") + throws("t", "signal:S2") + log("never"),
            "a -> s\ns -> t\nt -> never",
        ), "b"),
    "a call is compensated, by a call": (
        definitions(
            begins("a") + CALL + undone("call", "back", f'<callActivity id="back" calledElement="r" {UNDO}/>')
            + throws("t", "compensate") + log("b"), "a -> call\ncall -> t\nt -> b",
            extra=CALLED + beside("r", begins("ra") + log("other"), "ra -> other"),
        ), "inner other b"),
    "each instance is compensated in a sub-process of three": (
        definitions(
            begins("a") + scope("sub", THREE + begins("sa") + log("b") + undone("b", "u", log("u", more=UNDO)),
                                "sa -> b") + throws("t", "compensate:sub") + log("c"), "a -> sub\nsub -> t\nt -> c",
        ), "b b b u u u c"),
    "an error leaves a transaction without compensation": (
        definitions(
            begins("a") + scope("tx", begins("sa") + log("b") + undone("b", "u", log("u", more=UNDO))
                                + ends("se", "error:E1"), "sa -> b\nb -> se", "transaction")
            + guards("x", "tx", "error:E1") + log("c"), "a -> tx\nx -> c",
        ), "b c"),
    "terminating a sub-process ends its branches and the process goes on": (
        definitions(
            begins("a") + scope("sub", begins("sa") + FORK + TEN_SECONDS + log("never") + ends("se", "terminate"),
                                "sa -> fork\nfork -> se\nfork -> slow\nslow -> never") + log("b"), "a -> sub\nsub -> b",
        ), "b"),
    "a loop through a complex join": (
        definitions(
            begins("a") + '<exclusiveGateway id="m"/>' + FORK + log("b", "c")
            + '<complexGateway id="j"><activationCondition>activationCount >= 2</activationCondition></complexGateway>'
            + script("n1", "n + 1", "n") + '<exclusiveGateway id="x" default="out"/>' + log("d"),
            "a -> m\nm -> fork\nfork -> b\nfork -> c\nb -> j\nc -> j\nj -> n1\nn1 -> x\nx -> m : n < 2\nx -> d [out]",
        ), "b c b c d"),
    "an event-based gateway in a loop": (
        definitions(
            begins("a") + FORK + '<exclusiveGateway id="m"/><eventBasedGateway id="g"/>' + catches("x", "signal:S1")
            + catches("y", "signal:S2") + log("c", "d") + catches("w", "timer:PT1S") + throws("s", "signal:S1")
            + catches("v", "timer:PT1S") + throws("t", "signal:S2"),
            "a -> fork\nfork -> m\nm -> g\ng -> x\ng -> y\nx -> c\nc -> m\ny -> d\nfork -> w\nw -> s\ns -> v\nv -> t",
        ), "c d"),
    "a timer in a multiple boundary event": (
        definitions(begins("a") + TEN_SECONDS + guards("x", "slow", "signal:S1 timer:PT2S") + log("b", "c"),
                    "a -> slow\nslow -> b\nx -> c"), "c"),
    "definitions beside the process: timer, condition, terminate": (
        definitions(begins("a") + FORK + catches("t", "ref:dTimer") + catches("c", "ref:dTrue") + TEN_SECONDS
                    + log("b", "d", "never") + ends("e", "ref:dTerminate"),
                    "a -> fork\nfork -> c\nc -> b\nfork -> t\nt -> d\nd -> e\nfork -> slow\nslow -> never",
                    root=DEFINED), "b d"),
    "definitions beside the process: escalation, message, signal": (
        definitions(
            begins("a") + scope("sub", begins("sa") + throws("t", "ref:dEscalation") + throws("s", "ref:dSignal"),
                                "sa -> t\nt -> s") + guards("x", "sub", "ref:dEscalation", 'cancelActivity="false"')
            + log("b") + ends("e", "ref:dMessage"), "a -> sub\nx -> b\nsub -> e", root=DEFINED,
            extra=beside("q", begins("qa", "ref:dMessage") + log("c"), "qa -> c")
            + beside("r", begins("ra", "ref:dSignal") + log("d"), "ra -> d"),
        ), "b c d"),
    "definitions beside the process: cancel, compensation, error": (
        definitions(
            begins("a") + scope("tx", begins("sa") + log("b") + undone("b", "u", log("u", more=UNDO))
                                + ends("se", "ref:dCancel"), "sa -> b\nb -> se", "transaction")
            + guards("x", "tx", "ref:dCancel") + log("c") + scope("sub", begins("ta") + ends("te", "ref:dError"),
                                                                  "ta -> te")
            + guards("y", "sub", "ref:dError") + log("d"), "a -> tx\nx -> c\nc -> sub\ny -> d", root=DEFINED,
        ), "b u c d"),
}  # fmt: skip


class Kept:
    """Wraps ``advance``: every instance is run on the harness's terms."""

    def __init__(self) -> None:
        self.instances: dict[int, Instance] = {}

    def advance(self, engine: BpmnEngine, process: Process, state: State, command: Command) -> list[Record]:
        one = self.instances.setdefault(id(state), Instance(engine, process))
        records = one._once(command)
        for field in state.__slots__:
            setattr(state, field, getattr(one.state, field))
        return records


class Slow:
    """Does what a service task asks for in ten seconds, and writes down every token."""

    def __init__(self) -> None:
        self.tokens: list[str] = []

    def take(self, _world: World, _one: Running, wait: Wait) -> Answer | None:
        return Answer(after=10 * SECOND) if wait.kind == JOB else None

    def watch(self, _one: Running, record: Record, _now: int) -> None:
        if isinstance(record, VariableSet) and record.name == "token":
            self.tokens.append(record.value)


def run(model: Definitions, **variables: Any) -> tuple[World, list[str]]:
    """Runs the process ``p`` for a minute; the world and the tokens, in alphabetical order."""
    worker = Slow()
    world = World(model.processes, worker, watch=worker.watch)
    world.start(model.process("p"), {name: feel.from_python(value) for name, value in variables.items()})
    world.run(60 * SECOND)
    return world, sorted(worker.tokens)


@pytest.mark.parametrize(("model", "trace"), SCENARIOS.values(), ids=list(SCENARIOS))
def test_scenario(model: Definitions, trace: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tryout, "advance", Kept().advance)
    world, tokens = run(model, n=0)
    assert tokens == sorted(trace.split())
    assert [one.process.id for one in world.running if one.state.outcome is None] == []


def test_an_error_of_a_called_process_hides_its_variables() -> None:
    world, _ = run(SCENARIOS["an error of a called process is caught at the call"][0])
    assert world.running[0].variables["token"] == "c"
    assert world.running[1].variables["token"] == "inner"
