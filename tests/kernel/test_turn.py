"""The one loop: budgets, incidents, suspension, migration, refusals."""

from __future__ import annotations

import pytest

from anyshore.base.errors import CommandRejected, InternalError
from anyshore.kernel import codec, nodes
from anyshore.kernel.commands import Cancel, Continue, Migrate, Resolve, Resume, Retry, Start, Suspend, Write
from anyshore.kernel.records import Continued, WaitOpened, Yielded
from anyshore.kernel.state import State
from anyshore.kernel.turn import WorkFailed, advance
from tests.harness import Instance, lines_executed
from tests.kernel.toy import ToyEngine

WAITING = {"start": [("wait", "work", {"name": "form"}), ("go", "second")], "second": [("wait", "work", {})]}
LOOP = {"start": [("go", "start")]}


def test_a_chain_of_nodes_ends_the_instance() -> None:
    instance = Instance(ToyEngine(), {"start": [("set", "x", 1), ("go", "last")], "last": []})
    instance.start(y="kept")
    assert instance.outcome == "completed"
    assert instance.variables == {"x": 1, "y": "kept"}
    assert not instance.state.nodes
    assert not instance.state.waits


def test_a_wait_is_resolved_once() -> None:
    instance = Instance(ToyEngine(), WAITING)
    instance.start()
    wait = instance.wait("start")
    instance.do(Resolve(at=1, wait=wait.id, variables={"answer": 42}))
    assert instance.variables == {"answer": 42}
    with pytest.raises(CommandRejected, match=r"wait\.unknown"):
        instance.do(Resolve(at=2, wait=wait.id))
    instance.resolve("second")
    assert instance.outcome == "completed"


def test_an_ended_instance_answers_nothing_more() -> None:
    instance = Instance(ToyEngine(), {"start": []})
    instance.start()
    before = codec.encode_state(instance.state)
    for command in (Start(at=1), Write(at=1, variables={"x": 1}), Cancel(at=1), Suspend(at=1)):
        with pytest.raises(CommandRejected):
            instance.do(command)
    assert codec.encode_state(instance.state) == before


def test_an_instance_that_was_not_started_refuses_commands() -> None:
    with pytest.raises(CommandRejected, match=r"instance\.not-started"):
        Instance(ToyEngine(), WAITING).do(Write(at=0, variables={}))


def test_a_suspended_instance_stands_still_until_it_is_resumed() -> None:
    instance = Instance(ToyEngine(), WAITING)
    instance.start()
    instance.do(Suspend(at=1))
    with pytest.raises(CommandRejected, match=r"instance\.suspended"):
        instance.resolve("start")
    instance.do(Write(at=2, variables={"repaired": True}))
    instance.do(Resume(at=3))
    with pytest.raises(CommandRejected, match=r"instance\.not-suspended"):
        instance.do(Resume(at=3))
    instance.resolve("start")
    assert instance.wait("second")


def test_a_long_loop_ends_its_turn_at_the_budget_and_goes_on() -> None:
    instance = Instance(ToyEngine(), LOOP, strict=False, yield_after=100)
    records = advance(instance.engine, LOOP, instance.state, Start(at=0), yield_after=100)
    assert 100 <= len(records) < 110
    assert instance.state.pending
    with pytest.raises(CommandRejected, match=r"instance\.busy"):
        advance(instance.engine, LOOP, instance.state, Write(at=0, variables={"x": 1}))
    advance(instance.engine, LOOP, instance.state, Continue(at=0), yield_after=100)
    assert instance.state.spent >= 200


@pytest.mark.parametrize("budget", range(1, 12))
def test_an_instance_that_ends_at_the_budget_leaves_nothing_over(budget: int) -> None:
    definition = {"start": [("go", "last")], "last": []}
    engine, state = ToyEngine(), State(definition="test:1")
    advance(engine, definition, state, Start(at=0), yield_after=budget)
    while state.outcome is None:
        assert state.pending
        advance(engine, definition, state, Continue(at=0), yield_after=budget)
    assert not state.pending


@pytest.mark.parametrize("budget", [1, 2, 3, 5])
def test_a_turn_does_at_least_one_step(budget: int) -> None:
    definition = {"start": [("spawn", "child", 20)], "child": [("set", "x", 1), ("go", "last")], "last": []}
    whole = Instance(ToyEngine(), definition)
    whole.start()
    cut = Instance(ToyEngine(), definition, yield_after=budget)
    cut.start()
    assert cut.state == whole.state
    assert [r for r in cut.log if not isinstance(r, Yielded | Continued)] == whole.log


def test_an_endless_loop_becomes_an_incident() -> None:
    engine, state = ToyEngine(), State(definition="test:1")
    advance(engine, LOOP, state, Start(at=0), yield_after=100, endless_after=1000)
    turns = 1
    while state.pending:
        advance(engine, LOOP, state, Continue(at=0), yield_after=100, endless_after=1000)
        turns += 1
    assert turns < 12
    (wait,) = state.waits.values()
    assert (wait.kind, wait.name) == ("incident", "instance.endless")
    stopped = {"start": [("go", "last")], "last": []}
    advance(engine, stopped, state, Retry(at=1, wait=wait.id))
    assert state.outcome == "completed"


def test_a_loop_costs_the_same_per_round_however_long_it_runs() -> None:
    """Counts work instead of measuring time: the state must not grow with the rounds."""
    engine, state = ToyEngine(), State(definition="test:1")
    advance(engine, LOOP, state, Start(at=0), yield_after=1000)
    size = len(codec.encode_state(state))
    for _ in range(30):
        advance(engine, LOOP, state, Continue(at=0), yield_after=1000)
    assert len(codec.encode_state(state)) - size < 20


def test_failed_work_is_an_incident_that_can_be_repaired_and_retried() -> None:
    instance = Instance(ToyEngine(), {"start": [("set", "x", 1), ("fail", "toy.broken")]})
    instance.start()
    incident = instance.wait("start", "incident")
    assert incident.data["code"] == "toy.broken"
    instance.do(Retry(at=1, wait=incident.id))
    again = instance.wait("start", "incident")
    assert again.id != incident.id
    instance.do(Retry(at=2, wait=again.id, variables={"repaired": True}))
    assert instance.outcome == "completed"


def test_only_an_open_incident_can_be_retried() -> None:
    instance = Instance(ToyEngine(), WAITING)
    instance.start()
    with pytest.raises(CommandRejected, match=r"incident\.unknown"):
        instance.do(Retry(at=1, wait=instance.wait("start").id))


def test_an_engine_that_emits_before_it_fails_is_caught() -> None:
    class Careless(ToyEngine):
        def run(self, turn, task):  # type: ignore[no-untyped-def]
            node = nodes.enter(turn, "start", 1, "active")
            raise WorkFailed(node, "toy.late", "too late")

    with pytest.raises(InternalError, match=r"engine\.not-atomic"):
        advance(Careless(), LOOP, State(), Start(at=0))


def test_an_engine_that_makes_up_an_id_is_caught() -> None:
    class Inventive(ToyEngine):
        def run(self, turn, task):  # type: ignore[no-untyped-def]
            turn.emit(WaitOpened(turn.new_id() + 1, 1, "work"))

    with pytest.raises(InternalError, match=r"engine\.foreign-id"):
        advance(Inventive(), LOOP, State(), Start(at=0))


def test_leaving_a_scope_takes_everything_below_along_without_recursion() -> None:
    depth = 5000
    definition = {f"n{i}": [("spawn", f"n{i + 1}", 1)] for i in range(depth)} | {
        "start": [("spawn", "n0", 2)], f"n{depth}": [("wait", "work", {})],
    }  # fmt: skip
    instance = Instance(ToyEngine(), definition, strict=False)
    instance.start()
    assert len(instance.state.waits) == 2
    instance.do(Cancel(at=1))
    assert instance.outcome == "cancelled"
    assert not instance.state.nodes
    assert not instance.state.waits
    assert not instance.state.children
    assert not instance.state.owned


def test_migration_maps_active_elements_or_changes_nothing() -> None:
    instance = Instance(ToyEngine(), WAITING)
    instance.start()
    instance.definition = {"root": [], "begin": [("wait", "work", {})], "second": []}
    with pytest.raises(CommandRejected, match="no such element"):
        instance.do(Migrate(at=1, definition="test:2"))
    assert instance.state.definition == "test:1"
    instance.strict = False
    instance.do(Migrate(at=1, definition="test:2", elements={"start": "begin"}))
    assert instance.state.definition == "test:2"
    assert instance.node("begin")
    instance.resolve("begin")
    assert instance.outcome == "completed"


def test_thousands_of_children_cost_no_more_each() -> None:
    def lines_per_child(count: int) -> float:
        definition = {"start": [("spawn", "child", count)], "child": [("wait", "work", {})]}
        instance = Instance(ToyEngine(), definition, strict=False)

        def run() -> None:
            instance.start()
            for wait in list(instance.state.waits):
                advance(instance.engine, instance.definition, instance.state, Resolve(at=1, wait=wait))

        return lines_executed(run) / count

    assert lines_per_child(1000) < 1.1 * lines_per_child(100)
