"""Settling a case: which criteria hold and which stages are complete, in a fixed order (ADR 0302).

Only nodes that changed are looked at. One round: exit criteria, outer items before inner ones; then entry criteria in
order of creation; if none of these fired, completion, inner stages before outer ones. So on until nothing fires.
"""

from __future__ import annotations

from anyshore.cmmn import moves, variables
from anyshore.cmmn.definition import Criterion, Item
from anyshore.cmmn.desk import desk
from anyshore.cmmn.expressions import judge, look_again_later
from anyshore.cmmn.lifecycles import ACTIVE, AVAILABLE, TASK_OR_STAGE
from anyshore.cmmn.planning import anything_to_plan
from anyshore.cmmn.records import Satisfied
from anyshore.kernel.records import Noted
from anyshore.kernel.state import ROOT, Node
from anyshore.kernel.turn import Turn, WorkFailed


def settle(turn: Turn) -> bool:
    """One round over the changed nodes; whether anything fired."""
    if turn.state.suspended:
        turn.changed.clear()
        return False
    changed = sorted(turn.changed)
    turn.changed.clear()
    before = len(turn.records)
    for node in changed:
        _exit(turn, node)
    for node in changed:
        _enter(turn, node)
    if len(turn.records) > before:
        # What was entered just now may hold its stage: completion waits for a round in which nothing fires.
        turn.changed.update(dict.fromkeys(node for node in changed if _is_stage(turn, node)))
        return True
    for node in reversed(changed):
        try:
            _complete(turn, node)
        except WorkFailed as failure:
            look_again_later(turn, failure)
    return len(turn.records) > before


def _is_stage(turn: Turn, node_id: int) -> bool:
    node = turn.state.nodes.get(node_id)
    return node is not None and turn.definition.items[node.element].stage is not None


def _looked_at(turn: Turn, node_id: int) -> Node | None:
    """The node, if it lives and its stage is active."""
    node = turn.state.nodes.get(node_id)
    if node is None:
        return None
    if node.parent is None:
        return node if node.state == ACTIVE else None
    return node if turn.state.nodes[node.parent].state == ACTIVE else None


def _exit(turn: Turn, node_id: int) -> None:
    node = _looked_at(turn, node_id)
    if node is None:
        return
    item: Item = turn.definition.items[node.element]
    for criterion in item.exit:
        if satisfied(turn, node, criterion):
            turn.emit(Satisfied(node_id, criterion.id))
            moves.end(turn, node_id, "terminate" if node_id == ROOT else "exit", criterion.id)
            return


def _enter(turn: Turn, node_id: int) -> None:
    node = _looked_at(turn, node_id)
    if node is None or node.state != AVAILABLE or node.parent is None:
        return
    item: Item = turn.definition.items[node.element]
    if item.family.listener:
        return
    fired = None
    if item.entry and not node.private.get("ready"):
        fired = next((criterion for criterion in item.entry if satisfied(turn, node, criterion)), None)
        if fired is None:
            return
    enter(turn, node, item, fired)


def enter(turn: Turn, node: Node, item: Item, fired: Criterion | None) -> None:
    """Takes an available item on: a milestone occurs, a task or stage is enabled or starts (8.5, 8.6.2)."""
    parent = node.parent
    again = bool(item.entry) and moves.repeats(turn, node, item)
    following = moves.following(turn, node)
    if fired is not None:
        turn.emit(Satisfied(node.id, fired.id))
    criterion = fired.id if fired else None
    if item.family.lifecycle is not TASK_OR_STAGE:
        _occur(turn, node, item, criterion)
    elif item.manual is not None and moves.rule_holds(turn, node.id, item.manual):
        moves.transition(turn, node.id, "enable", criterion)
    else:
        moves.begin(turn, node.id, "start", criterion)
    if again and parent is not None:
        if fired is not None and not fired.parts:
            following["unarmed"] = fired.id
        moves.repeat(turn, item, parent, following)


def _occur(turn: Turn, node: Node, item: Item, criterion: str | None) -> None:
    if item.family.started is not None:
        item.family.started(turn, node.id, item)
    moves.end(turn, node.id, "occur", criterion)


def satisfied(turn: Turn, node: Node, criterion: Criterion) -> bool:
    """Whether all on-parts have occurred and the if-part is true (5.4.6)."""
    heard = node.private.get("heard", {}).get(criterion.id, ())
    if len(heard) < len(criterion.parts):
        return False
    if criterion.condition is None:
        return bool(criterion.parts)
    seen = moves.with_context(moves.view(turn, node.id, criterion.condition), criterion.context)
    true = judge(turn, node.id, criterion.condition, seen)
    if node.private.get("unarmed") == criterion.id:
        # A bare condition lets a repeating item in once each time it becomes true (ADR 0304).
        if not true:
            turn.emit(Noted(node.id, "unarmed"))
        return False
    return true


def _complete(turn: Turn, node_id: int) -> None:
    node = turn.state.nodes.get(node_id)
    if node is None or node.state != ACTIVE:
        return
    item: Item = turn.definition.items[node.element]
    if item.stage is None or _looked_at(turn, node_id) is None:
        return
    automatic = moves.is_true(turn, node_id, item.auto_condition, item.auto_complete)
    if desk(turn).held(node_id, lightly=automatic) or (not automatic and anything_to_plan(turn, node_id, item)):
        return
    if node_id == ROOT:
        variables.complete_case(turn, {})
    else:
        moves.end(turn, node_id, "complete")
