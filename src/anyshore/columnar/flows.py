"""The straight-through part of a process over columns: rows flow from the start to an end, or stop where work begins.

Compiled are a plain start, script tasks and business rule tasks with one result, exclusive gateways, parallel ones
whose branches are straight and meet again (``forks``), tasks without content and a plain end. Where a row reaches
anything else, or an expression without a columnar form, it stops before that element with its variables. A row the
columns cannot tell for sure (a null that may be a failure, a number past its column) is *alone*: it is not moved at
all, and goes as an instance of its own from the start.

Source: BPMN 2.0.2, 13.3.3 (tasks) and 13.4.2 (exclusive gateway).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import polars as pl

from anyshore.base.errors import BpmnError
from anyshore.base.telling import Part, Sheet
from anyshore.bpmn.model import Process
from anyshore.columnar.batches import flow_in_batches
from anyshore.columnar.flowed import Flowed, flow_by
from anyshore.columnar.forks import explained
from anyshore.columnar.kernels import kernel
from anyshore.columnar.plan import NotCompiled
from anyshore.columnar.routes import CAPS, Routes, routes_of
from anyshore.columnar.straight import structure
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
    parallel = explained(process)
    for element in process.elements.values():
        if element is process.root:
            continue
        why = parallel.get(element.id, structure(process, element))
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
    return flow_in_batches(process, models, rows)


def one_plan(
    process: Process, models: Sequence[Model], columns: Mapping[str, pl.DataType], *, rules: bool = False
) -> Routes:
    """All ways of a process as one plan, over columns of some types.

    Args:
        process: the process.
        models: the decision models its business rule tasks call.
        columns: the types.
        rules: see ``routes_of``.

    Raises:
        BpmnError: the process has no plain start, or its ways have no plan NumPy computes; says why.
    """
    _enterable(process)
    why: NotCompiled | None = None
    for cap in CAPS:  # fewer digits of columns where numbers made of them are too large
        try:
            routes = routes_of(process, models, columns, cap, rules=rules)
            kernel(routes.plans, pl.DataFrame(schema=dict(columns)))  # types alone decide whether there is one
        except NotCompiled as reason:
            why = why or reason
        else:
            return routes
    hint = "Give the rows as a frame to flow(), which goes element by element where there is no plan for all ways."
    raise BpmnError("columnar.ways", f"The ways through {process.id} are no one plan: {why}.", hint=hint)


def _enterable(process: Process) -> None:
    if len(process.root.starts) != 1 or not any(one.kind == "none" for one in process.starts):
        hint = "Give it one start event without a trigger, or start an instance for each row."
        message = f"The process {process.id} has no single plain start, so no rows enter it."
        raise BpmnError("columnar.start", message, hint=hint)
