"""Variables by scope: the innermost that has a name wins, in reading and in writing."""

from __future__ import annotations

from anyshore.kernel import nodes, scopes
from anyshore.kernel.commands import Start
from anyshore.kernel.records import VariableSet
from anyshore.kernel.state import State
from anyshore.kernel.turn import Turn
from tests.kernel.toy import ToyEngine


def nested() -> Turn:
    """A root with ``x`` and ``y``, a scope in it with an ``x`` of its own, and a node in that."""
    turn = Turn(ToyEngine(), {}, State(), Start(at=0))
    root = nodes.enter(turn, "root", None, "active")
    middle = nodes.enter(turn, "middle", root, "active")
    nodes.enter(turn, "inner", middle, "active")
    for scope, name, value in ((root, "x", 1), (root, "y", 2), (middle, "x", 10)):
        scopes.declare(turn, scope, name, value)
    turn.records.clear()
    turn.changed.clear()
    return turn


def test_the_innermost_scope_that_has_a_name_is_read() -> None:
    state = nested().state
    assert dict(scopes.view(state, 3)) == {"x": 10, "y": 2}
    assert dict(scopes.view(state, 1)) == {"x": 1, "y": 2}
    assert [scopes.lookup(state, node, "x") for node in (1, 2, 3)] == [1, 10, 10]
    assert scopes.lookup(state, 3, "absent") is None


def test_a_variable_is_written_where_it_is_declared_and_a_new_one_in_the_root() -> None:
    turn = nested()
    for name in ("x", "y", "z"):
        scopes.write(turn, 3, name, 0)
    assert turn.records == [VariableSet(2, "x", 0), VariableSet(1, "y", 0), VariableSet(1, "z", 0)]
    assert list(turn.changed) == [2, 1]
    assert turn.state.variables == {1: {"x": 1, "y": 0, "z": 0}, 2: {"x": 0}}


def test_a_declared_variable_hides_the_outer_one_until_its_scope_is_left() -> None:
    turn = nested()
    scopes.declare(turn, 3, "x", 100)
    assert scopes.lookup(turn.state, 3, "x") == 100
    assert scopes.lookup(turn.state, 2, "x") == 10
    nodes.leave(turn, 2, "done")
    assert turn.state.variables == {1: {"x": 1, "y": 2}}


def test_null_is_a_value_that_hides() -> None:
    turn = nested()
    scopes.declare(turn, 2, "y", None)
    assert scopes.lookup(turn.state, 3, "y") is None
    scopes.write(turn, 3, "y", 5)
    assert turn.state.variables[2]["y"] == 5
    assert turn.state.variables[1]["y"] == 2
