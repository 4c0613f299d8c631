"""Stages and plan fragments (5.4.3, 5.4.4)."""

from __future__ import annotations

from collections.abc import Iterable

from anyshore.cmmn import moves
from anyshore.cmmn.definition import Family, Item
from anyshore.cmmn.lifecycles import TASK_OR_STAGE
from anyshore.cmmn.model import PlanFragment, Stage
from anyshore.kernel import nodes
from anyshore.kernel.turn import Turn


def populate(turn: Turn, node: int, item: Item) -> None:
    """Creates all plan items of the stage, then tells that they are there (8.6.1).

    A stage that is reactivated has its children already.
    """
    if not nodes.has_children(turn.state, node):
        create_all(turn, node, turn.definition.children[item.stage])


def create_all(turn: Turn, parent: int, elements: Iterable[str]) -> list[int]:
    """Instances of plan items: all are there before any of them is heard."""
    items = turn.definition.items
    made = [
        moves.create(turn, items[element], parent, moves.first_round(items[element]))
        for element in elements
        if not items[element].discretionary
    ]
    for node in made:
        moves.created(turn, node)
    return made


STAGE = Family("stage", Stage, TASK_OR_STAGE, started=populate)
PLAN_FRAGMENT = Family("planFragment", PlanFragment, TASK_OR_STAGE)
