"""Plans as expressions of Polars."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import polars as pl

from anyshore.columnar.plan import NARROW, Plan
from anyshore.columnar.readings import FLOAT_PLACES

_FLOAT_LIMIT = 10.0 ** (15 - FLOAT_PLACES)


def expression(plan: Plan) -> pl.Expr:
    """The expression of a plan, over the columns the plan's fields name."""
    return _Emitter().of(plan)


class _Emitter:
    """Emits expressions; a plan that stands in several places is emitted once."""

    def __init__(self) -> None:
        self._known: dict[int, pl.Expr] = {}

    def of(self, plan: Plan) -> pl.Expr:
        found = self._known.get(id(plan))
        if found is None:
            found = self._known[id(plan)] = _RULES[plan.op](self, plan)
        return found

    def wide(self, plan: Plan, dtype: pl.DataType) -> pl.Expr:
        """A whole number as one of a width."""
        found = self.of(plan)
        return found if _width(plan) == dtype else found.cast(dtype)


def _width(plan: Plan) -> pl.DataType:
    return pl.Int64() if plan.bound < NARROW else pl.Int128()


def _type(plan: Plan) -> pl.DataType:
    return {"truth": pl.Boolean(), "text": pl.String()}.get(plan.kind) or _width(plan)


def _common(*plans: Plan) -> pl.DataType:
    return pl.Int128() if any(one.bound >= NARROW for one in plans) else pl.Int64()


def _constant(emit: _Emitter, plan: Plan) -> pl.Expr:
    return pl.lit(plan.value, dtype=_type(plan))


def _field(emit: _Emitter, plan: Plan) -> pl.Expr:
    name, reading = plan.pair
    column = pl.col(name)
    word, *rest = reading.split()
    match word:
        case "truth" | "text":
            return column
        case "coded":
            return column.cast(pl.String)
        case "whole":
            return column.cast(_width(plan), strict=False)
        case "date":
            return column.to_physical().cast(pl.Int64)
        case "decimal":
            return column.to_physical().cast(_width(plan), strict=False)
        case "moment" | "local":
            factor = 1000 if rest[-1] == "ms" else 1
            return column.to_physical() * factor
        case "float":
            return (column.cast(pl.Float64) * 10.0**FLOAT_PLACES).round().cast(pl.Int64, strict=False)
        case _:  # inexact float
            value = column.cast(pl.Float64)
            # Polars divides a column by one number as if it multiplied by its inverse; by a column it divides.
            rounded = (value * 10.0**FLOAT_PLACES).round() / (value * 0.0 + 10.0**FLOAT_PLACES)
            return column.is_not_null() & ~((value.abs() < _FLOAT_LIMIT) & (rounded == value)).fill_null(False)


def _arithmetic(op: Callable[[pl.Expr, pl.Expr], pl.Expr]) -> Callable[[_Emitter, Plan], pl.Expr]:
    def emitted(emit: _Emitter, plan: Plan) -> pl.Expr:
        kind = _common(plan, *plan.args)
        found = op(*(emit.wide(one, kind) for one in plan.args))
        return found if kind == _width(plan) else found.cast(_width(plan))

    return emitted


def _pair(emit: _Emitter, plan: Plan) -> tuple[pl.Expr, pl.Expr]:
    left, right = plan.args
    if left.kind != "whole":
        return emit.of(left), emit.of(right)
    kind = _common(left, right)
    return emit.wide(left, kind), emit.wide(right, kind)


def _among(emit: _Emitter, plan: Plan) -> pl.Expr:
    value, kind = emit.of(plan.args[0]), _type(plan.args[0])
    return value.is_in(pl.Series(list(cast("tuple[object, ...]", plan.value)), dtype=kind).implode())


def _if(emit: _Emitter, plan: Plan) -> pl.Expr:
    condition, then, otherwise = plan.args
    if plan.kind == "whole":
        kind = _width(plan)
        return pl.when(emit.of(condition)).then(emit.wide(then, kind)).otherwise(emit.wide(otherwise, kind))
    return pl.when(emit.of(condition)).then(emit.of(then)).otherwise(emit.of(otherwise))


def _number(emit: _Emitter, plan: Plan) -> pl.Expr:
    """Whole part and fraction are read apart, so that nothing is a float on the way."""
    places, most = plan.pair
    value = emit.of(plan.args[0])
    form = rf"^(-?)([0-9]{{1,{most}}})(?:\.([0-9]{{1,{places}}}))?$"
    digits = value.str.extract(form, 2).cast(pl.Int128, strict=False) * pl.lit(10**places, dtype=pl.Int128)
    fraction = value.str.extract(form, 3).fill_null("0").str.pad_end(places, "0").cast(pl.Int128, strict=False)
    size = digits + fraction
    minus = pl.lit(0, dtype=pl.Int128) - size  # Polars has no negation of 128 bits
    return pl.when(value.str.starts_with("-")).then(minus).otherwise(size)


def _date(emit: _Emitter, plan: Plan) -> pl.Expr:
    return emit.of(plan).cast(pl.Int32).cast(pl.Date)


def _days(date: pl.Expr) -> pl.Expr:
    return date.to_physical().cast(pl.Int64)


def _date_part(emit: _Emitter, plan: Plan) -> pl.Expr:
    return getattr(_date(emit, plan.args[0]).dt, str(plan.value))().cast(pl.Int64)  # type: ignore[no-any-return]


def _plus_months(emit: _Emitter, plan: Plan) -> pl.Expr:
    months = emit.of(plan.args[1]).cast(pl.String) + "mo"
    return _days(_date(emit, plan.args[0]).dt.offset_by(months))


def _read_date(emit: _Emitter, plan: Plan) -> pl.Expr:
    return _days(emit.of(plan.args[0]).str.to_date("%Y-%m-%d", strict=False))


def _part(emit: _Emitter, plan: Plan) -> pl.Expr:
    start, size = plan.pair
    return emit.of(plan.args[0]).str.slice(start - 1, size)


def _chain(op: Callable[[pl.Expr, pl.Expr], pl.Expr]) -> Callable[[_Emitter, Plan], pl.Expr]:
    """Balanced, so that a chain of hundreds does not go deep."""

    def of(parts: list[pl.Expr]) -> pl.Expr:
        if len(parts) == 1:
            return parts[0]
        middle = len(parts) // 2
        return op(of(parts[:middle]), of(parts[middle:]))

    return lambda emit, plan: of([emit.of(one) for one in plan.args])


def _on(op: Callable[..., pl.Expr]) -> Callable[[_Emitter, Plan], pl.Expr]:
    return lambda emit, plan: op(*(emit.of(one) for one in plan.args))


def _on_pair(op: Callable[[pl.Expr, pl.Expr], pl.Expr]) -> Callable[[_Emitter, Plan], pl.Expr]:
    return lambda emit, plan: op(*_pair(emit, plan))


_RULES: dict[str, Callable[[_Emitter, Plan], Any]] = {
    "constant": _constant,
    "field": _field,
    "add": _arithmetic(lambda a, b: a + b),
    "subtract": _arithmetic(lambda a, b: a - b),
    "multiply": _arithmetic(lambda a, b: a * b),
    "floor divide": _arithmetic(lambda a, b: a // b),
    "below": _on_pair(lambda a, b: a < b),
    "equals": _on_pair(lambda a, b: a == b),
    "same": _on_pair(lambda a, b: a.eq_missing(b)),
    "among": _among,
    "is null": _on(lambda a: a.is_null()),
    "is true": _on(lambda a: a.fill_null(False)),
    "not": _on(lambda a: ~a),
    "and": _chain(lambda a, b: a & b),
    "or": _chain(lambda a, b: a | b),
    "if": _if,
    "join": _on(lambda a, b: pl.concat_str(a, b)),
    "length": _on(lambda a: a.str.len_chars().cast(pl.Int64)),
    "part": _part,
    "contains": _on(lambda a, b: a.str.contains(b, literal=True)),
    "starts": _on(lambda a, b: a.str.starts_with(b)),
    "ends": _on(lambda a, b: a.str.ends_with(b)),
    "matches": lambda emit, plan: emit.of(plan.args[0]).str.contains(f"^(?:{plan.value})$"),
    "upper": _on(lambda a: a.str.to_uppercase()),
    "lower": _on(lambda a: a.str.to_lowercase()),
    "number": _number,
    "date part": _date_part,
    "plus months": _plus_months,
    "read date": _read_date,
}
