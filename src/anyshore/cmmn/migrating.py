"""Moving a live case to another version of its model."""

from __future__ import annotations

from anyshore.cmmn import edits, moves
from anyshore.cmmn.definition import Definition, Item
from anyshore.cmmn.desk import Desk
from anyshore.cmmn.elements import stages
from anyshore.cmmn.lifecycles import ACTIVE, AVAILABLE
from anyshore.cmmn.records import Heard
from anyshore.kernel import migration
from anyshore.kernel.commands import Migrate
from anyshore.kernel.records import Noted
from anyshore.kernel.state import INCIDENT, ROOT, State
from anyshore.kernel.turn import Turn


def migrate(turn: Turn, command: Migrate) -> None:
    """Goes on under the new version: live items keep their state and what they have heard; new items come to life.

    The turn's definition is the new one. Items that ended under the old version do not begin again.

    Raises:
        CommandRejected: a live item has no place in the new version.
    """
    new = edits.live_plan(turn.definition, turn.state)
    mapping = dict(command.elements)
    mapping.setdefault(turn.state.nodes[ROOT].element, new.root)
    turn.definition = new
    heard = {node.id: dict(node.private.get("heard", {})) for node in turn.state.nodes.values()}
    command = Migrate(at=command.at, by=command.by, zone=command.zone, definition=command.definition, elements=mapping)
    migration.migrate(turn, command, lambda old, to: problem(new, turn.state, mapping, old, to))
    turn.scratch = Desk(turn)
    for node in list(turn.state.nodes.values()):
        ended = node.private.get("ended")
        if ended and any(name in mapping for name in ended):
            turn.emit(Noted(node.id, "ended", {mapping.get(name, name): word for name, word in ended.items()}))
    for node_id, criteria in heard.items():
        _carry(turn, node_id, criteria, mapping)
    for node in list(turn.state.nodes.values()):
        item = new.items[node.element]
        if item.stage is not None and node.state == ACTIVE:
            _fill(turn, node.id, item)


def problem(new: Definition, state: State, mapping: dict[str, str], old: str, to: str) -> str | None:
    """Why the nodes of one element cannot go on at another; None if they can."""
    item = new.items.get(to)
    if item is None:
        return "the new version has no such item"
    for node in state.nodes.values():
        if node.element != old:
            continue
        if node.id == ROOT:
            return None if to == new.root else "the case plan stays the case plan"
        words = {word for pair in item.family.lifecycle.items() for word in (pair[0][0], pair[1])}
        if node.state not in words:
            return f"a {item.family.tag} is never {node.state}"
        parent = state.nodes[node.parent or ROOT].element
        around = new.items.get(mapping.get(parent, parent))
        if around is None or around.stage != item.container:
            return "it is planned in another stage there"
        waiting = {state.waits[wait].kind for wait in state.owned.get(node.id, ())} - {INCIDENT}
        if waiting - item.family.waits:
            return f"it waits for {', '.join(sorted(waiting))}, which a {item.family.tag} does not"
        if state.children.get(node.id) and item.stage is None:
            return f"a {item.family.tag} has nothing inside it"
    return None


def _carry(turn: Turn, node: int, criteria: dict[str, list[str]], mapping: dict[str, str]) -> None:
    """What a node has heard counts for every criterion of the new version that waits for the same."""
    owner = turn.state.nodes[node]
    known = {_mapped(part, mapping) for parts in criteria.values() for part in parts}
    if not known:
        return
    item: Item = turn.definition.items[owner.element]
    turn.emit(Noted(node, "heard"))
    entry = item.entry if owner.private.get("before", owner.state) == AVAILABLE else ()
    for criterion in (*entry, *item.exit):
        for part in criterion.parts:
            if part in known:
                turn.emit(Heard(node, criterion.id, part))


def _mapped(part: str, mapping: dict[str, str]) -> str:
    source, _, rest = part.partition(":")
    return f"{mapping.get(source, source)}:{rest}"


def _fill(turn: Turn, node: int, item: Item) -> None:
    """Brings the items of the new version to life that the stage does not know yet; they have heard what ended."""
    there = {turn.state.nodes[child].element for child in turn.state.children.get(node, ())}
    ended = turn.state.nodes[node].private.get("ended", {})
    missing = [name for name in turn.definition.children[item.stage] if name not in there and name not in ended]
    for made in stages.create_all(turn, node, missing):
        if made not in turn.state.nodes or turn.state.nodes[made].state != AVAILABLE:
            continue
        _heard_before(turn, made, ended)


def _heard_before(turn: Turn, node: int, ended: dict[str, str]) -> None:
    for criterion in moves.item_of(turn, node).entry:
        for part in criterion.parts:
            source, _, event = part.partition(":")
            if ended.get(source) == event:
                turn.emit(Heard(node, criterion.id, part))
