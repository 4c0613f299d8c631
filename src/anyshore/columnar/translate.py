"""FEEL to typed plans: what an expression is over columns, or why it has no such form.

The translation follows the evaluator line by line: the three truths, equality that is never null, orders that are.
Source: DMN 1.5, 10.3.2; the numbers of tables stand at the functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from anyshore.columnar import calendar, plan, whole
from anyshore.columnar.functions import FUNCTIONS
from anyshore.columnar.plan import FALSE, TRUE, NotCompiled, Plan
from anyshore.columnar.typed import (
    DAY,
    NULL,
    Kind,
    Listed,
    Quotient,
    Typed,
    Value,
    aligned,
    choose,
    constant,
    equal,
    ordered,
    truth_of,
)  # fmt: skip
from anyshore.dmn.constants import CONVERSIONS, constant_of
from anyshore.feel import nodes
from anyshore.feel.compile_operators import mentions_input
from anyshore.feel.nodes import Node


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A function of the model: its parameters and its logic, which takes their place."""

    parameters: tuple[str, ...]
    body: Node
    names: Mapping[str, Value | Knowledge]


Bound = Value | Knowledge
# Functions of functions of functions: past this depth one calls itself.
_DEEPEST = 20


@dataclass(slots=True)
class Translator:
    """Translates expressions; what is doubtful on the way is collected.

    Attributes:
        names: what the names of an expression mean.
        doubts: truths that are never null; where one holds, the row goes alone.
    """

    names: dict[str, Bound]
    doubts: list[Plan] = field(default_factory=list)
    depth: int = 0

    def value(self, node: Node) -> Value:
        """What a node is.

        Raises:
            NotCompiled: it has no columnar form.
        """
        known, found = constant_of(node)
        if known and not isinstance(found, (list, dict)) and not self._hides_conversion(node):
            return constant(found)
        rule = _RULES.get(type(node))
        if rule is None:
            raise NotCompiled(f"{_words(node)} has no columnar form")
        return rule(self, node)

    def typed(self, node: Node) -> Typed:
        """A node that is neither a list nor a quotient."""
        found = self.value(node)
        if not isinstance(found, Typed):
            raise NotCompiled("a list or an unrounded quotient is used as a value")
        return found

    def truth(self, node: Node) -> Plan:
        """A node where a truth is wanted."""
        return truth_of(self.typed(node))

    @contextmanager
    def within(self, names: Mapping[str, Bound]) -> Iterator[None]:
        """The same, with further names around."""
        before, self.names = self.names, {**self.names, **names}
        try:
            yield
        finally:
            self.names = before

    def _hides_conversion(self, node: Node) -> bool:
        function = node.function if isinstance(node, nodes.Call) else None
        return isinstance(function, nodes.Name) and function.name in CONVERSIONS and function.name in self.names

    # ---- nodes

    def name(self, node: nodes.Name) -> Value:
        """A variable."""
        found = self.names.get(node.name)
        if found is None or isinstance(found, Knowledge):
            raise NotCompiled(f"{node.name} is no column and no decision with a columnar form")
        return found

    def negation(self, node: nodes.Negation) -> Value:
        """``-e``."""
        value = self.typed(node.operand)
        if value.kind in ("number", "days", "months"):
            return Typed(value.kind, whole.minus(value.plan), value.scale)
        return NULL

    def arithmetic(self, node: nodes.Arithmetic) -> Value:
        """``left op right`` (tables 57 to 62)."""
        left, right = self.value(node.left), self.value(node.right)
        if isinstance(left, Quotient) and isinstance(right, Typed) and node.operator == "*":
            return _scaled(left, right)
        if not isinstance(left, Typed) or not isinstance(right, Typed):
            raise NotCompiled("arithmetic on a list or an unrounded quotient")
        if "null" in (left.kind, right.kind):
            return NULL
        operation = _OPERATIONS.get((left.kind, node.operator, right.kind))
        if operation is not None:
            return operation(left, right)
        if (left.kind, right.kind) in _LEFT_OUT or node.operator == "**":
            raise NotCompiled(f"{left.kind} {node.operator} {right.kind} has no columnar form")
        return NULL

    def comparison(self, node: nodes.Comparison) -> Value:
        """``left op right``."""
        return Typed("truth", _compared(node.operator, self.typed(node.left), self.typed(node.right)))

    def logic(self, node: nodes.Logic) -> Value:
        """``and``, ``or`` (tables 48, 49)."""
        parts = [self.truth(one) for one in node.operands]
        return Typed("truth", plan.either(*parts) if node.operator == "or" else plan.both(*parts))

    def between(self, node: nodes.Between) -> Value:
        """``value between low and high``."""
        value, low, high = self.typed(node.value), self.typed(node.low), self.typed(node.high)
        return Typed("truth", plan.both(ordered(">=", value, low), ordered("<=", value, high)))

    def contains(self, node: nodes.In) -> Value:
        """``value in tests``."""
        value = self.typed(node.value)
        return Typed("truth", self.tests(value, node.tests))

    def condition(self, node: nodes.If) -> Value:
        """``if``."""
        return choose(self.truth(node.condition), self.value(node.then), self.value(node.otherwise))

    def items(self, node: nodes.ListLiteral) -> Value:
        """``[a, b]``."""
        return Listed(tuple((self.typed(item), TRUE) for item in node.items))

    def filtered(self, node: nodes.Filter) -> Value:
        """``list[condition]`` of a list that is written out."""
        source = self.value(node.source)
        if not isinstance(source, Listed):
            raise NotCompiled("a filter of what is no written list")
        found = []
        for item, there in source.items:
            with self.within({"item": item}):
                condition = self.typed(node.condition)
            if condition.kind != "truth":
                raise NotCompiled("a filter that is no condition")
            found.append((item, plan.both(there, plan.is_true(condition.plan))))
        return Listed(tuple(found))

    def quantified(self, node: nodes.Quantified) -> Value:
        """``some`` and ``every`` over a list that is written out."""
        if len(node.iterators) != 1 or node.iterators[0].to is not None:
            raise NotCompiled("a quantifier over several lists or over a range")
        iterator = node.iterators[0]
        domain = self.value(iterator.domain)
        if not isinstance(domain, Listed):
            raise NotCompiled("a quantifier over what is no written list")
        some = node.quantifier == "some"
        parts = []
        for item, there in domain.items:
            with self.within({iterator.name: item}):
                held = self.truth(node.condition)
            parts.append(plan.both(there, held) if some else plan.either(plan.negate(there), held))
        return Typed("truth", plan.either(*parts) if some else plan.both(*parts))

    def path(self, node: nodes.Path) -> Value:
        """``date.year`` and its kin."""
        source = self.typed(node.source)
        if source.kind == "date" and node.name in _PARTS:
            return Typed("number", _PARTS[node.name](source.plan))
        raise NotCompiled(f"{node.name} of a {source.kind} has no columnar form")

    def call(self, node: nodes.Call) -> Value:
        """A function: of the model, else of the allow-list."""
        if not isinstance(node.function, nodes.Name):
            raise NotCompiled("a function is computed")
        if node.names is not None:
            raise NotCompiled(f"{node.function.name} is called with named arguments")
        arguments = [self.value(one) for one in node.arguments]
        name = node.function.name
        if name in self.names:
            return self._known(name, arguments)
        function = FUNCTIONS.get((name, len(arguments)))
        if function is None:
            raise NotCompiled(f"{name} with {len(arguments)} arguments is not among the functions with a columnar form")
        return function(arguments, self.doubts.append)

    def _known(self, name: str, arguments: list[Value]) -> Value:
        knowledge = self.names[name]
        if not isinstance(knowledge, Knowledge) or len(knowledge.parameters) != len(arguments):
            raise NotCompiled(f"{name} is no function of {len(arguments)} arguments")
        if self.depth >= _DEEPEST:
            raise NotCompiled(f"{name} calls itself")
        inner = Translator(
            {**knowledge.names, **dict(zip(knowledge.parameters, arguments, strict=True))}, self.doubts, self.depth + 1
        )
        return inner.value(knowledge.body)

    # ---- tests

    def tests(self, value: Typed, tests: tuple[Node, ...]) -> Plan:
        """The disjunction of tests on a value (table 55)."""
        constants = _plain_constants(value, tests)
        if constants is not None:
            return constants
        return plan.either(*(self._test(value, one) for one in tests))

    def unary(self, value: Typed, node: nodes.UnaryTests) -> Plan:
        """The cell of a decision table."""
        if not node.tests:
            return TRUE
        held = self.tests(value, node.tests)
        return plan.negate(held) if node.negated else held

    def _test(self, value: Typed, node: Node) -> Plan:
        if isinstance(node, nodes.UnaryTest):
            return _compared(node.operator, value, self.typed(node.operand))
        if isinstance(node, nodes.Interval):
            return self._interval(value, node)
        if not mentions_input(node):
            return _matched(value, self.value(node))
        with self.within({"?": value}):
            held = self.typed(node)
        return (
            held.plan if held.kind == "truth" else _matched(value, held) if held is not NULL else plan.nothing("truth")
        )

    def _interval(self, value: Typed, node: nodes.Interval) -> Plan:
        low, high = self.typed(node.low), self.typed(node.high)
        inside = plan.both(
            ordered(">=" if node.start_included else ">", value, low),
            ordered("<=" if node.end_included else "<", value, high),
        )
        if low.kind != high.kind or low.kind == "null":
            return plan.nothing("truth")
        if low.constant and high.constant:
            return inside
        open_end = plan.either(plan.is_null(low.plan), plan.is_null(high.plan))
        return plan.choose(open_end, plan.nothing("truth"), inside)


def _compared(symbol: str, left: Typed, right: Typed) -> Plan:
    if symbol == "=":
        return equal(left, right)
    return plan.negate(equal(left, right)) if symbol == "!=" else ordered(symbol, left, right)


def _matched(value: Typed, test: Value) -> Plan:
    """Whether a value is one of a list or equals another."""
    if isinstance(test, Listed):
        return plan.either(*(plan.both(there, plan.is_true(equal(value, item))) for item, there in test.items))
    if isinstance(test, Quotient):
        raise NotCompiled("a value is compared with an unrounded quotient")
    return equal(value, test)


def _plain_constants(value: Typed, tests: tuple[Node, ...]) -> Plan | None:
    """Many constants of the kind of the value as one test; nothing for other tests."""
    if len(tests) == 1 and isinstance(tests[0], nodes.ListLiteral):
        tests = tests[0].items
    found: list[object] = []
    for test in tests:
        known, one = constant_of(test)
        if not known or not isinstance(one, (str, Decimal)) or (isinstance(one, str) != (value.kind == "text")):
            return None
        if value.kind not in ("text", "number"):
            return None
        if isinstance(one, Decimal):
            scaled = Fraction(one) * 10**value.scale
            if scaled.denominator == 1 and abs(scaled) <= value.plan.bound:
                found.append(int(scaled))  # one of more digits than the column has equals none of its values
        else:
            found.append(one)
    if len(found) < 2:
        return None
    return plan.choose(plan.is_null(value.plan), FALSE, plan.among(value.plan, found))


# ---- arithmetic by kinds

_Operation = Callable[[Typed, Typed], Value]


def _number(op: Callable[[Plan, Plan], Plan]) -> _Operation:
    def operation(left: Typed, right: Typed) -> Value:
        a, b, scale = aligned(left, right)
        return Typed("number", op(a, b), scale)

    return operation


def _plain(kind: Kind, op: Callable[[Plan, Plan], Plan]) -> _Operation:
    return lambda left, right: Typed(kind, op(left.plan, right.plan))


def _multiplied(left: Typed, right: Typed) -> Value:
    return Typed("number", plan.multiply(left.plan, right.plan), left.scale + right.scale)


def _divided(left: Typed, right: Typed) -> Value:
    """By a constant whose inverse has an end exactly; else a quotient, which only rounding makes exact."""
    if right.constant and isinstance(right.plan.value, int):
        divisor = right.plan.value
        if not divisor:
            return NULL
        places = next((n for n in range(20) if 10**n % abs(divisor) == 0), None)
        if places is not None:
            factor = 10**places // abs(divisor) * (1 if divisor > 0 else -1) * 10**right.scale
            return Typed("number", plan.times(left.plan, factor), left.scale + places)
    return Quotient(plan.times(left.plan, 10**right.scale), plan.times(right.plan, 10**left.scale))


def _scaled(quotient: Quotient, factor: Typed) -> Value:
    if factor.kind != "number" or not factor.constant:
        raise NotCompiled("an unrounded quotient is multiplied")
    return Quotient(plan.multiply(quotient.above, factor.plan), plan.times(quotient.below, 10**factor.scale))


def _days_later(date: Typed, days: Typed) -> Value:
    """A date counts as its midnight; what remains of the day after adding is dropped (table 58)."""
    moved = plan.add(plan.times(date.plan, DAY), days.plan)
    return Typed("date", plan.floor_divide(moved, plan.whole(DAY)))


def _negative(value: Typed) -> Typed:
    return Typed(value.kind, whole.minus(value.plan), value.scale)


def _months_later(date: Typed, months: Typed) -> Value:
    return Typed("date", calendar.plus_months(date.plan, months.plan))


_OPERATIONS: dict[tuple[Kind, str, Kind], _Operation] = {
    ("number", "+", "number"): _number(plan.add),
    ("number", "-", "number"): _number(plan.subtract),
    ("number", "*", "number"): _multiplied,
    ("number", "/", "number"): _divided,
    ("text", "+", "text"): _plain("text", plan.join),
    ("date", "-", "date"): lambda a, b: Typed("days", plan.times(plan.subtract(a.plan, b.plan), DAY)),
    ("date", "+", "days"): _days_later,
    ("days", "+", "date"): lambda a, b: _days_later(b, a),
    ("date", "-", "days"): lambda a, b: _days_later(a, _negative(b)),
    ("date", "+", "months"): _months_later,
    ("months", "+", "date"): lambda a, b: _months_later(b, a),
    ("date", "-", "months"): lambda a, b: _months_later(a, _negative(b)),
    ("moment", "-", "moment"): _plain("days", plan.subtract),
    ("local moment", "-", "local moment"): _plain("days", plan.subtract),
    ("moment", "+", "days"): _plain("moment", plan.add),
    ("moment", "-", "days"): _plain("moment", plan.subtract),
    ("local moment", "+", "days"): _plain("local moment", plan.add),
    ("local moment", "-", "days"): _plain("local moment", plan.subtract),
    ("days", "+", "days"): _plain("days", plan.add),
    ("days", "-", "days"): _plain("days", plan.subtract),
    ("months", "+", "months"): _plain("months", plan.add),
    ("months", "-", "months"): _plain("months", plan.subtract),
}
_TEMPORAL: tuple[Kind, ...] = ("date", "moment", "local moment", "days", "months")
# Pairs FEEL may have an operation for that has no columnar form; all others give null.
_LEFT_OUT = {(a, b) for a in _TEMPORAL for b in (*_TEMPORAL, "number")} | {("number", b) for b in _TEMPORAL}
_PARTS: dict[str, Callable[[Plan], Plan]] = {
    "year": lambda date: calendar.part(date, "year"),
    "month": lambda date: calendar.part(date, "month"),
    "day": lambda date: calendar.part(date, "day"),
    "weekday": calendar.weekday,
}


def _words(node: Node) -> str:
    return {"For": "a loop", "ContextLiteral": "a context", "InstanceOf": "instance of"}.get(
        type(node).__name__, type(node).__name__
    )


_RULES: Mapping[type, Callable[[Translator, Any], Value]] = {
    nodes.Name: Translator.name,
    nodes.Negation: Translator.negation,
    nodes.Arithmetic: Translator.arithmetic,
    nodes.Comparison: Translator.comparison,
    nodes.Logic: Translator.logic,
    nodes.Between: Translator.between,
    nodes.In: Translator.contains,
    nodes.If: Translator.condition,
    nodes.ListLiteral: Translator.items,
    nodes.Filter: Translator.filtered,
    nodes.Quantified: Translator.quantified,
    nodes.Path: Translator.path,
    nodes.Call: Translator.call,
    nodes.InvalidLiteral: lambda translator, node: NULL,
}
