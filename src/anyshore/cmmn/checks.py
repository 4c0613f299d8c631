"""Everything that can be wrong with a case model, before it runs: all of it, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from anyshore.base.errors import Diagnostic
from anyshore.base.locations import Location
from anyshore.cmmn import circles, vendors, walk
from anyshore.cmmn import model as m
from anyshore.cmmn.binding import Element
from anyshore.cmmn.definition import Options
from anyshore.cmmn.elements.table import BY_CLASS
from anyshore.cmmn.linking import Linker, no_decisions
from anyshore.cmmn.model import Case, Model, item_id
from anyshore.cmmn.names import FILE_EVENTS, MULTIPLICITIES, PLAN_ITEM_EVENTS
from anyshore.params.shapes import nearest

_IMPOSSIBLE = "The on-part waits for {event!r} of {source!r}, which a {kind} never does."


def check(model: Model) -> list[Diagnostic]:
    """All problems of a model: errors refuse it, warnings do not."""
    found = list(_ids(model))
    if not model.tolerant:
        found += (problem for element in elements(model) for problem in vendors.problems(element))
    if not model.cases:
        found.append(Diagnostic("cmmn.empty", "The file has no case.", model.location, "Add a case."))
    for case in model.cases:
        linker = Linker(model, case, no_decisions, Options())
        definition = linker.run()
        found += linker.problems or circles.problems(definition)
        found += _Checker(model, case).run()
    found.sort(key=lambda d: (d.location.line or 0, d.location.column or 0))
    return list(dict.fromkeys(found))


def elements(root: Any) -> Iterator[Element]:
    """Every element of a model, in document order."""
    rest: list[Any] = [root]
    while rest:
        found = rest.pop()
        if isinstance(found, Element):
            yield found
        if isinstance(found, tuple):
            rest.extend(reversed(found))
        elif hasattr(found, "__dataclass_fields__") and not isinstance(found, Location):
            rest.extend(getattr(found, f.name) for f in reversed(fields(found)))


def _ids(model: Model) -> Iterator[Diagnostic]:
    seen: dict[str, Element] = {}
    for element in elements(model):
        if element.id and element.id in seen:
            first = seen[element.id].location.line
            where = f" (first in line {first})" if first else ""
            yield Diagnostic(
                "cmmn.duplicate-id", f"The id {element.id!r} stands here a second time{where}.", element.location,
                "Ids are unique in a file; give this one another.",
            )  # fmt: skip
        elif element.id:
            seen[element.id] = element


class _Checker:
    def __init__(self, model: Model, case: Case) -> None:
        self.model = model
        self.case = case
        self.kinds = {d.id: d for d in walk.definitions(case)}
        self.items = {item_id(item): item for item, _ in walk.plan_items(case)}
        for fragment in walk.fragments(case):
            self.items.update({item_id(item): item for item in fragment.plan_items})
        self.files = {item.id: item for item, _ in case.case_file.all_items()} if case.case_file else {}
        self.roles = {role.id: role for role in case.roles}
        self.found: list[Diagnostic] = []

    def run(self) -> list[Diagnostic]:
        self.kept_apart()
        exits = {c.id for e in elements(self.case) if isinstance(e, m.PlanItem | m.Stage) for c in e.exit_criteria}
        for element in elements(self.case):
            match element:
                case m.Sentry():
                    self.sentry(element, exits)
                case m.DiscretionaryItem():
                    self.refs(element, element.authorized_role_refs, "role", self.roles)
                case m.PlanItem():
                    self.plan_item(element)
                case m.PlanningTable():
                    self.table(element)
                case m.CaseFileItem():
                    self.file_item(element)
                case _:
                    family = BY_CLASS.get(type(element))
                    if family is not None and family.checked is not None:
                        family.checked(self, element)
        return self.found

    def kept_apart(self) -> None:
        for role in self.case.roles:
            self.refs(role, role.apart, "role", self.roles)
            if role.id in role.apart:
                self.add(role, "cmmn.apart", f"The role {role.id!r} is kept apart from itself.", "Name other roles.")
        blind = [role for role in self.case.roles if role.blind]
        if len(blind) == 1:
            message = f"Only the role {blind[0].id!r} is blind: there are no findings it could not see."
            self.add(blind[0], "cmmn.blind", message, "Make another role blind, too, or none.")

    def sentry(self, sentry: m.Sentry, exits: set[str]) -> None:
        if not sentry.on_parts and sentry.if_part is None:
            self.add(sentry, "cmmn.empty-sentry", f"The sentry {sentry.id!r} waits for nothing.", "Add an on-part.")
        for part in sentry.on_parts:
            if isinstance(part, m.CaseFileItemOnPart):
                self.refs(part, (part.source_ref,), "case file item", self.files)
                self.event(part, part.event, FILE_EVENTS)
                continue
            self.refs(part, (part.source_ref,), "plan item", self.items)
            self.event(part, part.event, PLAN_ITEM_EVENTS)
            self.possible(part)
            if part.exit_criterion_ref is not None:
                self.refs(part, (part.exit_criterion_ref,), "exit criterion", exits)

    def event(self, place: Element, event: str, known: frozenset[str]) -> None:
        if event not in known:
            self.add(place, "cmmn.event", f"{event!r} is no standard event.", nearest(event, known))

    def possible(self, part: m.PlanItemOnPart) -> None:
        """Warns of an on-part that can never occur."""
        item = self.items.get(part.source_ref)
        kind = self.kinds.get(item.definition_ref) if item else None
        if kind is None or part.event not in PLAN_ITEM_EVENTS:
            return
        family = BY_CLASS[type(kind)]
        if part.event not in {word for _, word in family.lifecycle} | {"create"}:
            message = _IMPOSSIBLE.format(event=part.event, source=part.source_ref, kind=family.tag)
            self.found.append(
                Diagnostic("cmmn.never", message, part.location, "An event or milestone occurs.", "warning")
            )

    def plan_item(self, item: m.PlanItem) -> None:
        kind = self.kinds.get(item.definition_ref)
        if kind is None:
            return
        if type(kind) is m.PlanFragment and (item.entry_criteria or item.exit_criteria or item.item_control):
            message = (
                f"The plan item {item_id(item)!r} stands for a plan fragment: its criteria and rules have no effect."
            )
            hint = "A plan fragment has no instance, its items are planned in the stage around it (5.4.3); use a stage."
            self.found.append(Diagnostic("cmmn.fragment", message, item.location, hint, "warning"))
        if BY_CLASS[type(kind)].listener and item.entry_criteria:
            self.add(
                item, "cmmn.listener-criteria", f"The event listener {item_id(item)!r} has entry criteria.",
                "CMMN gives event listeners none (5.4.2); put it into a stage that has them.",
            )  # fmt: skip

    def table(self, table: m.PlanningTable) -> None:
        self.refs(table, table.authorized_role_refs, "role", self.roles)
        rules = {rule.id for rule in table.applicability_rules}
        for item in (table, *table.table_items):
            self.refs(item, item.applicability_rule_refs, "applicability rule", rules)

    def file_item(self, item: m.CaseFileItem) -> None:
        if item.multiplicity is not None and item.multiplicity not in MULTIPLICITIES:
            self.add(
                item, "cmmn.multiplicity", f"{item.multiplicity!r} is no multiplicity.",
                nearest(item.multiplicity, MULTIPLICITIES),
            )  # fmt: skip
        refs = (*((item.source_ref,) if item.source_ref else ()), *item.target_refs)
        self.refs(item, refs, "case file item", self.files)

    def refs(self, place: Element, references: tuple[str, ...], what: str, known: Any) -> None:
        for reference in references:
            if reference not in known:
                self.add(place, "cmmn.dangling", f"There is no {what} {reference!r}.", nearest(reference, known))

    def add(self, place: Element, code: str, message: str, hint: str = "") -> None:
        self.found.append(Diagnostic(code, message, place.location, hint))
