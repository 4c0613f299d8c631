"""The state of one running instance, as plain data.

The types are ``msgspec`` structs: slotted, without behaviour, encoded and validated in C. Dictionaries keep the order
of creation, which is what makes a run repeatable.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field


class Node(Struct, array_like=True, gc=False):
    """An active element of a process, or a plan item of a case.

    Attributes:
        id: unique within the instance; ids grow with time.
        element: id of the element in the definition.
        parent: the scope it lives in; None for the root.
        state: its lifecycle word, which only the engine understands.
        private: what the engine keeps with this node; it goes when the node goes. Changed only by records.
    """

    id: int
    element: str
    parent: int | None
    state: str
    private: dict[str, Any] = field(default_factory=dict)


class Wait(Struct, array_like=True, gc=False):
    """Something a node waits for.

    Attributes:
        id: unique within the instance, from the same counter as nodes.
        owner: the waiting node; the wait goes when the node goes.
        kind: one of ``KINDS``.
        name: what it listens to: message or signal name, activity, form, called definition.
        key: the correlation key of a message.
        due: when a timer is due, microseconds since 1970 UTC.
        data: what the engine needs again when it resolves, and what the host shows to people and activities.
    """

    id: int
    owner: int
    kind: str
    name: str | None = None
    key: str | None = None
    due: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


TIMER, MESSAGE, SIGNAL, CONDITION = "timer", "message", "signal", "condition"
JOB, WORK, CHILD, INCIDENT = "job", "work", "child", "incident"
KINDS = frozenset({TIMER, MESSAGE, SIGNAL, CONDITION, JOB, WORK, CHILD, INCIDENT})


class State(Struct):
    """All that an instance is between two commands.

    Attributes:
        definition: reference of the definition version it runs on.
        next_id: the next free id for a node or wait.
        nodes: active nodes by id, in order of creation.
        variables: variables by the node that is their scope; the root's stay when the instance has ended.
        waits: open waits by id.
        pending: tasks left over when a turn ended at its budget; a ``Continue`` command takes them up.
        spent: records since the last command from outside, for the budget of an endless loop.
        suspended: whether only administrative commands are accepted.
        outcome: how the instance ended; None while it runs.
        children: node ids by parent, derived from ``nodes``.
        owned: wait ids by owner, derived from ``waits``.
    """

    definition: str = ""
    next_id: int = 1
    nodes: dict[int, Node] = field(default_factory=dict)
    variables: dict[int, dict[str, Any]] = field(default_factory=dict)
    waits: dict[int, Wait] = field(default_factory=dict)
    pending: list[tuple[Any, ...]] = field(default_factory=list)
    spent: int = 0
    suspended: bool = False
    outcome: str | None = None
    # The derived indexes hold ids as the keys of dictionaries: an ordered set with removal in constant time.
    children: dict[int, dict[int, None]] = field(default_factory=dict)
    owned: dict[int, dict[int, None]] = field(default_factory=dict)


ROOT = 1
"""The id of the root node: it is entered first."""


def index(state: State) -> None:
    """Rebuilds the derived indexes, after decoding.

    Raises:
        KeyError: a node stands in, or a wait belongs to, a node that is not there.
    """
    nodes = state.nodes
    state.children = {}
    state.owned = {}
    for node in nodes.values():
        if node.parent is not None:
            state.children.setdefault(nodes[node.parent].id, {})[node.id] = None
    for wait in state.waits.values():
        state.owned.setdefault(nodes[wait.owner].id, {})[wait.id] = None
