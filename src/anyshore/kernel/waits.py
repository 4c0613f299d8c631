"""Opening, finding and closing waits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from anyshore.base.errors import CommandRejected
from anyshore.kernel.records import WaitClosed, WaitOpened
from anyshore.kernel.state import State, Wait
from anyshore.kernel.turn import Turn


def open_wait(
    turn: Turn,
    owner: int,
    kind: str,
    *,
    name: str | None = None,
    key: str | None = None,
    due: int | None = None,
    data: dict[str, Any] | None = None,
) -> int:
    """Lets a node wait for something and returns the wait's id."""
    wait = turn.state.next_id
    turn.emit(WaitOpened(wait, owner, kind, name, key, due, data or {}))
    return wait


def close(turn: Turn, wait: int) -> None:
    """Ends a wait."""
    found = turn.state.waits[wait]
    turn.emit(WaitClosed(wait, found.kind))
    turn.changed[found.owner] = None


def of(state: State, owner: int, kind: str | None = None) -> Iterator[Wait]:
    """The open waits of a node. Take a list before emitting while walking."""
    waits = state.waits
    found = (waits[wait] for wait in state.owned.get(owner, ()))
    return found if kind is None else (wait for wait in found if wait.kind == kind)


def expect(state: State, wait: int) -> Wait:
    """The open wait a command names.

    Raises:
        CommandRejected: it is not open (any more): it was resolved before, or its node is gone.
    """
    found = state.waits.get(wait)
    if found is None:
        raise CommandRejected("wait.unknown", f"There is no open wait {wait}.", hint="It was resolved already.")
    return found
