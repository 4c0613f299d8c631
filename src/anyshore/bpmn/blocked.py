"""Finding instances that can never go on: every token rests before a join and nothing is waited for."""

from __future__ import annotations

from anyshore.base.errors import Diagnostic
from anyshore.bpmn.model import Process
from anyshore.bpmn.records import TOKENS
from anyshore.kernel.state import State


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
    found = []
    for node in state.nodes.values():
        for place, count in node.private.get(TOKENS, {}).items():
            element = process.elements[process.places[place]]
            tokens = "One token waits" if count == 1 else f"{count} tokens wait"
            found.append(
                Diagnostic(
                    "bpmn.blocked",
                    f"{tokens} before {element.label!r} for others that cannot come.",
                    element.location,
                    "Cancel the instance, or correct the model and migrate it.",
                    "warning",
                )
            )
    return found
