"""How an instance comes to life, and when an activity has the data it needs to begin."""

from __future__ import annotations

from typing import Any

from anyshore.base.errors import CommandRejected
from anyshore.bpmn import activities, correlation, data, flow, subscriptions
from anyshore.bpmn.elements import gateways
from anyshore.bpmn.model import Process
from anyshore.bpmn.records import Passed, Watched
from anyshore.kernel import nodes, scopes, waits
from anyshore.kernel.commands import Start
from anyshore.kernel.records import Entered, VariableSet
from anyshore.kernel.state import CONDITION, ROOT
from anyshore.kernel.turn import Turn

TRIGGERED = "triggered"
"""Task (TRIGGERED, root, element, index, variables): the event that brought the instance to life."""


def start(turn: Turn, command: Start) -> None:
    """Brings an instance to life, by itself or by one of its start triggers.

    Raises:
        CommandRejected: the process cannot begin that way.
    """
    process: Process = turn.definition
    element, index = _chosen(process, command.element)
    root = process.root
    turn.emit(Entered(ROOT, process.id, None, activities.ACTIVE))
    mapped = element is not None and (element.data.outputs or element.data.writes)
    given = {} if mapped else command.variables
    for name in root.properties:
        if name not in given:
            turn.emit(VariableSet(ROOT, name, None))
    for name, value in given.items():
        turn.emit(VariableSet(ROOT, name, value))
    if element is not None and element.kind != "none":
        if root.handlers:
            turn.plan(activities.BEGIN, ROOT)
        turn.plan(TRIGGERED, ROOT, element.id, index, dict(command.variables) if mapped else {})
    elif root.handlers:
        turn.plan(activities.BEGIN, ROOT)
    else:
        starts = (element.id,) if element is not None else root.starts
        for one in starts:
            turn.agenda.append((flow.ENTER, one, ROOT, None))
        turn.changed[ROOT] = None


def _chosen(process: Process, name: str | None) -> tuple[Any, int]:
    """The element to begin with, None for the process's own start; and the index of its trigger."""
    if name is None:
        if not any(one.element is None for one in process.starts):
            ways = ", ".join(str(one.element) for one in process.starts) or "none"
            raise CommandRejected(
                "process.no-start", f"Process {process.id!r} does not start by itself.", hint=f"Its starts: {ways}."
            )
        return None, 0
    if not any(one.element == name for one in process.starts):
        raise CommandRejected("process.unknown-start", f"Process {process.id!r} does not start at {name!r}.")
    identifier, _, index = name.partition("#")
    return process.elements[identifier], int(index or 0)


def triggered(turn: Turn, _root: Any, node: int, name: str, index: int, variables: dict[str, Any]) -> None:
    """The event that brought the instance to life occurred."""
    process: Process = turn.definition
    element = process.elements[name]
    for one in element.incoming:
        gateway = process.elements[process.flows[one].source]
        if isinstance(gateway, gateways.EventGateway):
            gateways.instantiate(turn, gateway, node, element, variables)
            return
    if element.parallel:
        _gather(turn, element, node, index)
        return
    values = data.outputs(turn, element.data, variables, scopes.view(turn.state, node))
    turn.emit(Passed(node, element.id))
    data.put_all(turn, node, values)
    for trigger in element.triggers:
        # The variables of a message without a mapping are those of the root.
        correlation.learn(turn, trigger.correlation, variables or turn.state.variables.get(ROOT, {}))
    flow.out(turn, element, node)


def _gather(turn: Turn, event: Any, node: int, index: int) -> None:
    """A parallel multiple start event waits for its other triggers."""
    view = scopes.view(turn.state, node)
    found = [
        subscriptions.opening(turn, event, other, trigger, view, node)
        for other, trigger in enumerate(event.triggers)
        if other != index and trigger.kind in subscriptions.WAITING
    ]
    own = nodes.enter(turn, event.id, node, activities.ACTIVE, {f"got:{event.id}": [index]})
    subscriptions.open_all(turn, own, found)


def ready(turn: Turn, activity: Any, node: int) -> bool:
    """Whether an activity has one of its input sets; otherwise it waits for the data (13.3.2)."""
    if not activity.data.input_sets:
        return True
    given = data.inputs(turn, activity.data, scopes.view(turn.state, node))
    if data.available(activity.data, given):
        return True
    wait = waits.open_wait(turn, node, CONDITION, name="data", data={"ready": True})
    turn.emit(Watched(wait))
    return False
