"""What happens in a process beyond what the kernel records."""

from __future__ import annotations

from typing import Any

from anyshore.kernel.records import Record
from anyshore.kernel.state import ROOT, State


class Passed(Record):
    """A token went through an element that waits for nothing. Changes no state; it is the history.

    Attributes:
        scope: the node of the process or sub-process instance.
        element: the element passed.
    """

    scope: int
    element: str


class Arrived(Record):
    """A token rests before a join. ``place`` is the flow it came by, or the activity that collects a quantity."""

    scope: int
    place: str


class Consumed(Record):
    """A join took ``count`` tokens from each of the places."""

    scope: int
    places: list[str]
    count: int = 1


class Cleared(Record):
    """All resting tokens of a scope are gone, because it was interrupted."""

    scope: int


class Retained(Record):
    """A completed activity stays for as long as it may have to be compensated, last in the order of completion."""

    id: int


class Released(Record):
    """A retained activity is about to leave: it was compensated."""

    id: int


class Watched(Record):
    """A wait for a condition was opened: it is looked at whenever a variable changes."""

    wait: int


class Unwatched(Record):
    """These waits are gone."""

    waits: list[int]


RECORDS: tuple[type[Record], ...] = (Passed, Arrived, Consumed, Cleared, Retained, Released, Watched, Unwatched)

TOKENS, RETAINED, WATCHED = "tokens", "retained", "watched"
"""Keys of a node's private slot that only these records write. The last is the root's alone."""


def apply(state: State, record: Record) -> None:
    """Changes the state as a record of this engine says."""
    kind = type(record)
    if kind is not Passed:
        _APPLY[kind](state, record)


def _arrived(state: State, record: Arrived) -> None:
    tokens = state.nodes[record.scope].private.setdefault(TOKENS, {})
    tokens[record.place] = tokens.get(record.place, 0) + 1


def _consumed(state: State, record: Consumed) -> None:
    private = state.nodes[record.scope].private
    tokens = private[TOKENS]
    for place in record.places:
        left = tokens[place] - record.count
        if left > 0:
            tokens[place] = left
        else:
            del tokens[place]
    if not tokens:
        del private[TOKENS]


def _cleared(state: State, record: Cleared) -> None:
    state.nodes[record.scope].private.pop(TOKENS, None)


def _retained(state: State, record: Retained) -> None:
    node = state.nodes[record.id]
    node.state = "completed"
    assert node.parent is not None
    state.nodes[node.parent].private.setdefault(RETAINED, []).append(record.id)


def _released(state: State, record: Released) -> None:
    parent = state.nodes[record.id].parent
    assert parent is not None
    private = state.nodes[parent].private
    kept = private[RETAINED]
    if kept[-1] == record.id:
        kept.pop()
    else:
        kept.remove(record.id)
    if not kept:
        del private[RETAINED]


def _watched(state: State, record: Watched) -> None:
    state.nodes[ROOT].private.setdefault(WATCHED, []).append(record.wait)


def _unwatched(state: State, record: Unwatched) -> None:
    private = state.nodes[ROOT].private
    gone = set(record.waits)
    left = [wait for wait in private[WATCHED] if wait not in gone]
    if left:
        private[WATCHED] = left
    else:
        del private[WATCHED]


_APPLY: dict[type[Record], Any] = {
    Arrived: _arrived, Consumed: _consumed, Cleared: _cleared, Retained: _retained, Released: _released,
    Watched: _watched, Unwatched: _unwatched,
}  # fmt: skip
