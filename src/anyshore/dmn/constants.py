"""Which FEEL expressions are constants, and their values."""

from __future__ import annotations

from decimal import Decimal

from anyshore import feel
from anyshore.base.decimals import CONTEXT
from anyshore.feel import nodes

# Conversions FEEL counts as constants; a model may give their names to something else.
CONVERSIONS = frozenset({"date", "time", "date and time", "duration", "number"})


def constant_of(node: nodes.Node) -> tuple[bool, object]:
    """Whether a node is a constant, and its value: as :func:`anyshore.feel.constant`, and signs before numbers."""
    if isinstance(node, nodes.Negation) and isinstance(node.operand, nodes.Literal):
        value = node.operand.value
        return (True, CONTEXT.minus(value)) if isinstance(value, Decimal) else (False, None)
    return feel.constant(node)


def scalar(compiled: object) -> tuple[bool, object]:
    """Whether a compiled expression is a constant that cannot change, and its value."""
    if not isinstance(compiled, feel.Expression) or compiled.free_names & CONVERSIONS:
        return False, None
    known, value = constant_of(compiled.tree)
    return (False, None) if isinstance(value, (list, dict)) else (known, value)
