"""After a standstill everything is looked at again, and what was on its way goes on."""

from __future__ import annotations

from anyshore.kernel.commands import Cancel, Continue, Resume, Start, Suspend, Write
from anyshore.kernel.state import State
from anyshore.kernel.turn import Turn, advance
from tests.harness import Instance
from tests.kernel.toy import ToyEngine


class Watching(ToyEngine):
    def __init__(self) -> None:
        self.seen: list[set[int]] = []

    def settle(self, turn: Turn) -> bool:
        self.seen.append(set(turn.changed))
        return super().settle(turn)


def test_resuming_has_every_node_looked_at() -> None:
    engine = Watching()
    instance = Instance(engine, {"start": [("wait", "work", {"name": "form"})]}, strict=False)
    instance.start()
    instance.do(Suspend(at=1))
    instance.do(Write(at=2, variables={"x": 1}))
    engine.seen.clear()
    instance.do(Resume(at=3))
    assert engine.seen[0] == set(instance.state.nodes)


BUSY = {"start": [("go", "second")], "second": [("go", "last")], "last": [("set", "done", True)]}


def busy() -> State:
    """An instance whose only token is still on its way: a task left over when the turn ended at its budget."""
    state = State(definition="test:1")
    advance(ToyEngine(), BUSY, state, Start(at=0), yield_after=5)
    assert state.pending
    return state


def test_resuming_does_not_take_a_busy_instance_for_an_empty_one() -> None:
    state = busy()
    for command in (Suspend(at=1), Resume(at=2)):
        advance(ToyEngine(), BUSY, state, command)
    assert state.outcome is None
    advance(ToyEngine(), BUSY, state, Continue(at=3))
    assert (state.outcome, state.variables) == ("completed", {1: {"done": True}})


def test_a_cancelled_instance_has_nothing_left_to_do() -> None:
    state = busy()
    advance(ToyEngine(), BUSY, state, Cancel(at=1))
    assert (state.outcome, state.pending) == ("cancelled", [])
