"""Moving a running process to another version of its definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from anyshore.base.errors import CommandRejected, Diagnostic
from anyshore.bpmn import fitting, rehearing, subscriptions
from anyshore.bpmn.model import Activity, Event, Loop, Process, Scope
from anyshore.bpmn.records import TOKENS, Arrived, Cleared
from anyshore.kernel import migration, nodes, waits
from anyshore.kernel.commands import Migrate
from anyshore.kernel.state import INCIDENT, ROOT, Node, State
from anyshore.kernel.turn import Turn, WorkFailed

_BY_EVENT = ("true:", "got:", "over:", "reset:")
"""Beginnings of the keys in a node's private slot that name an element."""


def problems(state: State, process: Process, elements: Mapping[str, str]) -> list[Diagnostic]:
    """What stands against moving an instance to another version; a dry run.

    Args:
        state: the running instance.
        process: the new version.
        elements: old element id → new element id; the rest keep their id.
    """
    if ROOT not in state.nodes:
        return []  # it has ended
    mapping = _mapping(state, process, elements)
    return migration.problems(state, mapping, lambda old, new: _reason(state, process, mapping, old))


def migrate(turn: Turn, command: Migrate) -> None:
    """Carries a migration out. The turn's definition is the new version.

    Raises:
        CommandRejected: an active element, or a token, has no place in the new version; or a timer of it cannot be set.
    """
    process: Process = turn.definition
    state = turn.state
    elements = _mapping(state, process, command.elements)
    plan = Migrate(at=command.at, by=command.by, zone=command.zone, definition=command.definition, elements=elements)
    migration.check(state, elements, lambda old, new: _reason(state, process, elements, old))
    try:
        changes = [rehearing.change(turn, process, node, elements) for node in state.nodes.values()]
    except WorkFailed as problem:
        raise CommandRejected(
            problem.code, problem.message, problem.location, "Correct the variables or the new version, then migrate."
        ) from problem
    migration.carry_out(turn, plan)
    nodes.note(turn, ROOT, subscriptions.UNSEEN, True)
    for change in changes:
        _move_tokens(turn, state.nodes[change.node], elements)
        _rename(turn, state.nodes[change.node], elements)
        _move_tasks(turn, change.node, elements)
        rehearing.carry_out(turn, change)


def _mapping(state: State, process: Process, elements: Mapping[str, str]) -> dict[str, str]:
    """The plan, with the process itself where its id has changed."""
    found = {old: new for old, new in elements.items() if old != process.id}
    root = state.nodes[ROOT].element
    if root != process.id:
        found[root] = process.id
    return found


def _reason(state: State, process: Process, elements: Mapping[str, str], old: str) -> str | None:
    """Why nodes at the old element cannot go on in the new version; None where they can."""
    found = (fitting.misfit(state, process, elements, node) for node in state.nodes.values() if node.element == old)
    return next(filter(None, found), None)


def _move_tokens(turn: Turn, node: Node, elements: Mapping[str, str]) -> None:
    tokens: dict[str, int] = dict(node.private.get(TOKENS, {}))
    if not any(place in elements for place in tokens):
        return
    turn.emit(Cleared(node.id))
    for place, number in tokens.items():
        for _ in range(number):
            turn.emit(Arrived(node.id, elements.get(place, place)))


def _rename(turn: Turn, node: Node, elements: Mapping[str, str]) -> None:
    """What a node has noted about elements goes on under their new names."""
    changed: dict[str, tuple[str, Any]] = {}
    for key, value in node.private.items():
        new = _renamed(key, value, elements)
        if new != (key, value):
            changed[key] = new
    for key in changed:
        nodes.note(turn, node.id, key, None)
    for key, value in changed.values():
        nodes.note(turn, node.id, key, value)


def _renamed(key: str, value: Any, elements: Mapping[str, str]) -> tuple[str, Any]:
    if key == "activity":
        return key, elements.get(value, value)
    if key == "open":
        return key, [elements.get(name, name) for name in value]
    if key.startswith("reset:"):
        value = [elements.get(place, place) for place in value]
    if key.startswith(_BY_EVENT):
        kind, _, rest = key.partition(":")
        name, colon, index = rest.rpartition(":") if kind in ("true", "over") else (rest, "", "")
        return f"{kind}:{elements.get(name, name)}{colon}{index}", value
    return key, value


def _move_tasks(turn: Turn, node: int, elements: Mapping[str, str]) -> None:
    """An incident tries again under the new names."""
    for wait in list(waits.of(turn.state, node, INCIDENT)):
        tasks = [fitting.mapped_task(elements, task) for task in wait.data["tasks"]]
        if tasks != [list(task) for task in wait.data["tasks"]]:
            waits.close(turn, wait.id)
            waits.open_wait(turn, node, INCIDENT, name=wait.name, data={**wait.data, "tasks": tasks})


# What the definitions alone say


def differences(old: Process, new: Process, elements: Mapping[str, str]) -> dict[str, str]:
    """Old element → what becomes of it in the new version that an instance which stands there may feel.

    Args:
        old: the version that instances run on.
        new: the version they are to run on.
        elements: old element id → new element id; the rest keep their id.
    """
    found = {}
    for name, element in old.elements.items():
        target = new.elements.get(elements.get(name, name))
        if target is not None and name != old.id:
            told = "; ".join(_different(element, target))
            if told:
                found[name] = told
    return found


def _different(old: Any, new: Any) -> Iterator[str]:
    if isinstance(old, Activity) and isinstance(new, Activity):
        before, after = _loop(old.loop), _loop(new.loop)
        if before != after:
            yield f"{before} becomes {after}"
        if isinstance(old, Scope) and isinstance(new, Scope) and old.triggered_by_event != new.triggered_by_event:
            yield "one is an event sub-process, the other is none"
    if isinstance(old, Event) and isinstance(new, Event):
        before, after = _triggers(old), _triggers(new)
        if before != after:
            yield f"{before} becomes {after}: it listens anew"


def _loop(loop: Loop | None) -> str:
    if loop is None:
        return "no loop"
    if not loop.multi:
        return "loop"
    return "sequential multi-instance" if loop.sequential else "parallel multi-instance"


def _triggers(event: Event) -> str:
    words = [f"{one.kind} {one.name!r}" if one.name is not None else one.kind for one in event.triggers]
    return " and ".join(words) or "no trigger"
