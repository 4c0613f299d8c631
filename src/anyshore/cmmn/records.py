"""What happens in a case beyond the kernel's records: transitions, satisfied on-parts, criteria, plan changes."""

from __future__ import annotations

from typing import Any

from msgspec import field

from anyshore.cmmn.lifecycles import ENDED
from anyshore.kernel.records import Record
from anyshore.kernel.state import ROOT, State


class Transitioned(Record):
    """A plan item made a transition of its lifecycle (8.4).

    Attributes:
        id: the node.
        element: its plan item.
        transition: the specification's word.
        before: state it left.
        state: state it reached.
        criterion: the criterion that caused it, if one did.
    """

    id: int
    element: str
    transition: str
    before: str
    state: str
    criterion: str | None = None


class Heard(Record):
    """An on-part of a criterion occurred; it stays satisfied until the criterion fires."""

    id: int
    criterion: str
    part: str


class Satisfied(Record):
    """All of a criterion holds and it fires: its on-parts start anew."""

    id: int
    criterion: str


class FileChanged(Record):
    """A case file item made a transition (8.3). Its content is in the variable."""

    item: str
    transition: str


class Planned(Record):
    """A person changed the plan of the live case.

    Attributes:
        verb: what they did.
        node: the node it is about, where there is one.
        element: the plan item it is about, where there is no node.
        by: who.
        reason: why, in their words.
    """

    verb: str
    node: int | None = None
    element: str | None = None
    by: str | None = None
    reason: str = ""
    details: list[str] = field(default_factory=list)


CASE_RECORDS: tuple[type[Record], ...] = (Transitioned, Heard, Satisfied, FileChanged, Planned)


def apply(state: State, record: Record) -> None:
    """Changes the state as a case record says."""
    match record:
        case Transitioned():
            _transitioned(state, record)
        case Heard():
            heard: dict[str, list[str]] = state.nodes[record.id].private.setdefault("heard", {})
            heard.setdefault(record.criterion, []).append(record.part)
        case Satisfied():
            private = state.nodes[record.id].private
            heard = private.get("heard", {})
            heard.pop(record.criterion, None)
            if not heard:
                private.pop("heard", None)
        case _:
            """File events and plan changes are for the history; their effects are other records."""


def _transitioned(state: State, record: Transitioned) -> None:
    node = state.nodes[record.id]
    node.state = record.state
    if record.state == "suspended":
        node.private["before"] = record.before
    elif record.before == "suspended":
        node.private.pop("before", None)
    if record.state in ENDED and record.id != ROOT and node.parent is not None:
        ended: dict[str, Any] = state.nodes[node.parent].private.setdefault("ended", {})
        ended[record.element] = record.transition
