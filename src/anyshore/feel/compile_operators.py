"""Operators to closures: arithmetic, comparisons, logic, tests. Source: DMN 1.5, 10.3.2.13, 10.3.2.14."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from anyshore.base.decimals import CONTEXT
from anyshore.base.temporal import DaysDuration, MonthsDuration
from anyshore.feel import nodes
from anyshore.feel.arithmetic import OPERATIONS
from anyshore.feel.comparison import PLAIN_EQUAL, PLAIN_ORDER, equal, matches, order, within
from anyshore.feel.compiler import Code, Compiler, Frame
from anyshore.feel.nodes import Node
from anyshore.feel.origin import Place
from anyshore.feel.run import Raw, Run
from anyshore.feel.types import ANY_CONTEXT, ANY_FUNCTION, ANY_LIST, ANY_RANGE, instance_of, resolve
from anyshore.feel.values import Range

_PYTHON: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip

# What arithmetic takes, in turns of a loop.
_POWER, _WHOLE_POWER, _TEMPORAL = 60, 4, 4


# Texts of this length are compared under the budget.
_LONG_TEXT = 4096


# ---- literals


def literal(c: Compiler, node: nodes.Literal) -> Code:
    """A constant."""
    if (slot := c.literal_slot(node)) is not None:
        return operator.itemgetter(slot)
    value = node.value
    return lambda frame: value


def invalid_literal(c: Compiler, node: nodes.InvalidLiteral) -> Code:
    """A literal without a value: null, with the reason."""
    if c.shared is not None:
        c.shared.refuse()
    place, reason = c.place(node), Raw(node.reason)
    return lambda frame: frame[1].none(place, "feel.literal", "{}", reason)


# ---- arithmetic


def negation(c: Compiler, node: nodes.Negation) -> Code:
    """``-e`` of a number or duration."""
    operand, place = c.code(node.operand), c.place(node)

    def negate(frame: Frame) -> object:
        value = operand(frame)
        if type(value) is Decimal:
            return CONTEXT.minus(value)
        if isinstance(value, DaysDuration):
            return DaysDuration(-value.nanoseconds)
        if isinstance(value, MonthsDuration):
            return MonthsDuration(-value.months)
        return frame[1].none(place, "feel.operand", "there is no negative of {}", value)

    return negate


def arithmetic(c: Compiler, node: nodes.Arithmetic) -> Code:
    """``left op right``; a chain like ``a + b + c`` is compiled without going deep."""
    steps: list[tuple[nodes.Arithmetic, Code]] = []
    first: Node = node
    while isinstance(first, nodes.Arithmetic):
        steps.append((first, c.code(first.right)))
        first = first.left
    code = c.code(first)
    if len(steps) == 1:
        return _binary(c, node, code, steps[0][1])
    chain = [(OPERATIONS[one.operator], right, one.operator, c.place(one)) for one, right in reversed(steps)]

    def calculate(frame: Frame) -> object:
        value = code(frame)
        for operations, right, symbol, place in chain:
            other = right(frame)
            value = _apply(frame[1], operations, symbol, value, other, place)
        return value

    return calculate


def _binary(c: Compiler, node: nodes.Arithmetic, left: Code, right: Code) -> Code:
    operations, symbol, place = OPERATIONS[node.operator], node.operator, c.place(node)
    if symbol == "**":
        return lambda frame: _apply(frame[1], operations, symbol, left(frame), right(frame), place)
    on_numbers = operations[Decimal, Decimal]

    def calculate(frame: Frame) -> object:
        a, b = left(frame), right(frame)
        if type(a) is Decimal is type(b):
            try:
                return on_numbers(a, b)
            except (ArithmeticError, ValueError):
                pass
        return _apply(frame[1], operations, symbol, a, b, place)

    return calculate


def _apply(run: Run, operations: Mapping[Any, Any], symbol: str, a: object, b: object, place: Place) -> object:
    operation = operations.get((type(a), type(b)))
    if operation is None:
        return run.none(place, "feel.operand", "“{}” is not defined for {} and {}", Raw(symbol), a, b)
    try:
        if type(a) is str:
            run.check_string(len(a) + len(b))  # type: ignore[arg-type]
        elif symbol == "**":
            run.spend(_WHOLE_POWER if b == b.to_integral_value() else _POWER)  # type: ignore[attr-defined]
        elif type(a) is not Decimal:
            run.spend(_TEMPORAL)
        return operation(a, b)
    except ZeroDivisionError:
        return run.none(place, "feel.division-by-zero", "{} is divided by zero", a)
    except (ArithmeticError, ValueError) as error:
        reason = str(error) if isinstance(error, ValueError) else "the result is past FEEL's range or undefined"
        return run.none(place, "feel.range", "{} {} {}: {}", a, Raw(symbol), b, Raw(reason))


# ---- comparisons


def comparison(c: Compiler, node: nodes.Comparison) -> Code:
    """``left op right``."""
    left, right, place = c.code(node.left), c.code(node.right), c.place(node)
    constant = node.right.value if isinstance(node.right, nodes.Literal) and c.shared is None else None
    if node.operator in ("=", "!="):
        return _equality(left, right, place, node.operator == "=", constant)
    return _ordering(left, right, place, node.operator, constant)


def _equality(left: Code, right: Code, place: Place, wanted: bool, constant: object) -> Code:
    def general(frame: Frame) -> bool | None:
        a, b = left(frame), right(frame)
        if type(a) is type(b) and type(a) in PLAIN_EQUAL and (type(a) is not str or len(a) < _LONG_TEXT):
            return (a == b) is wanted
        return equality(frame[1], a, b, place, wanted)

    kind = type(constant)
    if kind not in PLAIN_EQUAL or (kind is str and len(constant) >= _LONG_TEXT):  # type: ignore[arg-type]
        return general

    def with_constant(frame: Frame) -> bool | None:
        a = left(frame)
        if type(a) is kind:
            return (a == constant) is wanted
        return equality(frame[1], a, constant, place, wanted)

    return with_constant


def equality(run: Run, a: object, b: object, place: Place, wanted: bool = True) -> bool | None:
    """``a = b`` (or ``!=``), with the reason if it is null."""
    same = equal(a, b, run)
    if same is None:
        run.none(place, "feel.operand", "{} cannot equal {}: they are of different kinds", a, b)
        return None
    return same is wanted


def _ordering(left: Code, right: Code, place: Place, symbol: str, constant: object) -> Code:
    python = _PYTHON[symbol]

    def general(frame: Frame) -> bool | None:
        a, b = left(frame), right(frame)
        if type(a) is type(b) and type(a) in PLAIN_ORDER and (type(a) is not str or len(a) < _LONG_TEXT):
            return python(a, b)
        return ordering(frame[1], symbol, a, b, place)

    kind = type(constant)
    if kind not in PLAIN_ORDER or (kind is str and len(constant) >= _LONG_TEXT):  # type: ignore[arg-type]
        return general

    def with_constant(frame: Frame) -> bool | None:
        a = left(frame)
        if type(a) is kind:
            return python(a, constant)
        return ordering(frame[1], symbol, a, constant, place)

    return with_constant


def ordering(run: Run, symbol: str, a: object, b: object, place: Place) -> bool | None:
    """``a < b`` and its kin, with the reason if it is null."""
    sign = order(a, b, run)
    if sign is None:
        run.none(place, "feel.operand", "“{}” is not defined for {} and {}", Raw(symbol), a, b)
        return None
    return _PYTHON[symbol](sign, 0)


# ---- logic


def logic(c: Compiler, node: nodes.Logic) -> Code:
    """``and``, ``or`` in three values: what is not a boolean counts as null (10.3.2.13, tables 48, 49)."""
    decisive = node.operator == "or"
    codes = [c.code(operand) for operand in node.operands]
    places = [c.place(operand) for operand in node.operands]
    if len(codes) == 2:
        return _two(codes[0], codes[1], places, decisive, node.operator)

    def combine(frame: Frame) -> object:
        result: object = not decisive
        for code, place in zip(codes, places, strict=True):
            value = code(frame)
            if value is decisive:
                return decisive
            if type(value) is not bool:
                result = _no_boolean(frame[1], node.operator, value, place)
        return result

    return combine


def _two(left: Code, right: Code, places: list[Place], decisive: bool, symbol: str) -> Code:
    def combine(frame: Frame) -> object:
        a = left(frame)
        if a is decisive:
            return decisive
        b = right(frame)
        if b is decisive:
            return decisive
        if type(a) is bool and type(b) is bool:
            return not decisive
        return _no_boolean(frame[1], symbol, *((a, places[0]) if type(a) is not bool else (b, places[1])))

    return combine


def _no_boolean(run: Run, symbol: str, value: object, place: Place) -> Any:
    if value is None:
        return None
    return run.none(place, "feel.operand", "“{}” wants booleans, not {}", Raw(symbol), value)


# ---- between, in, instance of


def between(c: Compiler, node: nodes.Between) -> Code:
    """``value between low and high``."""
    value, low, high, place = c.code(node.value), c.code(node.low), c.code(node.high), c.place(node)

    def test(frame: Frame) -> bool | None:
        x = value(frame)
        above = ordering(frame[1], ">=", x, low(frame), place)
        below = ordering(frame[1], "<=", x, high(frame), place)
        if above is False or below is False:
            return False
        return None if above is None or below is None else True

    return test


def contains(c: Compiler, node: nodes.In) -> Code:
    """``value in tests``: true if any test holds."""
    value = c.code(node.value)
    tests = [_in_test(c, one) for one in node.tests]
    if len(tests) == 1:
        only = tests[0]
        return lambda frame: only(frame, value(frame))

    def test(frame: Frame) -> bool | None:
        return any_of(tests, frame, value(frame))

    return test


Test = Callable[[Frame, Any], Any]


def _in_test(c: Compiler, node: Node) -> Test:
    """A test of ``in``; an expression that speaks of ``?`` means the value on the left (table 55)."""
    if isinstance(node, (nodes.UnaryTest, nodes.Interval)) or not mentions_input(node):
        return test_code(c, node)
    slot = c.slot()
    c.enter({"?": slot})
    code = c.code(node)
    c.leave()

    def test(frame: Frame, value: object) -> Any:
        before, frame[slot] = frame[slot], value
        held = code(frame)
        frame[slot] = before
        return held if held is None or type(held) is bool else matches(value, held, frame[1])

    return test


def any_of(tests: list[Test], frame: Frame, value: object) -> bool | None:
    """The disjunction of tests on a value."""
    result: bool | None = False
    for test in tests:
        held = test(frame, value)
        if held is True:
            return True
        if held is not False:
            result = None
    return result


def test_code(c: Compiler, node: Node) -> Test:
    """A test of a value that is already known."""
    place = c.place(node)
    if isinstance(node, nodes.UnaryTest):
        operand, symbol = c.code(node.operand), node.operator
        if symbol in ("=", "!="):
            return lambda frame, value: equality(frame[1], value, operand(frame), place, symbol == "=")
        return lambda frame, value: ordering(frame[1], symbol, value, operand(frame), place)
    if isinstance(node, nodes.Interval):
        return _interval_test(c, node)
    code = c.code(node)
    lacking = _lacking(c, node)

    def test(frame: Frame, value: object) -> bool | None:
        wanted = code(frame)
        if wanted is None and lacking is not None and lacking(frame):
            return None
        if isinstance(wanted, list):
            frame[1].spend(len(wanted))
        held = matches(value, wanted, frame[1])
        if held is None:
            frame[1].none(place, "feel.operand", "{} cannot be tested by {}", value, wanted)
        return held

    return test


def _lacking(c: Compiler, node: Node) -> Callable[[Frame], bool] | None:
    """Tells of a test that is nothing but a variable whether there is none: then null is no value of it to equal."""
    if not isinstance(node, nodes.Name) or c.find(node.name) != (None, []) or node.name in c.builtins:
        return None
    if (slot := c.name_slot(node.name)) is not None:
        return lambda frame: frame[slot] not in frame[0] or frame[slot] in frame[1].missing
    key = c.names.keys.get(node.name, node.name)
    return lambda frame: key not in frame[0] or key in frame[1].missing


def _interval_test(c: Compiler, node: nodes.Interval) -> Test:
    """``value in [low..high]`` is two comparisons (table 55), so ends that do not rise hold nothing."""
    low, high, place = c.code(node.low), c.code(node.high), c.place(node)
    start_included, end_included = node.start_included, node.end_included

    def test(frame: Frame, value: object) -> bool | None:
        a, b = low(frame), high(frame)
        held = None
        if a is None or b is None or order(a, b) is not None:
            held = within(value, Range(a, b, start_included, end_included), frame[1])
        if held is None:
            frame[1].none(place, "feel.operand", "{} cannot be tested by {} to {}", value, a, b)
        return held

    return test


def range_by_operator(c: Compiler, node: nodes.UnaryTest) -> Code:
    """``(< 10)`` as a value."""
    operand, symbol = c.code(node.operand), node.operator
    return lambda frame: Range.by_operator(symbol, operand(frame))


# Types of these names alone are none (table 61); `list<Any>` is another object.
_WITHOUT_PARAMETERS = (ANY_LIST, ANY_CONTEXT, ANY_RANGE, ANY_FUNCTION)


def instance(c: Compiler, node: nodes.InstanceOf) -> Code:
    """``value instance of type``."""
    value = c.code(node.value)
    if any(node.type is bare for bare in _WITHOUT_PARAMETERS):
        at, name = c.place(node), node.type.name.partition("<")[0]
        return lambda frame: frame[1].none(at, "feel.unknown-type", "“{}” wants its types, as in list<Any>", Raw(name))
    if c.shared is not None:
        c.fixed_name(str(node.type))
    try:
        kind = resolve(node.type, c.types)
    except KeyError as error:
        name = error.args[0]
        place = c.place(node)
        return lambda frame: frame[1].none(place, "feel.unknown-type", "there is no type “{}”", Raw(name))
    return lambda frame: instance_of(value(frame), kind, frame[1])


# ---- unary tests


def unary_tests(c: Compiler, node: nodes.UnaryTests) -> Code:
    """The cell of a decision table; the value tested is the variable ``?``."""
    place = c.place(node)
    c.free["?"] = 0
    if not node.tests:
        return lambda frame: True
    tests = [_cell_test(c, test) for test in node.tests]
    negated = node.negated

    def decide(frame: Frame) -> bool | None:
        try:
            value = frame[0]["?"]
        except KeyError:
            return frame[1].none(place, "feel.unknown-name", "there is no input value “?”")  # type: ignore[no-any-return]
        held = any_of(tests, frame, value)
        return held if not negated or held is None else not held

    return decide


def _cell_test(c: Compiler, node: Node) -> Test:
    """A test of a cell. An expression that speaks of ``?`` itself is the test, any other gives the value to match."""
    if isinstance(node, (nodes.UnaryTest, nodes.Interval)):
        return test_code(c, node)
    if not mentions_input(node):
        test = test_code(c, node)
        return test if not c.truth_decides or isinstance(node, nodes.Literal) else _truth(c.code(node), test)
    code = c.code(node)

    def of_itself(frame: Frame, value: object) -> Any:
        held = code(frame)
        return held if held is None or type(held) is bool else matches(value, held, frame[1])

    return of_itself


def _truth(code: Code, test: Test) -> Test:
    """A test that holds where its expression is true, or where the value is what it gives."""
    return lambda frame, value: True if code(frame) is True else test(frame, value)


def mentions_input(node: object) -> bool:
    """Whether ``?`` stands anywhere in a tree."""
    pending = [node]
    while pending:
        one = pending.pop()
        if isinstance(one, nodes.Name):
            if one.name == "?":
                return True
        elif isinstance(one, Node):
            pending.extend(getattr(one, name) for name in one.__slots__)
        elif isinstance(one, tuple):
            pending.extend(one)
    return False


OPERATORS: Mapping[type, Callable[[Compiler, Any], Code]] = {
    nodes.Literal: literal,
    nodes.InvalidLiteral: invalid_literal,
    nodes.Negation: negation,
    nodes.Arithmetic: arithmetic,
    nodes.Comparison: comparison,
    nodes.Logic: logic,
    nodes.Between: between,
    nodes.In: contains,
    nodes.InstanceOf: instance,
    nodes.UnaryTest: range_by_operator,
    nodes.UnaryTests: unary_tests,
}
