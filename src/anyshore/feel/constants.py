"""Which parts of a tree have a value that never changes: for indexes of decision tables, and to work it out once."""

from __future__ import annotations

from decimal import Decimal

from anyshore.base.errors import FeelError
from anyshore.feel import nodes
from anyshore.feel.builtins.table import BUILTINS
from anyshore.feel.comparison import order
from anyshore.feel.nodes import Node
from anyshore.feel.run import Run
from anyshore.feel.signatures import choose
from anyshore.feel.values import Range

_CONVERSIONS = frozenset(("date", "time", "date and time", "duration", "number"))


def constant(node: Node) -> tuple[bool, object]:
    """Whether a node is a constant, and its value.

    Literals, conversions of literals such as ``date("2026-01-01")``, and lists and ranges of constants are. A
    conversion that fails is not: it is null for a reason that is told when it runs. That the conversions are called
    by names a model may give to something else is the caller's to know.
    """
    match node:
        case nodes.Literal(value=value):
            return True, value
        case nodes.Call(function=nodes.Name(name=name), arguments=arguments, names=names) if name in _CONVERSIONS:
            return _converted(name, arguments, names)
        case nodes.ListLiteral(items=items):
            values = [constant(item) for item in items]
            return (True, [value for _, value in values]) if all(known for known, _ in values) else (False, None)
        case nodes.Interval():
            return _range(node)
        case nodes.UnaryTest(operator=operator, operand=operand):
            known, value = constant(operand)
            return (True, Range.by_operator(operator, value)) if known else (False, None)
    return False, None


def _converted(name: str, arguments: tuple[Node, ...], names: tuple[str, ...] | None) -> tuple[bool, object]:
    values = [argument.value for argument in arguments if isinstance(argument, nodes.Literal)]
    if len(values) != len(arguments) or not all(isinstance(value, (str, Decimal)) for value in values):
        return False, None
    function = BUILTINS[name]
    rows, problem = choose(function, len(values), names)
    if problem:
        return False, None
    try:
        value = function.invoke(Run(), rows, values, names)
    except FeelError:
        return False, None
    return value is not None, value


def _range(node: nodes.Interval) -> tuple[bool, object]:
    known_low, low = constant(node.low)
    known_high, high = constant(node.high)
    one = high if low is None else low
    sign = order(one, one) if low is None or high is None else order(low, high)
    if not (known_low and known_high) or sign is None or sign > 0:
        return False, None
    return True, Range(low, high, node.start_included, node.end_included)
