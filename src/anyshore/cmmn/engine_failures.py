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
    heard = bool(turn.definition.heard_by.get((item.id, "fault")))
    for wait in list(waits.of(turn.state, node)):
        if wait.kind != INCIDENT:
            waits.close(turn, wait.id)
    moves.transition(turn, node, "fault")
    if not heard and node != ROOT:
        hint = "Retry it, or skip it with a reason."
        failure = WorkFailed(node, code, message or f"{item.name} failed.", item.definition.location, hint)
        open_incident(turn, failure, [("reactivate", node)])
