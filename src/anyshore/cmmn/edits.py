"""Changes of plan of a live case: kept with it as data, applied to the model, saved as a new version.

The plan of a live case is its model with its changes: one function does both what the engine runs on and what is saved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import msgspec

from anyshore.base.errors import CmmnError
from anyshore.cmmn import model as m
from anyshore.cmmn import native_items, walk
from anyshore.cmmn.definition import Definition
from anyshore.cmmn.elements.table import usual_event, word_of
from anyshore.cmmn.elements.tasks import HumanTask
from anyshore.cmmn.linking import link
from anyshore.cmmn.model import Case, Model, item_id
from anyshore.cmmn.native import problems_of_item
from anyshore.cmmn.templates import Plan
from anyshore.kernel.records import Noted, Record
from anyshore.kernel.state import ROOT, State
from anyshore.params import marked

Edit = dict[str, Any]

_KEPT = 64
"""Changed plans kept ready per definition."""


def live_plan(definition: Definition, state: State) -> Definition:
    """The definition a live case runs on: its model with its own changes."""
    root = state.nodes.get(ROOT)
    edits = root.private.get("plan") if root is not None else None
    return _linked(definition, edits) if edits else definition


def with_edit(definition: Definition, state: State, edit: Edit) -> Definition:
    """The live plan with one more change.

    Raises:
        CmmnError: the change does not fit the plan; with all problems.
    """
    return _linked(definition, [*state.nodes[ROOT].private.get("plan", ()), edit])


def revised(definition: Definition, case: State | Iterable[Record], version: str | None = None) -> Model:
    """The plan of a case as a new version of its model: what was added, reordered and skipped in it.

    Items that waited for a skipped one then wait for what that one waited for.

    Args:
        definition: the definition the case runs on.
        case: the live case; or all records of one, also of one that has ended.
        version: of the new model.
    """
    base = definition.base or definition
    edits = _edits_of(case)
    model = changed(base.model, base.case.id, edits)
    for edit in edits:
        if edit["do"] == "skip":
            model = _replace_case(model, base.case.id, partial(_without, name=edit["item"]))
    if version is not None:
        model = _replace_case(model, base.case.id, lambda case: replace(case, version=version))
    return model


def _edits_of(case: State | Iterable[Record]) -> list[Edit]:
    found: list[Edit] = []
    if isinstance(case, State):
        root = case.nodes.get(ROOT)
        return found if root is None else root.private.get("plan", found)
    for record in case:
        if isinstance(record, Noted) and record.id == ROOT and record.key == "plan":
            found = record.value
    return found


def changed(model: Model, case: str, edits: Sequence[Edit]) -> Model:
    """A model with changes of plan.

    Raises:
        CmmnError: an added item is not written as in a case template, or a name leads nowhere.
    """
    for edit in edits:
        if edit["do"] == "add":
            model = _replace_case(model, case, partial(_added, edit=edit))
        elif edit["do"] == "order":
            model = _replace_case(model, case, partial(_ordered, name=edit["item"], after=edit["after"]))
    return model


def _linked(definition: Definition, edits: Sequence[Edit]) -> Definition:
    base = definition.base or definition
    key = msgspec.msgpack.encode([edit for edit in edits if edit["do"] != "skip"])
    found = base.live.get(key)
    if found is None:
        model = changed(base.model, base.case.id, edits)
        found = link(model, base.case.id, decide=base.decide, options=base.options)
        found.base = base
        if len(base.live) >= _KEPT:
            base.live.clear()
        base.live[key] = found
    return found


def _replace_case(model: Model, case: str, change: Callable[[Case], Case]) -> Model:
    return replace(model, cases=tuple(change(c) if c.id == case else c for c in model.cases))


def _replace_stage(stage: m.Stage, name: str, change: Callable[[m.Stage], m.Stage]) -> m.Stage:
    if stage.id == name:
        return change(stage)
    below = tuple(_replace_stage(d, name, change) if isinstance(d, m.Stage) else d for d in stage.definitions)
    return stage if below == stage.definitions else replace(stage, definitions=below)


def _everywhere(stage: m.Stage, change: Callable[[m.Stage], m.Stage]) -> m.Stage:
    below = tuple(_everywhere(d, change) if isinstance(d, m.Stage) else d for d in stage.definitions)
    return change(replace(stage, definitions=below))


def _kinds(case: Case) -> dict[str, str]:
    definitions = {d.id: d for d in walk.definitions(case)}
    known = {item_id(item): word_of(definitions.get(item.definition_ref)) for item, _ in walk.plan_items(case)}
    if case.case_file is not None:
        known.update({item.id: "document" for item, _ in case.case_file.all_items()})
    return known


def _added(case: Case, edit: Edit) -> Case:
    name, data = edit["id"], edit["item"]
    problems = problems_of_item(name, data)
    if problems:
        raise CmmnError.of(problems)
    document = marked.Document({"items": {name: data}}, "added item")
    builder = native_items.Builder(document, _kinds(case))
    builder.collect({"items": {name: data}}, ())
    plan = Plan()
    builder.fill(plan, {name: data}, ("items",))
    if builder.problems:
        raise CmmnError.of(builder.problems)

    def more(stage: m.Stage) -> m.Stage:
        return replace(
            stage,
            plan_items=(*stage.plan_items, *plan.items),
            sentries=(*stage.sentries, *plan.sentries),
            definitions=(*stage.definitions, *plan.definitions),
        )

    assert case.plan is not None
    return replace(case, plan=_replace_stage(case.plan, edit["stage"], more))


def _ordered(case: Case, name: str, after: Sequence[str]) -> Case:
    """The case with one item waiting for others instead of what it waited for."""
    kinds = _kinds(case)
    unknown = [source for source in after if source not in kinds]
    if unknown:
        raise CmmnError("cmmn.dangling", f"There is no item {unknown[0]!r}.", hint="Name items of this case.")
    own = f"{name}.after"
    parts = tuple(
        m.CaseFileItemOnPart(source_ref=source, standard_event=m.StandardEvent(text="create"))
        if kinds[source] == "document"
        else m.PlanItemOnPart(source_ref=source, standard_event=m.StandardEvent(text=usual_event(kinds[source])))
        for source in after
    )
    sentries = (m.Sentry(id=f"{own}.sentry", on_parts=parts),) if parts else ()
    criteria = (m.Criterion(id=own, sentry_ref=f"{own}.sentry"),) if parts else ()

    def reordered(stage: m.Stage) -> m.Stage:
        if not any(item_id(item) == name for item in stage.plan_items):
            return stage
        items = tuple(
            replace(item, entry_criteria=criteria) if item_id(item) == name else item for item in stage.plan_items
        )
        kept = tuple(sentry for sentry in stage.sentries if sentry.id != f"{own}.sentry")
        return _tidy(replace(stage, plan_items=items, sentries=(*kept, *sentries)))

    assert case.plan is not None
    return replace(case, plan=_everywhere(case.plan, reordered))


def _tidy(stage: m.Stage) -> m.Stage:
    """The stage without sentries that no criterion of it or below it uses any more."""
    used = {c.sentry_ref for c in stage.exit_criteria}
    rest: list[m.PlanFragment] = [stage]
    while rest:
        found = rest.pop()
        tables = [found.planning_table] if isinstance(found, m.Stage) and found.planning_table else []
        if isinstance(found, m.Stage):
            used.update(c.sentry_ref for c in found.exit_criteria)
            tables += [d.planning_table for d in found.definitions if isinstance(d, HumanTask) and d.planning_table]
            rest.extend(d for d in found.definitions if isinstance(d, m.PlanFragment))
        offered = [item for table in tables for item, _, _ in walk.offers(table)]
        for item in (*found.plan_items, *offered):
            used.update(c.sentry_ref for c in (*item.entry_criteria, *item.exit_criteria))
    return replace(stage, sentries=tuple(s for s in stage.sentries if s.id in used))


def _without(case: Case, name: str) -> Case:
    """The case without one item; what waited for it waits for what it waited for."""
    assert case.plan is not None
    found = next((item for item, _ in walk.plan_items(case) if item_id(item) == name), None)
    if found is None or isinstance(found, m.DiscretionaryItem):
        return case
    sentries = {s.id: s for fragment in walk.fragments(case) for s in fragment.sentries}
    instead: tuple[m.OnPart, ...] = ()
    if len(found.entry_criteria) == 1:
        instead = sentries[found.entry_criteria[0].sentry_ref].on_parts

    def cut(sentry: m.Sentry) -> m.Sentry:
        parts: list[m.OnPart] = []
        for part in sentry.on_parts:
            if isinstance(part, m.PlanItemOnPart) and part.source_ref == name:
                parts += [new for new in instead if new not in parts] if part.event in ("complete", "occur") else []
            else:
                parts.append(part)
        return replace(sentry, on_parts=tuple(parts))

    def change(stage: m.Stage) -> m.Stage:
        cuts = tuple(cut(sentry) for sentry in stage.sentries)
        empty = {sentry.id for sentry in cuts if not sentry.on_parts and sentry.if_part is None}
        kept = tuple(item for item in stage.plan_items if item_id(item) != name)
        items = tuple(
            replace(
                item,
                entry_criteria=tuple(c for c in item.entry_criteria if c.sentry_ref not in empty),
                exit_criteria=tuple(c for c in item.exit_criteria if c.sentry_ref not in empty),
            )
            for item in kept
        )
        exits = tuple(c for c in stage.exit_criteria if c.sentry_ref not in empty)
        used = {item.definition_ref for item, _ in walk.plan_items(case) if item_id(item) != name}
        definitions = tuple(d for d in stage.definitions if d.id != found.definition_ref or d.id in used)
        return _tidy(replace(stage, plan_items=items, sentries=cuts, exit_criteria=exits, definitions=definitions))

    return replace(case, plan=_everywhere(case.plan, change))
