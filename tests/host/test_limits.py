"""No instance keeps a worker to itself, and one that never waits is stopped; on every store."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from anyshore import bpmn
from anyshore.bpmn import BpmnEngine
from anyshore.host import operations
from anyshore.host.driver import Host, NewWork
from anyshore.host.limits import Limits
from anyshore.host.operations import Selection
from anyshore.host.ports import Page
from anyshore.kernel.commands import Continue, Start
from anyshore.kernel.state import State
from anyshore.kernel.turn import advance
from tests.host import processes
from tests.host.fixtures import FILES, Clock, outcome, row, variables

SPINS = processes.process(
    "spins",
    {
        "a": processes.start(),
        "b": processes.script("n + 1", "n"),
        "g": processes.gateway("exclusive"),
        "e": processes.end(),
    },
    "a -> b\nb -> g\ng -> b : n < most\ng -> e : n >= most",
)
REPEATS = """
case: repeats
items:
  again: {type: task, wait: false, repeat: "repetitionCounter < most"}
  stay: {type: human}
"""
SMALL = Limits(turn_records=100, endless_after=3_000)
FOR_EVER = {"n": Decimal(0), "most": Decimal(10**9)}


def made(store: Any, clock: Clock, limits: Limits) -> Host:
    host = Host(store, clock=clock, limits=limits)
    host.deploy(
        "limits", {"s.bpmn": SPINS.encode(), "scripts.bpmn": FILES["scripts"].encode(), "case.yaml": REPEATS.encode()}
    )
    return host


def test_neighbours_of_an_endless_loop_go_on(store: Any, clock: Clock) -> None:
    host = made(store, clock, SMALL)
    spinning = host.start("process:spins", FOR_EVER)
    for _ in range(3):
        host.step()
        others = host.start_all([NewWork("process:scripts", {"x": Decimal(1)}) for _ in range(5)])
        host.step()
        assert [outcome(host, other) for other in others] == ["completed"] * 5
        assert row(host, spinning).status == "active"
        assert not list(operations.incidents(host, Selection()))


def test_an_endless_loop_is_stopped_and_shown(store: Any, clock: Clock) -> None:
    host = made(store, clock, SMALL)
    spinning = host.start("process:spins", FOR_EVER)
    assert host.work() < 40
    (found,) = operations.incidents(host, Selection(instance=spinning))
    assert found.row.name == "instance.endless"
    assert "Cancel" in found.hint
    reached = variables(host, spinning)["n"]
    assert operations.retry(host, Selection(instance=spinning), variables={"most": reached + 500}).done == 1
    host.work()
    assert (outcome(host, spinning), variables(host, spinning)["n"]) == ("completed", reached + 500), "nothing was lost"


def test_a_long_loop_below_the_bound_ends(store: Any, clock: Clock) -> None:
    host = made(store, clock, SMALL)
    number = host.start("process:spins", {"n": Decimal(0), "most": Decimal(900)})
    host.work()
    assert variables(host, number)["n"] == 900


def test_a_turn_without_time_does_a_step_and_the_result_is_the_same(store: Any, clock: Clock) -> None:
    host = made(store, clock, Limits(turn_seconds=0))
    process = host.start("process:spins", {"n": Decimal(0), "most": Decimal(7)})
    case = host.start("case:repeats", {"most": Decimal(5)})
    host.work()
    assert variables(host, process)["n"] == 7
    with store.transaction() as tx:
        assert len(tx.turns(process)) > 7
        assert [wait.element for wait in tx.waits(Page(kind="work")) if wait.instance == case] == ["stay"]


def test_a_turn_cut_by_the_clock_counts_as_a_full_one(store: Any, clock: Clock) -> None:
    host = made(store, clock, Limits(turn_seconds=0, turn_records=100, endless_after=3_000))
    spinning = host.start("process:spins", FOR_EVER)
    host.work()
    with store.transaction() as tx:
        assert len(tx.turns(spinning)) == 30
    assert [found.row.name for found in operations.incidents(host, Selection())] == ["instance.endless"]


def test_a_batch_without_time_answers_one_command_and_the_rest_next(store: Any, clock: Clock) -> None:
    host = made(store, clock, Limits(batch_seconds=0, turn_records=100))
    spinning = host.start("process:spins", FOR_EVER)
    others = host.start_all([NewWork("process:scripts", {"x": Decimal(1)}) for _ in range(4)])
    for _ in range(6):
        clock.now += 1
        assert host.step() == 1
    assert [outcome(host, other) for other in others] == ["completed"] * 4, (
        "the loop comes after those that waited longer"
    )
    assert row(host, spinning).status == "active"


def test_timers_left_by_a_batch_fire_in_the_next(store: Any, clock: Clock) -> None:
    host = made(store, clock, Limits(batch_seconds=0))
    host.deploy("timed", {"timed.bpmn": FILES["timed"].encode()})
    numbers = host.start_all([NewWork("process:timed", {"wait": "PT1S"}) for _ in range(3)])
    host.work()
    clock.sleep(1)
    assert [host.step() for _ in range(4)] == [1, 1, 1, 0]
    assert [outcome(host, number) for number in numbers] == ["completed"] * 3


def test_the_bound_leaves_room_for_long_loops() -> None:
    engine, state = BpmnEngine(), State("test:1")
    definition = bpmn.read(SPINS.encode(), file="spins.bpmn").processes["spins"]
    command: Start | Continue = Start(at=0, variables={"n": Decimal(0), "most": Decimal(100_000)})
    most = 0
    while state.outcome is None:
        advance(engine, definition, state, command)
        most, command = max(most, state.spent), Continue(at=0)
    assert state.variables[1]["n"] == 100_000
    assert 8 * most < Limits().endless_after
