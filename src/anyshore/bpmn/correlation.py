"""How a message finds the instance it is meant for. Source: BPMN 2.0.2, 8.4.2 (Correlation)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from anyshore.bpmn import expressions
from anyshore.kernel import nodes
from anyshore.kernel.state import ROOT
from anyshore.kernel.turn import Turn

if TYPE_CHECKING:
    from anyshore.feel import Expression


@dataclass(slots=True)
class Property:
    """A correlation property as one message and one process see it.

    Attributes:
        name: its name.
        message_path: reads it from the data of the message.
        data_path: reads it from the variables of the process (context-based correlation).
    """

    name: str
    message_path: Expression | None = None
    data_path: Expression | None = None


@dataclass(slots=True)
class Correlation:
    """The key of a message: our own expression, or the correlation properties of the model.

    Attributes:
        expression: over the process variables.
        properties: of the model.
    """

    expression: Expression | None = None
    properties: tuple[Property, ...] = ()


def awaited_key(turn: Turn, correlation: Correlation | None, view: Mapping[str, Any]) -> str | None:
    """The key that a waiting instance expects; None takes any message of the name."""
    if correlation is None:
        return None
    if correlation.expression is not None:
        return expressions.key_text(expressions.evaluate(turn, correlation.expression, view))
    stored = turn.state.nodes[ROOT].private if ROOT in turn.state.nodes else {}
    parts: list[Any] = []
    for wanted in correlation.properties:
        if wanted.data_path is not None:
            parts.append(expressions.evaluate(turn, wanted.data_path, view))
        else:
            parts.append(stored.get(f"key:{wanted.name}"))
    return _join(parts)


def key_of(turn: Turn, correlation: Correlation | None, view: Mapping[str, Any], data: Mapping[str, Any]) -> str | None:
    """The key that an outgoing message carries."""
    if correlation is None:
        return None
    if correlation.expression is not None:
        return expressions.key_text(expressions.evaluate(turn, correlation.expression, view))
    return _join([found for _, found in _values(turn, correlation, data)])


def learn(turn: Turn, correlation: Correlation | None, data: Mapping[str, Any]) -> None:
    """Keeps the key of the first message sent or received: it identifies the conversation from then on."""
    if correlation is None or not correlation.properties or ROOT not in turn.state.nodes:
        return
    stored = turn.state.nodes[ROOT].private
    for name, found in _values(turn, correlation, data):
        if found is not None and f"key:{name}" not in stored:
            nodes.note(turn, ROOT, f"key:{name}", found)


def _values(turn: Turn, correlation: Correlation, data: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [
        (wanted.name, expressions.evaluate(turn, wanted.message_path, data))
        for wanted in correlation.properties
        if wanted.message_path is not None
    ]


def _join(parts: list[Any]) -> str | None:
    texts = [expressions.key_text(part) for part in parts]
    if not texts or any(text is None for text in texts):
        return None
    return "|".join(text for text in texts if text is not None)
