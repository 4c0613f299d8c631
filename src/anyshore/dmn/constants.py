"""Which FEEL expressions are constants, and their values."""

from __future__ import annotations

from decimal import Decimal

from anyshore import feel
from anyshore.base.errors import DefinitionError
from anyshore.feel import nodes

# Conversions whose value rests on their arguments alone.
_PURE = frozenset({"date", "duration"})


def constant_of(node: nodes.Node) -> tuple[bool, object]:
    """Whether a node is a constant, and its value: literals, signs before them, ``date("…")`` and ``duration("…")``.

    A name that hides one of these functions would make them something else; the compiler of a table therefore has to
    leave such tables to FEEL. Models that name an input ``date`` are thus only slower, not wrong.
    """
    match node:
        case nodes.Literal(value=value):
            return True, value
        case nodes.Negation(operand=nodes.Literal(value=value)) if isinstance(value, Decimal):
            return True, -value
        case nodes.Call(function=nodes.Name(name=name), arguments=(nodes.Literal(value=str() as text),), names=None):
            if name in _PURE:
                return _call(name, text)
    return False, None


def _call(name: str, text: str) -> tuple[bool, object]:
    try:
        value = feel.compile(f"{name}({feel.format(text)})").evaluate({})
    except DefinitionError:
        return False, None
    return value is not None, value
