"""How data goes into an element and out of it: data associations and our own input and output mappings.

Source: BPMN 2.0.2, 10.4 (Items and Data). A data object, property, data input or data output is a variable of its name.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from anyshore.bpmn import expressions
from anyshore.kernel import scopes
from anyshore.kernel.turn import Turn

if TYPE_CHECKING:
    from anyshore.feel import Expression

ABOUT_ERRORS = frozenset({"errorCode", "errorMessage", "escalationCode"})
"""What a catching event can map besides the data that came with the error or escalation."""

CONDITIONS = ("conditions", None)
"""The task that looks at every condition that is waited for."""


@dataclass(slots=True)
class Association:
    """A data association.

    Attributes:
        sources: names of the variables it reads.
        target: name of the variable it writes.
        transformation: computes the value from the sources; None copies the first.
        assignments: value and dotted path below the target of every assignment.
    """

    sources: tuple[str, ...]
    target: str
    transformation: Expression | None = None
    assignments: tuple[tuple[Expression, tuple[str, ...]], ...] = ()


@dataclass(slots=True)
class DataMapping:
    """What an element reads and writes.

    Attributes:
        inputs: our own input mapping: name and expression.
        outputs: our own output mapping: variable and expression over the results.
        result: variable for a single result (script, decision).
        reads: data input associations.
        writes: data output associations.
        produced: names of the data outputs.
        input_sets: required data inputs of every input set.
        all_inputs: whether it is given all variables, besides what it reads.
        all_outputs: whether all its results become variables, besides what it writes.
    """

    inputs: tuple[tuple[str, Expression], ...] = ()
    outputs: tuple[tuple[str, Expression], ...] = ()
    result: str | None = None
    reads: tuple[Association, ...] = ()
    writes: tuple[Association, ...] = ()
    produced: tuple[str, ...] = ()
    input_sets: tuple[tuple[str, ...], ...] = ()
    all_inputs: bool = False
    all_outputs: bool = False

    @property
    def only_result(self) -> str | None:
        """The variable of a single result, where nothing else is read or written."""
        return None if self.outputs or self.writes or self.inputs or self.reads else self.result


NOTHING = DataMapping()


def overlay(front: Mapping[str, Any], view: Mapping[str, Any]) -> Mapping[str, Any]:
    """Names of ``front`` before those of ``view``, for reading only."""
    # ChainMap writes to its first mapping only, and nobody writes here.
    return ChainMap(cast(dict[str, Any], front), cast(dict[str, Any], view))


def put(turn: Turn, scope: int, name: str, value: Any) -> None:
    """Sets a variable where it is declared, seen from a scope."""
    scopes.write(turn, scope, name, value)
    if turn.definition.watches:
        watch(turn)


def declare(turn: Turn, scope: int, name: str, value: Any) -> None:
    """Sets a variable of exactly this scope."""
    scopes.declare(turn, scope, name, value)
    watch(turn)


def put_all(turn: Turn, scope: int, values: Mapping[str, Any]) -> None:
    """Sets several variables."""
    for name, value in values.items():
        scopes.write(turn, scope, name, value)
    if values:
        watch(turn)


def watch(turn: Turn) -> None:
    """Has the conditions looked at before the next step, because a variable changed."""
    agenda = turn.agenda
    if turn.definition.watches and not (agenda and agenda[0] is CONDITIONS):
        agenda.appendleft(CONDITIONS)


def inputs(turn: Turn, data: DataMapping, view: Mapping[str, Any]) -> dict[str, Any]:
    """What an element is given: its input mapping and data inputs."""
    found = {name: expressions.evaluate(turn, expression, view) for name, expression in data.inputs}
    for association in data.reads:
        _associate(turn, association, view, found)
    return found


def available(data: DataMapping, given: Mapping[str, Any]) -> bool:
    """Whether one of the input sets has all it requires (BPMN 2.0.2, 13.3.2)."""
    return not data.input_sets or any(
        all(given.get(name) is not None for name in required) for required in data.input_sets
    )


def outputs(turn: Turn, data: DataMapping, results: Mapping[str, Any], view: Mapping[str, Any]) -> dict[str, Any]:
    """The variables to set from the results of an element."""
    if data.outputs:
        seen = overlay(results, view)
        mapped = {name: expressions.evaluate(turn, expression, seen) for name, expression in data.outputs}
        return {**results, **mapped} if data.all_outputs else mapped
    results = {name: value for name, value in results.items() if name not in ABOUT_ERRORS}
    if not data.writes:
        return dict(results)
    given = _produced(data, results)
    found = {name: value for name, value in results.items() if name not in given} if _named(data, results) else {}
    seen = overlay(given, view)
    for association in data.writes:
        _associate(turn, association, seen, found)
    return found


def _named(data: DataMapping, results: Mapping[str, Any]) -> bool:
    return any(name in results for name in data.produced)


def _produced(data: DataMapping, results: Mapping[str, Any]) -> dict[str, Any]:
    """The data outputs. A single one without a result of its name takes the whole result."""
    if len(data.produced) == 1 and results and not _named(data, results):
        whole = next(iter(results.values())) if len(results) == 1 else dict(results)
        return {data.produced[0]: expressions.bounded(whole)}
    return {name: results[name] for name in data.produced if name in results}


def _associate(turn: Turn, association: Association, view: Mapping[str, Any], found: dict[str, Any]) -> None:
    if association.transformation is not None:
        found[association.target] = expressions.evaluate(turn, association.transformation, view)
    elif association.sources:
        found[association.target] = view.get(association.sources[0])
    for expression, path in association.assignments:
        value = expressions.evaluate(turn, expression, view)
        old = found.get(association.target, view.get(association.target))
        found[association.target] = expressions.bounded(_with(old, path, value))


def _with(old: Any, path: tuple[str, ...], value: Any) -> Any:
    """A context with the value at a path; the old one is left as it is."""
    if not path:
        return value
    context = dict(old) if isinstance(old, dict) else {}
    context[path[0]] = _with(context.get(path[0]), path[1:], value)
    return context
