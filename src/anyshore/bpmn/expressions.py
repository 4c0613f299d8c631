"""The one door to FEEL: compiling what a model holds and evaluating it inside a turn."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from anyshore import feel
from anyshore.base import sizes
from anyshore.base.errors import AnyshoreError, Diagnostic
from anyshore.base.locations import Location
from anyshore.feel import Expression
from anyshore.feel.run import Limits
from anyshore.kernel.state import ROOT
from anyshore.kernel.turn import Turn, WorkFailed

_VARIABLE = Limits(value=sizes.PAYLOAD)
"""What an expression may use whose value becomes a variable."""


def compile_text(text: str, names: tuple[str, ...], location: Location) -> Expression:
    """A FEEL expression; a leading ``=``, as some modellers write it, is dropped.

    Raises:
        FeelError: the text is no expression.
    """
    text = text.strip()
    return feel.compile(text[1:] if text.startswith("=") else text, names=names, location=location)


def evaluate(turn: Turn, expression: Expression, variables: Mapping[str, Any]) -> Any:
    """The value of an expression at the command's time; null where FEEL says null.

    Raises:
        WorkFailed: on the root: the expression broke its budget, or its value is too large for a variable.
    """
    try:
        return expression.evaluate(variables, now=turn.now, zone=turn.zone, limits=_VARIABLE)
    except AnyshoreError as problem:
        raise WorkFailed(ROOT, problem.code, problem.message, problem.location, problem.hint) from problem


def bounded(value: Any, node: int = ROOT, place: Location | None = None) -> Any:
    """A value that was put together from others, where it is no larger than a variable may be.

    Raises:
        WorkFailed: on ``node``: it is too large.
    """
    try:
        sizes.check(value)
    except AnyshoreError as problem:
        raise WorkFailed(node, problem.code, problem.message, place, problem.hint) from problem
    return value


def value(turn: Turn, expression: Expression, variables: Mapping[str, Any], node: int, place: Location) -> Any:
    """The value of an expression that must not fail.

    A null that comes with a reason (an unknown name, a division by zero) is a failure; a plain null is a value.

    Raises:
        WorkFailed: on ``node``.
    """
    try:
        found = expression.evaluate(variables, now=turn.now, zone=turn.zone, limits=_VARIABLE)
        if found is not None:
            return found
        reasons: list[Diagnostic] = []
        found = expression.evaluate(variables, now=turn.now, zone=turn.zone, diagnostics=reasons)
    except AnyshoreError as problem:
        raise WorkFailed(node, problem.code, problem.message, place, problem.hint) from problem
    if reasons:
        raise WorkFailed(node, "bpmn.expression-failed", _because(expression, reasons), place, _REPAIR)
    return found


_REPAIR = "Correct the variables and retry, or correct the model and migrate."


def holds(turn: Turn, expression: Expression, variables: Mapping[str, Any], node: int, place: Location) -> bool:
    """Whether a condition holds.

    Raises:
        WorkFailed: on ``node``: the condition is neither true nor false, so that no path is right.
    """
    found = value(turn, expression, variables, node, place)
    if found is True or found is False:
        return found is True
    message = f"The condition gave {feel.format(found)}, neither true nor false."
    raise WorkFailed(node, "bpmn.condition-not-boolean", message, place, _REPAIR)


def is_true(turn: Turn, expression: Expression, variables: Mapping[str, Any]) -> bool:
    """Whether a condition that is waited for has become true; null is not yet."""
    try:
        return expression.evaluate(variables, now=turn.now, zone=turn.zone) is True
    except AnyshoreError:
        # It cannot be decided with the variables there are; it is asked again when one changes.
        return False


MOST_INSTANCES = 1_000_000
"""Most instances of a multi-instance activity."""


def count(turn: Turn, expression: Expression, variables: Mapping[str, Any], node: int, place: Location) -> int:
    """A number of instances.

    Raises:
        WorkFailed: on ``node``: the value is no whole number from 0, or one that the memory cannot hold.
    """
    found = value(turn, expression, variables, node, place)
    if isinstance(found, Decimal) and 0 <= found <= MOST_INSTANCES and found == found.to_integral_value():
        return int(found)
    message = f"{feel.format(found)} is no number of instances from 0 to {MOST_INSTANCES:,}."
    raise WorkFailed(node, "bpmn.bad-cardinality", message, place, _REPAIR)


def key_text(found: Any) -> str | None:
    """A value as a correlation key; None where there is no value."""
    if found is None or isinstance(found, str):
        return found
    return feel.format(found)


def _because(expression: Expression, reasons: list[Diagnostic]) -> str:
    return "; ".join(dict.fromkeys(reason.message for reason in reasons))
