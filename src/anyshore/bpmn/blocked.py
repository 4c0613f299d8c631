"""Finding instances that can never go on: every token rests before a join and nothing is waited for."""

from __future__ import annotations

from typing import Any

from anyshore.base.errors import Diagnostic
from anyshore.bpmn.model import Process
from anyshore.bpmn.records import TOKENS
from anyshore.kernel.state import Node, State


def find(process: Process, state: State) -> list[Diagnostic]:
    """Why an instance is blocked; empty while anything can still happen to it.

    BPMN allows such a process (13.4.1: a parallel join whose other token never comes), so it is no incident; but
    nobody would hear of it, since nothing is waiting for anybody.

    Args:
        process: the definition the instance runs on.
        state: the instance, at rest.
    """
    if state.outcome is not None or state.waits or state.pending or state.suspended:
        return []
    if any(_selectable(process, node) for node in state.nodes.values()):
        return []
    found = [
        _told(process.elements[process.places.get(place, place)], count)
        for node in state.nodes.values()
        for place, count in node.private.get(TOKENS, {}).items()
    ]
    return found or [_stands(process, node) for node in state.nodes.values() if not state.children.get(node.id)]


def _selectable(process: Process, node: Node) -> bool:
    """Whether somebody may still start an activity in an ad-hoc sub-process, which waits for nothing by itself."""
    element = process.elements[node.element]
    return node.state == "active" and getattr(element, "ordering", None) is not None


def _told(element: Any, count: int) -> Diagnostic:
    tokens = "One token waits" if count == 1 else f"{count} tokens wait"
    message = f"{tokens} before {element.label!r} for others that cannot come."
    return Diagnostic("bpmn.blocked", message, element.location, _HINT, "warning")


def _stands(process: Process, node: Node) -> Diagnostic:
    element = process.elements[node.element]
    return Diagnostic("bpmn.blocked", f"{element.label!r} waits for nothing.", element.location, _HINT, "warning")


_HINT = "Cancel the instance, or correct the model and migrate it."
