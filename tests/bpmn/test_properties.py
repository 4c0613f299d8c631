"""Random processes: a restart after every step changes nothing, and nothing is left behind."""

from __future__ import annotations

import contextlib
import random
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anyshore.base.errors import CommandRejected
from anyshore.bpmn import BpmnEngine, Process
from anyshore.kernel import codec
from anyshore.kernel.commands import (
    Act,
    Cancel,
    Command,
    Continue,
    Fail,
    Migrate,
    Resolve,
    Resume,
    Retry,
    Start,
    Suspend,
    Write,
)
from anyshore.kernel.records import Continued, Record, Yielded
from anyshore.kernel.state import INCIDENT, State
from anyshore.kernel.turn import advance
from tests.bpmn.models import log, process
from tests.draws import examples
from tests.harness import Instance


@dataclass
class Draft:
    """A process that is being drawn: elements and flows of one scope."""

    choose: random.Random
    numbers: list[int] = field(default_factory=lambda: [0])
    body: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def name(self, prefix: str) -> str:
        self.numbers[0] += 1
        return f"{prefix}{self.numbers[0]}"

    def add(self, tag: str, inner: str = "", more: str = "", prefix: str = "n") -> str:
        name = self.name(prefix)
        self.body.append(f'<{tag} id="{name}" {more}>{inner}</{tag}>')
        return name

    def inside(self) -> Draft:
        return Draft(self.choose, self.numbers)

    def flows(self) -> str:
        found = []
        for number, link in enumerate(self.links):
            source, target, *condition = link.split("|")
            inner = f"<conditionExpression>{condition[0]}</conditionExpression>" if condition else ""
            name = f"f{source}_{target}_{number}"
            found.append(f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>')
        return "".join(found)


def block(draft: Draft, depth: int) -> tuple[str, str]:
    """A block with one way in and one way out."""
    kinds = [task, user, log_task]
    if depth > 0:
        kinds += [sequence, sequence, parallel, exclusive, inclusive, loop, sub_process, multi, guarded]
        kinds += [raced, handled, failing, undone]
    return draft.choose.choice(kinds)(draft, depth)


def task(draft: Draft, _depth: int) -> tuple[str, str]:
    name = draft.add("task")
    return name, name


def log_task(draft: Draft, _depth: int) -> tuple[str, str]:
    name = draft.name("l")
    draft.body.append(log(name))
    return name, name


def user(draft: Draft, _depth: int) -> tuple[str, str]:
    name = draft.add("userTask")
    return name, name


def sequence(draft: Draft, depth: int) -> tuple[str, str]:
    first, second = block(draft, depth - 1), block(draft, depth - 1)
    draft.links.append(f"{first[1]}|{second[0]}")
    return first[0], second[1]


def _gateways(draft: Draft, depth: int, kind: str, conditions: list[str]) -> tuple[str, str]:
    split, join = draft.add(kind), draft.add(kind)
    for condition in conditions:
        entry, end = block(draft, depth - 1)
        draft.links.append(f"{split}|{entry}" + (f"|{condition}" if condition else ""))
        draft.links.append(f"{end}|{join}")
    return split, join


def parallel(draft: Draft, depth: int) -> tuple[str, str]:
    return _gateways(draft, depth, "parallelGateway", [""] * draft.choose.randint(2, 3))


def exclusive(draft: Draft, depth: int) -> tuple[str, str]:
    limit = draft.choose.randint(0, 9)
    return _gateways(draft, depth, "exclusiveGateway", [f"n &lt; {limit}", f"n &gt;= {limit}"])


def inclusive(draft: Draft, depth: int) -> tuple[str, str]:
    limits = [draft.choose.randint(0, 9) for _ in range(2)]
    return _gateways(draft, depth, "inclusiveGateway", ["", *(f"n &gt;= {limit}" for limit in limits)])


def loop(draft: Draft, depth: int) -> tuple[str, str]:
    """Goes round a few times, counted by a variable of its own."""
    counter = draft.name("c")
    join, split = draft.add("exclusiveGateway"), draft.add("exclusiveGateway")
    entry, end = block(draft, depth - 1)
    count = draft.name("s")
    draft.body.append(
        f'<scriptTask id="{count}" anyshore:result="{counter}"><script>if {counter} = null then 1 else {counter} + 1'
        "</script></scriptTask>"
    )
    draft.body.append(f'<property id="{counter}"/>')
    draft.links += [f"{join}|{entry}", f"{end}|{count}", f"{count}|{split}", f"{split}|{join}|{counter} &lt; 3"]
    leave = draft.add("task")
    draft.links.append(f"{split}|{leave}|{counter} &gt;= 3")
    return join, leave


def _inner(draft: Draft, depth: int, more: str = "") -> str:
    inside = draft.inside()
    start = inside.add("startEvent")
    entry, end = block(inside, depth - 1)
    inside.links += [f"{start}|{entry}", f"{end}|{inside.add('endEvent')}"]
    # The counters of loops in it live as long as one instance of it.
    inside.body.sort(key=lambda text: not text.startswith("<property"))
    return more + "".join(inside.body) + inside.flows()


def sub_process(draft: Draft, depth: int) -> tuple[str, str]:
    name = draft.add("subProcess", _inner(draft, depth))
    return name, name


def multi(draft: Draft, depth: int) -> tuple[str, str]:
    sequential = draft.choose.choice(["true", "false"])
    marker = (
        f'<multiInstanceLoopCharacteristics isSequential="{sequential}"><loopCardinality>{draft.choose.randint(0, 3)}'
        "</loopCardinality></multiInstanceLoopCharacteristics>"
    )
    name = draft.add("subProcess", _inner(draft, depth, marker))
    return name, name


def guarded(draft: Draft, depth: int) -> tuple[str, str]:
    """A sub-process with a timer on its boundary; both ways meet again."""
    name = draft.add("subProcess", _inner(draft, depth))
    cancel = draft.choose.choice(["true", "false"])
    timer = draft.add(
        "boundaryEvent", "<timerEventDefinition><timeDuration>PT1M</timeDuration></timerEventDefinition>",
        f'attachedToRef="{name}" cancelActivity="{cancel}"',
    )  # fmt: skip
    late = draft.name("l")
    draft.body.append(log(late))
    meet = draft.add("inclusiveGateway")
    draft.links += [f"{timer}|{late}", f"{late}|{meet}", f"{name}|{meet}"]
    return name, meet


def raced(draft: Draft, depth: int) -> tuple[str, str]:
    """An event-based gateway."""
    split, join = draft.add("eventBasedGateway"), draft.add("exclusiveGateway")
    for reference in ("M1", "M2"):
        event = draft.add("intermediateCatchEvent", f'<messageEventDefinition messageRef="{reference}"/>')
        entry, end = block(draft, depth - 1)
        draft.links += [f"{split}|{event}", f"{event}|{entry}", f"{end}|{join}"]
    return split, join


def handled(draft: Draft, depth: int) -> tuple[str, str]:
    """A sub-process with an event sub-process for a message, once heard or again and again."""
    handler, start = draft.name("n"), draft.name("n")
    interrupting = draft.choose.choice(["true", "false"])
    inside = (
        f'<subProcess id="{handler}" triggeredByEvent="true"><startEvent id="{start}" isInterrupting="{interrupting}">'
        '<messageEventDefinition messageRef="M1"/></startEvent></subProcess>'
    )
    name = draft.add("subProcess", _inner(draft, depth) + inside)
    return name, name


def failing(draft: Draft, depth: int) -> tuple[str, str]:
    """A sub-process that throws an error in the middle of its work, caught on its boundary."""
    inside = draft.inside()
    start, split = inside.add("startEvent"), inside.add("parallelGateway")
    entry, end = block(inside, depth - 1)
    other, last = block(inside, depth - 1)
    error = inside.add("endEvent", '<errorEventDefinition errorRef="E1"/>')
    inside.links += [f"{start}|{split}", f"{split}|{entry}", f"{split}|{other}", f"{end}|{error}"]
    inside.links.append(f"{last}|{inside.add('endEvent')}")
    inside.body.sort(key=lambda text: not text.startswith("<property"))
    name = draft.add("subProcess", "".join(inside.body) + inside.flows())
    caught = draft.add("boundaryEvent", "<errorEventDefinition/>", f'attachedToRef="{name}"')
    meet = draft.add("exclusiveGateway")
    draft.links += [f"{name}|{meet}", f"{caught}|{meet}"]
    return name, meet


def undone(draft: Draft, depth: int) -> tuple[str, str]:
    """An activity and a compensation event behind it; the handler is the work of a person."""
    name = draft.add("subProcess", _inner(draft, depth))
    event = draft.add("boundaryEvent", "<compensateEventDefinition/>", f'attachedToRef="{name}"')
    handler = draft.add("userTask", "", 'isForCompensation="true"')
    draft.body.append(f'<association id="{draft.name("as")}" sourceRef="{event}" targetRef="{handler}"/>')
    throw = draft.add("intermediateThrowEvent", "<compensateEventDefinition/>")
    draft.links.append(f"{name}|{throw}")
    return name, throw


def drawn(seed: int, depth: int) -> Process:
    """A block-structured process."""
    draft = Draft(random.Random(seed))
    start = draft.add("startEvent")
    entry, end = block(draft, depth)
    draft.links += [f"{start}|{entry}", f"{end}|{draft.add('endEvent')}"]
    return process("".join(draft.body) + draft.flows())


def tangled(seed: int) -> Process:
    """A process without structure: gateways and tasks linked at random."""
    choose = random.Random(seed)
    draft = Draft(choose)
    start = draft.add("startEvent")
    kinds = ["task", "userTask", "exclusiveGateway", "parallelGateway", "inclusiveGateway", "task", "endEvent"]
    names = [(draft.add(kind), kind) for kind in (choose.choice(kinds) for _ in range(choose.randint(3, 12)))]
    draft.links.append(f"{start}|{names[0][0]}")
    for index, (name, kind) in enumerate(names):
        if kind == "endEvent":
            continue
        for _ in range(choose.randint(1, 3)):
            # Mostly forwards, so that few of them run for ever.
            later = names[index + 1 :] or names
            target = choose.choice(later if choose.random() < 0.9 else names)[0]
            condition = f"|n &gt;= {choose.randint(0, 9)}" if "exclusive" in kind or "inclusive" in kind else ""
            draft.links.append(f"{name}|{target}{condition}")
    return process("".join(draft.body) + draft.flows())


def play(
    definition: Process,
    order: random.Random,
    n: int,
    *,
    restart: bool,
    yield_after: int,
    most: int,
    most_records: int = 20_000,
) -> list[Record]:
    """Runs a process to its end or for a number of commands, resolving waits in a random order."""
    engine, state = BpmnEngine(), State("test:1")
    log_: list[Record] = []

    def do(command: Start | Resolve) -> None:
        nonlocal state
        log_.extend(advance(engine, definition, state, command, yield_after=yield_after))
        while state.pending and len(log_) < most_records:
            if restart:
                state = codec.decode_state(codec.encode_state(state))
            log_.extend(advance(engine, definition, state, Continue(at=command.at), yield_after=yield_after))
        if restart:
            state = codec.decode_state(codec.encode_state(state))

    do(Start(at=0, variables={"n": Decimal(n), "trace": []}))
    for number in range(most):
        open_waits = [wait for wait in state.waits.values() if wait.kind != INCIDENT]
        if not open_waits or state.pending:
            break
        do(Resolve(at=number * 60_000_000, wait=order.choice(open_waits).id))
    return log_


@settings(max_examples=examples(60))
@given(seed=st.integers(0, 10**9), order=st.integers(0, 10**9), n=st.integers(0, 9))
def test_a_structured_process_completes_and_a_restart_changes_nothing(seed: int, order: int, n: int) -> None:
    definition = drawn(seed, 3)
    plain = play(definition, random.Random(order), n, restart=False, yield_after=20_000, most=500)
    again = play(definition, random.Random(order), n, restart=True, yield_after=20_000, most=500)
    assert plain == again
    last = plain[-1]
    assert type(last).__name__ == "Left", "the root is left last"
    assert getattr(last, "outcome", None) == "completed"


@settings(max_examples=examples(25))
@given(seed=st.integers(0, 10**9), order=st.integers(0, 10**9), n=st.integers(0, 9))
def test_every_step_on_the_harness(seed: int, order: int, n: int) -> None:
    choose = random.Random(order)
    instance = Instance(BpmnEngine(), drawn(seed, 2))
    instance.do(Start(at=0, variables={"n": Decimal(n), "trace": []}))
    while instance.outcome is None:
        wait = choose.choice(list(instance.state.waits.values()))
        instance.do(Resolve(at=0, wait=wait.id))
    assert not instance.state.nodes
    assert not instance.state.waits
    assert not instance.state.children
    assert not instance.state.owned


@st.composite
def commands(draw: st.DrawFn, instance: Instance) -> Command:
    """A command that may or may not fit, about a node or wait that may or may not be there."""
    state = instance.state
    waits = draw(st.sampled_from([*state.waits, 0, state.next_id]))
    node = draw(st.sampled_from([*state.nodes, 0, state.next_id, None]))
    element = draw(st.sampled_from([*instance.definition.elements, "absent", None]))
    kinds: list[Command] = [
        Resolve(at=1, wait=waits, variables={"n": Decimal(3)}), Resolve(at=1, wait=waits, outcome="error:E-1"),
        Resolve(at=1, wait=waits), Fail(at=1, wait=waits, code="E-1"), Fail(at=1, wait=waits, code="unheard"),
        Retry(at=1, wait=waits, variables={"n": Decimal(5)}), Write(at=1, variables={"n": Decimal(7)}, scope=node),
        *(Act(at=1, verb=verb, node=node, element=element) for verb in ("start", "complete", "escalate", "fly")),
        Suspend(at=1), Resume(at=1), Start(at=1), Continue(at=1), Cancel(at=1),
        Migrate(at=1, definition="test:1", elements={element or "": "absent"}),
    ]  # fmt: skip
    return draw(st.sampled_from(kinds))


@settings(max_examples=examples(60))
@given(data=st.data(), seed=st.integers(0, 10**9), n=st.integers(0, 9))
def test_a_command_fits_or_is_rejected_and_then_nothing_has_changed(data: st.DataObject, seed: int, n: int) -> None:
    """The harness compares the state after every rejection."""
    instance = Instance(BpmnEngine(), drawn(seed, 2))
    instance.do(Start(at=0, variables={"n": Decimal(n), "trace": []}))
    for _ in range(8):
        with contextlib.suppress(CommandRejected):
            instance.do(data.draw(commands(instance)))


@settings(max_examples=examples(25))
@given(seed=st.integers(0, 10**9), order=st.integers(0, 10**9), n=st.integers(0, 9), after=st.integers(1, 30))
def test_yielding_in_the_middle_changes_nothing_that_counts(seed: int, order: int, n: int, after: int) -> None:
    definition = drawn(seed, 3)
    plain = play(definition, random.Random(order), n, restart=False, yield_after=20_000, most=50)
    cut = play(definition, random.Random(order), n, restart=True, yield_after=after, most=50)

    assert [one for one in cut if not isinstance(one, Yielded | Continued)] == plain


@settings(max_examples=examples(40))
@given(seed=st.integers(0, 10**9), order=st.integers(0, 10**9), n=st.integers(0, 9))
def test_a_tangled_process_breaks_nothing(seed: int, order: int, n: int) -> None:
    """It may block or stop at an incident; it must not fail, and a restart must not change what it does."""
    definition = tangled(seed)
    if sum(len(flow.id) > 0 for flow in definition.flows.values()) == 0:
        return
    plain = play(definition, random.Random(order), n, restart=False, yield_after=500, most=40, most_records=2_000)
    again = play(definition, random.Random(order), n, restart=True, yield_after=500, most=40, most_records=2_000)
    assert plain == again


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_drawn_processes_are_of_some_size(depth: int) -> None:
    assert sum(len(drawn(seed, depth).elements) for seed in range(20)) > 20 * (depth + 2)
