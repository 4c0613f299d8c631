"""Records: the only way state changes (law 3), and ``apply``, the one place where they do.

An engine adds records of its own by subclassing ``Record``; its ``apply`` handles those.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from msgspec import Struct, field

from anyshore.base.errors import HostError, InternalError
from anyshore.kernel.state import ROOT, Node, State, Wait


class Record(Struct, tag=True, tag_field="type", omit_defaults=True, gc=False):
    """What happened, as plain data."""


class Entered(Record):
    """A node came to life. The first one is the root."""

    id: int
    element: str
    parent: int | None
    state: str
    private: dict[str, Any] = field(default_factory=dict)


class Moved(Record):
    """A node changed its lifecycle word."""

    id: int
    state: str


class Noted(Record):
    """The engine wrote into its private slot of a node. A value of None removes the key."""

    id: int
    key: str
    value: Any = None


class Left(Record):
    """A node is gone; so are its variables, unless it is the root. ``outcome`` says how, in the engine's word."""

    id: int
    element: str
    outcome: str


class VariableSet(Record):
    """A variable has a new value in the scope of a node."""

    scope: int
    name: str
    value: Any = None


class WaitOpened(Record):
    """A node waits for something."""

    id: int
    owner: int
    kind: str
    name: str | None = None
    key: str | None = None
    due: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


class WaitClosed(Record):
    """A wait is over, heard or not."""

    id: int
    kind: str


class Sent(Record):
    """Something went out to other instances or to the world. Changes nothing here; the host carries it.

    Attributes:
        node: who sent it.
        kind: ``message`` or ``signal``; ``escalation``: for the calling instance; ``start``: work that nobody waits for
            (``process:KEY``, ``case:KEY``, ``activity:NAME``); or an engine's word the ledger knows (``milestone``).
    """

    node: int
    kind: str
    name: str
    key: str | None = None
    data: dict[str, Any] = field(default_factory=dict)


class Suspended(Record):
    """The instance stands still until it is resumed."""


class Resumed(Record):
    """The instance goes on."""


class Migrated(Record):
    """The instance runs on another definition version."""

    definition: str


class NodeMapped(Record):
    """A node stands for another element of the new definition."""

    id: int
    element: str


class Yielded(Record):
    """The turn ended at its budget; these tasks are left."""

    tasks: list[tuple[Any, ...]]
    spent: int


class Continued(Record):
    """The tasks left over were taken up."""


KERNEL_RECORDS: tuple[type[Record], ...] = (
    Entered, Moved, Noted, Left, VariableSet, WaitOpened, WaitClosed, Sent,
    Suspended, Resumed, Migrated, NodeMapped, Yielded, Continued,
)  # fmt: skip


class Applier(Protocol):
    """Who applies the records that are not the kernel's: an engine."""

    def apply(self, state: State, record: Record) -> None:
        """Applies a record of the engine's own."""


def apply(state: State, record: Record, engine: Applier) -> None:
    """Changes the state as the record says. Replaying an instance's records gives its state, always."""
    handler = HANDLERS.get(type(record))
    if handler is None:
        engine.apply(state, record)
    else:
        handler(state, record)


def follow(state: State, records: Iterable[Record], engine: Applier) -> None:
    """Takes a state further by stored records.

    Raises:
        HostError: they do not follow from the state; some are lost or were changed.
    """
    for record in records:
        try:
            apply(state, record, engine)
        except (LookupError, TypeError, AttributeError, AssertionError, InternalError) as problem:
            message = f"A stored record does not follow from those before it: {record!r:.200}"
            raise HostError("store.bad-records", message) from problem


def replay(records: Iterable[Record], engine: Applier, definition: str) -> State:
    """The state that a list of records leads to, from nothing.

    Raises:
        HostError: the records do not follow from each other.
    """
    state = State(definition=definition)
    follow(state, records, engine)
    return state


def _foreign(record: Entered | WaitOpened, state: State) -> InternalError:
    message = f"The id of {record!r:.200} is not the next one, which is {state.next_id}."
    return InternalError("engine.foreign-id", message)


def _entered(state: State, record: Entered) -> None:
    if record.id != state.next_id:
        raise _foreign(record, state)
    node = Node(record.id, record.element, record.parent, record.state, dict(record.private))
    state.nodes[record.id] = node
    if record.parent is not None:
        siblings = state.children.get(record.parent)
        if siblings is None:
            state.children[record.parent] = {record.id: None}
        else:
            siblings[record.id] = None
    state.next_id = record.id + 1


def _moved(state: State, record: Moved) -> None:
    state.nodes[record.id].state = record.state


def _noted(state: State, record: Noted) -> None:
    private = state.nodes[record.id].private
    if record.value is None:
        private.pop(record.key, None)
    else:
        private[record.key] = record.value


def _left(state: State, record: Left) -> None:
    node = state.nodes.pop(record.id)
    state.children.pop(record.id, None)
    if node.parent is not None:
        siblings = state.children[node.parent]
        del siblings[record.id]
        if not siblings:
            del state.children[node.parent]
    if record.id == ROOT:
        state.outcome = record.outcome
        state.pending = []
    else:
        state.variables.pop(record.id, None)


def _variable_set(state: State, record: VariableSet) -> None:
    scope = state.variables.get(record.scope)
    if scope is None:
        state.variables[record.scope] = {record.name: record.value}
    else:
        scope[record.name] = record.value


def _wait_opened(state: State, record: WaitOpened) -> None:
    if record.id != state.next_id:
        raise _foreign(record, state)
    state.waits[record.id] = Wait(
        record.id, record.owner, record.kind, record.name, record.key, record.due, dict(record.data)
    )
    state.owned.setdefault(record.owner, {})[record.id] = None
    state.next_id = record.id + 1


def _wait_closed(state: State, record: WaitClosed) -> None:
    wait = state.waits.pop(record.id)
    owned = state.owned[wait.owner]
    del owned[record.id]
    if not owned:
        del state.owned[wait.owner]


def _sent(state: State, record: Sent) -> None:
    """What goes out leaves no trace in the state."""


def _suspended(state: State, record: Suspended) -> None:
    state.suspended = True


def _resumed(state: State, record: Resumed) -> None:
    state.suspended = False


def _migrated(state: State, record: Migrated) -> None:
    state.definition = record.definition


def _node_mapped(state: State, record: NodeMapped) -> None:
    state.nodes[record.id].element = record.element


def _yielded(state: State, record: Yielded) -> None:
    state.pending = list(record.tasks)
    state.spent = record.spent


def _continued(state: State, record: Continued) -> None:
    state.pending = []
    state.spent = 0


HANDLERS: dict[type[Record], Any] = {
    Entered: _entered, Moved: _moved, Noted: _noted, Left: _left, VariableSet: _variable_set,
    WaitOpened: _wait_opened, WaitClosed: _wait_closed, Sent: _sent, Suspended: _suspended, Resumed: _resumed,
    Migrated: _migrated, NodeMapped: _node_mapped, Yielded: _yielded, Continued: _continued,
}  # fmt: skip
