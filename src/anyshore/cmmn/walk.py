"""Walking a case model: its stages, plan items and definitions, in document order."""

from __future__ import annotations

from collections.abc import Iterator

from anyshore.cmmn.elements.tasks import HumanTask
from anyshore.cmmn.model import (
    Case,
    DiscretionaryItem,
    PlanFragment,
    PlanItem,
    PlanItemDefinition,
    PlanningTable,
    Rule,
    Stage,
)  # fmt: skip


def fragments(case: Case) -> Iterator[PlanFragment]:
    """The case plan, every stage and every plan fragment of a case, outer before inner."""
    rest: list[PlanFragment] = [case.plan] if case.plan is not None else []
    while rest:
        found = rest.pop()
        yield found
        if isinstance(found, Stage):
            rest.extend(d for d in reversed(found.definitions) if isinstance(d, PlanFragment))


def definitions(case: Case) -> Iterator[PlanItemDefinition]:
    """Every plan item definition of a case."""
    for fragment in fragments(case):
        if isinstance(fragment, Stage):
            yield from fragment.definitions


def tables(case: Case) -> Iterator[tuple[PlanFragment | HumanTask, PlanningTable]]:
    """Every planning table with what offers it: a stage or a human task."""
    for fragment in fragments(case):
        if isinstance(fragment, Stage):
            if fragment.planning_table is not None:
                yield fragment, fragment.planning_table
            for definition in fragment.definitions:
                if isinstance(definition, HumanTask) and definition.planning_table is not None:
                    yield definition, definition.planning_table


def offers(
    table: PlanningTable, roles: tuple[str, ...] = (), rules: tuple[Rule, ...] = ()
) -> Iterator[tuple[DiscretionaryItem, tuple[str, ...], tuple[Rule, ...]]]:
    """The discretionary items of a table and of the tables in it, each with its roles and applicability rules.

    A table in a table narrows: its rules hold in addition, its roles replace those around it (5.4.10).
    """
    own = {rule.id: rule for rule in table.applicability_rules}
    around = roles or table.authorized_role_refs
    for item in table.table_items:
        mine = item.authorized_role_refs or around
        more = tuple(own[reference] for reference in item.applicability_rule_refs if reference in own)
        if isinstance(item, PlanningTable):
            yield from offers(item, mine, rules + more)
        else:
            yield item, mine, rules + more


def plan_items(case: Case) -> Iterator[tuple[PlanItem, PlanFragment]]:
    """Every plan item and discretionary item with the stage or fragment it is planned in.

    What a human task's table offers is planned into the stages that use the task (8.8).
    """
    for fragment in fragments(case):
        for item in fragment.plan_items:
            yield item, fragment
    for place, table in tables(case):
        if isinstance(place, HumanTask):
            users = [
                fragment
                for fragment in fragments(case)
                if any(item.definition_ref == place.id for item in fragment.plan_items)
            ]
        else:
            users = [place]
        for item, _, _ in offers(table):
            for fragment in users[:1]:
                yield item, fragment
