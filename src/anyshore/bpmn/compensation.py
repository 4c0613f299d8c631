"""Undoing completed work. Source: BPMN 2.0.2, 10.7 and 13.5.5.

A completed activity that has a compensation handler stays as a node in the state ``completed``, with its variables:
that is the snapshot. A *driver* (a throw event, a cancelled transaction, or a kept sub-process without a handler of
its own) takes them in the reverse order of completion, one after the other.
"""

from __future__ import annotations

from typing import Any

from anyshore.bpmn import activities, flow
from anyshore.bpmn.model import Activity, Event, Scope
from anyshore.bpmn.records import RETAINED, Passed, Released
from anyshore.kernel import nodes, waits
from anyshore.kernel.state import Node
from anyshore.kernel.turn import Turn

COMPENSATE = "compensate"
"""Task (COMPENSATE, driver node)."""

COMPENSATING, UNDOING, THROWING, CANCELLING = "compensating", "undoing", "throwing", "cancelling"
"""Words of a node: its handler runs; it drives the compensation of what is in it; a throw event that drives; a
transaction that drives."""


def throw(turn: Turn, event: Event, scope: int, activity: str | None, wait: bool) -> None:
    """A compensation event is thrown in a scope; the event's own node drives it."""
    targets = [scope]
    element = turn.definition.elements[turn.state.nodes[scope].element]
    parent = turn.state.nodes[scope].parent
    if element.triggered_by_event and parent is not None:
        # What an event sub-process compensates is the work of the scope it handles (10.7.2).
        targets.append(parent)
    private: dict[str, Any] = {"scopes": targets}
    if activity is not None:
        private["activity"] = activity
    if not wait:
        private["quiet"] = True
    node = nodes.enter(turn, event.id, scope, THROWING, private)
    turn.plan(COMPENSATE, node)


def cancel(turn: Turn, transaction: int) -> None:
    """A transaction is cancelled: active work ends, completed work is compensated, then the cancel event fires."""
    activities.interrupt(turn, transaction)
    activities.forget(turn, transaction)
    for wait in list(turn.state.owned.get(transaction, ())):
        waits.close(turn, wait)
    nodes.move(turn, transaction, CANCELLING)
    turn.plan(COMPENSATE, transaction)


def step(turn: Turn, driver: int) -> None:
    """Compensates the driver's next activity, or ends the driver when there is none."""
    found = turn.state.nodes[driver]
    wanted = found.private.get("activity")
    for scope in found.private.get("scopes", (driver,)):
        target = _last(turn, scope, wanted)
        if target is not None:
            nodes.note(turn, target.id, "driver", driver)
            _undo(turn, target)
            return
    _driven(turn, found)


def _last(turn: Turn, scope: int, wanted: str | None) -> Node | None:
    """The activity completed last that is not compensated yet."""
    around = turn.state.nodes.get(scope)
    if around is None:
        return None
    for kept in reversed(around.private.get(RETAINED, ())):
        node = turn.state.nodes[kept]
        if node.state == "completed" and wanted in (None, node.element):
            return node
    return None


def _undo(turn: Turn, target: Node) -> None:
    """Runs the handler of a kept activity, or that of everything kept in it."""
    activity: Activity = turn.definition.elements[target.element]
    is_loop = "done" in target.private
    handler = activity.compensation_handler if isinstance(activity, Scope) else None
    if is_loop or (activity.compensator is None and handler is None):
        nodes.move(turn, target.id, UNDOING)
        turn.plan(COMPENSATE, target.id)
        return
    nodes.move(turn, target.id, COMPENSATING)
    if handler is not None and activity.compensator is None:
        node = nodes.enter(turn, handler.id, target.id, activities.ACTIVE)
        activities.own_properties(turn, handler, node)
        turn.plan(activities.BEGIN, node)
        return
    assert activity.compensator is not None
    turn.emit(Passed(target.id, activity.compensator.id))
    turn.plan(flow.ENTER, activity.compensator.handler, target.id, None)


def released(turn: Turn, node: int) -> None:
    """A kept activity is compensated: it goes, and its driver takes the next."""
    driver = turn.state.nodes[node].private["driver"]
    turn.emit(Released(node))
    nodes.leave(turn, node, "compensated")
    turn.plan(COMPENSATE, driver)


def _driven(turn: Turn, driver: Node) -> None:
    """Nothing is left to compensate for this driver."""
    parent = driver.parent
    if driver.state == UNDOING:
        released(turn, driver.id)
        return
    element = turn.definition.elements[driver.element]
    assert parent is not None
    if driver.state == CANCELLING:
        _cancelled(turn, element, driver.id)
        return
    quiet = driver.private.get("quiet", False)
    nodes.leave(turn, driver.id, "completed")
    if not quiet:
        flow.out(turn, element, parent)


def _cancelled(turn: Turn, transaction: Scope, node: int) -> None:
    whole = activities.outer(turn.state, node)
    for event in transaction.boundary:
        if any(trigger.kind == "cancel" for trigger in event.triggers):
            activities.fire_boundary(turn, event, whole, {}, False)
            return
    nodes.leave(turn, whole, "cancelled")
