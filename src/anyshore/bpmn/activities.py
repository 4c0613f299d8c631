"""The life of an activity: a token arrives, the node lives, its work begins, it completes or is interrupted.

Source: BPMN 2.0.2, 13.3.2 (Activity). Node states: ``active``; ``looping`` for the node around the instances of a loop;
``completed`` for one kept because it may be compensated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from anyshore.bpmn import data, flow, subscriptions
from anyshore.bpmn.model import Activity, Event, Scope
from anyshore.bpmn.records import RETAINED, Cleared, Passed, Retained
from anyshore.kernel import nodes, scopes, waits
from anyshore.kernel.state import State
from anyshore.kernel.turn import Turn

ACTIVE, LOOPING, HANDLING, ENDING = "active", "looping", "handling", "ending"
"""Words of a node: at work; holding the instances of a loop; overtaken by an interrupting event sub-process; done,
and waiting for its loop to take notice."""

ARM, BEGIN, LOOP, ITERATED, ADHOC = "arm", "begin", "loop", "iterated", "adhoc"
"""Tasks: (verb, node); (ITERATED, loop node, instance node)."""


def enter(turn: Turn, activity: Activity, scope: int, _flow: str | None) -> None:
    """A token arrives at an activity that needs a node."""
    if activity.start_quantity > 1 and not flow.collected(turn, scope, activity.id, activity.start_quantity):
        return
    loop = activity.loop is not None
    node = nodes.enter(turn, activity.id, scope, LOOPING if loop else ACTIVE)
    if activity.listening:
        turn.plan(ARM, node)
    if loop:
        turn.plan(LOOP, node)
    else:
        own_properties(turn, activity, node)
        turn.plan(BEGIN, node)


def own_properties(turn: Turn, activity: Activity, node: int) -> None:
    """Declares the activity's own variables."""
    for name in activity.properties:
        scopes.declare(turn, node, name, None)


def arm(turn: Turn, activity: Activity, node: int) -> None:
    """Opens the waits of the boundary events."""
    found = subscriptions.prepare(turn, activity.listening, scopes.view(turn.state, node), node)
    subscriptions.open_all(turn, node, found)


def outer(state: State, node: int) -> int:
    """The node that stands for the whole activity: the loop's, where the node is one instance of a loop."""
    found = state.nodes[node]
    if found.parent is not None:
        parent = state.nodes[found.parent]
        if parent.state == LOOPING and parent.element == found.element:
            return parent.id
    return node


def complete(turn: Turn, activity: Activity, node: int, results: Mapping[str, Any]) -> None:
    """The work of an activity is done: writes its results and lets it go."""
    values = data.outputs(turn, activity.data, results, scopes.view(turn.state, node))
    write(turn, activity, node, values)
    finish(turn, activity, node)


def write(turn: Turn, activity: Activity, node: int, values: Mapping[str, Any]) -> None:
    """Sets result variables: outside the activity, except what a loop collects from each instance."""
    parent = turn.state.nodes[node].parent
    assert parent is not None
    local = activity.loop.output_item if activity.loop is not None else None
    for name, value in values.items():
        if name == local:
            data.declare(turn, node, name, value)
        else:
            data.put(turn, parent, name, value)


def finish(turn: Turn, activity: Activity, node: int) -> None:
    """Lets a completed activity go and sends its tokens on. Evaluates nothing."""
    parent = turn.state.nodes[node].parent
    assert parent is not None
    around = turn.state.nodes[parent]
    if around.state == LOOPING and around.element == activity.id:
        if isinstance(activity, Scope):
            nodes.move(turn, node, ENDING)
        turn.plan(ITERATED, parent, node)
        return
    retire(turn, activity, node)
    depart(turn, activity, parent)


def depart(turn: Turn, activity: Activity, scope: int) -> None:
    """Sends the tokens of a completed activity on."""
    flow.out(turn, activity, scope, activity.completion_quantity)
    container = turn.definition.elements.get(activity.container)
    if container is not None and container.ordering is not None:
        turn.plan(ADHOC, scope)


def retire(turn: Turn, activity: Activity, node: int) -> None:
    """Ends a completed activity, or keeps it because it may have to be compensated."""
    if activity.compensable and _worth_keeping(turn, activity, node):
        for wait in list(waits.of(turn.state, node)):
            waits.close(turn, wait.id)
        turn.emit(Retained(node))
        parent = turn.state.nodes[node].parent
        if parent is not None:
            turn.changed[parent] = None
    else:
        nodes.leave(turn, node, "completed")


def _worth_keeping(turn: Turn, activity: Activity, node: int) -> bool:
    found = turn.state.nodes[node]
    if RETAINED in found.private:
        return True
    if found.state == LOOPING:
        return False
    handler = isinstance(activity, Scope) and activity.compensation_handler is not None
    return handler or activity.compensator is not None


def retained(state: State, node: int) -> int:
    """How many completed activities are kept directly in a scope."""
    return len(state.nodes[node].private.get(RETAINED, ()))


def busy(state: State, node: int) -> bool:
    """Whether anything is still active directly in a scope, in constant time."""
    return len(state.children.get(node, ())) > retained(state, node)


def interrupt(turn: Turn, scope: int, keep: Iterable[int] = ()) -> None:
    """Ends everything active in a scope, with its tokens; what may be compensated stays."""
    state = turn.state
    kept = set(state.nodes[scope].private.get(RETAINED, ())) | set(keep)
    for child in list(state.children.get(scope, ())):
        if child not in kept:
            nodes.leave(turn, child, "interrupted")
    if flow.tokens(turn, scope):
        turn.emit(Cleared(scope))
    forget(turn, scope)


def forget(turn: Turn, scope: int) -> None:
    """Drops the tokens that are on their way in a scope."""
    left = [task for task in turn.agenda if not (task[0] in (flow.ENTER, flow.OUT) and task[2] == scope)]
    if len(left) != len(turn.agenda):
        turn.agenda.clear()
        turn.agenda.extend(left)


def fire_boundary(turn: Turn, event: Event, owner: int, variables: dict[str, Any], _more: bool) -> None:
    """A boundary event occurs: a token leaves by it, and the activity ends where it interrupts."""
    host = turn.state.nodes[owner]
    scope = host.parent
    assert scope is not None
    values = data.outputs(turn, event.data, variables, scopes.view(turn.state, scope))
    if event.interrupting and not variables.get(CONTINUES):
        nodes.leave(turn, owner, "interrupted")
    turn.emit(Passed(scope, event.id))
    values.pop(CONTINUES, None)
    data.put_all(turn, scope, values)
    flow.out(turn, event, scope)


CONTINUES = " continues"
"""Marks an event that a multi-instance threw about itself: its boundary event does not end it (BPMN 2.0.2, 13.3.7)."""
