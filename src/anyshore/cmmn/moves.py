"""What can happen to plan items: be created, make a transition, begin, end with everything below, repeat.

Every transition is told to the on-parts that wait for it at once; what that leads to is decided when the turn settles.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from anyshore.base.errors import InternalError
from anyshore.cmmn.definition import START, Item, Listener, Rule
from anyshore.cmmn.desk import desk
from anyshore.cmmn.expressions import Compiled, judge, value
from anyshore.cmmn.lifecycles import (
    ACTIVE,
    AVAILABLE,
    BEFORE,
    CASE,
    COMPLETED,
    ENDED,
    FAILED,
    SUSPENDED,
    TASK_OR_STAGE,
    TERMINATED,
)  # fmt: skip
from anyshore.cmmn.records import Heard, Transitioned
from anyshore.kernel import nodes, scopes, waits
from anyshore.kernel.records import Entered, Left, Noted
from anyshore.kernel.state import CHILD, INCIDENT, JOB, ROOT, Node
from anyshore.kernel.turn import Turn, WorkFailed, open_incident

_PAUSABLE = "paused"


def item_of(turn: Turn, node: int) -> Item:
    """The plan item a node is an instance of."""
    found: Item = turn.definition.items[turn.state.nodes[node].element]
    return found


def view(turn: Turn, node: int, expression: Compiled, rounds: int | None = None) -> Mapping[str, Any]:
    """The variables an expression sees at a node, with the repetition counter where it reads it."""
    variables = scopes.view(turn.state, node)
    asked = [name for name in turn.definition.counters if name in expression.free_names and name not in variables]
    if not asked:
        return variables
    return {**variables, **{name: Decimal(_rounds(turn, node, name, rounds)) for name in asked}}


def _rounds(turn: Turn, node: int, counter: str, rounds: int | None) -> int:
    """The round of the node, or of the innermost item around it that repeats and counts by that name."""
    if rounds is not None:
        return rounds
    usual = counter == turn.definition.options.counter
    for around in nodes.ancestors(turn.state, node):
        count: int | None = around.private.get("round")
        if count and (usual or item_of(turn, around.id).counter == counter):
            return count
    return 1


def with_context(variables: Mapping[str, Any], context: str | None) -> Mapping[str, Any]:
    """The variables, with the fields of the case file item a condition is about (``contextRef``)."""
    content = variables.get(context) if context else None
    return {**variables, **content} if isinstance(content, dict) else variables


def rule_holds(turn: Turn, node: int, rule: Rule, rounds: int | None = None) -> bool:
    """Whether a rule is true for a node; a rule without a condition is."""
    if rule.condition is None:
        return True
    return judge(turn, node, rule.condition, with_context(view(turn, node, rule.condition, rounds), rule.context))


def create(turn: Turn, item: Item, parent: int, private: dict[str, Any] | None = None) -> int:
    """A new instance, available, not yet told to anyone: see ``created``."""
    own = dict(private or {})
    if item.required is not None and rule_holds(turn, parent, item.required, own.get("round")):
        own["required"] = True
    node = nodes.enter(turn, item.id, parent, AVAILABLE, own)
    desk(turn).entered(node, item.id)
    return node


def created(turn: Turn, node: int) -> None:
    """Tells that an instance was created, and lets it begin to wait."""
    item = item_of(turn, node)
    tell(turn, turn.state.nodes[node], "create", None)
    if item.family.created is not None and item.starts_on is None:
        item.family.created(turn, node, item)


def is_true(turn: Turn, node: int, condition: Compiled | None, otherwise: bool) -> bool:
    """Whether a condition holds for a node; where there is none, what stands in its place."""
    return otherwise if condition is None else judge(turn, node, condition, view(turn, node, condition))


def first_round(item: Item) -> dict[str, Any]:
    """What the first instance of an item keeps with it."""
    return {"round": 1} if item.repetition is not None else {}


def transition(turn: Turn, node_id: int, name: str, criterion: str | None = None) -> None:
    """Makes one transition of one node, tells it, and removes the node if it has ended."""
    node = turn.state.nodes[node_id]
    item: Item = turn.definition.items[node.element]
    to = item.family.lifecycle.get((node.state, name)) if node_id != ROOT else CASE.get((node.state, name))
    if to is None:
        raise InternalError("case.transition", f"{node.element} cannot {name} from {node.state}.")
    if to == BEFORE:
        to = node.private["before"]
    if to == SUSPENDED:
        _pause(turn, node)
    before, working = node.state, desk(turn)
    working.moves(node, to in ENDED)
    turn.emit(Transitioned(node_id, node.element, name, before, to, criterion))
    working.moved(node)
    turn.changed[node_id] = None
    if node.parent is not None:
        turn.changed[node.parent] = None
    tell(turn, node, name, criterion)
    if to in ENDED:
        for wait in list(waits.of(turn.state, node_id)):
            waits.close(turn, wait.id)
        turn.emit(Left(node_id, node.element, to))
        turn.changed.pop(node_id, None)
        return
    if before == SUSPENDED:
        _unpause(turn, node)
    if to == ACTIVE and before in (SUSPENDED, FAILED):
        # What came to be or was heard in a stage that stood still has not been looked at.
        turn.changed.update(dict.fromkeys(turn.state.children.get(node_id, ())))


def _pause(turn: Turn, node: Node) -> None:
    """Puts the waits of a suspended item aside.

    Calls and jobs go on, and their result is kept until the item is resumed: a job begun anew would act twice outside.
    """
    kept = []
    for wait in list(waits.of(turn.state, node.id)):
        if wait.kind not in (CHILD, JOB, INCIDENT):
            kept.append([wait.kind, wait.name, wait.key, wait.due, wait.data])
            waits.close(turn, wait.id)
    if kept:
        turn.emit(Noted(node.id, _PAUSABLE, kept))


def _unpause(turn: Turn, node: Node) -> None:
    for kind, name, key, due, data in node.private.get(_PAUSABLE, ()):
        waits.open_wait(turn, node.id, kind, name=name, key=key, due=due, data=data)
    if _PAUSABLE in node.private:
        turn.emit(Noted(node.id, _PAUSABLE))
    if node.private.get("result") and node.state == ACTIVE:
        verb, *why = node.private["result"]
        turn.plan(verb, node.id, *why)
        turn.emit(Noted(node.id, "result"))


def tell(turn: Turn, source: Node, name: str, criterion: str | None) -> None:
    """Lets everyone who waits for a transition of this node hear it."""
    for listener in turn.definition.heard_by.get((source.element, name), ()):
        if listener.caused_by is not None and listener.caused_by != criterion:
            continue
        place = _within(turn, source.id, listener.scope)
        for owner in list(desk(turn).of(listener.owner)):
            if owner != source.id and place == _within(turn, owner, listener.scope):
                hear(turn, turn.state.nodes[owner], listener)


def _within(turn: Turn, node: int, scope: str) -> int | None:
    """The innermost instance of a stage definition around a node, itself included."""
    items = turn.definition.items
    for found in nodes.ancestors(turn.state, node):
        if items[found.element].stage == scope:
            return found.id
    return None


def hear(turn: Turn, owner: Node, listener: Listener) -> None:
    """Notes that an on-part has occurred; it stays so until its criterion fires."""
    waiting = owner.private.get("before", owner.state)
    if listener.entry and waiting != AVAILABLE:
        return
    if listener.criterion == START:
        item = item_of(turn, owner.id)
        if owner.state == AVAILABLE and item.family.created is not None and not turn.state.owned.get(owner.id):
            item.family.created(turn, owner.id, item)
        return
    if listener.part not in owner.private.get("heard", {}).get(listener.criterion, ()):
        turn.emit(Heard(owner.id, listener.criterion, listener.part))
        turn.changed[owner.id] = None


def begin(turn: Turn, node: int, name: str, criterion: str | None = None) -> None:
    """Makes an item active (``start``, ``manualStart`` or ``reactivate``) and lets it do its work."""
    item = item_of(turn, node)
    transition(turn, node, name, criterion)
    if item.family.started is not None:
        item.family.started(turn, node, item)


def below(turn: Turn, node: int) -> list[int]:
    """Everything below a node, outer before inner, in order of creation."""
    order = [node]
    for current in order:
        order.extend(turn.state.children.get(current, ()))
    return order[1:]


def end(turn: Turn, node: int, name: str, criterion: str | None = None) -> None:
    """Ends an item with everything below it, innermost first; then perhaps repeats it.

    The children exit, or terminate with their parent where they are events or milestones (8.4.2, 8.4.3).
    """
    following_one = following(turn, turn.state.nodes[node]) if _repeats_after(turn, node, name) else None
    for child in reversed(below(turn, node)):
        lifecycle = item_of(turn, child).family.lifecycle
        transition(turn, child, "exit" if lifecycle is TASK_OR_STAGE else "parentTerminate")
    parent = turn.state.nodes[node].parent
    item = item_of(turn, node)
    transition(turn, node, name, criterion)
    if following_one is not None and parent is not None:
        repeat(turn, item, parent, following_one)


def _repeats_after(turn: Turn, node_id: int, name: str) -> bool:
    """Whether an item without entry criteria repeats at its end (8.6.4; ADR 0304)."""
    item = item_of(turn, node_id)
    if item.repetition is None or item.entry or name not in ("complete", "terminate", "occur"):
        return False
    return repeats(turn, turn.state.nodes[node_id], item)


def repeats(turn: Turn, node: Node, item: Item) -> bool:
    """Whether the repetition rule of an item is true for an instance that leaves.

    A rule that fails is an incident of the stage, which stays; a retry judges it again.
    """
    rule, around = item.repetition, node.parent
    if rule is None or around is None or rule.condition is None:
        return rule is not None
    try:
        return repeats_after(turn, node.id, rule)
    except WorkFailed as failure:
        failure.node = around
        open_incident(turn, failure, [("perhaps", around, item.id, node.private.get("round", 1))])
        return False


def repeats_after(turn: Turn, node: int, rule: Rule, rounds: int | None = None) -> bool:
    """Whether a repetition rule is true as seen from a node.

    Raises:
        WorkFailed: it broke FEEL's budget.
    """
    if rule.condition is None:
        return True
    seen = with_context(view(turn, node, rule.condition, rounds), rule.context)
    return value(turn, node, rule.condition, seen) is True


def following(turn: Turn, node: Node) -> dict[str, Any]:
    """What the next instance of a repeating item keeps: its round, and how often it repeated at this very moment."""
    then, count = node.private.get("burst", (turn.now, 0))
    return {"round": node.private.get("round", 1) + 1, "burst": [turn.now, count + 1 if then == turn.now else 1]}


def repeat(turn: Turn, item: Item, parent: int, private: dict[str, Any]) -> None:
    """Creates the next instance of a repeating item; too many at one moment are an incident."""
    count = private["burst"][1]
    if count > turn.definition.options.most_rounds:
        failure = WorkFailed(
            parent, "case.endless-repetition", f"{item.name!r} was repeated {count - 1:,} times without waiting.",
            item.definition.location, "Give its repetition rule an end, or repair the variables and retry.",
        )  # fmt: skip
        open_incident(turn, failure, [("again", parent, item.id, private["round"])])
        return
    created(turn, create(turn, item, parent, private))


def suspend(turn: Turn, node: int) -> None:
    """Suspends an item and everything below it (8.4.2)."""
    under = [child for child in below(turn, node) if turn.state.nodes[child].state not in (SUSPENDED, "failed")]
    transition(turn, node, "suspend")
    for child in under:
        transition(turn, child, "parentSuspend")
        turn.emit(Noted(child, "by_parent", True))


def resume(turn: Turn, node: int, name: str = "resume") -> None:
    """Resumes an item and what was suspended with it; what is in an item that stays suspended stays so."""
    transition(turn, node, name)
    for child in below(turn, node):
        found = turn.state.nodes[child]
        around = turn.state.nodes[found.parent or ROOT]
        if found.private.get("by_parent") and around.state != SUSPENDED:
            turn.emit(Noted(child, "by_parent"))
            transition(turn, child, "parentResume")


def ends(node: Node) -> bool:
    """Whether a node has ended."""
    return node.state in (COMPLETED, TERMINATED)


def enter_case(turn: Turn, item: Item) -> int:
    """Brings the case plan to life."""
    turn.emit(Entered(turn.new_id(), item.id, None, ACTIVE, {}))
    desk(turn).entered(ROOT, item.id)
    turn.changed[ROOT] = None
    return ROOT
