"""How a plan item fails (8.4.2): sentries hear ``fault``; where none waits for that, a person is asked."""

from __future__ import annotations

from anyshore.base.errors import CommandRejected
from anyshore.cmmn import moves
from anyshore.cmmn.definition import Item
from anyshore.cmmn.lifecycles import TASK_OR_STAGE
from anyshore.kernel import waits
from anyshore.kernel.state import INCIDENT, ROOT
from anyshore.kernel.turn import Turn, WorkFailed, open_incident


def fail(turn: Turn, node: int, item: Item, code: str, message: str) -> None:
    """Ends the waits of an active item and lets it fail; retrying its new incident reactivates it.

    Raises:
        CommandRejected: events and milestones do not fail.
    """
    if item.family.lifecycle is not TASK_OR_STAGE:
        raise CommandRejected("case.fault", f"A {item.family.tag} does not fail.")
    for wait in list(waits.of(turn.state, node)):
        if wait.kind != INCIDENT:
            waits.close(turn, wait.id)
    hint = "Retry it, or skip it with a reason."
    give_way(turn, item, WorkFailed(node, code, message or f"{item.name} failed.", item.definition.location, hint))


def give_way(turn: Turn, item: Item, failure: WorkFailed) -> None:
    """Lets an active item fail for what failed in it; where no sentry waits for that, it becomes its incident."""
    heard = bool(turn.definition.heard_by.get((item.id, "fault")))
    moves.transition(turn, failure.node, "fault")
    if not heard and failure.node != ROOT:
        open_incident(turn, failure, [("reactivate", failure.node)])
