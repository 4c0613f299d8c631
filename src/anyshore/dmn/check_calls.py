"""Calls of built-in functions that an input or a decision of the same name hides (DMN 1.5, 10.3.2.11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from anyshore import feel
from anyshore.base.errors import Diagnostic
from anyshore.dmn.expressions import Compiled
from anyshore.feel import nodes
from anyshore.feel.builtins.table import BUILTINS
from anyshore.feel.origin import Origin
from anyshore.feel.types import ANY, ANY_FUNCTION, FeelType, FunctionType

_TEMPORAL = frozenset(("date", "time", "date and time", "duration"))


def hidden(compiled: Compiled | None, names: Mapping[str, FeelType], given: frozenset[str]) -> Iterator[Diagnostic]:
    """Calls that give null, because what has the name of the function here is a value.

    Args:
        compiled: an expression or the tests of a cell.
        names: the types of the names in scope.
        given: those of them that are input data, which are never functions, whatever type they do not declare.
    """
    if not isinstance(compiled, feel.Expression):
        return
    for called in _called(compiled.tree):
        kind = names.get(called.name)
        if kind is None or called.name not in BUILTINS or isinstance(kind, FunctionType) or kind is ANY_FUNCTION:
            continue
        if kind is ANY and called.name not in given:
            continue
        place = Origin(compiled.source, compiled.location).locate(called.start)
        message = f"{called.name} is a value here and no function, so that the call is null."
        other = 'write a literal such as @"2026-12-31", or ' if called.name in _TEMPORAL else ""
        hint = f"A variable stands before the built-in function of its name (10.3.2.11): {other}rename the variable."
        yield Diagnostic("dmn.hidden-function", message, place, hint)


def _called(tree: nodes.Node) -> Iterator[nodes.Name]:
    """The names that are called, but where a function's parameter or an entry may have the name."""
    pending: list[object] = [tree]
    while pending:
        one = pending.pop()
        if isinstance(one, (nodes.FunctionDefinition, nodes.ContextLiteral)):
            continue
        if isinstance(one, nodes.Call) and isinstance(one.function, nodes.Name):
            yield one.function
        if isinstance(one, nodes.Node):
            pending += [getattr(one, name) for name in one.__slots__]
        elif isinstance(one, tuple):
            pending += one
