"""Names, paths, filters, lists, contexts and intervals to closures. Source: DMN 1.5, 10.3.2.5 to 10.3.2.7."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from anyshore.feel import nodes
from anyshore.feel.comparison import order
from anyshore.feel.compile_calls import function_definition
from anyshore.feel.compiler import Code, Compiler, Frame
from anyshore.feel.names import normal
from anyshore.feel.nodes import Node
from anyshore.feel.origin import Place
from anyshore.feel.properties import PROPERTIES
from anyshore.feel.run import Raw, Run
from anyshore.feel.values import Range

_ABSENT = object()
# Longer lists written out count as steps, or a loop around them could fill the memory.
_SHORT = 4

# ---- names


def name(c: Compiler, node: nodes.Name) -> Code:
    """A name: from the expression itself, from a filtered element, from the variables, or a built-in function."""
    slot, items = c.find(node.name)
    if slot is not None:
        partial = node.name == "partial"
        outer: Code = _snapshot(slot) if partial else (lambda frame: frame[slot])
    else:
        outer = _global(c, node, bool(items))
    if items and (of_text := c.name_slot(node.name)) is not None:
        return _from_items_by_slot(outer, items, of_text)
    return _from_items(outer, items, node.name) if items else outer


def _snapshot(slot: int) -> Code:
    """A loop's results so far, as a list of their own: the loop goes on adding to its."""

    def copy(frame: Frame) -> object:
        value = frame[slot]
        if isinstance(value, list):
            frame[1].spend(len(value))
            return value[:]
        return value

    return copy


def _from_items(outer: Code, items: list[int], wanted: str) -> Code:
    def look(frame: Frame) -> object:
        for slot in items:
            item = frame[slot]
            if type(item) is dict and wanted in item:
                return item[wanted]
        return outer(frame)

    return look


def _from_items_by_slot(outer: Code, items: list[int], of_text: int) -> Code:
    def look(frame: Frame) -> object:
        wanted = frame[of_text]
        for slot in items:
            item = frame[slot]
            if type(item) is dict and wanted in item:
                return item[wanted]
        return outer(frame)

    return look


def _global(c: Compiler, node: nodes.Name, in_filter: bool) -> Code:
    wanted, place = node.name, c.place(node)
    key = c.names.keys.get(wanted)
    builtin = c.builtins.get(wanted) if key is None else None
    if key is None:
        key = wanted
    if builtin is None:
        # A name inside a filter may be an entry of its elements, which are known only when it runs.
        if not in_filter or wanted in c.names:
            c.free.setdefault(wanted, node.start)
    else:
        # A variable in scope stands before a built-in function of its name (10.3.2.11).
        if not in_filter:
            c.free.setdefault(wanted, node.start)
            c.values_of_functions |= {wanted}
        return lambda frame: frame[0].get(key, builtin)

    if c.shared is not None:
        return _look(key, c.name_slot(wanted), place)

    def read(frame: Frame) -> object:
        try:
            return frame[0][key]
        except KeyError:
            return frame[1].none(place, "feel.unknown-name", "there is no variable “{}”", Raw(key))

    return read


def _look(key: str, of_text: int | None, place: Place) -> Code:
    """A variable of shared code, which may well be run once only: then an exception costs more than a look."""
    raw = Raw(key)

    def look(frame: Frame) -> object:
        value = frame[0].get(key if of_text is None else frame[of_text], _ABSENT)
        if value is _ABSENT:
            return frame[1].none(place, "feel.unknown-name", "there is no variable “{}”", raw)
        return value

    return look


# ---- paths


def path(c: Compiler, node: nodes.Path) -> Code:
    """``source.name``; of a list, the list of that name of every element."""
    source, wanted, place = c.code(node.source), node.name, c.place(node)
    if (of_text := c.name_slot(wanted)) is not None:
        return lambda frame: member(frame[1], source(frame), frame[of_text], place)

    def get(frame: Frame) -> object:
        value = source(frame)
        if type(value) is dict:
            found = value.get(wanted, _ABSENT)
            if found is not _ABSENT:
                return found
        return member(frame[1], value, wanted, place)

    return get


def member(run: Run, value: object, wanted: str, place: Place) -> object:
    """What stands behind the dot."""
    if isinstance(value, dict):
        if wanted in value:
            return value[wanted]
        # A key a user wrote with other spacing is the same name.
        run.spend(2 * len(value))
        for key in value:
            if not key.isidentifier() and normal(key) == wanted:
                return value[key]
        return run.none(place, "feel.unknown-name", "the context has no entry “{}”", Raw(wanted))
    if isinstance(value, list):
        return _members(run, value, wanted, place, {})
    read = PROPERTIES.get(type(value), {}).get(wanted)
    if read is None:
        return run.none(place, "feel.unknown-name", "{} has no property “{}”", value, Raw(wanted))
    return read(value)


def _members(run: Run, items: list[Any], wanted: str, place: Place, known: dict[int, list[Any]]) -> list[Any]:
    """What stands behind the dot for every element; lists among them are gone through once, wherever they stand."""
    found = known.get(id(items))
    if found is None:
        run.spend(2 * len(items))
        found = known[id(items)] = [
            _members(run, item, wanted, place, known) if type(item) is list else member(run, item, wanted, place)
            for item in items
        ]
    return found


# ---- filters

_TRUTHS = (nodes.Comparison, nodes.Logic, nodes.Between, nodes.In, nodes.InstanceOf, nodes.Quantified)


def list_filter(c: Compiler, node: nodes.Filter) -> Code:
    """``source[condition]``: a number picks an element, anything else keeps those it is true for."""
    source, place = _source(c, node.source), c.place(node)
    condition = node.condition
    if isinstance(condition, nodes.Literal) and type(condition.value) is Decimal:
        if (at := c.literal_slot(condition)) is not None:
            return lambda frame: element(frame[1], source(frame), frame[at], place)
        index = condition.value
        return lambda frame: element(frame[1], source(frame), index, place)
    c.needs_run = True
    slot = c.slot()
    c.enter({"item": slot}, slot)
    code, weight = c.weighed(condition)
    c.leave()
    if isinstance(condition, _TRUTHS):
        return lambda frame: _kept(frame, as_list(source(frame)), slot, code, weight, place)

    def pick_or_keep(frame: Frame) -> object:
        items = source(frame)
        # Asked without an element first: what is a number then is a position.
        index = _silently(frame, slot, code)
        if type(index) is Decimal:
            return element(frame[1], items, index, place)
        return _kept(frame, as_list(items), slot, code, weight, place)

    return pick_or_keep


def _source(c: Compiler, node: Node) -> Code:
    """A filter's list. It is only read, so a loop's results so far need no copy."""
    if isinstance(node, nodes.Name) and node.name == "partial":
        slot, items = c.find("partial")
        if slot is not None and not items:
            return lambda frame: frame[slot]
    return c.code(node)


def _silently(frame: Frame, slot: int, code: Code) -> object:
    """A condition's value where there is no element; why it may be null is nobody's business."""
    run = frame[1]
    noted, strict, before = run.diagnostics, run.strict, frame[slot]
    run.diagnostics, run.strict, frame[slot] = None, False, None
    try:
        return code(frame)
    finally:
        run.diagnostics, run.strict, frame[slot] = noted, strict, before


def _kept(frame: Frame, items: list[Any] | None, slot: int, code: Code, weight: int, place: Place) -> object:
    """The elements a condition is true for; to look at one costs the weight of the condition."""
    run = frame[1]
    if items is None:
        return run.none(place, "feel.operand", "null cannot be filtered")
    run.spend(len(items) * (1 + weight))
    before = frame[slot]
    result: list[Any] | None = []
    for frame[slot] in items:
        held = code(frame)
        if held is True:
            result.append(frame[slot])  # type: ignore[union-attr]
        elif held is not False and held is not None:
            result = run.none(place, "feel.operand", "a filter wants true or false, not {}", held)
            break
    frame[slot] = before
    return result


def as_list(value: object) -> list[Any] | None:
    """A value as a list: a single one is a list of one, null is none."""
    if isinstance(value, list):
        return value
    return None if value is None else [value]


def element(run: Run, value: object, index: Decimal, place: Place) -> object:
    """The element at a position, counted from 1, or from -1 at the end."""
    items = as_list(value)
    if items is None:
        return run.none(place, "feel.operand", "null has no elements")
    size = len(items)
    if not -size <= index <= size or not index or index != index.to_integral_value():
        return run.none(place, "feel.index", "a list of {} has no element {}", Raw(size), index)
    at = int(index)
    return items[at - 1 if at > 0 else at]


# ---- lists, contexts, intervals


def list_literal(c: Compiler, node: nodes.ListLiteral) -> Code:
    """``[a, b]``."""
    codes = [c.code(item) for item in node.items]
    if len(codes) <= _SHORT:
        return lambda frame: [code(frame) for code in codes]

    def build(frame: Frame) -> list[Any]:
        frame[1].spend(len(codes))
        return [code(frame) for code in codes]

    return build


def context_literal(c: Compiler, node: nodes.ContextLiteral) -> Code:
    """``{a: 1, b: a + 1}``; a function of an entry can call itself by the entry's name."""
    # Entries can stand in each other many times over, so what looks through them must be counted.
    c.needs_run = True
    slots: dict[str, int] = {}
    c.enter(slots)
    entries: list[tuple[str, int, Code]] = []
    of_texts: list[int | None] = []
    for entry in node.entries:
        known = normal(entry.key)
        if entry.key in (key for key, _, _ in entries):
            c.leave()
            place, key = c.place(entry), Raw(entry.key)
            return lambda frame: frame[1].none(place, "feel.context", "the entry “{}” is there twice", key)
        slot = c.slot()
        if isinstance(entry.value, nodes.FunctionDefinition):
            slots[known] = slot
            code = function_definition(c, entry.value, slot)
        else:
            code = c.code(entry.value)
            slots[known] = slot
        of_texts.append(c.name_slot(entry.key) if entry.named else None)
        entries.append((entry.key, slot, code))
    c.leave()
    if any(of_text is not None for of_text in of_texts):
        return _context_of_text(entries, of_texts)

    def build(frame: Frame) -> dict[str, object]:
        result = {}
        frame[1].spend(len(entries))
        for key, slot, code in entries:
            result[key] = frame[slot] = code(frame)
        return result

    return build


def _context_of_text(entries: list[tuple[str, int, Code]], of_texts: list[int | None]) -> Code:
    """The same where some keys are those of the text."""

    def build(frame: Frame) -> dict[str, object]:
        result = {}
        frame[1].spend(len(entries))
        for (key, slot, code), of_text in zip(entries, of_texts, strict=True):
            result[key if of_text is None else frame[of_text]] = frame[slot] = code(frame)
        return result

    return build


def interval(c: Compiler, node: nodes.Interval) -> Code:
    """``[a..b]``: both ends of one comparable kind and rising, or one of them null (10.3.2.7)."""
    low, high, place = c.code(node.low), c.code(node.high), c.place(node)
    start_included, end_included = node.start_included, node.end_included

    def build(frame: Frame) -> Range | None:
        a, b = low(frame), high(frame)
        one = b if a is None else a
        sign = None if one is None else order(one, one) if a is None or b is None else order(a, b)
        if sign is None or sign > 0:
            return frame[1].none(place, "feel.operand", "there is no range from {} to {}", a, b)  # type: ignore[no-any-return]
        return Range(a, b, start_included, end_included)

    return build


ACCESS: Mapping[type, Callable[[Compiler, Any], Code]] = {
    nodes.Name: name,
    nodes.Path: path,
    nodes.Filter: list_filter,
    nodes.ListLiteral: list_literal,
    nodes.ContextLiteral: context_literal,
    nodes.Interval: interval,
}
