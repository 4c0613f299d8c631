"""The typed plan an expression becomes before any engine sees it.

Three kinds of values only: truths, whole numbers and texts. Decimals are whole numbers of their last digit, dates are
days since 1970, moments and durations are microseconds: so no engine rounds, casts or knows a calendar of its own. A
whole number carries how large it can be, so that none overflows. The operations are few, and each means the same in
every engine; a dialect that does it otherwise spells it out (`dialects`).

All operations but those named in `NULL_SAFE` give null where an operand is null.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

Kind = Literal["truth", "whole", "text"]
# FEEL's numbers have 34 digits: up to here whole numbers are exact in it, and fit 128 bits.
EXACT = 10**34
# Whole numbers below this fit 64 bits.
NARROW = 1 << 62
# Plans past this size are left to the row-by-row way.
MOST = 6_000


class NotCompiled(Exception):
    """An expression has no columnar form; the argument says why."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """An operation on columns.

    Attributes:
        op: one of the operations below.
        args: what it is applied to.
        kind: of its value.
        bound: how large a whole number can be, either way.
        value: of a constant; the name of a field; what an operation needs besides.
    """

    op: str
    args: tuple[Plan, ...]
    kind: Kind
    bound: int = 0
    value: object = None

    @property
    def pair(self) -> tuple[Any, Any]:
        """The two things its value is made of."""
        return cast("tuple[Any, Any]", self.value)


# Operations that can give a value where an operand is null.
NULL_SAFE = frozenset({"and", "or", "if", "same", "is null", "is true"})
# Operations that give a value wherever their operands have one.
_STRICT = frozenset(
    ("add", "subtract", "multiply", "below", "equals", "among", "not", "join", "length", "contains", "starts", "ends")
)


def field(name: str, reading: str, kind: Kind, bound: int = 0) -> Plan:
    """A column; ``reading`` tells the dialect what it holds (see `reading`)."""
    return Plan("field", (), kind, bound, (name, reading))


def whole(value: int) -> Plan:
    """A whole number."""
    if abs(value) >= EXACT:
        raise NotCompiled(f"the number {value} has more than 34 digits")
    return Plan("constant", (), "whole", abs(value), value)


def text(value: str) -> Plan:
    """A text."""
    return Plan("constant", (), "text", 0, value)


def truth(value: bool) -> Plan:
    """True or false."""
    return TRUE if value else FALSE


TRUE, FALSE = Plan("constant", (), "truth", 0, True), Plan("constant", (), "truth", 0, False)


def nothing(kind: Kind) -> Plan:
    """A null of a kind."""
    return Plan("constant", (), kind, 0, None)


# ---- whole numbers


def add(left: Plan, right: Plan) -> Plan:
    """``left + right``."""
    return _whole("add", (left, right), left.bound + right.bound)


def subtract(left: Plan, right: Plan) -> Plan:
    """``left - right``."""
    return _whole("subtract", (left, right), left.bound + right.bound)


def multiply(left: Plan, right: Plan) -> Plan:
    """``left * right``."""
    if right.op == "constant" and right.value == 1:
        return left
    return _whole("multiply", (left, right), left.bound * right.bound)


def times(left: Plan, factor: int) -> Plan:
    """``left * factor``."""
    return multiply(left, whole(factor))


def floor_divide(left: Plan, right: Plan) -> Plan:
    """The largest whole number not above ``left / right``; ``right`` is above zero wherever the value counts."""
    return _whole("floor divide", (left, right), left.bound + 1)


def bounded(value: Plan, bound: int) -> Plan:
    """A whole number known to be no larger than its operation tells."""
    return replace(value, bound=min(bound, value.bound))


def _whole(op: str, args: tuple[Plan, ...], bound: int) -> Plan:
    if bound >= EXACT:
        raise NotCompiled("a number can have more than 34 digits")
    if all(one.op == "constant" and isinstance(one.value, int) for one in args):
        a, b = (one.value for one in args)
        assert isinstance(a, int)
        assert isinstance(b, int)
        if op != "floor divide" or b > 0:
            return whole({"add": a + b, "subtract": a - b, "multiply": a * b}.get(op, a // b if b else 0))
    return Plan(op, args, "whole", bound)


# ---- truths


def below(left: Plan, right: Plan) -> Plan:
    """``left < right``."""
    return Plan("below", (left, right), "truth")


def same(left: Plan, right: Plan) -> Plan:
    """Whether both are the same value or both null; never null itself."""
    return Plan("same", (left, right), "truth")


def equals(left: Plan, right: Plan) -> Plan:
    """``left = right``."""
    return Plan("equals", (left, right), "truth")


def among(value: Plan, constants: Iterable[object]) -> Plan:
    """Whether a value is one of some constants of its kind."""
    return Plan("among", (value,), "truth", 0, tuple(constants))


def is_null(value: Plan) -> Plan:
    """Whether there is no value: asked of what it is made of, so that it need not be computed for that."""
    if value.op == "constant":
        return truth(value.value is None)
    if value.op in _STRICT or (value.op == "floor divide" and value.args[1].op == "constant"):
        return either(*(is_null(one) for one in value.args))
    if value.op == "if":
        return choose(value.args[0], is_null(value.args[1]), is_null(value.args[2]))
    return FALSE if never_null(value) else Plan("is null", (value,), "truth")


def never_null(value: Plan) -> bool:
    """Whether a truth is true or false in every row."""
    if value.op in ("and", "or", "not"):
        return all(never_null(one) for one in value.args)
    return value.op in ("is null", "is true", "same") or (value.op == "constant" and value.value is not None)


def is_true(value: Plan) -> Plan:
    """Whether it is true, and not false or null."""
    if value.op == "constant":
        return truth(value.value is True)
    if never_null(value):
        return value
    return Plan("is true", (value,), "truth")


def negate(value: Plan) -> Plan:
    """The other truth."""
    if value is TRUE or value is FALSE:
        return truth(value is FALSE)
    return Plan("not", (value,), "truth")


def both(*parts: Plan) -> Plan:
    """All are true: false if one is false, else null if one is null."""
    return _chain("and", parts, TRUE, FALSE)


def either(*parts: Plan) -> Plan:
    """One is true: true if one is, else null if one is null."""
    return _chain("or", parts, FALSE, TRUE)


def _chain(op: str, parts: tuple[Plan, ...], neutral: Plan, decisive: Plan) -> Plan:
    found: list[Plan] = []
    for part in parts:
        if part is decisive:
            return decisive
        if part is not neutral:
            found.extend(part.args if part.op == op else (part,))
    if not found:
        return neutral
    return found[0] if len(found) == 1 else Plan(op, tuple(found), "truth")


def choose(condition: Plan, then: Plan, otherwise: Plan) -> Plan:
    """``then`` where the condition is true, else (false or null) ``otherwise``; both of one kind."""
    if condition.op == "constant":
        return then if condition.value is True else otherwise
    if then is otherwise or (not then.args and _alike(then, otherwise)) or _both_ask(then, otherwise):
        return then
    for branch, other, held in ((then, otherwise, True), (otherwise, then, False)):
        if branch is TRUE or branch is FALSE:
            condition = is_true(condition) if held is (branch is TRUE) else negate(is_true(condition))
            return either(condition, other) if branch is TRUE else both(condition, other)
    return Plan("if", (condition, then, otherwise), then.kind, max(then.bound, otherwise.bound))


def _alike(one: Plan, other: Plan) -> bool:
    """Whether two plans without operands are the same."""
    same = (one.op, one.kind, one.value, one.bound) == (other.op, other.kind, other.value, other.bound)
    return same and not other.args


def _both_ask(one: Plan, other: Plan) -> bool:
    """Whether two plans ask whether one and the same column is null."""
    return one.op == other.op == "is null" and not one.args[0].args and _alike(one.args[0], other.args[0])


# ---- texts


def join(left: Plan, right: Plan) -> Plan:
    """One text after the other."""
    return Plan("join", (left, right), "text")


def length(value: Plan) -> Plan:
    """The number of code points."""
    return Plan("length", (value,), "whole", 1 << 31)


def part(value: Plan, start: int, size: int) -> Plan:
    """``size`` code points from the ``start``-th on, counted from 1; null where there are fewer."""
    there = negate(below(length(value), whole(start + size - 1)))
    return choose(there, Plan("part", (value,), "text", 0, (start, size)), nothing("text"))


def contains(value: Plan, other: Plan) -> Plan:
    """Whether a text stands in another."""
    return Plan("contains", (value, other), "truth")


def starts(value: Plan, other: Plan) -> Plan:
    """Whether a text begins with another."""
    return Plan("starts", (value, other), "truth")


def ends(value: Plan, other: Plan) -> Plan:
    """Whether a text ends with another."""
    return Plan("ends", (value, other), "truth")


def matches(value: Plan, pattern: str) -> Plan:
    """Whether a pattern of `patterns` describes the whole text."""
    return Plan("matches", (value,), "truth", 0, pattern)


def number(value: Plan, places: int, most: int) -> Plan:
    """The number a text is, times ``10 ** places``, where it is at most ``most`` digits before the point and
    ``places`` behind it; null elsewhere.
    """
    return Plan("number", (value,), "whole", 10 ** (places + most), (places, most))


class Shapes:
    """Numbers that equal plans share."""

    def __init__(self) -> None:
        self._numbers: dict[object, int] = {}
        # A plan is kept, so that no other gets its identity.
        self._known: dict[int, tuple[Plan, int]] = {}

    def of(self, plan: Plan) -> int:
        """The number of a plan."""
        if (known := self._known.get(id(plan))) is None:
            shape = (plan.op, plan.kind, plan.bound, plan.value, tuple(self.of(arg) for arg in plan.args))
            known = self._known[id(plan)] = (plan, self._numbers.setdefault(shape, len(self._numbers)))
        return known[1]


def size_of(*plans: Plan) -> int:
    """How many operations some plans have when they are written out.

    Raises:
        NotCompiled: more than an engine is given.
    """
    sizes: dict[int, int] = {}
    pending = list(plans)
    while pending:
        one = pending[-1]
        if id(one) in sizes:
            pending.pop()
            continue
        missing = [arg for arg in one.args if id(arg) not in sizes]
        if missing:
            pending.extend(missing)
            continue
        pending.pop()
        sizes[id(one)] = 1 + sum(sizes[id(arg)] for arg in one.args)
    total = sum(sizes[id(one)] for one in plans)
    if total > MOST:
        raise NotCompiled(f"it has {total} operations when written out, and at most {MOST} are given to an engine")
    return total
