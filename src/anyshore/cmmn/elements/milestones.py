"""Milestones (5.4.1.3): something achieved, that others can wait for and that terms can price."""

from __future__ import annotations

from dataclasses import dataclass

from anyshore.cmmn.definition import Family, Item
from anyshore.cmmn.lifecycles import EVENT_OR_MILESTONE
from anyshore.cmmn.model import PlanItemDefinition
from anyshore.cmmn.templates import Building, Draft, Template
from anyshore.kernel.records import Sent
from anyshore.kernel.turn import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone(PlanItemDefinition):
    """A milestone."""


def reach(turn: Turn, node: int, item: Item) -> None:
    """Lets the host write it to the ledger."""
    turn.emit(Sent(node, "milestone", item.name, data={"element": item.id}))


def _build(builder: Building, draft: Draft) -> Milestone:
    return Milestone(**draft.own)


TEMPLATE = Template("milestone", "", {}, _build, manual=False, ends="occur")
MILESTONE = Family("milestone", Milestone, EVENT_OR_MILESTONE, started=reach, template=TEMPLATE)
