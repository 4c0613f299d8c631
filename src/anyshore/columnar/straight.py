"""What of a process is straight: the elements rows go through over columns, and why they stop before the others."""

from __future__ import annotations

from collections.abc import Callable

from anyshore.bpmn.data import DataMapping
from anyshore.bpmn.elements.tasks import RuleTask, ScriptTask
from anyshore.bpmn.model import Activity, Element, Event, Process


def structure(process: Process, element: Element) -> str:
    """Why no row goes through an element, whatever the data; empty where rows do."""
    if element.container != process.id:
        return "it stands in a sub-process"
    if process.root.handlers or process.watches:
        return "the process waits for events beside its flow"
    rule = _STRUCTURES.get(element.kind)
    return _KINDS.get(element.kind, f"a {element.kind} is work of its own") if rule is None else rule(element)


def _event(element: Element) -> str:
    assert isinstance(element, Event)
    if element.triggers:
        return f"it has an event of its own ({element.triggers[0].kind})"
    if element.data != DataMapping():
        return "it maps data"
    return "" if element.position == "end" or len(element.outgoing) == 1 else "several flows leave it"


def _task(element: Element) -> str:
    assert isinstance(element, Activity)
    if not element.plain_task or element.for_compensation or element.completion_quantity != 1:
        return "it has a marker, a boundary event or properties of its own"
    if len(element.outgoing) != 1 or element.outgoing[0].condition is not None:
        return "not exactly one plain flow leaves it"
    data = element.data
    if data.inputs or data.outputs or data.reads or data.writes or data.produced or data.input_sets:
        return "it maps data"
    if isinstance(element, (ScriptTask, RuleTask)) and data.result is None:
        return "it names no variable for its result"
    return ""


def _gateway(element: Element) -> str:
    return "" if element.outgoing else "no flow leaves it"


_STRUCTURES: dict[str, Callable[[Element], str]] = {
    "startEvent": _event, "endEvent": _event, "task": _task, "scriptTask": _task, "businessRuleTask": _task,
    "exclusiveGateway": _gateway,
}  # fmt: skip
_KINDS = {
    "userTask": "a person does it",
    "manualTask": "a person does it",
    "serviceTask": "a program outside does it",
    "sendTask": "it sends a message",
    "receiveTask": "it waits for a message",
    "parallelGateway": "several tokens of one row move at once",
    "callActivity": "calls of processes have no columnar form yet",
}
