"""Which type an expression has, as far as it can be told without running it: `ANY` where it cannot.

For checkers of models: a decision whose logic surely is no number, a name nobody defines. Source: DMN 1.5, 10.3.2.9.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from anyshore.feel import nodes
from anyshore.feel.builtins.table import BUILTINS
from anyshore.feel.nodes import Node
from anyshore.feel.signatures import BuiltinFunction
from anyshore.feel.types import (
    ANY,
    ANY_CONTEXT,
    BOOLEAN,
    DATE,
    DATE_AND_TIME,
    DAYS_DURATION,
    MONTHS_DURATION,
    NULL,
    NUMBER,
    STRING,
    TIME,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    RangeType,
    context_type,
    function_type,
    join,
    join_all,
    resolve,
    type_of,
)

Names = Mapping[str, FeelType]
_NO_TYPES: Names = MappingProxyType({})

_SUMS: Mapping[tuple[FeelType, FeelType], FeelType] = {
    (NUMBER, NUMBER): NUMBER, (STRING, STRING): STRING, (DAYS_DURATION, DAYS_DURATION): DAYS_DURATION,
    (MONTHS_DURATION, MONTHS_DURATION): MONTHS_DURATION, (DATE, DAYS_DURATION): DATE, (DATE, MONTHS_DURATION): DATE,
    (DATE_AND_TIME, DAYS_DURATION): DATE_AND_TIME, (DATE_AND_TIME, MONTHS_DURATION): DATE_AND_TIME,
    (TIME, DAYS_DURATION): TIME,
}  # fmt: skip
_POINTS = frozenset((DATE, DATE_AND_TIME))
_PROPERTIES: Mapping[FeelType, Mapping[str, FeelType]] = {
    DATE: dict.fromkeys(("year", "month", "day", "weekday"), NUMBER),
    TIME: {**dict.fromkeys(("hour", "minute", "second"), NUMBER), "time offset": DAYS_DURATION, "timezone": STRING},
    DAYS_DURATION: dict.fromkeys(("days", "hours", "minutes", "seconds"), NUMBER),
    MONTHS_DURATION: dict.fromkeys(("years", "months"), NUMBER),
}


def infer(tree: Node, names: Names, *, types: Names = _NO_TYPES) -> FeelType:
    """The type of an expression's tree.

    Args:
        tree: `Expression.tree`.
        names: the types of its variables.
        types: the types the model defines, by name.
    """
    return _Inference(names, types).of(tree)


class _Inference:
    __slots__ = ("names", "types")

    def __init__(self, names: Names, types: Names) -> None:
        self.names, self.types = names, types

    def of(self, node: Node) -> FeelType:
        rule = _RULES.get(type(node))
        return rule(self, node) if rule is not None else ANY

    def within(self, names: Names) -> _Inference:
        """The same, with further names around."""
        return _Inference({**self.names, **names}, self.types)

    def name(self, node: nodes.Name) -> FeelType:
        known = self.names.get(node.name)
        if known is not None:
            return known
        builtin = BUILTINS.get(node.name)
        return ANY if builtin is None else function_type(builtin)

    def negation(self, node: nodes.Negation) -> FeelType:
        return self.of(node.operand)

    def arithmetic(self, node: nodes.Arithmetic) -> FeelType:
        left, right = self.of(node.left), self.of(node.right)
        match node.operator:
            case "+":
                return _SUMS.get((left, right)) or _SUMS.get((right, left), ANY)
            case "-":
                if (left in _POINTS and right in _POINTS) or left is right is TIME:
                    return DAYS_DURATION
                return ANY if left is STRING else _SUMS.get((left, right), ANY)
            case "**":
                return NUMBER
        durations = [one for one in (left, right) if one in (DAYS_DURATION, MONTHS_DURATION)]
        if len(durations) == 1 and NUMBER in (left, right):
            return durations[0]
        return NUMBER if durations or left is right is NUMBER else ANY

    def truth(self, node: Node) -> FeelType:
        return BOOLEAN

    def path(self, node: nodes.Path) -> FeelType:
        return self.member(self.of(node.source), node.name)

    def member(self, source: FeelType, name: str) -> FeelType:
        if isinstance(source, ListType):
            return ListType(self.member(source.element, name))
        if isinstance(source, ContextType):
            return source.entry(name) or ANY
        if isinstance(source, RangeType):
            return source.of if name in ("start", "end") else BOOLEAN
        if source is DATE_AND_TIME:
            return _PROPERTIES[DATE].get(name) or _PROPERTIES[TIME].get(name, ANY)
        return _PROPERTIES.get(source, {}).get(name, ANY)

    def filtered(self, node: nodes.Filter) -> FeelType:
        source = self.of(node.source)
        element = source.element if isinstance(source, ListType) else source
        members = dict(element.entries) if isinstance(element, ContextType) else {}
        condition = self.within({"item": element, **members}).of(node.condition)
        if condition is NUMBER:
            return element
        return ListType(element) if condition is BOOLEAN else ANY

    def call(self, node: nodes.Call) -> FeelType:
        if isinstance(node.function, nodes.Name) and node.function.name not in self.names:
            builtin = BUILTINS.get(node.function.name)
            return ANY if builtin is None else self.builtin(builtin, node)
        kind = self.of(node.function)
        return kind.result if isinstance(kind, FunctionType) else ANY

    def builtin(self, function: BuiltinFunction, node: nodes.Call) -> FeelType:
        rows = [row for row in function.rows if row.takes(len(node.arguments), node.names)]
        return join_all(row.result for row in rows) if rows else NULL

    def choice(self, node: nodes.If) -> FeelType:
        return join(self.of(node.then), self.of(node.otherwise))

    def loop(self, node: nodes.For) -> FeelType:
        inner = self.within({"partial": ListType(ANY)})
        for one in node.iterators:
            inner = inner.within({one.name: inner.turn(one)})
        return ListType(inner.of(node.result))

    def turn(self, iterator: nodes.Iterator) -> FeelType:
        domain = self.of(iterator.domain)
        if iterator.to is not None:
            return domain
        if isinstance(domain, ListType):
            return domain.element
        return domain.of if isinstance(domain, RangeType) else domain

    def items(self, node: nodes.ListLiteral) -> FeelType:
        return ListType(join_all(self.of(item) for item in node.items))

    def context(self, node: nodes.ContextLiteral) -> FeelType:
        inner = self
        entries: list[tuple[str, FeelType]] = []
        for entry in node.entries:
            kind = inner.of(entry.value)
            entries.append((entry.key, kind))
            inner = inner.within({entry.key: kind})
        return context_type(dict(entries)) if entries else ANY_CONTEXT

    def interval(self, node: nodes.Interval) -> FeelType:
        low = self.of(node.low)
        return RangeType(self.of(node.high) if low is NULL else low)

    def one_ended(self, node: nodes.UnaryTest) -> FeelType:
        return RangeType(self.of(node.operand))

    def function(self, node: nodes.FunctionDefinition) -> FeelType:
        parameters = {one.name: self.resolved(one.type) for one in node.parameters}
        result = ANY if node.external else self.within(parameters).of(node.body)
        return FunctionType(tuple(parameters.values()), result)

    def resolved(self, kind: FeelType) -> FeelType:
        try:
            return resolve(kind, self.types)
        except KeyError:
            return ANY


_RULES: Mapping[type, Callable[[_Inference, Any], FeelType]] = {
    nodes.Literal: lambda inference, node: type_of(node.value),
    nodes.InvalidLiteral: lambda inference, node: NULL,
    nodes.Name: _Inference.name,
    nodes.Negation: _Inference.negation,
    nodes.Arithmetic: _Inference.arithmetic,
    nodes.Comparison: _Inference.truth,
    nodes.Logic: _Inference.truth,
    nodes.Between: _Inference.truth,
    nodes.In: _Inference.truth,
    nodes.InstanceOf: _Inference.truth,
    nodes.Quantified: _Inference.truth,
    nodes.UnaryTests: _Inference.truth,
    nodes.Path: _Inference.path,
    nodes.Filter: _Inference.filtered,
    nodes.Call: _Inference.call,
    nodes.If: _Inference.choice,
    nodes.For: _Inference.loop,
    nodes.ListLiteral: _Inference.items,
    nodes.ContextLiteral: _Inference.context,
    nodes.Interval: _Inference.interval,
    nodes.UnaryTest: _Inference.one_ended,
    nodes.FunctionDefinition: _Inference.function,
}
