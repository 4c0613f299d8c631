"""``if``, ``for``, ``some`` and ``every`` to closures. Source: DMN 1.5, 10.3.2.13, table 54; 10.3.2.14 (iteration)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from anyshore.base.temporal import Date
from anyshore.feel import nodes
from anyshore.feel.compiler import Code, Compiler, Frame
from anyshore.feel.origin import Place
from anyshore.feel.run import Run
from anyshore.feel.values import Range

Domain = Callable[[Frame], Iterable[Any] | None]


def condition(c: Compiler, node: nodes.If) -> Code:
    """``if``: what is not true is false."""
    test, then, otherwise, place = c.code(node.condition), c.code(node.then), c.code(node.otherwise), c.place(node)

    def choose(frame: Frame) -> object:
        value = test(frame)
        if value is True:
            return then(frame)
        if value is not False and value is not None:
            frame[1].none(place, "feel.operand", "“if” wants true or false, not {}", value)
        return otherwise(frame)

    return choose


def loop(c: Compiler, node: nodes.For) -> Code:
    """``for … return``; ``partial`` is the list of the results so far."""
    c.needs_run = True
    partial = c.slot()
    c.enter({"partial": partial})
    domains = _iterators(c, node.iterators)
    result, weight = c.weighed(node.result)
    for _ in range(len(domains) + 1):
        c.leave()

    def collect(frame: Frame) -> list[Any] | None:
        before = frame[partial]
        results: list[Any] = []
        frame[partial] = results
        done = _turn(frame, domains, 0, result, results.append, weight)
        frame[partial] = before
        return results if done else None

    return collect


def _iterators(c: Compiler, iterators: tuple[nodes.Iterator, ...]) -> list[tuple[int, Domain]]:
    """Slot and domain of each; opens one scope each, because a domain sees the variables before it."""
    domains = []
    for one in iterators:
        domain = _domain(c, one)
        c.name_slot(one.name)
        slot = c.slot()
        c.enter({one.name: slot})
        domains.append((slot, domain))
    return domains


def _turn(
    frame: Frame, domains: list[tuple[int, Domain]], depth: int, code: Code, use: Callable[[Any], object], weight: int
) -> bool:
    """Go over the domains from one on; False if one of them is not iterable or ``use`` said stop."""
    slot, domain = domains[depth]
    values = domain(frame)
    if values is None:
        return False
    run: Run = frame[1]
    before = frame[slot]
    inmost = depth + 1 == len(domains)
    going = True
    steps = 1 + weight if inmost else 1
    for frame[slot] in values:
        run.steps -= steps
        if run.steps < 0:
            run.spend()
        if inmost:
            going = use(code(frame)) is not False
        else:
            going = _turn(frame, domains, depth + 1, code, use, weight)
        if not going:
            break
    frame[slot] = before
    return going


def _domain(c: Compiler, node: nodes.Iterator) -> Domain:
    low, place = c.code(node.domain), c.place(node)
    if node.to is not None:
        high = c.code(node.to)

        def ends(frame: Frame) -> Iterable[Any] | None:
            return _between(frame[1], low(frame), high(frame), place)

        return ends

    def values(frame: Frame) -> Iterable[Any] | None:
        value = low(frame)
        if isinstance(value, list):
            return value
        if isinstance(value, Range):
            return _of_range(frame[1], value, place)
        if value is None:
            frame[1].none(place, "feel.operand", "a loop cannot go over null")
            return None
        return [value]

    return values


def _between(run: Run, first: object, last: object, place: Place) -> Iterable[Any] | None:
    """``first..last``, upwards or downwards: whole numbers or days."""
    if isinstance(first, Date) and isinstance(last, Date):
        a, b, make = first.ordinal, last.ordinal, Date.from_ordinal
    elif _whole(first) and _whole(last):
        a, b, make = int(first), int(last), Decimal  # type: ignore[call-overload,assignment]
    else:
        run.none(place, "feel.operand", "a loop goes over whole numbers or dates, not from {} to {}", first, last)
        return None
    size = abs(b - a) + 1
    if size > run.steps:
        run.place = place
        run.spend(size)
    return (make(one) for one in (range(a, b + 1) if a <= b else range(a, b - 1, -1)))


def _whole(value: object) -> bool:
    return type(value) is Decimal and value.adjusted() < 30 and value == value.to_integral_value()


def _of_range(run: Run, bounds: Range, place: Place) -> Iterable[Any] | None:
    """The whole numbers or days of a range with two ends."""
    start, end = bounds.start, bounds.end
    if isinstance(start, Date) and isinstance(end, Date) and start <= end:
        first = start.ordinal + (not bounds.start_included)
        last = end.ordinal - (not bounds.end_included)
        if first > last:
            return ()
        return _between(run, Date.from_ordinal(first), Date.from_ordinal(last), place)
    if _whole(start) and _whole(end) and start <= end:  # type: ignore[operator]
        first, last = int(start) + (not bounds.start_included), int(end) - (not bounds.end_included)  # type: ignore[call-overload]
        return _between(run, Decimal(first), Decimal(last), place) if first <= last else ()
    run.none(place, "feel.operand", "a loop goes over ranges of whole numbers or dates, not from {} to {}", start, end)
    return None


def quantified(c: Compiler, node: nodes.Quantified) -> Code:
    """``some`` and ``every``: the disjunction and the conjunction over all turns."""
    c.needs_run = True
    decisive = node.quantifier == "some"
    domains = _iterators(c, node.iterators)
    code, weight = c.weighed(node.condition)
    for _ in domains:
        c.leave()
    place = c.place(node)

    def decide(frame: Frame) -> bool | None:
        result: bool | None = not decisive

        def use(held: object) -> bool:
            nonlocal result
            if held is decisive:
                result = decisive
                return False
            if type(held) is not bool:
                result = None
                if held is not None:
                    frame[1].none(place, "feel.operand", "“satisfies” wants true or false, not {}", held)
            return True

        done = _turn(frame, domains, 0, code, use, weight)
        return result if done or result is decisive else None

    return decide


FLOW: Mapping[type, Callable[[Compiler, Any], Code]] = {
    nodes.If: condition,
    nodes.For: loop,
    nodes.Quantified: quantified,
}
