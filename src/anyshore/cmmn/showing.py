"""What a case can show people: its plan, and of a live one what may be added to it now."""

from __future__ import annotations

from collections.abc import Collection

from anyshore.base.telling import Sheet
from anyshore.cmmn import edits, planning
from anyshore.cmmn.definition import Definition
from anyshore.cmmn.engine import CaseEngine
from anyshore.cmmn.planning import Possible
from anyshore.kernel.commands import Continue
from anyshore.kernel.state import State
from anyshore.kernel.turn import Turn

__all__ = ["Possible", "of_plan", "offers"]


def offers(
    definition: Definition, state: State, now: int, zone: str = "UTC", roles: Collection[str] | None = None
) -> list[Possible]:
    """The discretionary items that may be added to a live case now. Changes nothing.

    Args:
        definition: the linked case.
        state: the live case.
        now: microseconds since 1970 UTC, for rules that read the clock.
        zone: IANA zone.
        roles: the roles of the person who asks; None for everything.
    """
    turn = Turn(CaseEngine(), edits.live_plan(definition, state), state, Continue(at=now, zone=zone))
    return list(planning.possible(turn, roles))


def of_plan(case: str, definition: Definition) -> Sheet:
    """The plan items of a case as a table."""
    rows = [
        (item.id, item.name, type(item.definition).__name__, "at run time" if item.discretionary else "")
        for item in definition.items.values()
    ]
    return Sheet(f"Case {case}", ("Plan item", "Name", "Type", "Planned"), rows)
