"""Plans computed in NumPy, a chunk of rows at a time, so that what is computed on the way stays in the cache.

A text column becomes numbers of its dictionary. What depends on one text column alone is computed once for each text
of the dictionary and looked up; what NumPy has no exact operation for is computed by Polars before, as a column. So a
kernel takes any plan, and means by every operation what `plan` says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anyshore.columnar.dialects.polars import expression
from anyshore.columnar.plan import NARROW, NotCompiled, Plan, Shapes, size_of

# Rows computed at once: a column of a chunk is 256 kB, so that a few of them fit the processor's second cache.
CHUNK = 1 << 15
# How many constants a number is compared with one by one.
_FEW = 8

Array = NDArray[Any]


@dataclass(slots=True)
class Values:
    """The values of some rows, or one for all of them.

    Attributes:
        of: whole numbers, truths (false where null) or numbers of texts.
        null: where there is no value; nothing where there is one in every row.
    """

    of: Any
    null: Any = None


_Operation = Callable[..., Values]


@dataclass(frozen=True, slots=True)
class _Step:
    """An operation of a kernel: what it takes and gives, and what nobody needs behind it."""

    operation: _Operation
    takes: tuple[int, ...]
    gives: int
    frees: tuple[int, ...]


@dataclass(slots=True)
class Kernel:
    """Plans over the rows of one frame, made by `kernel`.

    Attributes:
        height: how many rows there are.
        texts: every text that can come out, by its number.
    """

    height: int
    texts: list[str]
    _columns: list[tuple[int, Values]]
    _constants: list[tuple[int, Values]]
    _steps: list[_Step]
    _outputs: list[int]
    _size: int

    def chunks(self) -> Iterator[tuple[slice, list[Values]]]:
        """The values of the plans, chunk by chunk, with the rows they are of."""
        with np.errstate(divide="ignore", over="ignore"):  # zero divides only where the value does not count
            for start in range(0, self.height, CHUNK):
                rows = slice(start, min(start + CHUNK, self.height))
                yield rows, self._run(rows)

    def _run(self, rows: slice) -> list[Values]:
        held: list[Any] = [None] * self._size
        for at, constant in self._constants:
            held[at] = constant
        for at, column in self._columns:
            held[at] = Values(column.of[rows], None if column.null is None else column.null[rows])
        for step in self._steps:
            held[step.gives] = step.operation(*[held[at] for at in step.takes])
            for at in step.frees:
                held[at] = None
        return [held[at] for at in self._outputs]


def kernel(plans: Sequence[Plan], frame: pl.DataFrame) -> Kernel:
    """A kernel of some plans over the rows of a frame.

    Args:
        plans: what it computes.
        frame: the columns their fields name.

    Raises:
        NotCompiled: a plan's whole numbers do not fit 64 bits, or what Polars would compute is too large.
    """
    if any(plan.kind == "whole" and plan.bound >= NARROW for plan in plans):
        raise NotCompiled("a whole number does not fit 64 bits")
    made = _Maker(frame)
    outputs = [made.slot(plan) for plan in plans]
    return Kernel(
        frame.height, made.texts, made.columns, made.constants, _freeing(made.steps, set(outputs)), outputs, made.size
    )


def _freeing(steps: list[tuple[_Operation, tuple[int, ...], int]], kept: set[int]) -> list[_Step]:
    """The steps, each with the slots it is the last to take."""
    seen, found = set(kept), []
    for operation, takes, gives in reversed(steps):
        last = tuple({at for at in takes if at not in seen})
        seen.update(last)
        found.append(_Step(operation, takes, gives, last))
    return found[::-1]


@dataclass(slots=True)
class _Maker:
    """Finds for every plan a slot that will hold its values; equal plans have one."""

    frame: pl.DataFrame
    texts: list[str] = field(default_factory=list)
    columns: list[tuple[int, Values]] = field(default_factory=list)
    constants: list[tuple[int, Values]] = field(default_factory=list)
    steps: list[tuple[_Operation, tuple[int, ...], int]] = field(default_factory=list)
    size: int = 0
    _slots: dict[int, int] = field(default_factory=dict)
    _shapes: Shapes = field(default_factory=Shapes)
    _reads: dict[int, tuple[Plan, frozenset[tuple[str, str]]]] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)
    _coded: dict[str, tuple[int, pl.Series]] = field(default_factory=dict)

    def slot(self, plan: Plan) -> int:
        """The slot of a plan."""
        shape = self._shapes.of(plan)
        if (found := self._slots.get(shape)) is None:
            found = self._slots[shape] = self._made(plan)
        return found

    def _made(self, plan: Plan) -> int:
        if plan.op == "constant":
            return self._constant(plan)
        if (of := self._one_text(plan)) is not None:
            return self._looked_up(plan, *of)
        if not _in_numpy(plan):
            return self._column(plan)
        takes = tuple(self.slot(arg) for arg in plan.args)
        return self._step(_OPERATIONS[plan.op](plan, self), takes)

    def _new(self) -> int:
        self.size += 1
        return self.size - 1

    def _step(self, operation: _Operation, takes: tuple[int, ...]) -> int:
        at = self._new()
        self.steps.append((operation, takes, at))
        return at

    def _constant(self, plan: Plan) -> int:
        at, value = self._new(), plan.value
        if plan.kind == "truth":
            value = np.bool_(value is True)
        elif value is None:
            value = 0
        elif isinstance(value, str):
            value = self.number_of(value)
        self.constants.append((at, Values(value, np.True_ if plan.value is None else None)))
        return at

    def number_of(self, text: str) -> int:
        """The number of a text."""
        if text not in self._numbers:
            self._numbers[text] = len(self.texts)
            self.texts.append(text)
        return self._numbers[text]

    def _column(self, plan: Plan) -> int:
        """What Polars computes before."""
        at = self._new()
        self.columns.append((at, self._values(plan, self.frame)))
        return at

    def _values(self, plan: Plan, frame: pl.DataFrame) -> Values:
        size_of(plan)  # Polars is given what is shared as often as it stands
        # A frame of no columns has no height, so the numbers of the rows hold a constant's place.
        series = frame.select(pl.int_range(frame.height).alias("row"), expression(plan).alias("value"))["value"]
        null = series.is_null().to_numpy() if series.null_count() else None
        if plan.kind == "text":
            numbers = [0 if text is None else self.number_of(text) for text in series.to_list()]
            return Values(np.array(numbers, dtype=np.int32), null)
        if plan.kind == "truth":
            return Values(series.fill_null(False).to_numpy(), null)
        if series.dtype != pl.Int64:  # a wide column, which is only compared with constants that are not
            series = series.clip(-NARROW, NARROW).cast(pl.Int64)
        return Values(series.fill_null(0).to_numpy(), null)

    # ---- texts

    def _one_text(self, plan: Plan) -> tuple[str, str] | None:
        """The text column that is all a plan depends on."""
        reads = self._fields(plan)
        if len(reads) != 1:
            return None
        (name, reading) = next(iter(reads))
        return (name, reading) if reading in ("text", "coded text") else None

    def _fields(self, plan: Plan) -> frozenset[tuple[str, str]]:
        if (known := self._reads.get(id(plan))) is None:
            own = frozenset([plan.pair]) if plan.op == "field" else frozenset()
            known = self._reads[id(plan)] = (plan, own.union(*(self._fields(arg) for arg in plan.args)))
        return known[1]

    def _looked_up(self, plan: Plan, name: str, reading: str) -> int:
        if name not in self._coded:
            self._coded[name] = self._codes(name, reading)
        codes, texts = self._coded[name]
        table = self._values(plan, pl.DataFrame({name: texts}))

        if plan.kind == "whole" and plan.bound < 1 << 31:
            table.of = table.of.astype(np.int32)

        def look(codes: Values) -> Values:
            return Values(table.of.take(codes.of), None if table.null is None else table.null.take(codes.of))

        return self._step(look, (codes,))

    def _codes(self, name: str, reading: str) -> tuple[int, pl.Series]:
        """The slot with the codes of a column, and what they stand for; null is the last of it."""
        column = self.frame[name]
        if reading == "text":
            column = column.cast(pl.Categorical(pl.Categories.random()))
        codes, there = column.to_physical(), column.unique().drop_nulls()
        known = there.to_physical().to_numpy()
        size = int(known.max()) + 1 if len(known) else 0
        texts = np.full(size + 1, None, dtype=object)
        texts[known] = there.cast(pl.String).to_numpy()
        if column.null_count():
            codes = codes.cast(pl.Int64).fill_null(size)
        at = self._new()
        self.columns.append((at, Values(codes.to_numpy())))
        at = self._step(lambda values: Values(values.of.astype(np.intp)), (at,))
        return at, pl.Series(name, texts, dtype=pl.String)


def _in_numpy(plan: Plan) -> bool:
    if plan.op not in _OPERATIONS:
        return False
    wide = [one for one in (plan, *plan.args) if one.kind == "whole" and one.bound >= NARROW]
    if plan.op == "below":
        return plan.args[0].kind == "whole" and all(one.op == "field" for one in wide) and len(wide) < 2
    return not wide or (plan.op == "is null" and wide[0].op == "field")


# ---- operations


def _nulls(*values: Values) -> Any:
    """Where one of some values is null."""
    found = None
    for value in values:
        if value.null is not None:
            found = value.null if found is None else found | value.null
    return found


def _arithmetic(op: np.ufunc) -> Callable[[Plan, _Maker], _Operation]:
    def of(plan: Plan, maker: _Maker) -> _Operation:
        # What is computed of narrow numbers can be wide.
        kind = _width(max(one.bound for one in (plan, *plan.args)))
        return lambda a, b: Values(op(a.of, b.of, dtype=kind), _nulls(a, b))

    return of


def _width(bound: int) -> type[np.signedinteger[Any]]:
    return np.int32 if bound < 1 << 31 else np.int64


def _truths(op: Callable[[Any, Any], Any]) -> Callable[[Plan, _Maker], _Operation]:
    return lambda plan, maker: lambda a, b: _truth(op(a.of, b.of), _nulls(a, b))


def _truth(of: Any, null: Any) -> Values:
    return Values(of if null is None else of & ~null, null)


def _same(plan: Plan, maker: _Maker) -> _Operation:
    def same(a: Values, b: Values) -> Values:
        equal = np.equal(a.of, b.of)
        if a.null is None and b.null is None:
            return Values(equal)
        one, other = (np.False_ if value.null is None else value.null for value in (a, b))
        return Values((equal & ~one & ~other) | (one & other))

    return same


def _among(plan: Plan, maker: _Maker) -> _Operation:
    constants = [maker.number_of(one) if isinstance(one, str) else one for one in cast("tuple[Any, ...]", plan.value)]
    if len(constants) > _FEW:
        sought = np.array(constants)
        return lambda a: _truth(np.isin(a.of, sought), a.null)

    def among(a: Values) -> Values:
        found = np.False_
        for constant in constants:
            found = found | np.equal(a.of, constant)
        return _truth(found, a.null)

    return among


def _and(plan: Plan, maker: _Maker) -> _Operation:
    """True where all are; false where one is false; else null."""

    def both(*parts: Values) -> Values:
        found, possible = parts[0].of, None
        for part in parts[1:]:
            found = found & part.of
        if all(part.null is None for part in parts):
            return Values(found)
        for part in parts:
            able = part.of if part.null is None else part.of | part.null
            possible = able if possible is None else possible & able
        return Values(found, possible & ~found)

    return both


def _or(plan: Plan, maker: _Maker) -> _Operation:
    """True where one is; false where all are false; else null."""

    def either(*parts: Values) -> Values:
        found = parts[0].of
        for part in parts[1:]:
            found = found | part.of
        null = _nulls(*parts)
        return Values(found, None if null is None else null & ~found)

    return either


def _not(plan: Plan, maker: _Maker) -> _Operation:
    return lambda a: _truth(~a.of, a.null)


def _if(plan: Plan, maker: _Maker) -> _Operation:
    choice = (
        _choice_of_truths if plan.kind == "truth" else _choice_of(_width(max(one.bound for one in (plan, *plan.args))))
    )

    def chosen(condition: Values, then: Values, otherwise: Values) -> Values:
        of = choice(condition.of, then.of, otherwise.of)
        if then.null is None and otherwise.null is None:
            return Values(of)
        one, other = (np.False_ if value.null is None else value.null for value in (then, otherwise))
        return Values(of, _choice_of_truths(condition.of, one, other))

    return chosen


def _choice_of_truths(condition: Any, then: Any, otherwise: Any) -> Any:
    return (condition & then) | (~condition & otherwise)


def _choice_of(kind: type[np.signedinteger[Any]]) -> Callable[[Any, Any, Any], Any]:
    """Choices by masks of bits: ``numpy.where`` jumps at every row, which costs four times as much."""

    def choice(condition: Any, then: Any, otherwise: Any) -> Any:
        mask = np.negative(condition, dtype=kind, casting="unsafe")
        then, otherwise = (np.asarray(value, dtype=kind) for value in (then, otherwise))
        mask &= then ^ otherwise
        mask ^= otherwise
        return mask

    return choice


def _is_null(plan: Plan, maker: _Maker) -> _Operation:
    return lambda a: Values(np.zeros(np.shape(a.of), dtype=bool) if a.null is None else a.null)


def _is_true(plan: Plan, maker: _Maker) -> _Operation:
    return lambda a: Values(a.of)


_OPERATIONS: dict[str, Callable[[Plan, _Maker], _Operation]] = {
    "add": _arithmetic(np.add),
    "subtract": _arithmetic(np.subtract),
    "multiply": _arithmetic(np.multiply),
    "floor divide": _arithmetic(np.floor_divide),
    "below": _truths(np.less),
    "equals": _truths(np.equal),
    "same": _same,
    "among": _among,
    "and": _and,
    "or": _or,
    "not": _not,
    "if": _if,
    "is null": _is_null,
    "is true": _is_true,
}
