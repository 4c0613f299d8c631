"""Functions of lists. Source: DMN 1.5, 10.3.4.4."""

from __future__ import annotations

from decimal import Decimal

from anyshore.base.decimals import CONTEXT
from anyshore.base.temporal import Date, DaysDuration, MonthsDuration
from anyshore.feel import types
from anyshore.feel.comparison import equal, order
from anyshore.feel.invoke import apply
from anyshore.feel.run import Run
from anyshore.feel.signatures import ANYTHING, FUNCTION, LIST, NUMBER, P, Row
from anyshore.feel.values import Function

Items = list[object]
# Kinds whose equal values are equal and hash alike in Python too.
_HASHED = frozenset((Decimal, str, bool, Date, DaysDuration, MonthsDuration, type(None)))


def list_contains(run: Run, items: Items, element: object) -> bool:
    """Whether a list has an element, null included."""
    run.spend(len(items))
    return any(_same(item, element, run) for item in items)


def _same(left: object, right: object, run: Run) -> bool:
    return equal(left, right, run) is True


def count(run: Run, items: Items) -> Decimal:
    """Number of elements."""
    return Decimal(len(items))


def _extreme(run: Run, items: Items, sign: int) -> object:
    run.spend(len(items))
    if not items:
        return run.fail("an empty list has no least or greatest element")
    best = items[0]
    for item in items:
        compared = order(item, best, run)
        if compared is None:
            return run.fail("{} cannot be compared with {}", item, best)
        if compared * sign > 0:
            best = item
    return best


def minimum(run: Run, items: Items) -> object:
    """The least element."""
    return _extreme(run, items, -1)


def maximum(run: Run, items: Items) -> object:
    """The greatest element."""
    return _extreme(run, items, 1)


def _numbers(run: Run, items: Items) -> list[Decimal] | None:
    """The elements if all are numbers and there are any."""
    run.spend(len(items))
    numbers = [item for item in items if type(item) is Decimal]
    if len(numbers) != len(items):
        run.fail("the list has elements that are not numbers")
        return None
    if not numbers:
        run.fail("the list is empty")
        return None
    return numbers


def _total(numbers: list[Decimal]) -> Decimal:
    total = numbers[0]
    for one in numbers[1:]:
        total = CONTEXT.add(total, one)
    return total


def _guarded(run: Run, calculate: object, numbers: list[Decimal]) -> object:
    try:
        return calculate(numbers)  # type: ignore[operator]
    except ArithmeticError:
        return run.fail("the result is past FEEL's range")


def total(run: Run, items: Items) -> object:
    """``sum(list)``; null of an empty list."""
    numbers = _numbers(run, items)
    return None if numbers is None else _guarded(run, _total, numbers)


def product(run: Run, items: Items) -> object:
    """The product of numbers; null of an empty list."""

    def multiply(numbers: list[Decimal]) -> Decimal:
        result = numbers[0]
        for one in numbers[1:]:
            result = CONTEXT.multiply(result, one)
        return result

    numbers = _numbers(run, items)
    return None if numbers is None else _guarded(run, multiply, numbers)


def _mean(numbers: list[Decimal]) -> Decimal:
    return CONTEXT.divide(_total(numbers), Decimal(len(numbers)))


def mean(run: Run, items: Items) -> object:
    """The arithmetic mean."""
    numbers = _numbers(run, items)
    return None if numbers is None else _guarded(run, _mean, numbers)


def median(run: Run, items: Items) -> object:
    """The middle of the sorted numbers, or the mean of the two middle ones."""
    numbers = _numbers(run, items)
    if numbers is None:
        return None
    run.spend(len(numbers) * (len(numbers).bit_length() >> 2))
    numbers.sort()
    half = len(numbers) // 2
    return numbers[half] if len(numbers) % 2 else _guarded(run, _mean, numbers[half - 1 : half + 1])


def standard_deviation(run: Run, items: Items) -> object:
    """The sample's standard deviation; null of fewer than two numbers."""

    def deviate(numbers: list[Decimal]) -> Decimal:
        center = _mean(numbers)
        run.spend(4 * len(numbers))
        squares = [CONTEXT.power(CONTEXT.subtract(one, center), 2) for one in numbers]
        return CONTEXT.sqrt(CONTEXT.divide(_total(squares), Decimal(len(numbers) - 1)))

    numbers = _numbers(run, items)
    if numbers is not None and len(numbers) < 2:
        return run.fail("one number has no standard deviation")
    return None if numbers is None else _guarded(run, deviate, numbers)


def mode(run: Run, items: Items) -> object:
    """The most frequent numbers, sorted."""
    if not items:
        return []
    numbers = _numbers(run, items)
    if numbers is None:
        return None
    run.spend(len(numbers))
    counts: dict[Decimal, int] = {}
    for one in numbers:
        counts[one] = counts.get(one, 0) + 1
    most = max(counts.values())
    return sorted(one for one, times in counts.items() if times == most)


def _combine(run: Run, items: Items, decisive: bool) -> object:
    run.spend(len(items))
    if decisive in (item for item in items if type(item) is bool):
        return decisive
    if all(type(item) is bool for item in items):
        return not decisive
    wrong = next((item for item in items if item is not None and type(item) is not bool), None)
    return None if wrong is None else run.fail("{} is no boolean", wrong)


def every(run: Run, items: Items) -> object:
    """``all(list)``: false if any is false, true if all are true, else null."""
    return _combine(run, items, False)


def some(run: Run, items: Items) -> object:
    """``any(list)``: true if any is true, false if all are false, else null."""
    return _combine(run, items, True)


def sublist(run: Run, items: Items, start: Decimal, length: Decimal | None) -> object:
    """Elements from a position on, counted from 1, or from -1 at the end."""
    at = _index(run, items, start)
    if at is None:
        return None
    if length is not None and not 1 <= length <= len(items) - at:
        return run.fail("a sublist from position {} has 1 to {} elements, not {}", start, len(items) - at, length)
    end = len(items) if length is None else at + int(length)
    run.spend(end - at)
    return items[at:end]


def _index(run: Run, items: Items, position: Decimal) -> int | None:
    """A position as an index from 0, or null past the list."""
    size = len(items)
    at = int(position) if position.copy_abs() < size + 1 else 0
    if not at:
        run.fail("a list of {} has no position {}", size, position)
        return None
    return at - 1 if at > 0 else size + at


def append(run: Run, items: Items, more: Items) -> Items:
    """A list with further elements."""
    run.spend(len(items) + len(more))
    return [*items, *more]


def concatenate(run: Run, lists: Items) -> object:
    """Lists one after the other; a single value is a list of one."""
    result: Items = []
    for one in lists:
        if one is None:
            return run.fail("null is no list")
        run.spend(len(one) if isinstance(one, list) else 1)
        result += one if isinstance(one, list) else [one]
    return result


def insert_before(run: Run, items: Items, position: Decimal, new_item: object) -> object:
    """A list with a new element at a position."""
    at = _index(run, items, position)
    if at is None:
        return None
    run.spend(len(items))
    return [*items[:at], new_item, *items[at:]]


def remove(run: Run, items: Items, position: Decimal) -> object:
    """A list without the element at a position."""
    at = _index(run, items, position)
    if at is None:
        return None
    run.spend(len(items))
    return [*items[:at], *items[at + 1 :]]


def replace_at(run: Run, items: Items, position: Decimal, new_item: object) -> object:
    """A list with another element at a position."""
    at = _index(run, items, position)
    if at is None:
        return None
    run.spend(len(items))
    return [*items[:at], new_item, *items[at + 1 :]]


def replace_matching(run: Run, items: Items, match: Function, new_item: object) -> object:
    """A list with another element wherever ``match(item, newItem)`` is true."""
    place = run.place
    result: Items = []
    for item in items:
        held = apply(run, match, [item, new_item], None, place)
        if type(held) is not bool:
            run.place = place
            return run.fail("the match function gives {}, not true or false", held)
        result.append(new_item if held else item)
    return result


def reverse(run: Run, items: Items) -> Items:
    """The elements from the last to the first."""
    run.spend(len(items))
    return items[::-1]


def index_of(run: Run, items: Items, match: object) -> Items:
    """The positions of the elements equal to a value, counted from 1."""
    run.spend(len(items))
    return [Decimal(at) for at, item in enumerate(items, 1) if _same(item, match, run)]


def distinct_values(run: Run, items: Items) -> Items:
    """The elements without repetitions, each where it comes first."""
    run.spend(len(items))
    seen: set[object] = set()
    others: Items = []
    result: Items = []
    for item in items:
        if type(item) in _HASHED:
            key = (type(item), item)
            if key in seen:
                continue
            seen.add(key)
        else:
            run.spend(len(others))
            if any(_same(item, other, run) for other in others):
                continue
            others.append(item)
        result.append(item)
    return result


def union(run: Run, lists: Items) -> object:
    """All elements of some lists, without repetitions."""
    joined = concatenate(run, lists)
    return distinct_values(run, joined) if isinstance(joined, list) else None


def flatten(run: Run, items: Items) -> Items:
    """The elements of a list and of the lists in it, at any depth."""
    result: Items = []
    pending = [iter(items)]
    run.spend(len(items))
    while pending:
        for item in pending[-1]:
            if isinstance(item, list):
                run.spend(len(item))
                pending.append(iter(item))
                break
            result.append(item)
        else:
            pending.pop()
    return result


_LIST = P("list", LIST)
_POSITION = P("position", NUMBER)
_NEW_ITEM = P("newItem", ANYTHING)
_ITEMS = (_LIST,)
_ANY = types.ANY_LIST

ROWS = (
    Row("list contains", (_LIST, P("element", ANYTHING)), list_contains, types.BOOLEAN),
    Row("count", _ITEMS, count, types.NUMBER),
    Row("min", _ITEMS, minimum, types.ANY, "elements"),
    Row("max", _ITEMS, maximum, types.ANY, "elements"),
    Row("sum", _ITEMS, total, types.NUMBER, "elements"),
    Row("product", _ITEMS, product, types.NUMBER, "elements"),
    Row("mean", _ITEMS, mean, types.NUMBER, "elements"),
    Row("median", _ITEMS, median, types.NUMBER, "elements"),
    Row("stddev", _ITEMS, standard_deviation, types.NUMBER, "elements"),
    Row("mode", _ITEMS, mode, types.ListType(types.NUMBER), "elements"),
    Row("all", _ITEMS, every, types.BOOLEAN, "elements"),
    Row("any", _ITEMS, some, types.BOOLEAN, "elements"),
    Row(
        "sublist",
        (_LIST, P("start position", NUMBER), P("length", NUMBER, optional=True, nullable=True)),
        sublist,
        _ANY,
    ),
    Row("append", (_LIST, P("item", ANYTHING)), append, _ANY, "rest"),
    Row("concatenate", (P("list", ANYTHING),), concatenate, _ANY, "rest"),
    Row("insert before", (_LIST, _POSITION, _NEW_ITEM), insert_before, _ANY),
    Row("remove", (_LIST, _POSITION), remove, _ANY),
    Row("list replace", (_LIST, _POSITION, _NEW_ITEM), replace_at, _ANY),
    Row("list replace", (_LIST, P("match", FUNCTION), _NEW_ITEM), replace_matching, _ANY),
    Row("reverse", _ITEMS, reverse, _ANY),
    Row("index of", (_LIST, P("match", ANYTHING)), index_of, types.ListType(types.NUMBER)),
    Row("union", (P("list", ANYTHING),), union, _ANY, "rest"),
    Row("distinct values", _ITEMS, distinct_values, _ANY),
    Row("flatten", _ITEMS, flatten, _ANY),
)
