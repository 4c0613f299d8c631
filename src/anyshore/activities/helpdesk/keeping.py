"""The state of tickets: closed, opened again, merged into another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from anyshore.activities.activity import ActivityContext
from anyshore.activities.helpdesk import records

State = Literal["open", "closed", "merged"]


@dataclass(frozen=True, slots=True)
class KeepInput:
    """A ticket and its state.

    Attributes:
        ticket: its name.
        state: what it is from now on.
        into: of a merged one, the ticket it is merged into.
        party: an address that has a part in the other from now on.
    """

    ticket: str
    state: State
    into: str | None = None
    party: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept.

    Attributes:
        kept: whether it was.
        why: why not.
        into: the open ticket it was merged into.
    """

    kept: bool
    why: str = ""
    into: str = ""


def keep(data: KeepInput, context: ActivityContext) -> Kept:
    """Keeps the state of a ticket; one is merged only into another that is there and open."""
    into = (data.into or "").strip().lower()
    if data.state == "merged":
        known = context.records(records.TICKET).find()
        if not any(f"t{row.sequence}" == into for row in known):
            return Kept(False, f"there is no ticket {into}")
        state, into = records.state_of(context, into)
        if state == "closed" or into == data.ticket:
            return Kept(False, f"the ticket {into} is closed" if state == "closed" else "it is the same ticket")
        if data.party:
            records.note(context, into, "", data.party)
    row = {"ticket": data.ticket, "state": data.state, "into": into}
    context.records(records.STATE).put_once(context.idempotency_key, row)
    return Kept(True, "", into)
