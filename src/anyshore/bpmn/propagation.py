"""Where what is thrown is caught: errors and escalations up the scopes, signals everywhere in the instance.

Source: BPMN 2.0.2, 10.5.6 (Handling Events) and 13.5.
"""

from __future__ import annotations

from typing import Any

from anyshore.bpmn import activities
from anyshore.bpmn.activities import ACTIVE, CONTINUES
from anyshore.bpmn.model import Activity, Event, Scope, Trigger
from anyshore.bpmn.subscriptions import CAUGHT, occurred
from anyshore.kernel import nodes
from anyshore.kernel.records import Sent
from anyshore.kernel.state import ROOT, SIGNAL, Node
from anyshore.kernel.turn import Turn

BROADCAST = "signal"
"""Task (BROADCAST, name, variables): a signal reaches everything in the instance that listens to it."""


def catcher(turn: Turn, thrown_in: int, kind: str, code: str | None) -> tuple[Event, int, int] | None:
    """The event that catches an error or escalation thrown in a node: event, its owner, index of its trigger.

    Looks at the activity itself, then outwards: at each scope its event sub-processes first, then its boundary. A
    handler for exactly this code wins over one for any code.
    """
    state = turn.state
    current: int | None = thrown_in
    in_handler = False
    while current is not None:
        node = state.nodes[current]
        element = turn.definition.elements[node.element]
        found = None if in_handler else _by_handler(element, node, kind, code)
        if found is not None:
            return found[0], current, found[1]
        if isinstance(element, Activity) and activities.outer(state, current) == current and _guarded(node):
            found = _match(element.boundary, kind, code)
            if found is not None:
                return found[0], current, found[1]
        in_handler = isinstance(element, Scope) and element.triggered_by_event
        current = node.parent
    return None


def _guarded(node: Node) -> bool:
    """Whether boundary events of the node's activity still count: not when it is completed and being undone."""
    return node.state in (ACTIVE, activities.LOOPING, activities.HANDLING)


def _by_handler(element: Any, node: Node, kind: str, code: str | None) -> tuple[Event, int] | None:
    if not isinstance(element, Scope) or node.state != ACTIVE:
        return None
    starts = tuple(handler.start_event for handler in element.handlers if handler.start_event is not None)
    return _match(starts, kind, code)


def _match(events: tuple[Event, ...], kind: str, code: str | None) -> tuple[Event, int] | None:
    any_code: tuple[Event, int] | None = None
    for event in events:
        for index, trigger in enumerate(event.triggers):
            if trigger.kind != kind:
                continue
            if trigger.name is not None and trigger.name == code:
                return event, index
            if trigger.name is None and any_code is None:
                any_code = event, index
    return any_code


def _catch(turn: Turn, event: Event, owner: int, index: int, variables: dict[str, Any]) -> None:
    # Before anything else on the agenda: what is caught here may end what the other tasks are about.
    turn.agenda.appendleft((CAUGHT, owner, event.id, index, variables, False))


def throw_error(
    turn: Turn, thrown_in: int, code: str | None, message: str, variables: dict[str, Any], *, called: bool = False
) -> bool:
    """An error is thrown in a node; whether anything catches it.

    Args:
        turn: the turn.
        thrown_in: the node.
        code: its code.
        message: what happened.
        variables: what comes with it.
        called: whether they are all the variables of a called process: the catcher gets those that its mapping names.
    """
    found = catcher(turn, thrown_in, "error", code)
    if found is None:
        return False
    event, owner, index = found
    if called and not (event.data.outputs or event.data.writes):
        variables = {}
    _catch(turn, event, owner, index, {**variables, "errorCode": code, "errorMessage": message})
    return True


def throw_end_error(
    turn: Turn, thrown_in: int, code: str | None, variables: dict[str, Any], *, called: bool = False
) -> None:
    """An error that a process throws: what nobody catches ends the instance with the outcome ``error:CODE`` (10.5.3).

    The arguments are those of ``throw_error``.
    """
    if not throw_error(turn, thrown_in, code, "", variables, called=called):
        nodes.leave(turn, ROOT, f"error:{code or ''}")


def throw_escalation(turn: Turn, thrown_in: int, code: str | None, variables: dict[str, Any]) -> None:
    """An escalation is thrown in a node. What nobody catches goes out, to the process that called this one."""
    found = catcher(turn, thrown_in, "escalation", code)
    if found is None:
        turn.emit(Sent(thrown_in, "escalation", code or "", data=variables))
    else:
        event, owner, index = found
        _catch(turn, event, owner, index, {**variables, "escalationCode": code})


def throw_signal(turn: Turn, node: int, name: str, variables: dict[str, Any]) -> None:
    """A signal goes out to all other instances, and to everything in this one that listens by then."""
    turn.emit(Sent(node, "signal", name, data=variables))
    turn.plan(BROADCAST, name, variables)


def broadcast(turn: Turn, name: str, variables: dict[str, Any]) -> None:
    """A signal reaches the waits of this instance."""
    heard = [wait for wait in turn.state.waits.values() if wait.kind == SIGNAL and wait.name == name]
    # ``occurred`` puts each in front of the agenda: from the last to the first keeps their order.
    for wait in reversed(heard):
        occurred(turn, wait, dict(variables))


def throw_from_loop(turn: Turn, body: int, trigger: Trigger) -> None:
    """An event that a multi-instance activity throws about its own progress, for its own boundary (13.3.7).

    Catching it does not end the activity: with ``none`` and ``one`` it is to go on, with ``complex`` it ends by itself.
    """
    activity: Activity = turn.definition.elements[turn.state.nodes[body].element]
    caught = _match_behavior(activity, trigger)
    if caught is not None:
        turn.agenda.appendleft((CAUGHT, body, caught[0].id, caught[1], {CONTINUES: True}, False))
    elif trigger.kind == "signal":
        throw_signal(turn, body, trigger.name or "", {})
    elif trigger.kind == "escalation":
        throw_escalation(turn, body, trigger.name, {})
    else:
        turn.emit(Sent(body, "message", trigger.name or ""))


def _match_behavior(activity: Activity, trigger: Trigger) -> tuple[Event, int] | None:
    for event in activity.boundary:
        for index, waiting in enumerate(event.triggers):
            if waiting.kind == trigger.kind and waiting.name in (None, trigger.name):
                return event, index
    return None
