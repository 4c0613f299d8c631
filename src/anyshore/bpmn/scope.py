"""A process or sub-process at work: its beginning, its event sub-processes, its joins and its completion.

Source: BPMN 2.0.2, 13.3.4 (Sub-Process), 13.3.5 (Ad-Hoc), 13.5.4 (Event Sub-Processes).
"""

from __future__ import annotations

from typing import Any

from anyshore.bpmn import activities, compensation, data, expressions, flow, subscriptions
from anyshore.bpmn.activities import ACTIVE, ENDING, HANDLING
from anyshore.bpmn.model import Event, Scope
from anyshore.kernel import nodes, scopes, waits
from anyshore.kernel.state import INCIDENT, ROOT
from anyshore.kernel.turn import Turn

START = "start"
"""Task (START, node): the elements of a scope begin, once its event sub-processes listen."""


def begin(turn: Turn, scope: Scope, node: int) -> None:
    """A scope begins: takes its data in, lets its event sub-processes listen, then starts its elements."""
    view = scopes.view(turn.state, node)
    given = data.inputs(turn, scope.data, view)
    starts = [handler.start_event for handler in scope.handlers if handler.start_event is not None]
    openings = subscriptions.prepare(turn, starts, {**view, **given} if starts else view, node)
    for name, value in given.items():
        scopes.declare(turn, node, name, value)
    turn.agenda.appendleft((START, node))
    subscriptions.open_all(turn, node, openings)


def start(turn: Turn, scope: Scope, node: int) -> None:
    """Gives a token to everything that begins with the scope."""
    if turn.state.nodes[node].state == HANDLING:
        return
    if scope.ordering is not None:
        nodes.note(turn, node, "open", list(scope.starts))
        _select(turn, scope, node)
        return
    for element in scope.starts:
        turn.plan(flow.ENTER, element, node, None)
    turn.changed[node] = None


def settle(turn: Turn, scope: Scope, node: int) -> bool:
    """Fires a join of the scope, or completes the scope when nothing is left in it."""
    found = turn.state.nodes[node]
    for join in scope.joins:
        if join.settle(turn, join, node):
            return True
    if found.state not in (ACTIVE, HANDLING) or activities.busy(turn.state, node):
        return False
    if flow.tokens(turn, node) or found.private.get("open") or _held(turn, node):
        return False
    if scope.completion is not None and not found.private.get("enough"):
        # Somebody may still select an activity until the completion condition holds.
        return False
    leave(turn, scope, node)
    return True


def _held(turn: Turn, node: int) -> bool:
    """Whether an incident holds tokens of the scope."""
    return any(wait.kind == INCIDENT for wait in waits.of(turn.state, node))


def leave(turn: Turn, scope: Scope, node: int, outcome: str = "completed") -> None:
    """A scope is complete: the instance ends, or the sub-process goes on as an activity does."""
    if node == ROOT:
        nodes.leave(turn, node, outcome)
        return
    results = {name: scopes.lookup(turn.state, node, name) for name in scope.data.produced}
    if scope.data.outputs or results:
        activities.write(turn, scope, node, data.outputs(turn, scope.data, results, scopes.view(turn.state, node)))
    if scope.triggered_by_event:
        parent = turn.state.nodes[node].parent
        activities.retire(turn, scope, node)
        if parent is not None:
            turn.changed[parent] = None
    else:
        activities.finish(turn, scope, node)


def fire_handler(turn: Turn, event: Event, owner: int, variables: dict[str, Any], _more: bool) -> None:
    """The start event of an event sub-process occurs."""
    handler: Scope = turn.definition.elements[event.container]
    values = data.outputs(turn, event.data, variables, scopes.view(turn.state, owner))
    if event.interrupting:
        overtake(turn, owner)
    data.put_all(turn, owner, values)
    node = nodes.enter(turn, handler.id, owner, ACTIVE, {"handler": True})
    activities.own_properties(turn, handler, node)
    turn.plan(activities.BEGIN, node)


def overtake(turn: Turn, node: int) -> None:
    """An interrupting handler takes over a scope: what is active ends, no other handler can start (13.5.4)."""
    activities.interrupt(turn, node)
    elements = turn.definition.elements
    for wait in list(waits.of(turn.state, node)):
        event = elements.get(wait.data.get("event"))
        if event is None or event.position == "start":
            waits.close(turn, wait.id)
    nodes.move(turn, node, HANDLING)


def terminate(turn: Turn, node: int) -> None:
    """A terminate end event: everything in the scope ends at once; a sub-process then goes on behind it (13.5.6)."""
    if node == ROOT:
        nodes.leave(turn, node, "terminated")
        return
    scope: Scope = turn.definition.elements[turn.state.nodes[node].element]
    activities.interrupt(turn, node)
    nodes.move(turn, node, ENDING)
    leave(turn, scope, node)


# Ad-hoc sub-processes


def _select(turn: Turn, scope: Scope, node: int) -> None:
    """Starts what nobody has to select: everything at once, or one after the other when sequential."""
    waiting = list(turn.state.nodes[node].private.get("open", ()))
    if not waiting:
        turn.changed[node] = None
        return
    chosen = waiting[:1] if scope.ordering == "Sequential" else waiting
    nodes.note(turn, node, "open", waiting[len(chosen) :] or None)
    for element in chosen:
        turn.plan(flow.ENTER, element, node, None)


def after_inner(turn: Turn, scope: Scope, node: int) -> None:
    """An activity of an ad-hoc sub-process completed: is that enough, or is it the next one's turn?"""
    if scope.completion is not None:
        view = scopes.view(turn.state, node)
        if expressions.holds(turn, scope.completion, view, node, scope.location):
            end_adhoc(turn, scope, node)
            return
    if turn.state.nodes[node].private.get("open") and not activities.busy(turn.state, node):
        _select(turn, scope, node)


def end_adhoc(turn: Turn, scope: Scope, node: int) -> None:
    """Nothing more is started; what runs is cancelled or completes first."""
    nodes.note(turn, node, "open", None)
    nodes.note(turn, node, "enough", True)
    if scope.cancel_remaining or scope.ordering == "Sequential":
        activities.interrupt(turn, node)
    turn.changed[node] = None


def select_by_hand(turn: Turn, scope: Scope, node: int, element: str) -> None:
    """A person starts an activity of an ad-hoc sub-process: one that waits for its turn, or one more time."""
    waiting = list(turn.state.nodes[node].private.get("open", ()))
    if element in waiting:
        waiting.remove(element)
        nodes.note(turn, node, "open", waiting or None)
    turn.plan(flow.ENTER, element, node, None)


def compensated(turn: Turn, node: int) -> bool:
    """A handler may have finished: goes on with the compensation that started it."""
    if activities.busy(turn.state, node) or flow.tokens(turn, node) or _held(turn, node):
        return False
    compensation.released(turn, node)
    return True
