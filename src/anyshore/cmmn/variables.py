"""Writing variables of a case, so that the conditions that read them and the case file hear of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyshore.base import sizes
from anyshore.base.errors import CommandRejected, TooLargeError
from anyshore.cmmn import files, moves
from anyshore.cmmn.definition import Binding
from anyshore.cmmn.desk import desk
from anyshore.cmmn.expressions import value
from anyshore.cmmn.model import CaseFileItem
from anyshore.kernel import scopes
from anyshore.kernel.state import ROOT
from anyshore.kernel.turn import Turn


def write(turn: Turn, scope: int, values: Mapping[str, Any]) -> None:
    """Sets variables as seen from a node; a variable that is a case file item makes its transition (8.3)."""
    documents = turn.definition.documents
    before = {name: scopes.lookup(turn.state, scope, name) for name in values if name in documents}
    for name, content in values.items():
        scopes.write(turn, scope, name, content)
        notice(turn, name)
    for name, old in before.items():
        files.changed(turn, documents[name], old, values[name])


def notice(turn: Turn, name: str) -> None:
    """Has every criterion that reads a variable looked at again."""
    for element in turn.definition.asked_by.get(name, ()):
        for node in desk(turn).of(element):
            turn.changed[node] = None


def computed(turn: Turn, node: int, bindings: tuple[Binding, ...]) -> dict[str, Any]:
    """The inputs of a task: each computed, or taken from the case file item it is bound to."""
    found: dict[str, Any] = {}
    for binding in bindings:
        if binding.expression is not None:
            seen = moves.view(turn, node, binding.expression)
            found[binding.name] = value(turn, node, binding.expression, seen)
        else:
            found[binding.name] = scopes.lookup(turn.state, node, binding.variable or binding.name)
    return found


def returned(turn: Turn, node: int, bindings: tuple[Binding, ...], result: Mapping[str, Any]) -> dict[str, Any]:
    """What a task's result writes to the case: all of it, or what its outputs make of it.

    An output's expression sees the result, and the case behind it.
    """
    if not bindings:
        return dict(result)
    found: dict[str, Any] = {}
    for binding in bindings:
        name = binding.variable or binding.name
        if binding.expression is not None:
            seen = {**moves.view(turn, node, binding.expression), **result}
            found[name] = value(turn, node, binding.expression, seen)
        elif binding.name in result:
            found[name] = result[binding.name]
    return found


def put(turn: Turn, item: CaseFileItem, content: Any, event: str) -> None:
    """Sets the content of a case file item by a named transition.

    One of many instances is added to their list, or taken from it; deleting without saying which takes all.

    Raises:
        CommandRejected: the list of them becomes too large.
    """
    current = scopes.lookup(turn.state, ROOT, item.variable)
    if item.many and event == "create":
        content = [*(current or []), content]
    elif event == "delete":
        content = [one for one in current or [] if one != content] if item.many and content is not None else None
    try:
        sizes.check(content, what=f"The case file item {item.variable}")
    except TooLargeError as problem:
        raise CommandRejected(problem.code, problem.message, hint=problem.hint) from None
    scopes.write(turn, ROOT, item.variable, content)
    notice(turn, item.variable)
    files.tell(turn, item, event)


def complete_case(turn: Turn, given: Mapping[str, Any]) -> None:
    """Ends the case as it should: computes its outputs for whoever called it, then completes the plan (5.2).

    Args:
        turn: the turn.
        given: written with it.

    Raises:
        WorkFailed: an output cannot be computed; nothing was changed.
    """
    results: dict[str, Any] = {}
    for binding in turn.definition.outputs:
        if binding.expression is not None:
            seen = {**moves.view(turn, ROOT, binding.expression), **given}
            results[binding.name] = value(turn, ROOT, binding.expression, seen)
        elif binding.variable is not None:
            results[binding.name] = given.get(binding.variable, scopes.lookup(turn.state, ROOT, binding.variable))
    write(turn, ROOT, given)
    for name, result in results.items():
        scopes.declare(turn, ROOT, name, result)
    moves.end(turn, ROOT, "complete")
