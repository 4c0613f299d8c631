"""Rows of a process moved element by element, a frame for each way: where ways are too many, or numbers too large.

Slower than one plan over all ways (`routes`), and without its bounds.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from anyshore.bpmn.elements.gateways import Gateway
from anyshore.bpmn.elements.tasks import RuleTask, ScriptTask
from anyshore.bpmn.model import Element, Process
from anyshore.columnar.by_plan import decoded, output_of
from anyshore.columnar.decisions import compile_decision
from anyshore.columnar.dialects.polars import expression
from anyshore.columnar.flowed import Flowed, Stop, Way
from anyshore.columnar.plan import NotCompiled, Plan, size_of
from anyshore.columnar.routes import CAPS, condition_of, decision_of, translated
from anyshore.columnar.straight import structure
from anyshore.dmn import Model

# A row that has not come to an end after so many elements goes alone.
MOST_ELEMENTS = 10_000


@dataclass(slots=True)
class _Batch:
    element: str
    rows: pl.Series
    frame: pl.DataFrame
    path: tuple[str, ...]
    gave: frozenset[str] = frozenset()


def flow_in_batches(process: Process, models: Sequence[Model], rows: pl.DataFrame) -> Flowed:
    """Moves rows element by element.

    Args:
        process: a process with one plain start.
        models: the decision models its business rule tasks call.
        rows: a row for each instance; its columns are its variables.
    """
    run = _Run(process, models)
    numbers = pl.Series("row", np.arange(rows.height, dtype=np.int64))
    run.pending.append(_Batch(process.root.starts[0], numbers, rows, ()))
    while run.pending:
        batch = run.pending.popleft()
        if not batch.frame.height:
            continue
        if len(batch.path) >= MOST_ELEMENTS:
            run.alone += batch.rows.to_list()
        else:
            run.take(batch)
    stops = run.stops
    return Flowed([stop.way for stop in stops], [len(stop.rows) for stop in stops], sorted(run.alone), lambda: stops)


class _Run:
    """Batches of rows on their way."""

    def __init__(self, process: Process, models: Sequence[Model]) -> None:
        self.process, self.models = process, models
        self.pending: deque[_Batch] = deque()
        self.stops: list[Stop] = []
        self.alone: list[int] = []

    def take(self, batch: _Batch) -> None:
        """Moves a batch one element on, or lets it rest."""
        element = self.process.elements[batch.element]
        why = structure(self.process, element)
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
        way = Way(batch.element, through, why, (*batch.path, batch.element), batch.gave)
        self.stops.append(Stop(way, batch.rows.to_numpy(), batch.frame))

    def _on(self, batch: _Batch, element: Element, target: str) -> None:
        self.pending.append(replace(batch, element=target, path=(*batch.path, element.id)))

    def _part(self, batch: _Batch, chosen: pl.Series) -> _Batch:
        return replace(batch, rows=batch.rows.filter(chosen), frame=batch.frame.filter(chosen))

    def _sure(self, batch: _Batch, unsure: pl.Series) -> pl.Series:
        """Sets rows aside that go alone; gives which stay."""
        self.alone += batch.rows.filter(unsure).to_list()
        return ~unsure

    def _compute(self, batch: _Batch, task: ScriptTask | RuleTask) -> _Batch:
        name = task.data.result
        assert name is not None
        if isinstance(task, RuleTask):
            element, model = decision_of(self.models, task.decision)
            compiled = compile_decision(element, model.linked, dict(batch.frame.schema))
            value, doubt = compiled.value, compiled.doubt
        else:
            assert task.script is not None
            value, doubt = translated(task.script, batch.frame.schema, {}, CAPS[0])
        output_of(value, 1)
        found = _evaluated(batch.frame, value.plan, doubt)
        kept = self._sure(batch, found["doubt"] | found["value"].is_null())
        series, _ = decoded(value, found["value"].filter(kept).alias(name), (), (), 1)
        batch = self._part(batch, kept)
        return replace(batch, frame=batch.frame.with_columns(series), gave=batch.gave | {name})

    def _choose(self, batch: _Batch, gateway: Gateway) -> None:
        if len(gateway.outgoing) == 1:
            return self._on(batch, gateway, gateway.outgoing[0].target)
        default = next((one for one in gateway.outgoing if one.is_default), None)
        # All conditions are translated before a row moves, so that a gateway takes all rows or none.
        conditions = [
            (one, condition_of(one.condition, batch.frame.schema, {}, CAPS[0]))
            for one in gateway.outgoing
            if not one.is_default
        ]
        for outgoing, (condition, doubt) in conditions:
            found = _evaluated(batch.frame, condition, doubt)
            unsure = found["doubt"] | found["value"].is_null()
            kept = self._sure(batch, unsure)
            held = found["value"].fill_null(False) & kept
            self._on(self._part(batch, held), gateway, outgoing.target)
            batch = self._part(batch, ~held & kept)
        if default is None:  # where no flow can be taken the engine makes an incident, which is an instance's
            self.alone += batch.rows.to_list()
            return None
        return self._on(batch, gateway, default.target)


def _evaluated(frame: pl.DataFrame, value: Plan, doubt: Plan) -> pl.DataFrame:
    """The values and doubts of the rows of a frame."""
    size_of(value, doubt)
    # A frame of no columns has no height, so the numbers of the rows hold a constant's place.
    height = pl.int_range(frame.height).alias("row")
    return frame.select(height, expression(value).alias("value"), expression(doubt).alias("doubt"))
