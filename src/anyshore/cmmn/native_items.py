"""From a checked template to the model. Ids that CMMN needs and a template does not say are made from the item's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from anyshore.base.errors import Diagnostic
from anyshore.base.locations import Location
from anyshore.cmmn import model as m
from anyshore.cmmn.binding import Documentation
from anyshore.cmmn.elements.table import TEMPLATES, usual_event
from anyshore.cmmn.names import ANYSHORE, CMMN, FEEL
from anyshore.cmmn.templates import Data, Draft, Plan
from anyshore.params.marked import Document, Path
from anyshore.params.shapes import nearest


class Builder:
    """Builds the model of one template; collects what the schema cannot say.

    Args:
        document: the checked template.
        known: ids of items and documents outside the template (of the case an item is added to): id → kind.
    """

    def __init__(self, document: Document, known: Mapping[str, str] | None = None) -> None:
        self.document = document
        self.problems: list[Diagnostic] = []
        self.kinds: dict[str, str] = dict(known or {})

    def model(self) -> m.Model:
        """The whole model."""
        data: Data = self.document.data  # type: ignore[assignment]
        self.collect(data, ())
        name = data["case"]
        plan = Plan()
        self.fill(plan, data["items"], ("items",))
        exits = self._criteria(plan, f"{name}.plan", "exit", data.get("exit", ()), ("exit",))
        table = self.table(plan, data.get("optional", {}), ("optional",))
        case = m.Case(
            id=name, name=data.get("name"), version=_text(data.get("version")),
            documentation=_documentation(data), case_file=self._case_file(data),
            plan=m.Stage(
                id=f"{name}.plan", name=data.get("name"), auto_complete=data.get("auto_complete"),
                exit_criteria=exits, planning_table=table,
                plan_items=tuple(plan.items), sentries=tuple(plan.sentries), definitions=tuple(plan.definitions),
                location=self.at(("items",)),
            ),
            case_roles=self._roles(data), location=self.at(("case",)),
        )  # fmt: skip
        return m.Model(
            id=f"{name}.definitions", name=data.get("name"), target_namespace=f"{ANYSHORE}/{name}",
            expression_language=FEEL, cases=(case,), prefixes=((None, CMMN), ("anyshore", ANYSHORE)),
            location=self.at(()),
        )  # fmt: skip

    def collect(self, data: Data, path: Path) -> None:
        """Learns the kind of every item and document, so that an event without a name is the usual one."""
        self._documents(data.get("documents", {}), (*path, "documents"))
        for part in ("items", "optional"):
            for name, item in data.get(part, {}).items():
                self._learn(name, item["type"], (*path, part, name))
                self.collect(item, (*path, part, name))

    def _documents(self, data: Data, path: Path) -> None:
        for name, document in data.items():
            self._learn(name, "document", (*path, name))
            self._documents(document.get("documents", {}), (*path, name, "documents"))

    def _learn(self, name: str, kind: str, path: Path) -> None:
        if name in self.kinds:
            self._problem("cmmn.duplicate-id", f"'{name}' stands here a second time", path, "give it another name")
        self.kinds[name] = kind

    def _roles(self, data: Data) -> m.CaseRoles | None:
        given: Data = data.get("roles", {})
        roles: dict[str, Data] = {id: {"name": one} if isinstance(one, str) else one for id, one in given.items()}
        found = tuple(
            m.Role(
                id=id, name=role.get("name"), apart=tuple(role.get("apart", ())), blind=role.get("blind", False),
                location=self.at(("roles", id)),
            )
            for id, role in roles.items()
        )  # fmt: skip
        return m.CaseRoles(roles=found) if found else None

    def _case_file(self, data: Data) -> m.CaseFile | None:
        if "documents" not in data:
            return None
        return m.CaseFile(items=self._file_items(data["documents"], ("documents",)))

    def _file_items(self, data: Data, path: Path) -> tuple[m.CaseFileItem, ...]:
        return tuple(
            m.CaseFileItem(
                id=name, name=document.get("name"), documentation=_documentation(document),
                multiplicity="ZeroOrMore" if document.get("many") else "ZeroOrOne",
                children=self._file_items(document["documents"], (*path, name, "documents"))
                if "documents" in document else None,
                location=self.at((*path, name)),
            )
            for name, document in data.items()
        )  # fmt: skip

    def fill(self, plan: Plan, data: Data, path: Path) -> None:
        """Builds items into a plan."""
        for name, item in data.items():
            plan.items.append(self.plan_item(plan, name, item, (*path, name), m.PlanItem))

    def plan_item(self, plan: Plan, name: str, data: Data, path: Path, kind: type[m.PlanItem]) -> Any:
        """The plan item; its definition and sentries go into the plan."""
        plan.definitions.append(self._definition(plan, name, data, path))
        enter: list[Data] = [{"on": data["after"]}] if "after" in data else []
        return kind(
            id=name, name=data.get("name"), definition_ref=f"{name}.definition", item_control=self._control(data, path),
            entry_criteria=self._criteria(
                plan, name, "enter", [*enter, *data.get("enter", ())], (*path, "enter"), len(enter)
            ),
            exit_criteria=self._criteria(plan, name, "exit", data.get("exit", ()), (*path, "exit")),
            location=self.at(path),
        )  # fmt: skip

    def _control(self, data: Data, path: Path) -> m.ItemControl | None:
        names = {
            "repeat": "repetition_rule",
            "required": "required_rule",
            "manual": "manual_activation_rule",
        }
        rules: dict[str, Any] = {
            field: self._rule(data[key], (*path, key))
            for key, field in names.items()
            if data.get(key) not in (None, False)
        }
        return m.ItemControl(**rules) if rules else None

    def _rule(self, value: Any, path: Path, name: str = "") -> m.Rule:
        condition = None if value is True else self.expression(value, path)
        return m.Rule(id=name, condition=condition, location=self.at(path))

    def expression(self, value: Any, path: Path) -> m.Expression:
        """A FEEL expression, or a timer's text."""
        return m.Expression(text=_text(value) or "", location=self.at(path))

    def _criteria(
        self, plan: Plan, name: str, kind: str, data: Sequence[Data], path: Path, before: int = 0
    ) -> tuple[m.Criterion, ...]:
        found = []
        for index, criterion in enumerate(data):
            place = (*path, index - before) if index >= before else (*path[:-1], "after")
            own = f"{name}.{kind}.{index + 1}"
            events = criterion.get("on", [])
            where = (*place, "on") if index >= before else place
            if isinstance(events, str):
                parts = [self._on_part(events, where)]
            else:
                parts = [self._on_part(event, (*where, i)) for i, event in enumerate(events)]
            about = criterion.get("about")
            if about is not None and self.kinds.get(about) != "document":
                self._unknown(about, (*place, "about"), "document")
            if about is not None and "if" not in criterion:
                self._problem("cmmn.about", "'about' stands without 'if'", (*place, "about"), "add the condition")
            if_part = (
                m.IfPart(context_ref=about, condition=self.expression(criterion["if"], (*place, "if")))
                if "if" in criterion
                else None
            )
            plan.sentries.append(
                m.Sentry(id=f"{own}.sentry", on_parts=tuple(parts), if_part=if_part, location=self.at(place))
            )
            found.append(m.Criterion(id=own, sentry_ref=f"{own}.sentry", location=self.at(place)))
        return tuple(found)

    def _on_part(self, event: str, path: Path) -> m.OnPart:
        source, transition, kind = self.event(event, path)
        standard = m.StandardEvent(text=transition)
        if kind == "document":
            return m.CaseFileItemOnPart(source_ref=source, standard_event=standard, location=self.at(path))
        return m.PlanItemOnPart(source_ref=source, standard_event=standard, location=self.at(path))

    def event(self, event: str, path: Path) -> tuple[str, str, str]:
        """Source, transition and kind of an event as a template writes it."""
        source, _, transition = event.partition(" ")
        kind = self.kinds.get(source)
        if kind is None:
            self._unknown(source, path, "item or document")
            kind = "task"
        return source, transition or usual_event(kind), kind

    def _unknown(self, name: str, path: Path, what: str) -> None:
        self._problem("cmmn.dangling", f"there is no {what} '{name}'", path, nearest(name, self.kinds))

    def _definition(self, plan: Plan, name: str, data: Data, path: Path) -> m.PlanItemDefinition:
        own: dict[str, Any] = {
            "id": f"{name}.definition", "name": data.get("name"), "documentation": _documentation(data),
            "location": self.at(path),
        }  # fmt: skip
        template = TEMPLATES[data["type"]].template
        assert template is not None
        return template.build(self, Draft(name, own, data, path, plan))

    def parameters(self, name: str, key: str, data: Data, path: Path) -> tuple[m.CaseParameter, ...]:
        """The parameters of a task."""
        return tuple(
            m.CaseParameter(
                id=f"{name}.{key}.{index}", name=target, binding_refinement=self.expression(text, (*path, target)),
                location=self.at((*path, target)),
            )
            for index, (target, text) in enumerate(data.items(), 1)
        )  # fmt: skip

    def table(self, plan: Plan, data: Data, path: Path) -> m.PlanningTable | None:
        """The planning table of optional items; their definitions and sentries go into the stage's plan."""
        if not data:
            return None
        items, rules = [], []
        for name, item in data.items():
            place = (*path, name)
            made: m.DiscretionaryItem = self.plan_item(plan, name, item, place, m.DiscretionaryItem)
            own: tuple[str, ...] = ()
            if "when" in item:
                rules.append(self._rule(item["when"], (*place, "when"), f"{name}.when"))
                own = (f"{name}.when",)
            items.append(_replaced(made, item, own))
        return m.PlanningTable(
            table_items=tuple(items), applicability_rules=tuple(rules), location=self.at(path)
        )  # fmt: skip

    def at(self, path: Path) -> Location:
        """Where a part of the template stands."""
        return self.document.at(path)

    def _problem(self, code: str, message: str, path: Path, hint: str = "") -> None:
        self.problems.append(Diagnostic(code, message, self.document.at(path), hint))


def _replaced(item: m.DiscretionaryItem, data: Data, rules: tuple[str, ...]) -> m.DiscretionaryItem:
    return replace(item, applicability_rule_refs=rules, authorized_role_refs=tuple(data.get("planners", ())))


def _documentation(data: Data) -> tuple[Documentation, ...]:
    return (Documentation(text=data["description"].strip()),) if "description" in data else ()


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) else str(value).strip()
