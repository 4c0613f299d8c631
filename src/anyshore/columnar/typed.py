"""Typed values of FEEL over plans: a kind, and whole numbers of a scale. Source: DMN 1.5, 10.3.2.13."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from anyshore.base.temporal import Date, DateTime, DaysDuration, MonthsDuration
from anyshore.columnar import plan
from anyshore.columnar.plan import FALSE, TRUE, NotCompiled, Plan

Kind = Literal["number", "text", "truth", "date", "moment", "local moment", "days", "months", "null"]
WHOLE: dict[Kind, plan.Kind] = {"text": "text", "truth": "truth", "null": "truth"}
"""How a kind is held; as whole numbers where not said."""
SECOND = 1_000_000
DAY = 86_400 * SECOND


@dataclass(frozen=True, slots=True, eq=False)
class Typed:
    """A value of FEEL.

    Attributes:
        kind: what it is: days are a duration in microseconds, moments microseconds since 1970.
        plan: how it is computed; null where it is null.
        scale: of a number: how many of its digits stand behind the point.
    """

    kind: Kind
    plan: Plan
    scale: int = 0

    @property
    def constant(self) -> bool:
        """Whether it is the same in every row."""
        return self.plan.op == "constant"


@dataclass(frozen=True, slots=True, eq=False)
class Quotient:
    """A division that is not carried out, because only rounding makes it exact: whole numbers, the divisor not null."""

    above: Plan
    below: Plan


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """A list whose elements are written out; each with a truth that tells whether it is there, never null."""

    items: tuple[tuple[Typed, Plan], ...]


Value = Typed | Listed | Quotient
NULL = Typed("null", plan.nothing("truth"))


def held(kind: Kind) -> plan.Kind:
    """How values of a kind are held."""
    return WHOLE.get(kind, "whole")


def constant(value: object) -> Typed:
    """A constant of FEEL.

    Raises:
        NotCompiled: of a kind no column has.
    """
    match value:
        case None:
            return NULL
        case bool():
            return Typed("truth", plan.truth(value))
        case str():
            if "\x00" in value:
                raise NotCompiled("a text holds the character U+0000")
            return Typed("text", plan.text(value))
        case Decimal():
            return decimal(value)
        case Date():
            return Typed("date", plan.whole(value.ordinal))
        case DateTime():
            micros, rest = divmod(value.instant, 1000)
            if rest:
                raise NotCompiled("a date and time has parts of a microsecond")
            return Typed("local moment" if value.is_local else "moment", plan.whole(micros))
        case DaysDuration():
            micros, rest = divmod(value.nanoseconds, 1000)
            if rest:
                raise NotCompiled("a duration has parts of a microsecond")
            return Typed("days", plan.whole(micros))
        case MonthsDuration():
            return Typed("months", plan.whole(value.months))
    raise NotCompiled(f"{type(value).__name__} has no column")


def decimal(value: Decimal) -> Typed:
    """A number."""
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    if exponent > 33:
        raise NotCompiled(f"the number {value} has more than 34 digits")
    number = int("".join(map(str, digits))) * (-1 if sign else 1)
    return Typed("number", plan.whole(number * 10 ** max(exponent, 0)), max(0, -exponent))


def rescaled(value: Typed, scale: int) -> Plan:
    """A number as whole numbers of a larger scale."""
    return plan.times(value.plan, 10 ** (scale - value.scale))


def aligned(left: Typed, right: Typed) -> tuple[Plan, Plan, int]:
    """Two numbers as whole numbers of one scale; other kinds as they are."""
    if left.kind == right.kind == "number":
        scale = max(left.scale, right.scale)
        return rescaled(left, scale), rescaled(right, scale), scale
    return left.plan, right.plan, 0


def equal(left: Typed, right: Typed) -> Plan:
    """``left = right``: null only where they are of different kinds and neither is null."""
    if left.kind == "null" or right.kind == "null":
        return plan.is_null(right.plan if left.kind == "null" else left.plan)
    if left.kind != right.kind:
        one, other = plan.is_null(left.plan), plan.is_null(right.plan)
        return plan.choose(
            plan.both(one, other), TRUE, plan.choose(plan.either(one, other), FALSE, plan.nothing("truth"))
        )
    a, b, _ = aligned(left, right)
    if left.kind in ("moment", "local moment"):  # sameness looks at whole seconds (10.3.2.3.5)
        a, b = (plan.floor_divide(one, plan.whole(SECOND)) for one in (a, b))
    if left.constant and right.constant:
        return plan.truth(a.value == b.value)
    return plan.same(a, b)


def ordered(symbol: str, left: Typed, right: Typed) -> Plan:
    """``left < right`` and its kin: null where one is null, or their kinds have no common order."""
    if left.kind != right.kind or left.kind in ("truth", "null"):
        if {left.kind, right.kind} == {"moment", "local moment"}:
            raise NotCompiled("a date and time with a zone is compared with one without")
        return plan.nothing("truth")
    a, b, _ = aligned(left, right)
    if symbol in (">", "<="):
        a, b = b, a
    less = plan.below(a, b)
    return plan.negate(less) if symbol in ("<=", ">=") else less


def choose(condition: Plan, then: Value, otherwise: Value) -> Typed:
    """``if condition then … else …``.

    Raises:
        NotCompiled: the branches are of different kinds.
    """
    if condition.op == "constant":
        found = then if condition.value is True else otherwise
        if isinstance(found, Typed):
            return found
    if not isinstance(then, Typed) or not isinstance(otherwise, Typed):
        raise NotCompiled("a choice gives lists or quotients")
    kinds = {one.kind for one in (then, otherwise)} - {"null"}
    if not kinds:
        return NULL
    if len(kinds) > 1:
        raise NotCompiled(f"a choice gives a {then.kind} or a {otherwise.kind}")
    kind = kinds.pop()
    scale = max(then.scale, otherwise.scale)
    return Typed(kind, plan.choose(condition, *(_of_kind(one, kind, scale) for one in (then, otherwise))), scale)


def of_kinds(values: Sequence[Typed]) -> tuple[list[Plan], Kind, int]:
    """Values as plans of one kind and scale.

    Raises:
        NotCompiled: they are of several kinds.
    """
    kinds = {one.kind for one in values} - {"null"}
    if len(kinds) > 1:
        raise NotCompiled(f"values are of several kinds: {', '.join(sorted(kinds))}")
    kind = kinds.pop() if kinds else "null"
    scale = max((one.scale for one in values), default=0)
    return [_of_kind(one, kind, scale) for one in values], kind, scale


def _of_kind(value: Typed, kind: Kind, scale: int) -> Plan:
    if value.kind == "null":
        return plan.nothing(held(kind))
    return rescaled(value, scale) if kind == "number" else value.plan


def truth_of(value: Value) -> Plan:
    """A value where a truth is wanted: what is none counts as null (10.3.2.13, tables 48, 49)."""
    if isinstance(value, Typed) and value.kind == "truth":
        return value.plan
    return plan.nothing("truth")
