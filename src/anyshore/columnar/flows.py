"""The straight-through part of a process over columns: rows flow from the start to an end, or stop where work begins.

Compiled are a plain start, script tasks and business rule tasks with one result, exclusive gateways, tasks without
content and a plain end. Where a row reaches anything else, or an expression without a columnar form, it stops before
that element with its variables. A row the columns cannot tell for sure (a null that may be a failure, a number past its
column) is *alone*: it is not moved at all, and goes as an instance of its own from the start.

Source: BPMN 2.0.2, 13.3.3 (tasks) and 13.4.2 (exclusive gateway).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from anyshore.base.errors import BpmnError
from anyshore.base.telling import Part, Sheet
from anyshore.bpmn.data import DataMapping
from anyshore.bpmn.elements.gateways import Gateway
from anyshore.bpmn.elements.tasks import RuleTask, ScriptTask
from anyshore.bpmn.model import Activity, Element, Event, Process
from anyshore.columnar import plan
from anyshore.columnar.by_plan import decoded, output_of
from anyshore.columnar.decisions import compile_decision
from anyshore.columnar.dialects.polars import expression
from anyshore.columnar.plan import NotCompiled, Plan, size_of
from anyshore.columnar.readings import reading
from anyshore.columnar.translate import Translator
from anyshore.columnar.typed import Typed
from anyshore.dmn import Model
from anyshore.dmn.elements import Decision
from anyshore.feel import Expression

# A row that has not come to an end after so many elements goes alone.
MOST_ELEMENTS = 10_000
_CAP = 10**15


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


@dataclass(frozen=True, slots=True)
class Stop:
    """Rows that came to rest at an element.

    Attributes:
        element: its id; an end event where they are through.
        through: whether they are.
        why: why they stopped, where they did.
        path: the elements they went through, in order, with this one.
        rows: their numbers in what was given.
        variables: their variables.
    """

    element: str
    through: bool
    why: str
    path: tuple[str, ...]
    rows: Sequence[int]
    variables: pl.DataFrame


@dataclass(slots=True)
class Flowed:
    """What became of the rows of a batch.

    Attributes:
        stops: the rows that moved, by where and how they came to rest.
        alone: the numbers of the rows that go as instances of their own, from the start.
    """

    stops: list[Stop] = field(default_factory=list)
    alone: list[int] = field(default_factory=list)

    @property
    def through(self) -> int:
        """How many rows reached an end."""
        return sum(len(stop.rows) for stop in self.stops if stop.through)


@dataclass(slots=True)
class _Batch:
    element: str
    rows: pl.Series
    frame: pl.DataFrame
    path: tuple[str, ...]


def explain(process: Process) -> list[Told]:
    """What becomes of each element of a process, before any data are seen.

    Data can still stop a row where this says it is compiled: types of columns decide what an expression is.
    """
    found = []
    for element in process.elements.values():
        if element is process.root:
            continue
        why = _structure(process, element)
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
    starts = [one for one in process.starts if one.kind == "none"]
    if len(process.root.starts) != 1 or not starts:
        raise BpmnError("columnar.start", f"The process {process.id} has no single plain start, so no rows enter it.")
    run = _Run(process, models)
    numbers = pl.Series("row", np.arange(rows.height, dtype=np.int64))
    run.pending.append(_Batch(process.root.starts[0], numbers, rows, ()))
    while run.pending:
        batch = run.pending.popleft()
        if not batch.frame.height:
            continue
        if len(batch.path) >= MOST_ELEMENTS:
            run.flowed.alone += batch.rows.to_list()
        else:
            run.take(batch)
    run.flowed.alone.sort()
    return run.flowed


class _Run:
    """Batches of rows on their way."""

    def __init__(self, process: Process, models: Sequence[Model]) -> None:
        self.process, self.models = process, models
        self.pending: deque[_Batch] = deque()
        self.flowed = Flowed()

    def take(self, batch: _Batch) -> None:
        """Moves a batch one element on, or lets it rest."""
        element = self.process.elements[batch.element]
        why = _structure(self.process, element)
        if why:
            return self._rest(batch, False, why)
        if element.kind == "endEvent":
            return self._rest(batch, True, "")
        try:
            if isinstance(element, Gateway):
                return self._choose(batch, element)
            if isinstance(element, (ScriptTask, RuleTask)):
                batch = self._compute(batch, element)
        except NotCompiled as reason:
            return self._rest(batch, False, str(reason))
        return self._on(batch, element, element.outgoing[0].target)

    def _rest(self, batch: _Batch, through: bool, why: str) -> None:
        path = (*batch.path, batch.element)
        self.flowed.stops.append(Stop(batch.element, through, why, path, batch.rows.to_list(), batch.frame))

    def _on(self, batch: _Batch, element: Element, target: str) -> None:
        self.pending.append(_Batch(target, batch.rows, batch.frame, (*batch.path, element.id)))

    def _part(self, batch: _Batch, chosen: pl.Series) -> _Batch:
        return _Batch(batch.element, batch.rows.filter(chosen), batch.frame.filter(chosen), batch.path)

    def _sure(self, batch: _Batch, unsure: pl.Series) -> pl.Series:
        """Sets rows aside that go alone; gives which stay."""
        self.flowed.alone += batch.rows.filter(unsure).to_list()
        return ~unsure

    def _compute(self, batch: _Batch, task: ScriptTask | RuleTask) -> _Batch:
        name = task.data.result
        assert name is not None
        if isinstance(task, RuleTask):
            element, model = self._decision(task.decision)
            compiled = compile_decision(element, model.linked, dict(batch.frame.schema))
            value, doubt = compiled.value, compiled.doubt
        else:
            assert task.script is not None
            value, doubt = _translated(task.script, batch.frame)
        output_of(value, 1)
        found = _evaluated(batch.frame, value.plan, doubt)
        kept = self._sure(batch, found["doubt"] | found["value"].is_null())
        series, _ = decoded(value, found["value"].filter(kept).alias(name), (), (), 1)
        batch = self._part(batch, kept)
        batch.frame = batch.frame.with_columns(series)
        return batch

    def _choose(self, batch: _Batch, gateway: Gateway) -> None:
        if len(gateway.outgoing) == 1:
            return self._on(batch, gateway, gateway.outgoing[0].target)
        default = next((one for one in gateway.outgoing if one.is_default), None)
        # All conditions are translated before a row moves, so that a gateway takes all rows or none.
        conditions = [(one, _condition(one.condition, batch.frame)) for one in gateway.outgoing if not one.is_default]
        for outgoing, (condition, doubt) in conditions:
            found = _evaluated(batch.frame, condition, doubt)
            unsure = found["doubt"] | found["value"].is_null()
            kept = self._sure(batch, unsure)
            held = found["value"].fill_null(False) & kept
            self._on(self._part(batch, held), gateway, outgoing.target)
            batch = self._part(batch, ~held & kept)
        if default is None:  # where no flow can be taken the engine makes an incident, which is an instance's
            self.flowed.alone += batch.rows.to_list()
            return None
        return self._on(batch, gateway, default.target)

    def _decision(self, name: str) -> tuple[Decision, Model]:
        for model in self.models:
            for decision in model.decisions:
                if name in (decision.name, decision.id):
                    return decision, model
        raise NotCompiled(f"no model has the decision {name}")


def _evaluated(frame: pl.DataFrame, value: Plan, doubt: Plan) -> pl.DataFrame:
    """The values and doubts of the rows of a frame."""
    size_of(value, doubt)
    # A frame of no columns has no height, so the numbers of the rows hold a constant's place.
    height = pl.int_range(frame.height).alias("row")
    return frame.select(height, expression(value).alias("value"), expression(doubt).alias("doubt"))


def _translated(source: Expression, frame: pl.DataFrame) -> tuple[Typed, Plan]:
    """An expression over the variables of a batch."""
    doubts: list[Plan] = []
    names = {}
    for name in source.free_names:
        if name not in frame.columns:
            raise NotCompiled(f"there is no variable {name}")
        read = reading(name, frame.schema[name], _CAP)
        names[name] = read.value
        doubts += [] if read.doubt is None else [read.doubt]
    translator = Translator(dict(names), doubts)
    value = translator.typed(source.tree)
    return value, plan.either(*translator.doubts)


def _condition(source: Expression | None, frame: pl.DataFrame) -> tuple[Plan, Plan]:
    if source is None:
        return plan.TRUE, plan.FALSE
    value, doubt = _translated(source, frame)
    if value.kind != "truth":
        raise NotCompiled("a condition is neither true nor false")
    return value.plan, doubt


# ---- what of a process is straight


def _structure(process: Process, element: Element) -> str:
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
