"""What engines do to nodes: enter, move, leave, look around. Free functions over a turn (law 5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from anyshore.kernel.records import Entered, Left, Moved, Noted, WaitClosed
from anyshore.kernel.state import Node, State
from anyshore.kernel.turn import Turn

_NOTHING: dict[int, None] = {}


def enter(turn: Turn, element: str, parent: int | None, state: str, private: dict[str, Any] | None = None) -> int:
    """Brings a node to life and returns its id."""
    node = turn.state.next_id
    turn.emit(Entered(node, element, parent, state, private or {}))
    turn.changed[node] = None
    if parent is not None:
        turn.changed[parent] = None
    return node


def move(turn: Turn, node: int, state: str) -> None:
    """Changes the lifecycle word of a node."""
    turn.emit(Moved(node, state))
    turn.changed[node] = None
    parent = turn.state.nodes[node].parent
    if parent is not None:
        turn.changed[parent] = None


def note(turn: Turn, node: int, key: str, value: Any) -> None:
    """Writes into the engine's private slot of a node; None removes the key."""
    turn.emit(Noted(node, key, value))
    turn.changed[node] = None


def leave(turn: Turn, node: int, outcome: str, descendants: str = "terminated") -> None:
    """Ends a node with everything below it: first the descendants, each with its waits, then the node itself.

    Args:
        turn: the turn.
        node: the node to end.
        outcome: its own outcome.
        descendants: the outcome of everything below it.
    """
    state = turn.state
    order = [node]
    for current in order:  # grows while it is walked: breadth first, no recursion
        below = state.children.get(current)
        if below:
            order.extend(below)
    parent = state.nodes[node].parent
    for current in reversed(order):
        owned = state.owned.get(current)
        if owned:
            for wait in list(owned):
                turn.emit(WaitClosed(wait, state.waits[wait].kind))
        turn.emit(Left(current, state.nodes[current].element, outcome if current == node else descendants))
        turn.changed.pop(current, None)
    if parent is not None:
        turn.changed[parent] = None


def children(state: State, node: int) -> Iterator[Node]:
    """The nodes directly in a scope, in order of creation. Take a list before emitting while walking."""
    nodes = state.nodes
    return (nodes[child] for child in state.children.get(node, _NOTHING))


def has_children(state: State, node: int) -> bool:
    """Whether anything lives in the scope, in constant time."""
    return node in state.children


def ancestors(state: State, node: int) -> Iterator[Node]:
    """The node itself, then the scopes around it, innermost first."""
    current: int | None = node
    while current is not None:
        found = state.nodes[current]
        yield found
        current = found.parent
