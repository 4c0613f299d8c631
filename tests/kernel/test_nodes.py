"""What is done to nodes and waits, and what has to be looked at afterwards."""

from __future__ import annotations

import pytest

from anyshore.base.errors import CommandRejected
from anyshore.kernel import nodes, waits
from anyshore.kernel.commands import Start
from anyshore.kernel.records import Left, Record, WaitClosed
from anyshore.kernel.state import State
from anyshore.kernel.turn import Turn
from tests.kernel.toy import ToyEngine


def family() -> Turn:
    """A root (1) with two children (2, 3), of which the first has one (4); waits on 4 and 3."""
    turn = Turn(ToyEngine(), {}, State(), Start(at=0))
    for parent in (None, 1, 1, 2):
        nodes.enter(turn, f"n{turn.new_id()}", parent, "active")
    waits.open_wait(turn, 4, "timer", name="t", due=9)
    waits.open_wait(turn, 3, "work")
    turn.records.clear()
    turn.changed.clear()
    return turn


def test_leaving_takes_everything_below_along_from_the_inside_out() -> None:
    turn = family()
    nodes.leave(turn, 2, "done", "cut off")
    expected: list[Record] = [WaitClosed(5, "timer"), Left(4, "n4", "cut off"), Left(2, "n2", "done")]
    assert turn.records == expected
    assert list(turn.changed) == [1]
    assert list(turn.state.nodes) == [1, 3]
    assert list(turn.state.waits) == [6]


def test_a_change_has_the_node_and_its_parent_looked_at() -> None:
    turn = family()
    nodes.move(turn, 4, "resting")
    assert turn.state.nodes[4].state == "resting"
    assert set(turn.changed) == {4, 2}
    turn.changed.clear()
    nodes.note(turn, 3, "key", [1])
    nodes.note(turn, 3, "gone", 1)
    nodes.note(turn, 3, "gone", None)
    assert turn.state.nodes[3].private == {"key": [1]}
    assert set(turn.changed) == {3}
    turn.changed.clear()
    waits.close(turn, 6)
    assert set(turn.changed) == {3}


def test_looking_around() -> None:
    state = family().state
    assert [node.id for node in nodes.children(state, 1)] == [2, 3]
    assert [node.id for node in nodes.ancestors(state, 4)] == [4, 2, 1]
    assert [nodes.has_children(state, node) for node in (1, 2, 3, 4)] == [True, True, False, False]
    assert [wait.id for wait in waits.of(state, 4)] == [5]
    assert list(waits.of(state, 4, "work")) == []
    assert waits.expect(state, 5).due == 9


def test_a_wait_that_is_not_open_is_refused() -> None:
    with pytest.raises(CommandRejected, match=r"wait\.unknown"):
        waits.expect(family().state, 7)
