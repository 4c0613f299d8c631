"""Values as columns. The type of a column comes from the model, not from the rows at hand.

A table that gives 20 or 4.90 gives a column of two decimals also in a month where every row gives 20, so the files of
two months can be put under each other.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anyshore import feel
from anyshore.base.temporal import Date
from anyshore.dmn.constants import scalar
from anyshore.dmn.elements import Decision
from anyshore.dmn.expressions import DecisionTable
from anyshore.dmn.hit_policies import MULTIPLE_HIT
from anyshore.dmn.types import Types
from anyshore.feel.types import BOOLEAN, DATE, NUMBER, STRING

# Columns of decimals are this wide at least; and never 38, so that an engine can still add two of them.
DIGITS, MOST_DIGITS = 28, 37
# The digits behind the point of numbers the model computes.
COMPUTED_SCALE = 10
# Rules may add up: so many digits more before the point.
_SUMMED = 3

Kind = Literal["number", "string", "boolean", "date", "literal", "unknown"]
_TYPES: dict[object, Kind] = {NUMBER: "number", STRING: "string", BOOLEAN: "boolean", DATE: "date"}


@dataclass(frozen=True, slots=True)
class Output:
    """A column of outcomes.

    Attributes:
        name: of the output, empty where the decision has only one.
        kind: of its values; ``literal`` where they are of several kinds and stand as FEEL literals, ``unknown`` where
            the model does not tell.
        digits: of its numbers.
        scale: how many of them stand behind the point.
    """

    name: str
    kind: Kind
    digits: int = DIGITS
    scale: int = 0


def outputs_of(decision: Decision, types: Types) -> list[Output]:
    """The columns of a decision: one for each output of a table, else one."""
    table = decision.expression
    if not isinstance(table, DecisionTable):
        reference = decision.variable.type_ref if decision.variable is not None else None
        return [_computed("", reference, decision, types)]
    if table.hit_policy in MULTIPLE_HIT and table.aggregation is None:
        return [Output("", "literal")]
    if table.aggregation == "COUNT":
        return [Output(_name(table, at), "number") for at in range(len(table.outputs))]
    return [_output(table, at, decision, types) for at in range(len(table.outputs))]


def _name(table: DecisionTable, at: int) -> str:
    output = table.outputs[at]
    return "" if len(table.outputs) == 1 else output.name or output.label or str(at + 1)


def _output(table: DecisionTable, at: int, decision: Decision, types: Types) -> Output:
    output = table.outputs[at]
    cells = [scalar(rule.outputs[at].compiled) for rule in table.rules]
    if output.default is not None:
        cells.append(scalar(output.default.compiled))
    if all(known for known, _ in cells):
        reference = output.type_ref
        if reference is None and len(table.outputs) == 1 and decision.variable is not None:
            reference = decision.variable.type_ref
        declared = _TYPES.get(types.lenient(reference, decision.owner).feel) if reference is not None else None
        return _of_values(_name(table, at), [value for _, value in cells], table.aggregation is not None, declared)
    return _computed(_name(table, at), output.type_ref, decision, types)


def _of_values(name: str, values: Iterable[object], summed: bool, declared: Kind | None) -> Output:
    known = [value for value in values if value is not None]
    kinds = {type(value) for value in known}
    if kinds == {Decimal}:
        numbers = [value for value in known if isinstance(value, Decimal)]
        scale = max(max(0, -int(value.as_tuple().exponent)) for value in numbers)
        whole = max(max(value.adjusted() for value in numbers) + 1, 1) + _SUMMED * summed
        if whole + scale > MOST_DIGITS or declared not in (None, "number"):
            return Output(name, "literal")
        return Output(name, "number", max(DIGITS, whole + scale), scale)
    if not kinds:
        return Output(name, declared or "unknown")
    for kind, word in ((str, "string"), (bool, "boolean"), (Date, "date")):
        if kinds == {kind} and declared in (None, word):
            return Output(name, word)  # type: ignore[arg-type]
    return Output(name, "literal")


def _computed(name: str, reference: str | None, decision: Decision, types: Types) -> Output:
    """What an expression gives: by its declared type."""
    if reference is None:
        return Output(name, "unknown")
    kind = _TYPES.get(types.lenient(reference, decision.owner).feel, "unknown")
    return Output(name, kind, MOST_DIGITS, COMPUTED_SCALE if kind == "number" else 0)


def column_of(
    title: str, output: Output, values: Sequence[object], codes: NDArray[np.int32] | None
) -> tuple[pl.Series, str]:
    """A column of FEEL values.

    Args:
        title: of the column.
        output: its kind.
        values: the distinct values, or one per row.
        codes: the position of each row's value; nothing where there is one per row.

    Returns:
        The column, and a remark where values became text though the model promised a type, or has none to promise.
    """
    series, remark = _series(title, output, values)
    return (series if codes is None else series.gather(pl.Series(codes))), remark


def _series(name: str, output: Output, values: Sequence[object]) -> tuple[pl.Series, str]:
    kind = output.kind
    if kind == "unknown":
        output = _of_values(output.name, values, False, None)
        if output.kind == "unknown":
            return pl.Series(name, values, dtype=pl.Null), ""
        kind = output.kind
    kinds = {type(value) for value in values if value is not None}
    if kind == "number" and kinds <= {Decimal} and all(_fits(value, output) for value in values):
        return pl.Series(name, values, dtype=pl.Decimal(output.digits, output.scale)), ""
    if kind == "string" and kinds <= {str}:
        return pl.Series(name, values, dtype=pl.String), ""
    if kind == "boolean" and kinds <= {bool}:
        return pl.Series(name, values, dtype=pl.Boolean), ""
    if kind == "date" and kinds <= {Date}:
        days = [feel.to_python(value) for value in values]
        if all(day is None or isinstance(day, datetime.date) for day in days):  # years past 9999 have no column type
            return pl.Series(name, days, dtype=pl.Date), ""
    texts = [None if value is None else feel.format(value) for value in values]
    return pl.Series(name, texts, dtype=pl.String), _remark(name, kind, kinds)


def _remark(name: str, kind: Kind, kinds: set[type]) -> str:
    if kind == "number" and kinds <= {Decimal}:
        return f"the numbers of {name} have more digits than its column, and are FEEL literals"
    return f"the values of {name} have no column type and are FEEL literals"


def _fits(value: object, output: Output) -> bool:
    """Whether a number stands in the column as it is."""
    if not isinstance(value, Decimal):
        return True
    exponent = int(value.as_tuple().exponent)
    if -exponent > output.scale and value != round(value, output.scale):
        return False
    return value.adjusted() + 1 + output.scale <= output.digits
