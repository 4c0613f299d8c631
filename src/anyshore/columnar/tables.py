"""A decision table over columns of data, with the results of deciding row by row.

Every input column becomes classes; the classes of a row together are one number, and each number that occurs is
decided once. What has no such form is decided row by row, and the result says so.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anyshore.base.errors import DmnError
from anyshore.columnar.by_plan import Column, One, decide
from anyshore.columnar.classes import Classes, Codes, NoClasses
from anyshore.columnar.decisions import compile_decision
from anyshore.columnar.frames import Data
from anyshore.columnar.outputs import column_of, outputs_of
from anyshore.columnar.plan import NotCompiled
from anyshore.dmn import Model
from anyshore.dmn.compiled import NotFlat, Shape, known_by_rules, shape_of
from anyshore.dmn.compiling import names_of
from anyshore.dmn.elements import Decision, DrgElement
from anyshore.dmn.expressions import DecisionTable
from anyshore.dmn.index import members
from anyshore.dmn.linked import Linked
from anyshore.dmn.tables import plan_of

# So many combinations of classes are numbered directly; more are found by sorting.
DIRECT = 1 << 22
# Rows taken at once, so that the arrays of a chunk stay in the processor's cache.
CHUNK = 1 << 17
UNKNOWN, ALONE = -1, -2


@dataclass(slots=True)
class Decided:
    """Data with the outcome of a decision beside them.

    Attributes:
        data: what was given, with the outputs as further columns: one named as the decision or, for several outputs,
            one for each, named ``decision.output``. Of the same kind as what was given.
        indexed: whether it was decided over columns; false where row by row.
        rows_by_row: how many rows were decided one by one.
        remarks: why, and where values became text.
    """

    data: Any
    indexed: bool
    rows_by_row: int
    remarks: list[str] = field(default_factory=list)


def decide_table(model: Model, decision: str, data: Any, *, now: int | None = None, zone: str = "UTC") -> Decided:
    """Decides every row of some data.

    Args:
        model: the model.
        decision: a decision by name or id.
        data: a Polars frame, an Arrow table or a DuckDB relation; columns are taken as inputs by name, and a column
            that is missing leaves its input out.
        now: the time of the command in microseconds since 1970 UTC.
        zone: the IANA zone ``today()`` is told in.

    Raises:
        DmnError: there is no such decision, or the data are of another kind.
    """
    element = model.find(decision)
    if not isinstance(element, Decision):
        raise DmnError("dmn.unknown", f"{decision} is no decision.")
    given = Data(data, needed(element, model.linked))
    frame = given.frame

    def one(row: dict[str, object]) -> object:
        return model.decide(decision, row, now=now, zone=zone).value

    try:
        planned = _by_plan(element, model.linked, frame, one)
    except NotCompiled as reason:
        return _by_index(model, element, given, one, str(reason))
    if planned is None:
        return _by_index(model, element, given, one, "")
    remarks = [planned.remark] if planned.remark else []
    remarks += _told_alone(element.name, planned.by_row, frame.height) if planned.by_row else []
    return Decided(given.beside([planned.series]), True, planned.by_row, remarks)


def _by_index(model: Model, element: Decision, given: Data, one: One, why: str) -> Decided:
    """Decides by the index of the table, and row by row where there is none; ``why`` there is no plan either."""
    remarks: list[str] = []
    frame = given.frame
    try:
        values, codes, by_row = _by_columns(model, element, frame, one)
        if by_row:
            remarks += _told_alone(element.name, by_row, frame.height)
    except (NotFlat, NoClasses) as reason:
        remarks.append(f"{element.name} was decided row by row: {why or reason}")
        rows = frame.iter_rows(named=True) if frame.width else ({} for _ in range(given.height))
        values, codes, by_row = [one(row) for row in rows], None, given.height
    columns = []
    for output in outputs_of(element, model.linked.types):
        title = f"{element.name}.{output.name}" if output.name else element.name
        part = [value.get(output.name) if isinstance(value, dict) and output.name else value for value in values]
        series, remark = column_of(title, output, part, codes)
        columns.append(series)
        remarks += [remark] if remark else []
    return Decided(given.beside(columns), codes is not None, by_row, remarks)


def _told_alone(name: str, rows: int, of: int) -> list[str]:
    return [
        f"{rows} of {of} rows of {name} were decided one by one: they reach a cell or an output that only FEEL can "
        "evaluate, or their values are not those the table speaks of"
    ]


def _by_plan(element: Decision, linked: Linked, frame: pl.DataFrame, one: One) -> Column | None:
    """The outcomes by a plan; nothing where the table's index is the quicker way: all it gives are constants.

    Raises:
        NotCompiled: the decision has no columnar form.
    """
    linked.compiler.prepare(element)
    table = element.expression
    if isinstance(table, DecisionTable):
        try:
            shape = shape_of(element, linked, plan_of(table, linked.types, element.owner))
        except NotFlat:
            pass
        else:
            if not shape.doubtful and all(shape.constant) and shape.default_constant:
                return None
    if not frame.width:
        raise NotCompiled("it reads no column")
    compiled = compile_decision(element, linked, dict(frame.schema))
    if not compiled.fields:
        raise NotCompiled("it reads no column")
    return decide(compiled, frame, element.name, one)


def needed(decision: Decision, linked: Linked) -> Callable[[str], bool]:
    """Tells of a column whether a decision can read it: its requirements, also through others and through imports."""
    names: set[str] = set()
    seen: set[int] = set()
    pending: list[DrgElement] = [decision]
    while pending:
        element = pending.pop()
        if id(element) in seen:
            continue
        seen.add(id(element))
        if element is not decision:
            names.update(names_of(element))
            names.update(".".join((*path, name)) for path in linked.paths(element.owner) for name in names_of(element))
            names.update(path[0] for path in linked.paths(element.owner) if path)
        for part in ("required_inputs", "required_decisions", "required_knowledge"):
            for href in getattr(element, part, ()):
                target = linked.library.resolve(href, element.owner)
                if target is not None:
                    pending.append(target)
    return names.__contains__


def _by_columns(
    model: Model, element: Decision, frame: pl.DataFrame, one: Callable[[dict[str, object]], object]
) -> tuple[list[object], Codes, int]:
    """The distinct values, the position of each row's value among them, and how many rows went one by one."""
    model.linked.compiler.prepare(element)
    table = element.expression
    plan = None
    if isinstance(table, DecisionTable):
        plan = plan_of(table, model.linked.types, element.owner)
    shape = shape_of(element, model.linked, plan)
    missing = [name for name in shape.names if name not in frame.columns]
    if missing:
        raise NotFlat(f"the data have no column {missing[0]}")
    decider = _Decider(shape, one)
    for start in range(0, frame.height, CHUNK):
        decider.take(frame.slice(start, CHUNK))
    codes = np.concatenate(decider.codes) if decider.codes else np.zeros(0, dtype=np.int32)
    return decider.values, codes, decider.by_row


class _Decider:
    """Decides chunk after chunk; a combination of classes met before costs one array lookup."""

    def __init__(self, shape: Shape, one: Callable[[dict[str, object]], object]) -> None:
        self.shape, self.one = shape, one
        self.values: list[object] = []
        self.codes: list[Codes] = []
        self.by_row = 0
        self._used = [column for column in shape.columns if column.kind is not None]
        self._parts = [Classes(column) for column in self._used]
        self._sizes = [len(part.rules) for part in self._parts]
        size = math.prod(self._sizes)
        if size >= 1 << 62:
            raise NoClasses("its columns have too many classes together")
        self._type = np.int32 if size < 1 << 31 else np.int64
        self._position = np.full(size, UNKNOWN, dtype=np.int32) if size <= DIRECT else None
        self._of_number: dict[int, int] = {}
        self._of_rules: dict[int, int] = {}

    def take(self, chunk: pl.DataFrame) -> None:
        """Decides the rows of a chunk."""
        combined: NDArray[Any] = np.zeros(chunk.height, dtype=self._type)
        for column, part, size in zip(self._used, self._parts, self._sizes, strict=True):
            combined *= size
            combined += part.codes(chunk[self.shape.names[column.input]])
        rows = chunk.select(self.shape.names) if self.shape.names else chunk
        if self._position is not None:
            codes = self._position[combined]
            fresh = codes == UNKNOWN
            if fresh.any():
                new = np.nonzero(fresh)[0]
                numbers, first = np.unique(combined[new], return_index=True)
                for number, at in zip(numbers.tolist(), first.tolist(), strict=True):
                    self._position[number] = self._decide(number, rows, int(new[at]))
                codes = self._position[combined]
        else:
            numbers, first, inverse = np.unique(combined, return_index=True, return_inverse=True)
            for number, at in zip(numbers.tolist(), first.tolist(), strict=True):
                if number not in self._of_number:
                    self._of_number[number] = self._decide(number, rows, at)
            codes = np.array([self._of_number[n] for n in numbers.tolist()], dtype=np.int32)[inverse]
        for row in np.nonzero(codes == ALONE)[0].tolist():
            codes[row] = self._add(self.one(rows.row(row, named=True)))
            self.by_row += 1
        self.codes.append(codes)

    def _decide(self, number: int, rows: pl.DataFrame, row: int) -> int:
        """The position of the value of a combination of classes, or that its rows are decided one by one."""
        rules = self._rules(number)
        if rules is None or not known_by_rules(self.shape, members(rules)):
            return ALONE
        if rules not in self._of_rules:
            self._of_rules[rules] = self._add(self.one(rows.row(row, named=True)))
        return self._of_rules[rules]

    def _add(self, value: object) -> int:
        self.values.append(value)
        return len(self.values) - 1

    def _rules(self, number: int) -> int | None:
        """The rules of a combination of classes; nothing where one of them is doubtful."""
        found = (1 << len(self.shape.table.rules)) - 1
        for part, size in zip(reversed(self._parts), reversed(self._sizes), strict=True):
            number, at = divmod(number, size)
            rules = part.rules[at]
            if rules is None:
                return None
            found &= rules
        return found
