"""What the records of one turn mean outside the instance: rows to keep, calls to make, facts for the ledger.

Pure: the host carries the effects out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from anyshore.kernel.commands import Cancel, Command, Resolve
from anyshore.kernel.records import Entered, Left, Migrated, Record, Resumed, Sent, Suspended, WaitClosed, WaitOpened
from anyshore.kernel.state import CHILD, INCIDENT, ROOT, WORK, State, Wait

CARRIED = frozenset({"message", "signal", "escalation"})
"""Kinds of ``Sent`` that a host brings to other instances."""


@dataclass(slots=True)
class Fact:
    """Something that happened and that a contract can refer to: the type and data of a ledger entry."""

    type: str
    data: dict[str, Any]


@dataclass(slots=True)
class Effects:
    """What a host has to do after a turn.

    Attributes:
        opened: waits that are open now and were not before, with the element they stand at.
        closed: ids of waits that were open before the turn.
        sent: what went out: messages, signals, escalations.
        begun: work that is started and not waited for, each with the element that started it.
        abandoned: child waits whose called instance is of no use any more.
        facts: for the ledger, in order.
        suspended: the new standing, if it changed.
        outcome: how the instance ended, if it did.
    """

    opened: list[tuple[Wait, str]] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    begun: list[tuple[Sent, str]] = field(default_factory=list)
    abandoned: list[int] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    suspended: bool | None = None
    outcome: str | None = None


def effects(command: Command, records: Sequence[Record], state: State) -> Effects:
    """Reads the records of one turn.

    Args:
        command: what was asked.
        records: what followed.
        state: the state after them.
    """
    found = Effects(outcome=state.outcome)
    fresh: dict[int, WaitOpened] = {}
    resolved = command.wait if isinstance(command, Resolve) else None
    for record in records:
        match record:
            case WaitOpened():
                fresh[record.id] = record
            case WaitClosed():
                _closed(found, record, fresh, resolved, command)
            case Sent(kind="start"):
                found.begun.append((record, _element(record.node, records, state)))
            case Sent():
                _sent(found, record)
            case Entered(id=1):
                found.facts.append(Fact("instance.started", {}))
            case Suspended():
                found.suspended = True
                found.facts.append(Fact("instance.suspended", {"by": command.by}))
            case Resumed():
                found.suspended = False
                found.facts.append(Fact("instance.resumed", {"by": command.by}))
            case Migrated():
                found.facts.append(Fact("instance.migrated", {"definition": record.definition, "by": command.by}))
            case _:
                pass
    for opened in fresh.values():
        _opened(found, opened, state)
    if state.outcome is not None:
        found.facts.append(_end(command, state))
    return found


def _opened(found: Effects, record: WaitOpened, state: State) -> None:
    wait = state.waits[record.id]
    element = state.nodes[wait.owner].element
    found.opened.append((wait, element))
    if wait.kind == WORK:
        found.facts.append(Fact("work.opened", {"wait": wait.id} | work_facts(element, wait.data)))
    elif wait.kind == INCIDENT:
        data = {"element": element, "wait": wait.id, "code": wait.data["code"], "message": wait.data["message"]}
        found.facts.append(Fact("incident.raised", data))


def work_facts(element: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What a contract asks of a work item: where it stands, and which party has to act."""
    return {"element": element, "party": "client" if data.get("role") == "client" else "provider"}


def _closed(
    found: Effects, record: WaitClosed, fresh: dict[int, WaitOpened], resolved: int | None, command: Command
) -> None:
    if fresh.pop(record.id, None) is not None:
        return  # opened and closed within the turn: nobody outside has seen it
    found.closed.append(record.id)
    if record.kind == CHILD and record.id != resolved:
        found.abandoned.append(record.id)
    if record.kind == WORK:
        data: dict[str, Any] = {"wait": record.id}
        if record.id != resolved:
            data["withdrawn"] = True
        else:
            data["performer"] = command.by
            minutes = command.variables.get("minutes") if isinstance(command, Resolve) else None
            if isinstance(minutes, (int, Decimal)) and not isinstance(minutes, bool):
                data |= {"billing": "hourly", "minutes": minutes}
        found.facts.append(Fact("work.completed", data))
    elif record.kind == INCIDENT:
        found.facts.append(Fact("incident.resolved", {"wait": record.id, "by": command.by}))


def _sent(found: Effects, record: Sent) -> None:
    if record.kind in CARRIED:
        found.sent.append(record)
    else:
        # An engine's own announcement, such as a milestone: a fact, not mail.
        found.facts.append(Fact(f"{record.kind}.reached", {"name": record.name, **record.data}))


def _element(node: int, records: Sequence[Record], state: State) -> str:
    """The element of a node that may have left since."""
    if node in state.nodes:
        return state.nodes[node].element
    return next((record.element for record in records if isinstance(record, Left) and record.id == node), "")


def _end(command: Command, state: State) -> Fact:
    variables = state.variables.get(ROOT, {})
    if isinstance(command, Cancel):
        return Fact("instance.cancelled", {"reason": command.reason, "by": command.by})
    outcome = variables.get("outcome")
    data = {"outcome": outcome if isinstance(outcome, str) else state.outcome, "end": state.outcome}
    if isinstance(variables.get("shore"), str):
        data["shore"] = variables["shore"]
    return Fact("instance.completed", data)
