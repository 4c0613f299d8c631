"""Who did a work item, and who may not do the next: the four eyes of a process.

A task names the variable that keeps who finished it (``anyshore:performer``), another names who is kept from it
(``anyshore:apart``). The engine refuses them, so that no page, request or program is a way around it.
"""

from __future__ import annotations

from typing import Any

from anyshore.base.errors import CommandRejected
from anyshore.bpmn import data
from anyshore.kernel.state import Wait
from anyshore.kernel.turn import Turn

APART, PERFORMER = "apart", "performer"
"""Keys in the data of an open work item: people kept from it, and the variable that gets who finished it."""


def people(value: Any) -> list[str]:
    """The people an expression gives: one, a list, or nobody; what is no name is nobody."""
    found = value if isinstance(value, list) else [value]
    return [one for one in found if isinstance(one, str) and one]


def finish(turn: Turn, wait: Wait, by: str | None) -> None:
    """Notes who finishes a work item.

    Raises:
        CommandRejected: whoever it is is kept from it, or nobody says who it is.
    """
    kept = wait.data.get(APART) or ()
    if kept and (by is None or by in kept):
        message = (
            f"{by or 'Nobody named'} is kept from this work: who did the part before it does not do this one, too."
        )
        raise CommandRejected("work.kept-apart", message, hint="Let somebody else do it.")
    name, parent = wait.data.get(PERFORMER), turn.state.nodes[wait.owner].parent
    if name and parent is not None:
        data.put(turn, parent, name, by)
