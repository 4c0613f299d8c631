"""DuckDB's words for the operations of a plan."""

from __future__ import annotations

from sqlglot import exp

from anyshore.columnar.dialects.sql import Dialect, call, case, cast, number, string
from anyshore.columnar.plan import NARROW, Plan
from anyshore.columnar.readings import FLOAT_PLACES


def _field(column: exp.Expression, reading: list[str], plan: Plan) -> exp.Expression:
    wide = "BIGINT" if plan.bound < NARROW else "HUGEINT"
    match reading[0]:
        case "truth":
            return column
        case "text" | "coded":  # a literal is no value of an ENUM unless the type lists it, so the column is cast
            return cast(column, "VARCHAR")
        case "whole":
            return cast(column, wide, tried=plan.bound < NARROW)
        case "decimal":
            return _unscaled(column, int(reading[1]), int(reading[2]), wide)
        case "date":
            return _days(column)
        case "moment" | "local":
            return call("epoch_us", column)
        case "float":
            value = cast(column, "DOUBLE")
            return case(_moderate(value), cast(call("round", _times(value)), "BIGINT"))
        case _:
            value = cast(column, "DOUBLE")
            back = exp.Div(this=call("round", _times(value)), expression=_factor())
            exact = exp.And(this=_moderate(value), expression=exp.EQ(this=back, expression=value.copy()))
            known = exp.Not(this=exp.Paren(this=exp.Is(this=column.copy(), expression=exp.Null())))
            inexact = exp.Not(this=exp.Paren(this=exp.Coalesce(this=exact, expressions=[exp.Boolean(this=False)])))
            return exp.Paren(this=exp.And(this=known, expression=inexact))


def _factor() -> exp.Expression:
    return cast(number(10**FLOAT_PLACES), "DOUBLE")


def _times(value: exp.Expression) -> exp.Expression:
    return exp.Mul(this=value.copy(), expression=_factor())


def _moderate(value: exp.Expression) -> exp.Expression:
    return exp.LT(this=call("abs", value.copy()), expression=number(10 ** (15 - FLOAT_PLACES)))


def _unscaled(column: exp.Expression, digits: int, scale: int, wide: str) -> exp.Expression:
    """A decimal as the whole number of its last digit: multiplied where the product has room, else by its text."""
    if not scale:
        return cast(column, wide)
    if digits + scale < 38:
        roomy = cast(column, f"DECIMAL({digits + scale + 1}, {scale})")
        factor = cast(number(10**scale), f"DECIMAL({scale + 1}, 0)")
        if digits + 2 * scale + 2 <= 38:
            return cast(exp.Paren(this=exp.Mul(this=roomy, expression=factor)), wide)
    return cast(call("replace", cast(column, "VARCHAR"), string("."), string("")), wide)


def _number(plan: Plan, arguments: list[exp.Expression]) -> exp.Expression:
    """Whole part and fraction are read apart, so that nothing is a float on the way."""
    places, most = plan.pair
    value = arguments[0]
    form = string(rf"^(-?)([0-9]{{1,{most}}})(?:\.([0-9]{{1,{places}}}))?$")
    digits = cast(call("regexp_extract", value, form, number(2)), "HUGEINT", tried=True)
    fraction = call("regexp_extract", value.copy(), form.copy(), number(3))
    padded = cast(call("rpad", fraction, number(places), string("0")), "HUGEINT", tried=True)
    size = exp.Paren(
        this=exp.Add(
            this=exp.Paren(this=exp.Mul(this=digits, expression=cast(number(10**places), "HUGEINT"))),
            expression=padded,
        )
    )
    minus = call("starts_with", value.copy(), string("-"))
    return case(minus, exp.Paren(this=exp.Neg(this=size.copy())), size)


def _part(plan: Plan, arguments: list[exp.Expression]) -> exp.Expression:
    start, size = plan.pair
    return call("substring", arguments[0], number(start), number(size))


def _date(days: exp.Expression) -> exp.Expression:
    return exp.Paren(this=exp.Add(this=_epoch(), expression=cast(days, "INTEGER")))


def _epoch() -> exp.Expression:
    return cast(string("1970-01-01"), "DATE")


def _days(date: exp.Expression) -> exp.Expression:
    return cast(exp.Paren(this=exp.Sub(this=date, expression=_epoch())), "BIGINT")


def _plus_months(plan: Plan, arguments: list[exp.Expression]) -> exp.Expression:
    months = call("to_months", cast(arguments[1], "INTEGER"))
    return _days(cast(exp.Paren(this=exp.Add(this=_date(arguments[0]), expression=months)), "DATE"))


DUCKDB = Dialect(
    "duckdb",
    "2.0.0",
    "BIGINT",
    "HUGEINT",
    _field,
    {
        "divide": lambda plan, args: exp.Paren(this=exp.IntDiv(this=args[0], expression=args[1])),
        "join": lambda plan, args: exp.Paren(this=exp.DPipe(this=args[0], expression=args[1])),
        "length": lambda plan, args: call("length", *args),
        "part": _part,
        "contains": lambda plan, args: call("contains", *args),
        "starts": lambda plan, args: call("starts_with", *args),
        "ends": lambda plan, args: call("suffix", *args),
        "matches": lambda plan, args: call("regexp_full_match", args[0], string(str(plan.value))),
        "upper": lambda plan, args: call("upper", *args),
        "lower": lambda plan, args: call("lower", *args),
        "number": _number,
        "date part": lambda plan, args: call(str(plan.value), _date(args[0])),
        "plus months": _plus_months,
        "read date": lambda plan, args: _days(cast(args[0], "DATE", tried=True)),
    },
)
