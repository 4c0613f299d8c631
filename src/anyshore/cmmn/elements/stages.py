"""Stages and plan fragments (5.4.3, 5.4.4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from anyshore.cmmn import moves
from anyshore.cmmn.definition import Family, Item, Linking
from anyshore.cmmn.lifecycles import TASK_OR_STAGE
from anyshore.cmmn.model import PlanFragment, Stage, item_id
from anyshore.cmmn.templates import FLAG, Building, Draft, Plan, Template, Writing, put, reference
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


def linked(linker: Linking, item: Item, stage: Stage) -> None:
    """A stage is where its plan items are, and may complete by itself (8.6.1)."""
    item.stage = stage.id
    item.auto_complete = bool(stage.auto_complete)
    item.auto_condition = linker.extension(stage, "autoCompleteCondition")


def linked_fragment(linker: Linking, item: Item, fragment: PlanFragment) -> None:
    """A plan fragment that is planned stands for the items in it (5.4.3)."""
    item.fragment = tuple(item_id(inner) for inner in fragment.plan_items)


def _build(builder: Building, draft: Draft) -> Stage:
    plan = Plan()
    builder.fill(plan, draft.data["items"], (*draft.path, "items"))
    table = builder.table(plan, draft.data.get("optional", {}), (*draft.path, "optional"))
    return Stage(
        **draft.own, auto_complete=draft.data.get("auto_complete"), planning_table=table,
        plan_items=tuple(plan.items), sentries=tuple(plan.sentries), definitions=tuple(plan.definitions),
    )  # fmt: skip


def _inside(writer: Writing, stage: Stage) -> dict[str, Any]:
    if stage.exit_criteria:
        writer.cannot(stage, "exit criteria on the definition of a stage")
    data: dict[str, Any] = {}
    put(data, auto_complete=stage.auto_complete)
    return {**data, **writer.plan(stage)}


TEMPLATE = Template(
    "stage", "a phase of the case",
    {"items": reference("items"), "optional": reference("items"), "auto_complete": FLAG},
    _build, inside=_inside, needed=("items",),
)  # fmt: skip
STAGE = Family("stage", Stage, TASK_OR_STAGE, started=populate, linked=linked, template=TEMPLATE)
PLAN_FRAGMENT = Family("planFragment", PlanFragment, TASK_OR_STAGE, linked=linked_fragment)
