"""What a model remembers of a decision it is asked for again and again, so that asking is a look-up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyshore.dmn.compiled import NotFlat, Shape, known_by_rules, shape_of
from anyshore.dmn.elements import Decision
from anyshore.dmn.fast import MAX_VALUES, UNSEEN, copied, generate
from anyshore.dmn.index import members
from anyshore.dmn.linked import Linked
from anyshore.dmn.tables import Plan

OFTEN = 32
"""A decision asked for so many times is worth a memory."""


class Memory:
    """The values of a decision table by the rules that match, for inputs of which there is nothing to report.

    Args:
        shape: the flat form of the decision.

    Attributes:
        recall: from the inputs to the value; ``UNSEEN`` where it is not remembered.
    """

    __slots__ = ("_flat", "_shape", "recall")

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._flat = generate(
            shape.columns, shape.names, len(shape.table.rules), _unseen, positional=False, copy=shape.copy, quiet=True
        )
        self.recall = self._flat.call

    def learn(self, inputs: Mapping[str, object], value: object) -> None:
        """Keeps a value that was decided without a problem, if the rules that match are all that decided it."""
        try:
            key = self._flat.key(inputs)
            rules = members(self._flat.rules(key)) if type(key) is int else None
        except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError):
            return
        values: Any = self._flat.values
        if rules is None or (isinstance(values, dict) and len(values) >= MAX_VALUES):
            return
        if known_by_rules(self._shape, rules):
            values[key] = copied(value)


def _unseen(*_: object) -> object:
    return UNSEEN


def memory_of(decision: Decision, linked: Linked, plan: Plan) -> Memory | None:
    """A memory for a decision; None where more than its own columns can have a say in what it answers."""
    try:
        shape = shape_of(decision, linked, plan)
    except NotFlat:
        return None
    required = len(decision.required_inputs) + len(decision.required_decisions) + len(decision.required_knowledge)
    if required != len(shape.names) or any(column.kind is None for column in shape.columns):
        return None  # of what no column looks at there may be something to report
    return Memory(shape)
