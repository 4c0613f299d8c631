"""How tokens move: along flows, and to rest before joins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyshore.bpmn import expressions
from anyshore.bpmn.model import Element, Flow
from anyshore.bpmn.records import TOKENS, Arrived, Consumed, Passed
from anyshore.kernel import scopes
from anyshore.kernel.turn import Turn, WorkFailed

ENTER, OUT = "enter", "out"
"""Tasks: (ENTER, element, scope, flow) and (OUT, element, scope, quantity)."""


def out(turn: Turn, element: Element, scope: int, quantity: int = 1) -> None:
    """Sends tokens down the flows that leave an element. Evaluates nothing itself."""
    plain = element.plain
    if plain is None:
        turn.agenda.append((OUT, element.id, scope, quantity))
    elif plain:
        if quantity == 1 and len(plain) == 1:
            target, flow = plain[0]
            turn.agenda.append((ENTER, target, scope, flow))
            return
        for _ in range(quantity):
            for target, flow in plain:
                turn.agenda.append((ENTER, target, scope, flow))
    else:
        turn.changed[scope] = None


def passed(turn: Turn, element: Element, scope: int) -> None:
    """A token goes through an element that waits for nothing."""
    turn.emit(Passed(scope, element.id))
    out(turn, element, scope)


def run_out(turn: Turn, element: Element, scope: int, quantity: int) -> None:
    """Chooses the flows whose conditions hold, for an element that has any."""
    flows = chosen(turn, element, scope, scopes.view(turn.state, scope))
    send(turn, flows, scope, quantity)


def send(turn: Turn, flows: list[Flow], scope: int, quantity: int = 1) -> None:
    """Sends tokens down exactly these flows."""
    for _ in range(quantity):
        for flow in flows:
            turn.agenda.append((ENTER, flow.target, scope, flow.id))
    if not flows:
        turn.changed[scope] = None


def chosen(turn: Turn, element: Element, scope: int, view: Mapping[str, Any]) -> list[Flow]:
    """The flows that get a token: those without condition, those whose condition holds, else the default.

    Source: BPMN 2.0.2, 13.3.2 and 13.4.3 (the split of an inclusive gateway).

    Raises:
        WorkFailed: no flow is left to take.
    """
    found = [
        flow
        for flow in element.outgoing
        if not flow.is_default
        and (flow.condition is None or expressions.holds(turn, flow.condition, view, scope, element.location))
    ]
    conditional = any(flow.condition is not None for flow in found)
    if not conditional:
        found += [flow for flow in element.outgoing if flow.is_default]
    if not found:
        raise no_flow(element, scope)
    return found


def no_flow(element: Element, scope: int) -> WorkFailed:
    """The failure of an element none of whose flows can be taken."""
    return WorkFailed(
        scope,
        "bpmn.no-flow",
        f"No condition of a flow that leaves {element.label!r} holds, and it has no default flow.",
        element.location,
        "Correct the variables and retry, or give the element a default flow and migrate.",
    )


def tokens(turn: Turn, scope: int) -> Mapping[str, int]:
    """The tokens that rest in a scope, by place."""
    found: Mapping[str, int] = turn.state.nodes[scope].private.get(TOKENS, _NONE)
    return found


_NONE: Mapping[str, int] = {}


def collected(turn: Turn, scope: int, place: str, needed: int) -> bool:
    """Counts a token that arrives where several are needed; whether they are complete now (and taken)."""
    resting = tokens(turn, scope).get(place, 0)
    if resting + 1 < needed:
        turn.emit(Arrived(scope, place))
        turn.changed[scope] = None
        return False
    if resting:
        turn.emit(Consumed(scope, [place], resting))
    return True
