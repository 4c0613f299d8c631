"""The same rows by two versions of a model: what becomes of them, and the difference rule by rule before one is used.

Rows that the columns do not tell for sure are counted as going alone, by either version; they are not guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from anyshore.base.telling import Part, Sheet
from anyshore.bpmn.elements.tasks import RuleTask
from anyshore.bpmn.model import Process
from anyshore.columnar.decisions import compile_decision
from anyshore.columnar.dialects.polars import expression
from anyshore.columnar.flowed import flow_by
from anyshore.columnar.flows import one_plan
from anyshore.columnar.plan import NotCompiled
from anyshore.columnar.routes import RULE
from anyshore.columnar.tables import decide_table
from anyshore.dmn import Model
from anyshore.dmn.elements import Decision

REST = "@rest"
"""The column of where a row rests."""
RESULT = "@result "
"""How the columns begin of what a decision gave."""
ALONE = "(goes alone)"
MOST = 200
"""Differences that are listed, those of most rows first."""


@dataclass(slots=True)
class Change:
    """Rows to which two versions do different things in the same way.

    Attributes:
        where: what differs: the rest of a row, or a decision.
        before: what the old version does: where rows rest, or the rule and its result.
        after: what the new one does.
        rows: how many they are.
        example: the number of one, from 1.
    """

    where: str
    before: str
    after: str
    rows: int
    example: int


@dataclass(slots=True)
class Difference:
    """What two versions of a model make of the same rows.

    Attributes:
        rows: how many there are.
        same: how many of them nothing changes for.
        changes: what changes for the others.
    """

    rows: int = 0
    same: int = 0
    _changes: dict[tuple[str, str, str], Change] = field(default_factory=dict)

    @property
    def changes(self) -> list[Change]:
        """The changes, those of most rows first."""
        return sorted(self._changes.values(), key=lambda one: (-one.rows, one.where, one.before, one.after))

    def add(self, before: pl.DataFrame, after: pl.DataFrame) -> None:
        """Counts rows, by both versions.

        Args:
            before: by the old one, as ``moved`` or ``decided`` give them.
            after: by the new one.
        """
        differing = pl.Series([False] * before.height, dtype=pl.Boolean)
        for where in dict.fromkeys([*_subjects(before), *_subjects(after)]):
            one, other = _told(before, where), _told(after, where)
            changed = one.ne_missing(other)
            differing = differing | changed
            rows = changed.arg_true()
            if len(rows):
                self._count(where, one.gather(rows), other.gather(rows), rows)
        self.rows += before.height
        self.same += before.height - int(differing.sum())

    def _count(self, where: str, one: pl.Series, other: pl.Series, rows: pl.Series) -> None:
        pairs = pl.DataFrame({"before": one, "after": other, "row": rows})
        found = pairs.group_by("before", "after").agg(pl.len().alias("rows"), pl.col("row").min())
        for before, after, number, row in found.iter_rows():
            key = (where, before or "–", after or "–")
            known = self._changes.setdefault(key, Change(*key, 0, self.rows + row + 1))
            known.rows += number

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        names = ("where", "before", "after", "rows", "example")
        changes = [{name: getattr(one, name) for name in names} for one in self.changes]
        return {"rows": self.rows, "same": self.same, "changes": changes}

    def parts(self) -> Iterator[Part]:
        """As a table and a sentence."""
        shown = [(one.where, one.before, one.after, f"{one.rows:,}", f"{one.example:,}") for one in self.changes[:MOST]]
        if shown:
            yield Sheet("What changes", ("At", "Before", "After", "Rows", "Row, say"), shown, right=(3, 4))
        more = len(self.changes) - len(shown)
        yield f"Nothing changes for {self.same:,} of {self.rows:,} rows." + (f" {more:,} more changes." if more else "")


def moved(process: Process, models: Sequence[Model], frame: pl.DataFrame) -> pl.DataFrame:
    """Where rows rest in a process, and by task which rule of its table fired with what result.

    Raises:
        BpmnError: there is no plan for its ways; says why.
    """
    flowed = flow_by(one_plan(process, models, frame.schema, rules=True), frame)
    assert flowed.outcome is not None
    gave = flowed.outcome.variables
    names = {at: process.elements[one.element].label for at, one in enumerate(flowed.ways)}
    columns = [
        flowed.outcome.way.cast(pl.Int32).replace_strict(names, default=ALONE, return_dtype=pl.String).alias(REST)
    ]
    for task in process.elements.values():
        if isinstance(task, RuleTask) and task.data.result in gave.columns:
            columns.append(gave[task.data.result].cast(pl.String).alias(RESULT + task.label))
            if RULE + task.id in gave.columns:
                columns.append(gave[RULE + task.id].alias(RULE + task.label))
    return pl.DataFrame(columns)


def decided(model: Model, decision: str, frame: pl.DataFrame) -> pl.DataFrame:
    """What a decision gives for rows, and which rule of its table fired, where one does.

    Raises:
        DmnError: there is no such decision, or the rows do not fit.
    """
    given = decide_table(model, decision, frame).data
    added = [name for name in given.columns if name == decision or name.startswith(f"{decision}.")]
    result = pl.concat_str([given[name].cast(pl.String).fill_null("null") for name in added], separator=", ")
    columns = [given.select(result.alias(RESULT + decision)).to_series()]
    element = model.find(decision)
    assert isinstance(element, Decision)
    try:
        compiled = compile_decision(element, model.linked, dict(frame.schema))
    except NotCompiled:
        return pl.DataFrame(columns)
    if compiled.rule is not None:
        rule, doubt = expression(compiled.rule).alias("rule"), expression(compiled.doubt).alias("doubt")
        found = frame.select(pl.int_range(pl.len()).alias("row"), rule, doubt)
        columns.append(found["rule"].set(found["doubt"], None).alias(RULE + decision))
    return pl.DataFrame(columns)


def fired(frames: Sequence[pl.DataFrame], decision: str) -> list[tuple[str, str, int]]:
    """How many rows each rule decided, with what result; the rows no rule fired for stand last."""
    names = [name for name in (RULE + decision, RESULT + decision) if name in frames[0].columns]
    counted = pl.concat([one.group_by(names).len() for one in frames]).group_by(names).agg(pl.col("len").sum())
    shown = [
        (str(row.get(RULE + decision) or ""), str(row[RESULT + decision]), int(row["len"]))
        for row in counted.iter_rows(named=True)
    ]
    return sorted(shown, key=lambda one: (one[0] == "", int(one[0] or 0), -one[2], one[1]))


def _subjects(frame: pl.DataFrame) -> list[str]:
    found = {REST: None} if REST in frame.columns else {}
    for name in frame.columns:
        for beginning in (RULE, RESULT):
            if name.startswith(beginning):
                found[name.removeprefix(beginning)] = None
    return list(found)


def _told(frame: pl.DataFrame, where: str) -> pl.Series:
    """What a version does at a place, as a text; null where a row does not come there."""
    if where == REST:
        return frame[REST]
    absent = pl.Series([None] * frame.height, dtype=pl.String)
    result = frame[RESULT + where] if RESULT + where in frame.columns else absent
    if RULE + where not in frame.columns:
        return result
    rule = frame[RULE + where].cast(pl.Int64).cast(pl.String)
    return pl.select(pl.when(result.is_not_null()).then("rule " + rule.fill_null("–") + ": " + result)).to_series()
