"""The verbs people use on a live case (``Act`` commands).

Lifecycle verbs, on a node or on the one live instance of an element (8.4):
    ``complete`` (``variables``), ``terminate``, ``manual_start``, ``enable``, ``disable``, ``reenable``, ``suspend``,
    ``resume``, ``reactivate``, ``fault`` (``message``), ``occur`` (``variables``).
Case file verb, on a case file item: ``file`` (``event``, ``value``).
Planning verbs, each with a reason: ``plan``, ``add``, ``skip``, ``repeat``, ``reorder``; see ``planning_acts``.

``data["roles"]`` may name the roles of the person; then what is reserved for other roles is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from anyshore.base.errors import CommandRejected
from anyshore.cmmn import engine_failures, files, moves, planning_acts, variables
from anyshore.cmmn.definition import Definition, Item
from anyshore.cmmn.desk import desk, holds
from anyshore.cmmn.elements.listeners import UserEventListener, occur
from anyshore.cmmn.lifecycles import ACTIVE, CASE, SUSPENDED, allowed
from anyshore.cmmn.names import FILE_EVENTS
from anyshore.kernel import waits
from anyshore.kernel.commands import Act
from anyshore.kernel.state import INCIDENT, ROOT, TIMER, Node
from anyshore.kernel.turn import Turn, WorkFailed
from anyshore.params.shapes import nearest

Verb = Callable[[Turn, Node, Item, Act], None]


def act(turn: Turn, command: Act) -> None:
    """Carries a verb out.

    Raises:
        CommandRejected: the verb is not known, or does not fit the state of the item.
    """
    planning = planning_acts.VERBS.get(command.verb)
    if planning is not None:
        planning(turn, command)
        return
    if command.verb == "file":
        _file(turn, command)
        return
    found = _VERBS.get(command.verb)
    if found is None:
        hint = nearest(command.verb, [*_VERBS, *planning_acts.VERBS, "file"])
        raise CommandRejected("case.verb", f"A case has no verb {command.verb!r}.", hint=hint)
    transition, verb = found
    node = planning_acts.node_of(turn, command, transition)
    item: Item = turn.definition.items[node.element]
    if node.id == ROOT and command.verb == "resume" and node.state == SUSPENDED:
        transition = "reactivate"
    _check(turn, node, item, transition)
    verb(turn, node, item, command)


def _check(turn: Turn, node: Node, item: Item, transition: str) -> None:
    lifecycle = CASE if node.id == ROOT else item.family.lifecycle
    if (node.state, transition) not in lifecycle:
        can = ", ".join(sorted(allowed(lifecycle, node.state))) or "nothing"
        raise CommandRejected(
            "case.state", f"{item.name!r} is {node.state}: it cannot {transition}.", hint=f"Possible now: {can}."
        )
    if node.parent is not None and turn.state.nodes[node.parent].state != ACTIVE:
        raise CommandRejected("case.state", f"The stage around {item.name!r} is not active.", hint="Resume it first.")


def _complete(turn: Turn, node: Node, item: Item, command: Act) -> None:
    result = command.data.get("variables", {})
    if item.stage is None:
        with _refusing():
            result = variables.returned(turn, node.id, item.outputs, result)
    elif desk(turn).held(node.id, lightly=True):
        names = ", ".join(sorted(_holding(turn, node.id)))
        raise CommandRejected(
            "case.not-completable", f"{item.name!r} cannot complete: {names} is open.",
            hint="Finish what is under way and what is required first.",
        )  # fmt: skip
    if node.id == ROOT:
        with _refusing():
            variables.complete_case(turn, result)
        return
    variables.write(turn, node.id, result)
    moves.end(turn, node.id, "complete")


@contextmanager
def _refusing() -> Iterator[None]:
    """Refuses a command because of what cannot be computed for it."""
    try:
        yield
    except WorkFailed as failure:
        raise CommandRejected(failure.code, failure.message, failure.location, failure.hint) from failure


def _holding(turn: Turn, stage: int) -> set[str]:
    items: dict[str, Item] = turn.definition.items
    children = (turn.state.nodes[child] for child in turn.state.children.get(stage, ()))
    return {items[child.element].name for child in children if holds(child, items[child.element])}


def _terminate(turn: Turn, node: Node, item: Item, command: Act) -> None:
    moves.end(turn, node.id, "terminate")


def _begin(turn: Turn, node: Node, item: Item, command: Act) -> None:
    moves.begin(turn, node.id, _VERBS[command.verb][0])


def _reactivate(turn: Turn, node: Node, item: Item, command: Act) -> None:
    for wait in list(waits.of(turn.state, node.id, INCIDENT)):
        if ["reactivate", node.id] in [list(task) for task in wait.data["tasks"]]:
            waits.close(turn, wait.id)
    if node.id == ROOT:
        moves.resume(turn, ROOT, "reactivate")
    else:
        moves.begin(turn, node.id, "reactivate")


def _move(turn: Turn, node: Node, item: Item, command: Act) -> None:
    moves.transition(turn, node.id, _VERBS[command.verb][0])


def _enable(turn: Turn, node: Node, item: Item, command: Act) -> None:
    if item.entry or item.manual is None:
        raise CommandRejected(
            "case.state", f"{item.name!r} is enabled by its entry criteria, not by hand.",
            hint="To begin it all the same, repeat it with a reason.",
        )  # fmt: skip
    moves.transition(turn, node.id, "enable")


def _suspend(turn: Turn, node: Node, item: Item, command: Act) -> None:
    moves.suspend(turn, node.id)


def _resume(turn: Turn, node: Node, item: Item, command: Act) -> None:
    moves.resume(turn, node.id, "reactivate" if node.id == ROOT else "resume")


def _fault(turn: Turn, node: Node, item: Item, command: Act) -> None:
    engine_failures.fail(turn, node.id, item, "case.fault", str(command.data.get("message", command.reason)))


def _occur(turn: Turn, node: Node, item: Item, command: Act) -> None:
    if not item.family.listener:
        raise CommandRejected("case.occur", f"The milestone {item.name!r} is reached by its criteria, not by hand.")
    if isinstance(item.definition, UserEventListener):
        planning_acts.check_roles(command, frozenset(item.definition.authorized_role_refs), item.name)
    variables.write(turn, node.id, command.data.get("variables", {}))
    occur(turn, node.id, item, next(waits.of(turn.state, node.id, TIMER), None))


def _file(turn: Turn, command: Act) -> None:
    """A document makes a transition: ``element`` is the case file item, ``data["event"]`` the transition."""
    definition: Definition = turn.definition
    found = definition.files.get(command.element or "")
    event: Any = command.data.get("event")
    if found is None:
        raise CommandRejected(
            "case.file-item", f"The case has no case file item {command.element!r}.",
            hint=nearest(command.element or "", definition.files),
        )  # fmt: skip
    if event not in FILE_EVENTS:
        raise CommandRejected("case.file-event", f"{event!r} is no event of a case file item.")
    item = found[0]
    if "value" in command.data or event == "delete":
        variables.put(turn, item, command.data.get("value"), event)
    else:
        files.tell(turn, item, event)


_VERBS: dict[str, tuple[str, Verb]] = {
    "complete": ("complete", _complete),
    "terminate": ("terminate", _terminate),
    "manual_start": ("manualStart", _begin),
    "enable": ("enable", _enable),
    "disable": ("disable", _move),
    "reenable": ("reenable", _move),
    "suspend": ("suspend", _suspend),
    "resume": ("resume", _resume),
    "reactivate": ("reactivate", _reactivate),
    "fault": ("fault", _fault),
    "occur": ("occur", _occur),
}
LIFECYCLE_VERBS = tuple(_VERBS)
