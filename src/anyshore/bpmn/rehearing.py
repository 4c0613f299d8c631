"""What a node listens to after a migration: waits that go on, waits that end, and waits that are new.

A wait goes on where the new version waits for the same: the same message or signal by its name, a condition, or a timer
that counts the same way (once, or a cycle): what was set once stays set. Anything else ends, and the new version's
event listens from now on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from anyshore.bpmn import subscriptions
from anyshore.bpmn.activities import ACTIVE, ARM, BEGIN, HANDLING, LOOPING, outer
from anyshore.bpmn.elements.gateways import EventGateway
from anyshore.bpmn.elements.tasks import MessageTask
from anyshore.bpmn.model import Activity, Event, Process, Scope
from anyshore.bpmn.subscriptions import WAITING, Opening
from anyshore.kernel import scopes, waits
from anyshore.kernel.state import INCIDENT, Node, State, Wait
from anyshore.kernel.turn import Turn


@dataclass(slots=True)
class Change:
    """What is to happen to the waits of a node.

    Attributes:
        node: the node.
        closing: waits that end.
        opening: waits that begin, or go on under another name.
    """

    node: int
    closing: list[int] = field(default_factory=list)
    opening: list[Opening] = field(default_factory=list)


def change(turn: Turn, process: Process, node: Node, elements: Mapping[str, str]) -> Change:
    """Finds out what changes, without changing anything.

    Raises:
        WorkFailed: a timer of the new version has no date.
    """
    element = process.elements[elements.get(node.element, node.element)]
    wanted, fresh = _events(turn.state, element, node)
    found = Change(node.id)
    taken: set[tuple[str, int]] = set()
    for wait in waits.of(turn.state, node.id):
        old = wait.data.get("event")
        if old is None:
            continue
        event = wanted.get(elements.get(old, old))
        index = _index(event, wait, taken)
        if event is None or index is None:
            found.closing.append(wait.id)
            continue
        taken.add((event.id, index))
        if (event.id, index) != (old, wait.data["index"]):
            found.closing.append(wait.id)
            about = {**wait.data, "event": event.id, "index": index}
            found.opening.append(Opening(wait.kind, wait.name, wait.key, wait.due, about))
    view = scopes.view(turn.state, node.id)
    back = {new: old for old, new in elements.items()}
    for event in fresh:
        for index, trigger in enumerate(event.triggers):
            over = _over(node, back.get(event.id, event.id), index, trigger)
            if trigger.kind in WAITING and (event.id, index) not in taken and not over:
                again = subscriptions.opening_if_any(turn, event, index, trigger, view, node.id)
                found.opening += [] if again is None else [again]
    return found


def carry_out(turn: Turn, found: Change) -> None:
    """Closes and opens."""
    for wait in found.closing:
        waits.close(turn, wait)
    subscriptions.open_all(turn, found.node, found.opening)


def _index(event: Any, wait: Wait, taken: set[tuple[str, int]]) -> int | None:
    """Which trigger of the event a wait goes on for; the one it was for, where that is still the same."""
    if event is None:
        return None
    was = wait.data["index"]
    order = sorted(range(len(event.triggers)), key=lambda index: index != was)
    fitting = (index for index in order if subscriptions.fits(event.triggers[index], wait))
    return next((index for index in fitting if (event.id, index) not in taken), None)


def _over(node: Node, event: str, index: int, trigger: Any) -> bool:
    """Whether the trigger has occurred and is not waited for any more: one of several, or a timer that ran out."""
    if index in node.private.get(f"got:{event}", ()):
        return True
    ran = node.private.get(f"over:{event}:{index}")
    return ran is not None and trigger.timer is not None and (ran == "cycle") == (trigger.timer.kind == "cycle")


def _events(state: State, element: Any, node: Node) -> tuple[dict[str, Any], list[Any]]:
    """The events that a node may listen to, and those that it has to listen to if it does not yet."""
    if node.state not in (ACTIVE, LOOPING, HANDLING):
        return {}, []
    trying = {task[0] for wait in waits.of(state, node.id, INCIDENT) for task in wait.data["tasks"]}
    boundary: list[Any] = []
    if isinstance(element, Activity) and outer(state, node.id) == node.id:
        boundary = list(element.listening)
    inside: list[Any] = []
    if isinstance(element, Scope) and node.state == ACTIVE:
        inside = [one.start_event for one in element.handlers if one.start_event is not None]
    own = _own(state, element, node)
    found = {event.id: event for event in (*boundary, *inside, *own)}
    # What failed to begin opens its waits when it is tried again.
    fresh = [*([] if ARM in trying else boundary), *([] if BEGIN in trying else inside)]
    return found, [*fresh, *([] if BEGIN in trying or "left" in node.private else own)]


def _own(state: State, element: Any, node: Node) -> list[Any]:
    """What the node is there to wait for."""
    if isinstance(element, EventGateway):
        return list(element.targets)
    if isinstance(element, Event) and element.position in ("catch", "start"):
        return [element]
    if isinstance(element, MessageTask) and element.kind == "receiveTask":
        ready = any("ready" in wait.data for wait in waits.of(state, node.id))
        return [] if ready or node.state == LOOPING else [element]
    return []
