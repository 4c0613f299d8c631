"""What a live case can show people: what may be added to it now."""

from __future__ import annotations

from collections.abc import Collection

from anyshore.cmmn import edits, planning
from anyshore.cmmn.definition import Definition
from anyshore.cmmn.engine import CaseEngine
from anyshore.cmmn.planning import Possible
from anyshore.kernel.commands import Continue
from anyshore.kernel.state import State
from anyshore.kernel.turn import Turn

__all__ = ["Possible", "offers"]


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
