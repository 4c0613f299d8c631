"""The straight-through part of a process over columns: rows flow from the start to an end, or stop where work begins.

Compiled are a plain start, script tasks and business rule tasks with one result, exclusive gateways, tasks without
content and a plain end. Where a row reaches anything else, or an expression without a columnar form, it stops before
that element with its variables. A row the columns cannot tell for sure (a null that may be a failure, a number past its
column) is *alone*: it is not moved at all, and goes as an instance of its own from the start.

Source: BPMN 2.0.2, 13.3.3 (tasks) and 13.4.2 (exclusive gateway).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import polars as pl

from anyshore.base.errors import BpmnError
from anyshore.base.telling import Part, Sheet
from anyshore.bpmn.data import DataMapping
from anyshore.bpmn.elements.tasks import RuleTask, ScriptTask
from anyshore.bpmn.model import Activity, Element, Event, Process
from anyshore.columnar.batches import flow_in_batches
from anyshore.columnar.flowed import Flowed, flow_by
from anyshore.columnar.kernels import kernel
from anyshore.columnar.plan import NotCompiled
from anyshore.columnar.routes import CAPS, Routes, routes_of
from anyshore.dmn import Model


@dataclass(frozen=True, slots=True)
class Told:
    """What becomes of an element over columns.

    Attributes:
        element: its id.
        label: its name.
        kind: its BPMN tag.
        compiled: whether rows go through it.
        why: why not.
    """

    element: str
    label: str
    kind: str
    compiled: bool
    why: str = ""


def explain(process: Process) -> list[Told]:
    """What becomes of each element of a process, before any data are seen.

    Data can still stop a row where this says it is compiled: types of columns decide what an expression is.
    """
    found = []
    for element in process.elements.values():
        if element is process.root:
            continue
        why = structure(process, element)
        found.append(Told(element.id, element.label, element.kind, not why, why))
    return found


def of_explanation(process: Process, told: Sequence[Told]) -> Iterator[Part]:
    """What ``explain`` tells as a table and a sentence."""
    rows = [(one.label, one.kind, "rows go through" if one.compiled else f"rows stop: {one.why}") for one in told]
    yield Sheet(process.name or process.id, ("Element", "Kind", "Over columns"), rows)
    yield f"Rows go through {sum(one.compiled for one in told)} of {len(told)} elements."


def flow(process: Process, models: Sequence[Model], rows: pl.DataFrame) -> Flowed:
    """Moves the rows of a frame through a process.

    Args:
        process: the process.
        models: the decision models its business rule tasks call.
        rows: a row for each instance; its columns are its variables.

    Raises:
        BpmnError: the process has no plain start.
    """
    _enterable(process)
    with suppress(BpmnError):
        return flow_by(one_plan(process, models, rows.schema), rows)
    return flow_in_batches(process, models, rows, structure)


def one_plan(process: Process, models: Sequence[Model], columns: Mapping[str, pl.DataType]) -> Routes:
    """All ways of a process as one plan, over columns of some types.

    Raises:
        BpmnError: the process has no plain start, or its ways have no plan NumPy computes; says why.
    """
    _enterable(process)
    why: NotCompiled | None = None
    for cap in CAPS:  # fewer digits of columns where numbers made of them are too large
        try:
            routes = routes_of(process, models, columns, structure, cap)
            kernel(routes.plans, pl.DataFrame(schema=dict(columns)))
        except NotCompiled as reason:
            why = why or reason
        else:
            return routes
    raise BpmnError("columnar.ways", f"The ways through {process.id} are no one plan: {why}.")


def _enterable(process: Process) -> None:
    if len(process.root.starts) != 1 or not any(one.kind == "none" for one in process.starts):
        raise BpmnError("columnar.start", f"The process {process.id} has no single plain start, so no rows enter it.")


# ---- what of a process is straight


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
    "parallelGateway": "several tokens of one row have no columnar form yet",
    "callActivity": "calls of processes have no columnar form yet",
}
