"""Sorting decided rows into classes to which the same happened: the engine itself says what that is, once for each.

Of rows that went one way and agree in all that their outcome is made of, one is given to the engine, which tells what
it would have entered and opened. So a class is what the engine says, never what the columns say; where the two differ,
or what is opened depends on the row, the rows go as instances of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import polars as pl

from anyshore import feel
from anyshore.base import canonical
from anyshore.base.errors import AnyshoreError
from anyshore.bpmn.elements.tasks import UserTask
from anyshore.bpmn.model import Event, Process
from anyshore.columnar.flowed import Flowed, Way
from anyshore.host.batched.contents import Class, Contents, Measured, Opened, Went
from anyshore.host.ledgers import readable
from anyshore.kernel import codec
from anyshore.kernel.commands import Start
from anyshore.kernel.records import Record, Yielded
from anyshore.kernel.state import ROOT, TIMER, WORK, State, Wait
from anyshore.runtime.effects import Effects, effects
from anyshore.runtime.reports import GIVEN, Measure, Report
from anyshore.terms import ledger
from anyshore.terms.bulk import Told

CLASS = "@class"
"""The column of the class; null of a row that goes as an instance of its own."""

MOST_VALUES = 1_000
"""Different values of a measure that are counted each."""

Rehearse = Callable[[Mapping[str, Any]], tuple[Start, State, list[Record]]]
"""What the engine makes of a new instance with some variables."""


@dataclass(slots=True)
class Sorter:
    """Sorts the rows of a batch, part by part.

    Attributes:
        process: what they go through.
        report: what their work comes to, as the pack says it.
        rehearse: asks the engine.
        contents: of the batch; classes are added to it.
    """

    process: Process
    report: Report | None
    rehearse: Rehearse
    contents: Contents
    _known: dict[bytes, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Knows the classes of the parts before."""
        for number, one in enumerate(self.contents.classes):
            self._known[_key(one)] = number

    def classes(self, flowed: Flowed, given: pl.DataFrame, variables: pl.DataFrame) -> pl.Series:
        """The class of each row of a part.

        Args:
            flowed: what became of the rows.
            given: the rows.
            variables: what they hold at their rest, with what was given.
        """
        assert flowed.outcome is not None
        way = flowed.outcome.way.cast(pl.Int32)
        names = [name for name in self._names() if name in variables.columns]
        places = pl.int_range(given.height, eager=True).alias("\0row")
        keyed = pl.DataFrame([way.alias("\0way"), places, *(variables[name] for name in names)])
        groups = keyed.group_by("\0way", *names, maintain_order=True).agg(
            pl.col("\0row").first().alias("\0first"), pl.len().alias("\0rows")
        )
        found = [
            self._group(flowed.ways, number, given.row(first, named=True), rows)
            for number, first, rows in groups.select("\0way", "\0first", "\0rows").iter_rows()
        ]
        marked = groups.with_columns(pl.Series(CLASS, found, dtype=pl.Int32))
        joined = keyed.join(
            marked, on=["\0way", *names], how="left", nulls_equal=True, maintain_order="left"
        )  # fmt: skip
        self._measure(variables.filter(joined[CLASS].is_in(self._ended()).fill_null(False)))
        return joined[CLASS]

    def _ended(self) -> list[int]:
        return [number for number, one in enumerate(self.contents.classes) if one.end is not None]

    def _names(self) -> list[str]:
        """The variables that the outcome of a row is made of."""
        found = {"outcome": None, "shore": None}
        if self.report is not None:
            for expression in (self.report.outcome, self.report.untouched):
                found |= dict.fromkeys(sorted(expression.free_names - GIVEN) if expression is not None else ())
        return list(found)

    def _group(self, ways: tuple[Way, ...], number: int | None, row: Mapping[str, Any], rows: int) -> int | None:
        """The class of rows that agree; None where they go as instances of their own."""
        found: Class | str = "the columns do not tell for sure what becomes of it"
        if number is not None:
            self._went(ways[number], rows)
            found = self._asked(ways[number], row)
        if isinstance(found, str):
            self.contents.alone[found] = self.contents.alone.get(found, 0) + rows
            return None
        which = self._known.setdefault(_key(found), len(self.contents.classes))
        if which == len(self.contents.classes):
            self.contents.classes.append(found)
        self.contents.classes[which].rows += rows
        return which

    def _went(self, way: Way, rows: int) -> None:
        for one in self.contents.ways:
            if one.path == list(way.path):
                one.rows += rows
                return
        self.contents.ways.append(Went(list(way.path), way.why, rows))

    def _asked(self, way: Way, row: Mapping[str, Any]) -> Class | str:
        """What the engine says of a row, or why rows like it go as instances of their own."""
        try:
            command, state, records = self.rehearse(values(row))
            said = effects(command, records, state)
        except AnyshoreError as problem:
            return problem.message
        if records and type(records[-1]) is Yielded:
            return "it takes more than one turn"
        if said.sent or said.begun:
            return "it sends something or begins other work"
        if said.outcome is not None:
            return self._through(said, state, way) if way.through else "the engine goes further than the columns"
        elements = {element for _, element in said.opened}
        if way.through or way.element not in elements:
            return _stopped(said) or way.why or "the engine stops before the columns do"
        reason = next((why for wait, element in said.opened if (why := self._differs(wait, element))), "")
        return reason or Class(way.element, None, _events(said), [_opened(wait, at) for wait, at in said.opened])

    def _through(self, said: Effects, state: State, way: Way) -> Class:
        if self.report is not None:
            told = self.report.facts(state.variables.get(ROOT, {}), state.outcome, 0)
            said.facts[-1].data |= {name: value for name, value in told.items() if name != "measures"}
        return Class(way.element, state.outcome, _events(said), [])

    def _differs(self, wait: Wait, element: str) -> str:
        """Why what is opened is not the same for every row of a class; empty where it is."""
        found = self.process.elements[element]
        if wait.kind == WORK and isinstance(found, UserTask):
            own = found.apart is not None or found.data.inputs or found.data.reads or found.data.all_inputs
            return "what a person is shown depends on the row" if own else ""
        if wait.kind == TIMER:
            event = self.process.elements[wait.data.get("event", element)]
            timers = [one.timer for one in event.triggers] if isinstance(event, Event) else [None]
            own = any(timer is None or timer.expression is not None for timer in timers)
            return "when it is due depends on the row" if own else ""
        return f"it waits for a {wait.kind}"

    def _measure(self, variables: pl.DataFrame) -> None:
        for name, measure in (self.report.measures if self.report is not None else {}).items():
            kept = self.contents.measures.setdefault(name, Measured(measure.kind))
            for value, count in self._measured(name, measure, variables).items():
                kept.cases += count
                kept.sum += Decimal(value) * count
                text = str(value)
                if text in kept.values or len(kept.values) < MOST_VALUES:
                    kept.values[text] = kept.values.get(text, 0) + count

    def _measured(self, name: str, measure: Measure, variables: pl.DataFrame) -> Counter[Decimal | bool]:
        """The values of a measure over the rows that are through, each kind of row looked at once."""
        assert self.report is not None
        found: Counter[Decimal | bool] = Counter()
        asked = {*measure.of.free_names, *(measure.when.free_names if measure.when is not None else ())} - GIVEN
        names = [one for one in sorted(asked) if one in variables.columns]
        alone = Report(measures={name: measure})
        groups = variables.group_by(names).len("\0rows") if names else variables.select(pl.len().alias("\0rows"))
        for row in groups.iter_rows(named=True):
            count = row.pop("\0rows")
            if count and (value := alone.values(values(row), None, 0).get(name)) is not None:
                found[value] += count
        return found


def values(row: Mapping[str, Any]) -> dict[str, Any]:
    """The variables of a row as FEEL values."""
    return {name: feel.from_python(value) for name, value in row.items()}


def _events(said: Effects) -> list[Told]:
    return [Told(fact.type, ledger.plain(readable(fact.data))) for fact in said.facts]


def _opened(wait: Wait, element: str) -> Opened:
    return Opened(wait.id, wait.kind, element, wait.name, wait.key, wait.due, codec.encode_value(wait.data))


def _stopped(said: Effects) -> str:
    return f"it waits for a {said.opened[0][0].kind}" if said.opened else ""


def _key(one: Class) -> bytes:
    waits = [[wait.wait, wait.kind, wait.element, wait.due, wait.data.hex()] for wait in one.waits]
    events = [[told.type, told.data] for told in one.events]
    return canonical.encode([one.element, one.end, events, waits])
