"""FEEL at the border of the case engine: compiling, and judging a condition for a node of a live case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from anyshore import feel
from anyshore.base import sizes
from anyshore.base.errors import AnyshoreError
from anyshore.base.locations import Location
from anyshore.kernel.state import INCIDENT
from anyshore.kernel.turn import SETTLE, Turn, WorkFailed, open_incident


class Compiled(Protocol):
    """What the engine asks of an expression."""

    @property
    def free_names(self) -> frozenset[str]:
        """The variables it reads."""

    def evaluate(self, variables: Mapping[str, object], *, now: int | None = None, zone: str = "UTC") -> object:
        """Its value."""


def compile_text(text: str, location: Location | None, names: Iterable[str]) -> Compiled:
    """A FEEL text made ready.

    Raises:
        FeelError: it cannot be read; the place is within the file.
    """
    expression: Compiled = feel.compile(text, names=tuple(names), location=location)
    return expression


def value(turn: Turn, node: int, expression: Compiled, variables: Mapping[str, Any]) -> Any:
    """The value of an expression for a node.

    Raises:
        WorkFailed: it broke FEEL's budget, or its value is too large for a variable.
    """
    try:
        found = expression.evaluate(variables, now=turn.now, zone=turn.zone)
        sizes.check(found)
        return found
    except AnyshoreError as problem:
        raise WorkFailed(node, problem.code, problem.message, problem.location, problem.hint) from problem


def judge(turn: Turn, node: int, expression: Compiled, variables: Mapping[str, Any]) -> bool:
    """Whether a condition is true for a node; only ``true`` counts.

    A condition that fails becomes an incident on the node, once, and counts as not true until someone retries.
    """
    try:
        return value(turn, node, expression, variables) is True
    except WorkFailed as failure:
        look_again_later(turn, failure)
        return False


def look_again_later(turn: Turn, failure: WorkFailed) -> None:
    """Makes what failed while a node was looked at an incident of it, once; a retry has it looked at again."""
    waits = turn.state.waits
    known = (waits[wait] for wait in turn.state.owned.get(failure.node, ()))
    if not any(wait.kind == INCIDENT and wait.name == failure.code for wait in known):
        open_incident(turn, failure, [(SETTLE, failure.node)])
