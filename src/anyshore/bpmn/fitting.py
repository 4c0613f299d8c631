"""What stands against moving a running process to another version: asked of its state alone, before anything changes.

The old version is not known here. What a node is can be read from what it holds and waits for, which is also what
decides whether it can go on as the new element.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from anyshore.bpmn import activities, compensation, flow, subscriptions
from anyshore.bpmn.elements import calls, gateways, tasks
from anyshore.bpmn.model import Activity, Event, Process, Scope
from anyshore.bpmn.records import RETAINED, TOKENS
from anyshore.bpmn.starting import TRIGGERED
from anyshore.kernel import waits
from anyshore.kernel.state import CHILD, CONDITION, INCIDENT, JOB, ROOT, WORK, Node, State

_WORKS: dict[str, tuple[type, str]] = {
    WORK: (tasks.UserTask, "user task"),
    JOB: (tasks.ServiceTask, "service task"),
    CHILD: (calls.CallActivity, "call activity"),
}

_UNDONE = (compensation.COMPENSATING, compensation.UNDOING)

_AT_ELEMENTS = (flow.ENTER, flow.OUT, gateways.SPLIT)
"""Tasks (verb, element, scope, …)."""

_AT_EVENTS = (subscriptions.CAUGHT, TRIGGERED)
"""Tasks (verb, node, element, index, …)."""

_OF_SCOPES = (*_AT_ELEMENTS, "start", activities.ADHOC, "settle")
"""Tasks that only the node of a scope has."""


def misfit(state: State, process: Process, elements: Mapping[str, str], node: Node) -> str | None:
    """Why a node cannot stand at its element of the new version; None where it can."""
    target = process.elements.get(elements.get(node.element, node.element))
    if target is None:
        return "the new version has no such element."
    if node.id == ROOT:
        return _inside(state, process, elements, node, target)
    return (
        _place(state, elements, node, target)
        or _LIVES.get(node.state, _active)(state, elements, node, target)
        or _inside(state, process, elements, node, target)
    )


def _place(state: State, elements: Mapping[str, str], node: Node, target: Any) -> str | None:
    assert node.parent is not None
    parent = state.nodes[node.parent]
    around = elements.get(parent.element, parent.element)
    if activities.outer(state, node.id) != node.id:
        return None  # one instance of a loop stands where the loop stands
    if parent.state in _UNDONE and node.state != "completed":
        handles = getattr(target, "for_compensation", False) or getattr(target, "triggered_by_event", False)
        return None if handles else "it undoes work, and the new one is no compensation handler."
    if target.container != around:
        return f"it stands in {around!r}, the new one in {target.container!r}."
    if getattr(target, "for_compensation", False):
        return "the new one only undoes work."
    if getattr(target, "triggered_by_event", False) != bool(node.private.get("handler")):
        word = "no" if node.private.get("handler") else "an"
        return f"the new one is {word} event sub-process."
    return None


# By the state of the node


def _completed(state: State, elements: Mapping[str, str], node: Node, target: Any) -> str | None:
    if not isinstance(target, Activity):
        return "it may have to be undone, and the new one is no activity."
    return None


def _throwing(state: State, elements: Mapping[str, str], node: Node, target: Any) -> str | None:
    if not isinstance(target, Event) or target.position not in ("throw", "end"):
        return "it compensates, and the new one throws nothing."
    return None


def _cancelling(state: State, elements: Mapping[str, str], node: Node, target: Any) -> str | None:
    if not isinstance(target, Scope) or not target.transaction:
        return "it is a transaction that is cancelled, and the new one is none."
    return None


def _looping(state: State, elements: Mapping[str, str], node: Node, target: Any) -> str | None:
    loop = target.loop if isinstance(target, Activity) else None
    if loop is None:
        return "it is a loop and the new one is not."
    private = node.private
    if "started" not in private and "total" not in private:
        return None  # its beginning failed and is tried again
    if loop.multi != ("total" in private):
        was, becomes = ("multi-instance", "a loop") if "total" in private else ("a loop", "multi-instance")
        return f"it is {was} and the new one {becomes}."
    if loop.multi and ("items" in private) != (loop.collection is not None):
        return "one counts its instances by a number, the other by a collection."
    return None


def _active(state: State, elements: Mapping[str, str], node: Node, target: Any) -> str | None:
    inner = activities.outer(state, node.id) != node.id
    if isinstance(target, Activity) and target.loop is not None and not inner:
        return "it is no loop and the new one is."
    kinds = {wait.kind for wait in waits.of(state, node.id)}
    for kind, (wanted, name) in _WORKS.items():
        if kind in kinds and not isinstance(target, wanted):
            return f"it waits as a {name} and the new one is none."
    if _is_scope(state, node):
        return None if isinstance(target, Scope) else "something is active in it, and the new one is no sub-process."
    if kinds & _WORKS.keys():
        return None
    if any(wait.data.get("ready") for wait in waits.of(state, node.id, CONDITION)):
        return None if isinstance(target, Activity) else "it waits for its data, and the new one is no activity."
    if f"got:{node.element}" in node.private or any(one == node.element for one in _heard(state, node)):
        return _hears(state, elements, node, target)
    return _quiet(state, elements, node, target)


def _is_scope(state: State, node: Node) -> bool:
    if node.state == activities.HANDLING or state.children.get(node.id):
        return True
    if any(key in node.private for key in (TOKENS, RETAINED, "open", "enough")):
        return True
    return any(task[0] in _OF_SCOPES for task in _tasks(state, node))


def _heard(state: State, node: Node) -> Iterator[str]:
    """The events that a node listens to."""
    return (wait.data["event"] for wait in waits.of(state, node.id) if "event" in wait.data)


def _hears(state: State, elements: Mapping[str, str], node: Node, target: Any) -> str | None:
    """A catching event or a receive task."""
    catches = isinstance(target, Event) and target.position in ("catch", "start")
    receives = isinstance(target, tasks.MessageTask) and target.kind == "receiveTask"
    if not (catches or receives) or not any(one.kind in subscriptions.WAITING for one in target.triggers):
        return "it waits for an event and the new one does not."
    got = node.private.get(f"got:{node.element}")
    if got is None:
        return None
    same = all(
        wait.data["index"] < len(target.triggers) and subscriptions.fits(target.triggers[wait.data["index"]], wait)
        for wait in waits.of(state, node.id)
        if wait.data.get("event") == node.element
    )
    left = [index for index in range(len(target.triggers)) if index not in got]
    waiting = [wait.data["index"] for wait in waits.of(state, node.id) if wait.data.get("event") == node.element]
    if not target.parallel or not same or left != sorted(waiting):
        return "it has heard a part of what it waits for, and the new one waits for something else."
    return None


def _quiet(state: State, elements: Mapping[str, str], node: Node, target: Any) -> str | None:
    """A node without work of its own: it failed to begin, is an event-based gateway, or an idle ad-hoc sub-process."""
    if any(task[0] == activities.BEGIN for task in _tasks(state, node)):
        return None if isinstance(target, Activity) else "it is an activity and the new one is none."
    heard = [elements.get(one, one) for one in _heard(state, node)]
    if isinstance(target, gateways.EventGateway):
        behind = {one.id for one in target.targets}
        if "left" in node.private and not (behind.issuperset(heard) and len(behind) >= node.private["left"]):
            return "it has heard a part of what it waits for, and the new one waits for something else."
        return None if heard else "it waits for nothing, and the new one is an event-based gateway."
    if not isinstance(target, Scope) or (target.ordering is None and not heard):
        return "it waits in a way in which the new one does not."
    own = {event.id for event in target.listening}
    own |= {one.start_event.id for one in target.handlers if one.start_event is not None}
    return None if own.issuperset(heard) else "it waits for an event and the new one is a sub-process."


def _undoing(state: State, elements: Mapping[str, str], node: Node, target: Any) -> str | None:
    return None if isinstance(target, Activity) else "it is undone, and the new one is no activity."


_LIVES = {
    "completed": _completed, compensation.THROWING: _throwing, compensation.CANCELLING: _cancelling,
    activities.LOOPING: _looping, compensation.UNDOING: _undoing, compensation.COMPENSATING: _undoing,
}  # fmt: skip


# What stands in a node besides other nodes: tokens, activities to be started, tasks that failed


def _inside(state: State, process: Process, elements: Mapping[str, str], node: Node, target: Any) -> str | None:
    return (
        _tokens(process, elements, node, target)
        or _open(process, elements, node, target)
        or next(filter(None, (_task(state, process, elements, task) for task in _tasks(state, node))), None)
    )


def place_in(process: Process, place: str) -> Any:
    """The element before which a token rests in a place, None where the version has no such place."""
    return process.elements.get(process.places.get(place, place))


def _tokens(process: Process, elements: Mapping[str, str], node: Node, target: Any) -> str | None:
    places = {place: elements.get(place, place) for place in node.private.get(TOKENS, ())}
    if len(set(places.values())) < len(places):
        return f"tokens rest on {', '.join(sorted(places))}, and two of these become one."
    found = {place: place_in(process, new) for place, new in places.items()}
    missing = sorted(place for place, element in found.items() if element is None)
    if missing:
        return f"tokens rest on {', '.join(missing)}, which the new version does not have."
    outside = sorted(place for place, element in found.items() if element.container != target.id)
    if outside and isinstance(target, Scope):
        return f"tokens rest on {', '.join(outside)}, which the new version has elsewhere."
    return None


def _open(process: Process, elements: Mapping[str, str], node: Node, target: Any) -> str | None:
    for name in node.private.get("open", ()):
        new = process.elements.get(elements.get(name, name))
        if new is None or new.container != target.id or getattr(target, "ordering", None) is None:
            return f"{name!r} is still to be started in it, which the new version does not know."
    return None


def _tasks(state: State, node: Node) -> Iterator[list[Any]]:
    """The tasks that failed at a node and may be tried again."""
    return (task for wait in waits.of(state, node.id, INCIDENT) for task in wait.data["tasks"])


def mapped_task(elements: Mapping[str, str], task: list[Any]) -> list[Any]:
    """A stored task with the names of the new version."""
    found = list(task)
    if task[0] in _AT_ELEMENTS:
        found[1] = elements.get(task[1], task[1])
        if task[0] == flow.ENTER:
            found[3] = elements.get(task[3], task[3])
    elif task[0] in _AT_EVENTS:
        found[2] = elements.get(task[2], task[2])
    return found


def _task(state: State, process: Process, elements: Mapping[str, str], task: list[Any]) -> str | None:
    """Why a task that failed cannot be tried again in the new version."""
    new = mapped_task(elements, task)
    if task[0] in _AT_EVENTS:
        event = process.elements.get(new[2])
        known = event is not None and new[3] < len(getattr(event, "triggers", ()))
        return None if known else f"{task[2]!r} has occurred, which the new version does not know."
    if task[0] not in _AT_ELEMENTS or task[2] not in state.nodes:
        return None
    element, scope = process.elements.get(new[1]), state.nodes[task[2]]
    around = elements.get(scope.element, scope.element)
    if element is None or (element.container != around and scope.state not in _UNDONE):
        return f"a token stands at {task[1]!r}, which the new version does not have there."
    if task[0] == gateways.SPLIT and element.kind != "complexGateway":
        return f"{task[1]!r} is a complex gateway and the new one is none."
    joins = len(element.incoming) > 1 and element.kind in ("parallelGateway", "inclusiveGateway", "complexGateway")
    if task[0] == flow.ENTER and joins and new[3] is not None and new[3] not in element.incoming:
        return f"a token came to {task[1]!r} by {task[3]!r}, which does not lead to the new one."
    return None
