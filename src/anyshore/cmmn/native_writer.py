"""A model as a case template. Says by name what a template cannot express."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import yaml

from anyshore.base.errors import CmmnError, Diagnostic
from anyshore.cmmn import model as m
from anyshore.cmmn.binding import Element
from anyshore.cmmn.elements.table import BY_CLASS, usual_event, word_of
from anyshore.cmmn.model import Model
from anyshore.cmmn.templates import put

_RULES = (("required", "required_rule"), ("repeat", "repetition_rule"), ("manual", "manual_activation_rule"))


def dumps(model: Model, case: str | None = None) -> str:
    """The template of a case.

    Args:
        model: the file.
        case: id of the case; may be left out where the file has one.

    Raises:
        CmmnError: the case uses what a template cannot say, with all of it: write it as CMMN XML instead. Or the file
            has several cases and none is named, or not the one that is.
    """
    writer = _Writer(model.case(case))
    data = writer.case_data()
    if writer.problems:
        raise CmmnError.of(writer.problems)
    text: str = yaml.dump(
        data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110, default_flow_style=False
    )
    return text


class _Dumper(yaml.SafeDumper):
    """Writes ``on`` without quotes: our files are YAML 1.2, where it is a word like any other."""


_BOOL = "tag:yaml.org,2002:bool"
_Dumper.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOL]
    for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
}
_Dumper.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))


def _role(role: m.Role) -> str | dict[str, Any]:
    name = role.name or role.id or ""
    data: dict[str, Any] = {"name": name}
    put(data, apart=list(role.apart) or None, blind=role.blind or None)
    return data if len(data) > 1 else name


class _Writer:
    def __init__(self, case: m.Case) -> None:
        self.case = case
        self.problems: list[Diagnostic] = []
        self.definitions: dict[str, m.PlanItemDefinition] = {}
        self.sentries: dict[str, m.Sentry] = {}
        self.used: dict[str, int] = {}

    def case_data(self) -> dict[str, Any]:
        case = self.case
        plan = case.plan or m.Stage()
        self.learn(plan)
        data: dict[str, Any] = {"case": case.id}
        put(data, name=case.name, version=case.version, description=_description(case))
        if case.roles:
            data["roles"] = {role.id: _role(role) for role in case.roles}
        if case.case_file is not None:
            data["documents"] = self.documents(case.case_file.items)
        put(data, auto_complete=plan.auto_complete, exit=self.criteria(plan.exit_criteria))
        data.update(self.plan(plan))
        if case.inputs or case.outputs:
            self.cannot(case, "parameters of the case")
        return data

    def learn(self, stage: m.PlanFragment) -> None:
        for sentry in stage.sentries:
            self.sentries[sentry.id] = sentry
        for definition in stage.definitions if isinstance(stage, m.Stage) else ():
            self.definitions[definition.id] = definition
            if isinstance(definition, m.PlanFragment):
                self.learn(definition)

    def documents(self, items: Sequence[m.CaseFileItem]) -> dict[str, Any]:
        found = {}
        for item in items:
            data: dict[str, Any] = {}
            put(data, name=item.name, description=_description(item), many=True if item.many else None)
            if item.children:
                data["documents"] = self.documents(item.children)
            if item.source_ref or item.target_refs or item.definition_ref:
                self.cannot(item, "references between case file items")
            found[item.id] = data
        return found

    def plan(self, stage: m.Stage) -> dict[str, Any]:
        data: dict[str, Any] = {"items": {item.id: self.item(item) for item in stage.plan_items}}
        if stage.planning_table is not None:
            data["optional"] = self.optional(stage.planning_table)
        return data

    def optional(self, table: m.PlanningTable) -> dict[str, Any]:
        rules = {rule.id: rule for rule in table.applicability_rules}
        found = {}
        for item in table.table_items:
            if isinstance(item, m.PlanningTable):
                self.cannot(item, "a planning table in a planning table")
                continue
            data = self.item(item)
            conditions = [self.rule(rules[r]) for r in item.applicability_rule_refs if r in rules]
            if len(conditions) > 1:
                self.cannot(item, "several applicability rules")
            roles = list(item.authorized_role_refs or table.authorized_role_refs)
            put(data, when=conditions[0] if conditions else None, planners=roles or None)
            found[item.id] = data
        return found

    def item(self, item: m.PlanItem) -> dict[str, Any]:
        definition = self.definitions[item.definition_ref]
        self.used[definition.id] = self.used.get(definition.id, 0) + 1
        if self.used[definition.id] == 2:
            self.cannot(definition, "one definition of several plan items")
        template = BY_CLASS[type(definition)].template
        if template is None:
            self.cannot(definition, type(definition).__name__)
            return {}
        data = {"type": template.word, **template.write(self, definition)}
        put(data, name=item.name or definition.name, description=_description(definition))
        for key, field in _RULES:
            controls = (item.item_control, definition.default_control)
            rule = next((getattr(c, field) for c in controls if c is not None and getattr(c, field)), None)
            put(data, **{key: self.rule(rule) if rule is not None else None})
        put(data, enter=self.criteria(item.entry_criteria), exit=self.criteria(item.exit_criteria))
        enter = data.get("enter")
        if enter and set(enter[0]) == {"on"}:
            data["after"] = enter.pop(0)["on"]
            if not enter:
                del data["enter"]
        data.update(template.inside(self, definition))
        if item.foreign or item.extensions or definition.foreign or definition.extensions:
            self.cannot(item, "extensions of other products")
        return data

    def criteria(self, criteria: Sequence[m.Criterion]) -> list[dict[str, Any]] | None:
        found = []
        for criterion in criteria:
            sentry = self.sentries[criterion.sentry_ref]
            events = [self.event(part) for part in sentry.on_parts]
            if any(isinstance(part, m.PlanItemOnPart) and part.exit_criterion_ref for part in sentry.on_parts):
                self.cannot(sentry, "an on-part that names an exit criterion")
            data: dict[str, Any] = {}
            put(data, on=(events[0] if len(events) == 1 else events) or None)
            if sentry.if_part is not None and sentry.if_part.condition is not None:
                data["if"] = sentry.if_part.condition.text
                put(data, about=sentry.if_part.context_ref)
            found.append(data)
        return found or None

    def event(self, part: Any) -> str:
        usual = usual_event(self.kind_word(part.source_ref))
        return part.source_ref if part.event == usual else f"{part.source_ref} {part.event}"

    def kind_word(self, source: str) -> str:
        files = self.case.case_file.all_items() if self.case.case_file else ()
        if any(item.id == source for item, _ in files):
            return "document"
        return word_of(self.definitions.get(f"{source}.definition") or self.definition_of(source))

    def definition_of(self, item: str) -> m.PlanItemDefinition | None:
        plans = [d for d in (self.case.plan, *self.definitions.values()) if isinstance(d, m.PlanFragment)]
        found = (i for plan in plans for i in plan.plan_items if i.id == item)
        return next((self.definitions.get(i.definition_ref) for i in found), None)

    def rule(self, rule: m.Rule) -> bool | str:
        return True if rule.condition is None else rule.condition.text

    def cannot(self, place: Element, what: str) -> None:
        self.problems.append(
            Diagnostic(
                "cmmn.not-in-template", f"A case template cannot say this: {what} ({place.id}).", place.location,
                "Write the case as CMMN XML.",
            )
        )  # fmt: skip


def _description(element: Element) -> str | None:
    return element.documentation[0].text if element.documentation else None
