"""Planning verbs: an expert changes the plan of the live case, with a reason (5.4.10, 8.8).

``plan``     adds a discretionary item: ``element`` is the item, ``node`` the stage or human task that offers it.
``add``      adds an item that no model has: ``data["item"]`` as in a case template, ``data["id"]`` its id, ``node`` the
             stage (the case plan where left out). What it comes ``after`` and has ended already counts as heard.
``skip``     leaves an item out: it exits, and what waited for its completion goes on. Not for what is required.
``repeat``   does an item of the model again at once, whatever its rules say: ``element`` (and the stage as ``node``).
``reorder``  puts an available item behind others: ``data["after"]`` are their ids; none means now.

Every verb leaves a ``Planned`` record with who and why. ``add``, ``skip`` and ``reorder`` are kept with the case, so
that ``edits.revised`` can save the changed plan as a new version of the template.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from anyshore.base.errors import CmmnError, CommandRejected
from anyshore.cmmn import edits, moves, planning
from anyshore.cmmn.definition import Criterion, Definition, Item
from anyshore.cmmn.desk import Desk, desk
from anyshore.cmmn.elements import stages
from anyshore.cmmn.lifecycles import ACTIVE, AVAILABLE
from anyshore.cmmn.records import Heard, Planned
from anyshore.kernel.commands import Act
from anyshore.kernel.records import Noted
from anyshore.kernel.state import ROOT, Node
from anyshore.kernel.turn import Turn, WorkFailed
from anyshore.params.shapes import nearest


def node_of(turn: Turn, command: Act, doing: str) -> Node:
    """The node a verb is about: named, or the only live instance of an element.

    Raises:
        CommandRejected: there is none, or more than one.
    """
    nodes = turn.state.nodes
    if command.node is not None:
        if command.node not in nodes:
            raise CommandRejected("case.node", f"There is no live node {command.node}.", hint="It may have ended.")
        return nodes[command.node]
    if command.element is None:
        return nodes[ROOT]
    found = list(desk(turn).of(command.element))
    if len(found) != 1:
        hint = "Name the node." if found else nearest(command.element, turn.definition.items)
        raise CommandRejected(
            "case.node", f"{command.element!r} has {len(found) or 'no'} live instances; one is needed to {doing}.",
            hint=hint,
        )  # fmt: skip
    return nodes[found[0]]


def check_roles(command: Act, roles: frozenset[str], name: str) -> None:
    """Refuses a person without one of the roles, where the command says which roles they have."""
    held = command.data.get("roles")
    if roles and held is not None and not roles.intersection(held):
        raise CommandRejected("case.role", f"{name!r} is reserved for: {', '.join(sorted(roles))}.")


def _reasoned(command: Act) -> None:
    if not command.reason.strip():
        raise CommandRejected("case.reason", "A change of plan needs a reason.", hint="Say why, in one sentence.")


def _record(turn: Turn, command: Act, node: int | None, element: str, details: tuple[str, ...] = ()) -> None:
    turn.emit(Planned(command.verb, node, element, command.by, command.reason.strip(), list(details)))


def _stage_of(turn: Turn, node: Node, item: Item) -> int:
    """The stage a node is or is in; it must be active."""
    stage = node.id if item.stage is not None or node.parent is None else node.parent
    if turn.state.nodes[stage].state != ACTIVE:
        raise CommandRejected("case.state", "The stage is not active.", hint="Plan into an active stage.")
    return stage


def plan(turn: Turn, command: Act) -> None:
    """Adds a discretionary item."""
    _reasoned(command)
    definition: Definition = turn.definition
    try:
        offered = [p for p in planning.possible(turn) if p.item == command.element]
    except WorkFailed as failure:
        raise CommandRejected(failure.code, failure.message, failure.location, failure.hint) from failure
    if command.node is not None and command.node in turn.state.nodes:
        around = turn.state.nodes[command.node]
        stage = _stage_of(turn, around, definition.items[around.element])
        offered = [p for p in offered if p.stage == stage]
    if len({p.stage for p in offered}) != 1:
        names = [p.item for p in planning.possible(turn)]
        why = "is offered by several stages" if offered else "is not offered now"
        hint = "Name the stage as node." if offered else nearest(command.element or "", names)
        raise CommandRejected("case.not-offered", f"{command.element!r} {why}.", hint=hint)
    chosen = offered[0]
    check_roles(command, frozenset().union(*(p.roles for p in offered)), chosen.name)
    item = definition.items[chosen.item]
    _record(turn, command, chosen.stage, item.id)
    if item.fragment:
        stages.create_all(turn, chosen.stage, item.fragment)
    else:
        moves.created(turn, moves.create(turn, item, chosen.stage, moves.first_round(item)))


def add(turn: Turn, command: Act) -> None:
    """Adds an item that the model does not have."""
    _reasoned(command)
    around = node_of(turn, Act(at=command.at, verb="add", node=command.node or ROOT), "add")
    parent_item: Item = turn.definition.items[around.element]
    stage = _stage_of(turn, around, parent_item)
    container = turn.definition.items[turn.state.nodes[stage].element].stage
    name = command.data.get("id") or f"added_{turn.state.next_id}"
    edit = {"do": "add", "id": name, "stage": container, "item": command.data.get("item")}
    live = _changed(turn, edit)
    _record(turn, command, stage, name)
    _keep(turn, edit, live)
    item = live.items[name]
    node = moves.create(turn, item, stage, moves.first_round(item))
    moves.created(turn, node)
    _remember(turn, node, item)


def skip(turn: Turn, command: Act) -> None:
    """Leaves an item out; what waited for its completion goes on."""
    _reasoned(command)
    node = node_of(turn, command, "skip")
    item: Item = turn.definition.items[node.element]
    if node.id == ROOT:
        raise CommandRejected("case.skip", "The case itself cannot be skipped.", hint="Terminate it.")
    if node.private.get("required"):
        raise CommandRejected(
            "case.required", f"{item.name!r} is required and cannot be skipped.",
            hint="Do it, or end the case another way.",
        )  # fmt: skip
    _record(turn, command, node.id, item.id)
    _keep(turn, {"do": "skip", "item": item.id}, turn.definition)
    for word in ("complete", "occur"):
        moves.tell(turn, node, word, None)
    word = "exit" if ("available", "start") in item.family.lifecycle else "terminate"
    moves.end(turn, node.id, word)


def repeat(turn: Turn, command: Act) -> None:
    """Does an item again at once, whatever its criteria and rules say."""
    _reasoned(command)
    definition: Definition = turn.definition
    named = turn.state.nodes.get(command.node) if command.node is not None else None
    element = command.element or (named.element if named is not None else "")
    item = definition.items.get(element)
    if item is None or item.id == definition.root:
        raise CommandRejected(
            "case.no-item", f"The plan has no item {element!r}.", hint=nearest(element, definition.items)
        )
    parents = [n.id for n in turn.state.nodes.values() if definition.items[n.element].stage == item.container]
    if named is not None:
        wanted = named.id if named.id in parents else named.parent
        parents = [parent for parent in parents if parent == wanted]
    if len(parents) != 1 or turn.state.nodes[parents[0]].state != ACTIVE:
        raise CommandRejected(
            "case.stage", f"{item.name!r} can be repeated in one active stage only; found {len(parents)}.",
            hint="Name the stage as node.",
        )  # fmt: skip
    live = [turn.state.nodes[n].private.get("round", 1) for n in desk(turn).of(item.id)]
    _record(turn, command, parents[0], item.id)
    rounds: dict[str, Any] = {"round": max(live, default=1) + 1} if item.repetition is not None else {}
    moves.created(turn, moves.create(turn, item, parents[0], {"ready": True, **rounds}))


def reorder(turn: Turn, command: Act) -> None:
    """Puts an available item behind others."""
    _reasoned(command)
    node = node_of(turn, command, "reorder")
    item: Item = turn.definition.items[node.element]
    if node.state != AVAILABLE or item.family.listener:
        raise CommandRejected(
            "case.state", f"{item.name!r} is {node.state}; only what has not begun can be reordered.",
            hint="Repeat it later, or skip it.",
        )  # fmt: skip
    after = command.data.get("after")
    if not isinstance(after, list) or any(not isinstance(name, str) for name in after):
        raise CommandRejected("case.after", "Say after which items it comes: a list of their ids, or an empty one.")
    edit = {"do": "order", "item": item.id, "after": list(after)}
    live = _changed(turn, edit)
    circle = _circle(live, item.id)
    if circle:
        raise CommandRejected("case.circle", f"That would wait for itself: {' after '.join(circle)}.")
    _record(turn, command, node.id, item.id, tuple(after))
    _keep(turn, edit, live)
    for instance in list(desk(turn).of(item.id)):
        _remember(turn, instance, live.items[item.id])


def _changed(turn: Turn, edit: dict[str, Any]) -> Definition:
    """The plan with one more change, checked."""
    try:
        return edits.with_edit(turn.definition, turn.state, edit)
    except CmmnError as problem:
        message = "; ".join(d.message for d in problem.diagnostics)
        raise CommandRejected("case.plan", message, problem.location, problem.diagnostics[0].hint) from problem


def _keep(turn: Turn, edit: dict[str, Any], live: Definition) -> None:
    """Writes a change into the case, and goes on with the changed plan."""
    known = turn.state.nodes[ROOT].private.get("plan", [])
    turn.emit(Noted(ROOT, "plan", [*known, edit]))
    if live is not turn.definition:
        turn.definition = live
        turn.scratch = Desk(turn)


def _remember(turn: Turn, node: int, item: Item) -> None:
    """Counts as heard what an item waits for and has ended already in its stage."""
    owner = turn.state.nodes[node]
    if owner.private.get("before", owner.state) != AVAILABLE:
        return
    ended = turn.state.nodes[owner.parent or ROOT].private.get("ended", {})
    for criterion in item.entry:
        for part in criterion.parts:
            source, _, event = part.partition(":")
            known = owner.private.get("heard", {}).get(criterion.id, ())
            if event in (ended.get(source), "complete" if source in ended else None) and part not in known:
                turn.emit(Heard(node, criterion.id, part))
    turn.changed[node] = None


def _circle(definition: Definition, start: str) -> list[str]:
    """The items on a circle of waiting through ``start``; empty without one. Alternatives break a circle."""
    path: list[str] = []

    def blocked(name: str) -> bool:
        item = definition.items.get(name)
        if item is None or not item.entry:
            return False
        if name in path:
            return name == start
        path.append(name)
        if all(any(blocked(source) for source in sources(criterion)) for criterion in item.entry):
            return True
        path.pop()
        return False

    return [*path, start] if blocked(start) else []


def sources(criterion: Criterion) -> list[str]:
    """The plan items a criterion waits for."""
    return [part.partition(":")[0] for part in criterion.parts]


VERBS: dict[str, Callable[[Turn, Act], None]] = {
    "plan": plan, "add": add, "skip": skip, "repeat": repeat, "reorder": reorder,
}  # fmt: skip
