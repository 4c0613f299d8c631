"""Random processes: a restart after every step changes nothing, and nothing is left behind."""

from __future__ import annotations

import contextlib
import random
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
from tests.bpmn.drawn import drawn, tangled
from tests.draws import examples
from tests.harness import Instance


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
