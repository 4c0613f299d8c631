"""The allow-list: the built-in functions of FEEL that have a columnar form, one function and one row each.

Whatever is not here goes row by row. Every function takes and gives typed values; an argument that is null, or of
another kind than the function takes, makes null, as in FEEL.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_DOWN, Decimal
from typing import TypeAlias

from anyshore.columnar import calendar, patterns, plan, whole
from anyshore.columnar.plan import NotCompiled, Plan
from anyshore.columnar.typed import NULL, Listed, Quotient, Typed, Value, aligned, equal, of_kinds

Doubt: TypeAlias = Callable[[Plan], None]
Function: TypeAlias = Callable[[Sequence[Value], Doubt], Value]
# A text is a number of at most so many digits before the point and behind it; others are doubtful.
WHOLE_DIGITS, PLACES = 15, 18
_NUMBER = rf"-?[0-9]{{1,{WHOLE_DIGITS}}}(\.[0-9]{{1,{PLACES}}})?"
# What may be a number to FEEL though not to the pattern above.
_NUMERIC = r"[-+.0-9eE]*[0-9][-+.0-9eE]*"
_DATE = r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}"
_DATED = r"[\s\S]*[0-9]-[0-9]{2}-[0-9]{2}[\s\S]*"
_ASCII = r"[\x00-\x7f]*"


def _texts(arguments: Sequence[Value]) -> list[Plan] | None:
    """The arguments as texts; nothing where one is of another kind."""
    plans = [one.plan for one in arguments if isinstance(one, Typed) and one.kind == "text"]
    return plans if len(plans) == len(arguments) else None


def _of_texts(kind: str, make: Callable[..., Plan]) -> Function:
    def function(arguments: Sequence[Value], doubt: Doubt) -> Value:
        plans = _texts(arguments)
        if plans is None:
            _refuse_lists(arguments)
            return NULL
        return Typed(kind, make(*plans))  # type: ignore[arg-type]

    return function


def _refuse_lists(arguments: Sequence[Value]) -> None:
    """A list of one element counts as the element, so null would be wrong."""
    if any(not isinstance(one, Typed) for one in arguments):
        raise NotCompiled("a function is given a list or a quotient")


def _number(value: Value) -> Typed | Quotient | None:
    if isinstance(value, Quotient) or (isinstance(value, Typed) and value.kind == "number"):
        return value
    _refuse_lists([value])
    return None


def _places(value: Value) -> int | None:
    """A constant number of digits; nothing where it is null."""
    if not isinstance(value, Typed) or not value.constant:
        raise NotCompiled("a scale is computed")
    if value.kind != "number" or not isinstance(value.plan.value, int):
        return None
    places = int((Decimal(value.plan.value) / 10**value.scale).to_integral_value(ROUND_DOWN))
    if abs(places) > 33:
        raise NotCompiled(f"a scale is {places}")
    return places


def _rounder(mode: str) -> Function:
    def function(arguments: Sequence[Value], doubt: Doubt) -> Value:
        value = _number(arguments[0])
        places = 0 if len(arguments) == 1 else _places(arguments[1])
        return NULL if value is None or places is None else whole.rounded(value, places, mode)

    return function


def _absolute(arguments: Sequence[Value], doubt: Doubt) -> Value:
    match arguments[0]:
        case Typed(kind="number" | "days" | "months" as kind, plan=value, scale=scale):
            return Typed(kind, whole.absolute(value), scale)
        case Typed():
            return NULL
    raise NotCompiled("abs of a list or a quotient")


def _modulo(arguments: Sequence[Value], doubt: Doubt) -> Value:
    left, right = (_number(one) for one in arguments)
    if isinstance(left, Quotient) or isinstance(right, Quotient):
        raise NotCompiled("modulo of a quotient")
    if left is None or right is None:
        return NULL
    a, b, scale = aligned(left, right)
    return Typed("number", whole.remainder(a, b), scale)


def _parity(wanted: int) -> Function:
    def function(arguments: Sequence[Value], doubt: Doubt) -> Value:
        value = _number(arguments[0])
        if isinstance(value, Quotient):
            raise NotCompiled("parity of a quotient")
        if value is None:
            return NULL
        rest = whole.remainder(value.plan, plan.whole(2 * 10**value.scale))
        return Typed("truth", plan.equals(rest, plan.whole(wanted * 10**value.scale)))

    return function


def _negation(arguments: Sequence[Value], doubt: Doubt) -> Value:
    value = arguments[0]
    _refuse_lists(arguments)
    assert isinstance(value, Typed)
    return Typed("truth", plan.negate(value.plan)) if value.kind == "truth" else NULL


def _substring(arguments: Sequence[Value], doubt: Doubt) -> Value:
    value, *numbers = arguments
    start, *sizes = (_places(one) for one in numbers)
    if not isinstance(value, Typed) or value.kind != "text" or start is None or None in sizes:
        _refuse_lists([value])
        if value is NULL or not isinstance(value, Typed) or value.kind != "text":
            return NULL
        raise NotCompiled("a substring has no start or no length")
    if start < 1 or not sizes or sizes[0] is None or sizes[0] < 1:
        raise NotCompiled("a substring counts from the end, or has no length")
    return Typed("text", plan.part(value.plan, start, sizes[0]))


def _matches(arguments: Sequence[Value], doubt: Doubt) -> Value:
    value, pattern = arguments
    if not isinstance(pattern, Typed) or not pattern.constant or not isinstance(pattern.plan.value, str):
        raise NotCompiled("a pattern is computed")
    if not isinstance(value, Typed) or value.kind != "text":
        _refuse_lists([value])
        return NULL
    return Typed("truth", plan.matches(value.plan, patterns.whole(pattern.plan.value)))


def _cased(op: str) -> Function:
    """Upper and lower case: engines know other tables of Unicode, so what is not ASCII goes alone."""

    def function(arguments: Sequence[Value], doubt: Doubt) -> Value:
        plans = _texts(arguments)
        if plans is None:
            _refuse_lists(arguments)
            return NULL
        _doubt_unless(plan.matches(plans[0], _ASCII), doubt)
        return Typed("text", Plan(op, (plans[0],), "text"))

    return function


def _doubt_unless(condition: Plan, doubt: Doubt) -> None:
    doubt(plan.choose(plan.is_null(condition), plan.FALSE, plan.negate(condition)))


def _number_of(arguments: Sequence[Value], doubt: Doubt) -> Value:
    plans = _texts(arguments)
    if plans is None:
        _refuse_lists(arguments)
        return NULL
    value = plans[0]
    read = plan.is_true(plan.matches(value, _NUMBER))
    doubt(plan.both(plan.is_true(plan.matches(value, _NUMERIC)), plan.negate(read)))
    return Typed("number", plan.number(value, PLACES, WHOLE_DIGITS), PLACES)


def _date_of(arguments: Sequence[Value], doubt: Doubt) -> Value:
    value = arguments[0]
    if len(arguments) != 1 or not isinstance(value, Typed):
        raise NotCompiled("a date is made of its parts")
    if value.kind == "date":
        return value
    if value.kind != "text":
        if value.kind in ("moment", "local moment"):
            raise NotCompiled("a date is taken from a date and time")
        return NULL
    read = plan.is_true(plan.matches(value.plan, _DATE))
    doubt(plan.both(plan.is_true(plan.matches(value.plan, _DATED)), plan.negate(read)))
    dated = plan.choose(read, value.plan, plan.nothing("text"))
    return Typed("date", calendar.read(dated))


def _months_between(arguments: Sequence[Value], doubt: Doubt) -> Value:
    first, last = arguments
    if not all(isinstance(one, Typed) and one.kind == "date" for one in arguments):
        raise NotCompiled("months are counted between others than dates")
    assert isinstance(first, Typed)
    assert isinstance(last, Typed)
    year, month, day = (calendar.part(first.plan, name) for name in ("year", "month", "day"))
    to_year, to_month, to_day = (calendar.part(last.plan, name) for name in ("year", "month", "day"))
    count = plan.add(plan.times(plan.subtract(to_year, year), 12), plan.subtract(to_month, month))
    short = plan.both(plan.below(whole.ZERO, count), plan.below(to_day, day))
    long = plan.both(plan.below(count, whole.ZERO), plan.below(day, to_day))
    one = whole.ONE
    return Typed(
        "months", plan.choose(short, plan.subtract(count, one), plan.choose(long, plan.add(count, one), count))
    )


def _list(value: Value) -> Listed:
    if not isinstance(value, Listed):
        raise NotCompiled("a list is not written out")
    return value


def _count(arguments: Sequence[Value], doubt: Doubt) -> Value:
    total = whole.ZERO
    for _, there in _list(arguments[0]).items:
        total = plan.add(total, plan.choose(there, whole.ONE, whole.ZERO))
    return Typed("number", total)


def _distinct(arguments: Sequence[Value], doubt: Doubt) -> Value:
    """The elements that none before them equals."""
    found: list[tuple[Typed, Plan]] = []
    for item, there in _list(arguments[0]).items:
        twice = plan.either(*(plan.both(earlier, plan.is_true(equal(item, one))) for one, earlier in found))
        found.append((item, plan.both(there, plan.negate(twice))))
    # One that repeats an element left out repeats the element before that too, so leaving out changes nothing.
    return Listed(tuple(found))


def _list_contains(arguments: Sequence[Value], doubt: Doubt) -> Value:
    items, element = _list(arguments[0]).items, arguments[1]
    if not isinstance(element, Typed):
        raise NotCompiled("a list or a quotient is looked for")
    return Typed("truth", plan.either(*(plan.both(there, plan.is_true(equal(item, element))) for item, there in items)))


def _extreme(least: bool) -> Function:
    def function(arguments: Sequence[Value], doubt: Doubt) -> Value:
        listed = _list(arguments[0]) if len(arguments) == 1 else None
        items = [item for item, _ in listed.items] if listed is not None else list(arguments)
        values = [one for one in items if isinstance(one, Typed)]
        there = listed is None or all(one is plan.TRUE for _, one in listed.items)
        if not values or len(values) != len(items) or not there:
            raise NotCompiled("the least or greatest of a list that is not written out")
        plans, kind, scale = of_kinds(values)
        if kind in ("truth", "null"):
            raise NotCompiled("the least or greatest truth")
        best = plans[0]
        for one in plans[1:]:
            better = plan.below(one, best) if least else plan.below(best, one)
            best = plan.choose(better, one, best)
        known = plan.both(*(plan.negate(plan.is_null(one)) for one in plans))
        return Typed(kind, plan.choose(known, best, plan.nothing("text" if kind == "text" else "whole")), scale)

    return function


FUNCTIONS: dict[tuple[str, int], Function] = {
    ("not", 1): _negation,
    ("abs", 1): _absolute,
    ("modulo", 2): _modulo,
    ("odd", 1): _parity(1),
    ("even", 1): _parity(0),
    ("floor", 1): _rounder("floor"),
    ("floor", 2): _rounder("floor"),
    ("ceiling", 1): _rounder("ceiling"),
    ("ceiling", 2): _rounder("ceiling"),
    ("decimal", 2): _rounder("half even"),
    ("round up", 2): _rounder("up"),
    ("round down", 2): _rounder("down"),
    ("round half up", 2): _rounder("half up"),
    ("round half down", 2): _rounder("half down"),
    ("contains", 2): _of_texts("truth", plan.contains),
    ("starts with", 2): _of_texts("truth", plan.starts),
    ("ends with", 2): _of_texts("truth", plan.ends),
    ("string length", 1): _of_texts("number", plan.length),
    ("substring", 3): _substring,
    ("matches", 2): _matches,
    ("upper case", 1): _cased("upper"),
    ("lower case", 1): _cased("lower"),
    ("number", 1): _number_of,
    ("date", 1): _date_of,
    ("years and months duration", 2): _months_between,
    ("count", 1): _count,
    ("distinct values", 1): _distinct,
    ("list contains", 2): _list_contains,
    **{("min", size): _extreme(True) for size in range(1, 9)},
    **{("max", size): _extreme(False) for size in range(1, 9)},
}
"""By name and number of arguments."""
