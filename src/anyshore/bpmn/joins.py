"""Whether a token may still arrive at an inclusive or complex gateway. Source: BPMN 2.0.2, 13.4.3 and 13.4.5."""

from __future__ import annotations

from collections.abc import Iterator

from anyshore.bpmn import flow
from anyshore.bpmn.graph import Upstream
from anyshore.bpmn.model import Element, Event
from anyshore.bpmn.records import RETAINED, TOKENS
from anyshore.bpmn.subscriptions import WAITING
from anyshore.kernel import waits
from anyshore.kernel.records import Noted
from anyshore.kernel.state import INCIDENT
from anyshore.kernel.turn import Turn


def awaited(turn: Turn, gateway: Element, upstream: Upstream, scope: int, filled: int) -> bool:
    """Whether a token elsewhere in the scope has a path to an empty incoming flow and none to a filled one.

    Args:
        turn: the turn.
        gateway: the gateway.
        upstream: the paths to it.
        scope: the scope's node.
        filled: its incoming flows that have a token, as a bit mask.
    """
    empty = ((1 << len(gateway.incoming)) - 1) & ~filled
    if not empty:
        return False

    def blocks(mask: int) -> bool:
        return bool(mask & empty) and not mask & filled

    if any(blocks(mask) for mask in _still(turn, gateway, upstream, scope)):
        return True
    # The activity that blocked last time mostly still does. Remembered, a join that waits looks at one node; one that
    # is free to fire has to look at all that is active beside it.
    key = f"awaits:{gateway.id}"
    state = turn.state
    private = state.nodes[scope].private
    last = private.get(key)
    if last in state.nodes and any(blocks(mask) for mask in _leaving(turn, upstream, last)):
        return True
    kept = set(private.get(RETAINED, ()))
    for child in state.children.get(scope, ()):
        if child not in kept and any(blocks(mask) for mask in _leaving(turn, upstream, child)):
            turn.emit(Noted(scope, key, child))
            return True
    return False


def _still(turn: Turn, gateway: Element, upstream: Upstream, scope: int) -> Iterator[int]:
    """By which flows the tokens may arrive that rest before other joins or are held by an incident."""
    state, places = turn.state, turn.definition.places
    for place in state.nodes[scope].private.get(TOKENS, ()):
        if place not in gateway.incoming:
            yield upstream.entering.get(places[place], 0)
    for wait in state.owned.get(scope, ()):
        found = state.waits[wait]
        if found.kind == INCIDENT:
            for task in found.data["tasks"]:
                if task[0] == flow.ENTER:
                    yield upstream.entering.get(task[1], 0)
                elif task[0] == flow.OUT:
                    yield upstream.leaving.get(task[1], 0)


def _leaving(turn: Turn, upstream: Upstream, node: int) -> Iterator[int]:
    """By which flows the token of an active element may arrive, and one of each of its boundary events."""
    element = turn.state.nodes[node].element
    yield upstream.leaving.get(element, 0)
    for event in getattr(turn.definition.elements[element], "boundary", ()):
        if event.id in upstream.leaving and _may_occur(turn, event, node):
            yield upstream.leaving[event.id]


def _may_occur(turn: Turn, event: Event, node: int) -> bool:
    """Whether a boundary event can still send a token: a timer that has run out cannot."""
    listens = any(trigger.kind in WAITING for trigger in event.triggers)
    return not listens or any(wait.data.get("event") == event.id for wait in waits.of(turn.state, node))
