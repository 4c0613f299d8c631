"""Moving a running process to another version of its definition."""

from __future__ import annotations

from typing import Any

from anyshore.base.errors import CommandRejected, Diagnostic
from anyshore.bpmn import subscriptions
from anyshore.bpmn.activities import outer
from anyshore.bpmn.elements import calls, tasks
from anyshore.bpmn.model import Activity, Event, Process, Scope
from anyshore.bpmn.records import TOKENS, Arrived, Cleared
from anyshore.kernel import migration, nodes, scopes, waits
from anyshore.kernel.commands import Migrate
from anyshore.kernel.state import CHILD, INCIDENT, JOB, WORK, Node, State
from anyshore.kernel.turn import Turn

_WORKS: dict[str, tuple[type, str]] = {
    WORK: (tasks.UserTask, "user task"),
    JOB: (tasks.ServiceTask, "service task"),
    CHILD: (calls.CallActivity, "call activity"),
}


def problems(state: State, process: Process, elements: dict[str, str]) -> list[Diagnostic]:
    """What stands against moving an instance to another version; a dry run.

    Args:
        state: the running instance.
        process: the new version.
        elements: old element id → new element id; the rest keep their id.
    """
    return migration.problems(state, elements, lambda old, new: _reason(state, process, elements, old, new))


def migrate(turn: Turn, command: Migrate) -> None:
    """Carries a migration out. The turn's definition is the new version.

    Raises:
        CommandRejected: an active element, or a token, has no place in the new version.
    """
    process: Process = turn.definition
    state = turn.state
    elements = {old: new for old, new in command.elements.items() if old != process.id}
    _tokens_fit(state, process, elements)
    root = state.nodes[1].element
    if root != process.id:
        elements[root] = process.id
    plan = Migrate(at=command.at, by=command.by, zone=command.zone, definition=command.definition, elements=elements)
    migration.migrate(turn, plan, lambda old, new: _reason(state, process, elements, old, new))
    nodes.note(turn, 1, subscriptions.UNSEEN, True)
    for node in list(state.nodes.values()):
        _move_tokens(turn, node, elements)
        _listen(turn, process, node, elements)


def _reason(state: State, process: Process, elements: dict[str, str], old: str, new: str) -> str | None:
    """Why nodes at the old element cannot stand at the new one; None where they can."""
    target = process.elements.get(new)
    if target is None:
        return "the new version has no such element."
    for node in state.nodes.values():
        if node.element == old:
            reason = _misfit(state, target, node, elements)
            if reason is not None:
                return reason
    return None


def _misfit(state: State, target: Any, node: Node, elements: dict[str, str]) -> str | None:
    if node.parent is not None:
        parent = state.nodes[node.parent].element
        around = elements.get(parent, parent)
        undone = state.nodes[node.parent].state in ("compensating", "undoing")
        if around not in (target.container, target.id) and node.state != "throwing" and not undone:
            return f"it stands in {around!r}, the new one in {target.container!r}."
    if state.children.get(node.id) and not isinstance(target, (Scope, Activity)):
        return "something is active in it, and the new one cannot hold anything."
    if node.state == "looping" and (not isinstance(target, Activity) or target.loop is None):
        return "it is a loop and the new one is not."
    for wait in waits.of(state, node.id):
        if wait.kind == INCIDENT:
            continue
        if wait.kind in _WORKS:
            kind, name = _WORKS[wait.kind]
            if not isinstance(target, kind):
                return f"it waits as a {name} and the new one is none."
    holds = state.children.get(node.id) and node.state != "looping"
    if holds and not isinstance(target, Scope) and node.state not in ("compensating", "undoing"):
        return "something is active in it, and the new one is no sub-process."
    own = [wait for wait in waits.of(state, node.id) if wait.data.get("event") == node.element]
    if own and not isinstance(target, (Event, tasks.MessageTask)):
        return "it waits for an event and the new one does not."
    return None


def _tokens_fit(state: State, process: Process, elements: dict[str, str]) -> None:
    missing = sorted(
        {
            place
            for node in state.nodes.values()
            for place in node.private.get(TOKENS, ())
            if elements.get(place, place) not in process.places
        }
    )
    if missing:
        raise CommandRejected(
            "migration.no-place",
            f"Tokens rest on {', '.join(missing)}, which the new version does not have.",
            hint="Map each to a sequence flow of the new version, or wait until the join is passed.",
        )


def _move_tokens(turn: Turn, node: Node, elements: dict[str, str]) -> None:
    tokens: dict[str, int] = dict(node.private.get(TOKENS, {}))
    if not any(place in elements for place in tokens):
        return
    turn.emit(Cleared(node.id))
    for place, number in tokens.items():
        for _ in range(number):
            turn.emit(Arrived(node.id, elements.get(place, place)))


def _listen(turn: Turn, process: Process, node: Node, elements: dict[str, str]) -> None:
    """Closes waits of events that are gone, renames those that moved, and opens those of new events."""
    element = process.elements[node.element]
    wanted = _events(turn.state, element, node)
    heard: set[str] = set()
    for wait in list(waits.of(turn.state, node.id)):
        old = wait.data.get("event")
        if old is None:
            continue
        new = elements.get(old, old)
        event = process.elements.get(new)
        kept = event is not None and (new in wanted or new == node.element or _behind(process, node, new))
        if not kept:
            waits.close(turn, wait.id)
            continue
        heard.add(new)
        if new != old:
            waits.close(turn, wait.id)
            again = subscriptions.Opening(wait.kind, wait.name, wait.key, wait.due, {**wait.data, "event": new})
            subscriptions.open_all(turn, node.id, [again])
    fresh = [event for name, event in wanted.items() if name not in heard]
    found = subscriptions.prepare(turn, fresh, scopes.view(turn.state, node.id), node.id)
    subscriptions.open_all(turn, node.id, found)


def _behind(process: Process, node: Node, event: str) -> bool:
    """Whether the event stands behind the event-based gateway that waits for it."""
    gateway = process.elements[node.element]
    return any(target.id == event for target in getattr(gateway, "targets", ()))


def _events(state: State, element: Any, node: Node) -> dict[str, Event]:
    """The events that a node has to listen to."""
    found: dict[str, Event] = {}
    if node.state not in ("active", "looping", "handling"):
        return found
    if isinstance(element, Activity) and outer(state, node.id) == node.id:
        found |= {event.id: event for event in element.listening}
    if isinstance(element, Scope) and node.state == "active":
        found |= {one.start_event.id: one.start_event for one in element.handlers if one.start_event is not None}
    return found
