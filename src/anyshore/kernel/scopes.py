"""Variables by scope: the innermost scope that has a name wins."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import Any

from anyshore.kernel.records import VariableSet
from anyshore.kernel.state import State
from anyshore.kernel.turn import Turn

_EMPTY: Mapping[str, Any] = {}


def view(state: State, scope: int) -> Mapping[str, Any]:
    """All variables visible from a node, for evaluating an expression. Read it before the next record."""
    variables = state.variables
    found: Mapping[str, Any] | None = None
    maps: list[dict[str, Any]] = []
    current: int | None = scope
    while current is not None:
        own = variables.get(current)
        if own:
            if found is None:
                found = own
            maps.append(own)
        current = state.nodes[current].parent
    if len(maps) > 1:
        return ChainMap(*maps)
    return _EMPTY if found is None else found


def lookup(state: State, scope: int, name: str) -> Any:
    """The value of a variable as seen from a node; None where there is none."""
    return view(state, scope).get(name)


def write(turn: Turn, scope: int, name: str, value: Any) -> None:
    """Sets a variable where it is declared, or in the root where it is not."""
    state = turn.state
    at = scope
    while True:
        own = state.variables.get(at)
        if own is not None and name in own:
            break
        parent = state.nodes[at].parent
        if parent is None:
            break
        at = parent
    turn.emit(VariableSet(at, name, value))
    turn.changed[at] = None


def declare(turn: Turn, scope: int, name: str, value: Any) -> None:
    """Sets a variable in exactly this scope, hiding one of the same name further out."""
    turn.emit(VariableSet(scope, name, value))
    turn.changed[scope] = None
