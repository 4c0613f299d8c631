"""The case model shared by all families: expressions, rules, sentries, plan items, and the case itself.

One dataclass per class of the CMMN 1.1 metamodel, frozen, with the specification's names in snake case. The plan item
definitions stand in ``elements``. Sources: CMMN 1.1, chapter 5.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from anyshore.base.errors import CmmnError
from anyshore.base.locations import Location
from anyshore.cmmn.binding import Element, attribute, child, children, raw, text, wrapped
from anyshore.cmmn.names import ANYSHORE, CMMN, CMMNDI
from anyshore.params.shapes import nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression(Element):
    """A FEEL expression (5.4.7), or a timer's ISO 8601 text."""

    language: str | None = attribute("language")
    text: str = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Element):
    """A required, repetition, manual activation or applicability rule (5.4.9, 5.4.11).

    A rule without a condition is true; see ADR 0301.
    """

    name: str | None = attribute("name")
    context_ref: str | None = attribute("contextRef")
    condition: Expression | None = child("condition", Expression)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemControl(Element):
    """How a plan item behaves (5.4.11)."""

    repetition_rule: Rule | None = child("repetitionRule", Rule)
    required_rule: Rule | None = child("requiredRule", Rule)
    manual_activation_rule: Rule | None = child("manualActivationRule", Rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardEvent(Element):
    """The name of the transition an on-part waits for."""

    text: str = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanItemOnPart(Element):
    """Waits for a transition of a plan item (5.4.6.1)."""

    name: str | None = attribute("name")
    source_ref: str = attribute("sourceRef", default="")
    exit_criterion_ref: str | None = attribute("exitCriterionRef")
    standard_event: StandardEvent | None = child("standardEvent", StandardEvent)

    @property
    def event(self) -> str:
        """The transition; empty where the file has none."""
        return self.standard_event.text if self.standard_event else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFileItemOnPart(Element):
    """Waits for an event of a case file item (5.4.6.1)."""

    name: str | None = attribute("name")
    source_ref: str = attribute("sourceRef", default="")
    standard_event: StandardEvent | None = child("standardEvent", StandardEvent)

    @property
    def event(self) -> str:
        """The event; empty where the file has none."""
        return self.standard_event.text if self.standard_event else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IfPart(Element):
    """The condition of a sentry (5.4.6.2)."""

    context_ref: str | None = attribute("contextRef")
    condition: Expression | None = child("condition", Expression)


OnPart = PlanItemOnPart | CaseFileItemOnPart


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentry(Element):
    """Watches for events and a condition (5.4.6): all on-parts and the if-part together."""

    name: str | None = attribute("name")
    on_parts: tuple[OnPart, ...] = children(
        {"planItemOnPart": PlanItemOnPart, "caseFileItemOnPart": CaseFileItemOnPart}
    )
    if_part: IfPart | None = child("ifPart", IfPart)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion(Element):
    """An entry or exit criterion (5.4.7): a reference to a sentry."""

    name: str | None = attribute("name")
    sentry_ref: str = attribute("sentryRef", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanItem(Element):
    """The use of a definition in a plan (5.4.5)."""

    name: str | None = attribute("name")
    definition_ref: str = attribute("definitionRef", default="")
    item_control: ItemControl | None = child("itemControl", ItemControl)
    entry_criteria: tuple[Criterion, ...] = children({"entryCriterion": Criterion})
    exit_criteria: tuple[Criterion, ...] = children({"exitCriterion": Criterion})


def item_id(item: PlanItem) -> str:
    """The id of a plan item; made from its definition where the file gives none."""
    return item.id or f"{item.definition_ref}.item"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscretionaryItem(PlanItem):
    """A plan item that people may add while the case runs (5.4.10.2)."""

    authorized_role_refs: tuple[str, ...] = attribute("authorizedRoleRefs", tuple, default=())
    applicability_rule_refs: tuple[str, ...] = attribute("applicabilityRuleRefs", tuple, default=())


def _table_items() -> dict[str, type]:
    return {"discretionaryItem": DiscretionaryItem, "planningTable": PlanningTable}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningTable(Element):
    """What may be added to a stage, or while a human task is active (5.4.10)."""

    authorized_role_refs: tuple[str, ...] = attribute("authorizedRoleRefs", tuple, default=())
    applicability_rule_refs: tuple[str, ...] = attribute("applicabilityRuleRefs", tuple, default=())
    table_items: tuple[DiscretionaryItem | PlanningTable, ...] = children(_table_items)
    applicability_rules: tuple[Rule, ...] = children({"applicabilityRule": Rule})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanItemDefinition(Element):
    """Root of everything a plan item can stand for (5.4.1)."""

    name: str | None = attribute("name")
    default_control: ItemControl | None = child("defaultControl", ItemControl)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFragment(PlanItemDefinition):
    """Plan items and sentries that are planned together (5.4.3); only a planning table may offer one."""

    plan_items: tuple[PlanItem, ...] = children({"planItem": PlanItem})
    sentries: tuple[Sentry, ...] = children({"sentry": Sentry})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage(PlanFragment):
    """A stage, or the plan of a whole case (5.4.4)."""

    auto_complete: bool | None = attribute("autoComplete", bool)
    planning_table: PlanningTable | None = child("planningTable", PlanningTable)
    definitions: tuple[PlanItemDefinition, ...] = children("planItemDefinition")
    exit_criteria: tuple[Criterion, ...] = children({"exitCriterion": Criterion})


@dataclass(frozen=True, slots=True, kw_only=True)
class Property(Element):
    """A property of a case file item definition (5.1.4.1)."""

    name: str | None = attribute("name")
    type: str | None = attribute("type")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFileItemDefinition(Element):
    """The structure of a case file item (5.1.4). Kept; values are not checked against foreign schemas."""

    name: str | None = attribute("name")
    definition_type: str | None = attribute("definitionType")
    structure_ref: str | None = attribute("structureRef")
    import_ref: str | None = attribute("importRef")
    properties: tuple[Property, ...] = children({"property": Property})


def _file_items() -> dict[str, type]:
    return {"caseFileItem": CaseFileItem}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFileItem(Element):
    """A document or data of the case (5.3.2). Its content is the variable of its name."""

    name: str | None = attribute("name")
    multiplicity: str | None = attribute("multiplicity")
    definition_ref: str | None = attribute("definitionRef")
    source_ref: str | None = attribute("sourceRef")
    target_refs: tuple[str, ...] = attribute("targetRefs", tuple, default=())
    children: tuple[CaseFileItem, ...] | None = wrapped("children", _file_items)

    @property
    def variable(self) -> str:
        """The variable that holds its content."""
        return self.name or self.id

    @property
    def many(self) -> bool:
        """Whether it can have several instances; its variable is then a list."""
        return self.multiplicity in ("ZeroOrMore", "OneOrMore")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile(Element):
    """All case file items (5.3.1)."""

    items: tuple[CaseFileItem, ...] = children({"caseFileItem": CaseFileItem})

    def all_items(self) -> Iterator[tuple[CaseFileItem, CaseFileItem | None]]:
        """Every item with its parent, in document order."""
        rest: list[tuple[CaseFileItem, CaseFileItem | None]] = [(item, None) for item in reversed(self.items)]
        while rest:
            item, parent = rest.pop()
            yield item, parent
            rest.extend((below, item) for below in reversed(item.children or ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Role(Element):
    """A role of a case (5.2.1).

    Attributes:
        name: what people call it.
        apart: ids of roles that nobody in this one has on the same case.
        blind: whether it gives its findings without seeing those of the other blind roles.
    """

    name: str | None = attribute("name")
    apart: tuple[str, ...] = attribute("apart", tuple, default=(), namespace=ANYSHORE)
    blind: bool = attribute("blind", bool, default=False, namespace=ANYSHORE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseParameter(Element):
    """An input or output of a case or task (5.4.11.1).

    Attributes:
        binding_ref: the case file item it is bound to.
        binding_refinement: for an input, computes the value from the case; for an output, from the task's result.
    """

    name: str | None = attribute("name")
    binding_ref: str | None = attribute("bindingRef")
    binding_refinement: Expression | None = child("bindingRefinement", Expression)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter(Element):
    """An input or output of a process or decision (5.4.8)."""

    name: str | None = attribute("name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Called(Element):
    """A process or decision that tasks refer to (5.4.8.2, 5.4.8.3); its model is a file of its own."""

    name: str | None = attribute("name")
    implementation_type: str | None = attribute("implementationType")
    external_ref: str | None = attribute("externalRef")
    inputs: tuple[Parameter, ...] = children({"input": Parameter})
    outputs: tuple[Parameter, ...] = children({"output": Parameter})


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRoles(Element):
    """All roles (5.2)."""

    roles: tuple[Role, ...] = children({"role": Role})


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(Element):
    """A case (5.2): its file, its plan, its roles."""

    name: str | None = attribute("name")
    version: str | None = attribute("version", namespace=ANYSHORE)
    case_file: CaseFile | None = child("caseFileModel", CaseFile)
    plan: Stage | None = child("casePlanModel", Stage)
    case_roles: CaseRoles | None = child("caseRoles", CaseRoles)
    inputs: tuple[CaseParameter, ...] = children({"input": CaseParameter})
    outputs: tuple[CaseParameter, ...] = children({"output": CaseParameter})

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles of the case."""
        return self.case_roles.roles if self.case_roles else ()

    @property
    def blind(self) -> tuple[str, ...]:
        """The roles that give their findings blind, in order."""
        return tuple(role.id for role in self.roles if role.blind and role.id)

    def apart(self, role: str) -> frozenset[str]:
        """The roles that whoever has this one has not: those either of the two names, and blind ones of each other."""
        blind = set(self.blind)
        found = {role.id: set(role.apart) for role in self.roles if role.id}
        named = found.get(role, set()) | {other for other, names in found.items() if role in names}
        return frozenset((named | (blind if role in blind else set())) - {role})

    @property
    def kept_apart(self) -> tuple[str, ...]:
        """The roles that need a person of their own each, in order."""
        return tuple(role.id for role in self.roles if role.id and self.apart(role.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Import(Element):
    """Another file this one refers to (5.1.3)."""

    location_uri: str | None = attribute("location")
    namespace: str | None = attribute("namespace")
    import_type: str | None = attribute("importType")


@dataclass(frozen=True, slots=True, kw_only=True)
class Model(Element):
    """A whole CMMN file (5.1.2).

    Attributes:
        prefixes: namespace prefixes of the file, kept because QNames in it use them.
        diagram: the CMMNDI part as XML text.
        around: comments and processing instructions before and behind the root.
        literal_references: whether a reference expression is the reference itself, as in Flowable's files.
        tolerant: whether extensions that change what a case does, and are not executed, are passed over.
    """

    XML_ORDER = (
        "imports", "item_definitions", "cases", "processes", "decisions", "extensions", "relationships", "artifacts",
        "diagram",
    )  # fmt: skip

    name: str | None = attribute("name")
    target_namespace: str | None = attribute("targetNamespace")
    expression_language: str | None = attribute("expressionLanguage")
    exporter: str | None = attribute("exporter")
    exporter_version: str | None = attribute("exporterVersion")
    author: str | None = attribute("author")
    creation_date: str | None = attribute("creationDate")
    imports: tuple[Import, ...] = children({"import": Import})
    item_definitions: tuple[CaseFileItemDefinition, ...] = children({"caseFileItemDefinition": CaseFileItemDefinition})
    cases: tuple[Case, ...] = children({"case": Case})
    processes: tuple[Called, ...] = children({"process": Called})
    decisions: tuple[Called, ...] = children({"decision": Called})
    relationships: tuple[str, ...] = raw(f"{{{CMMN}}}relationship")
    artifacts: tuple[str, ...] = raw(*(f"{{{CMMN}}}{tag}" for tag in ("artifact", "textAnnotation", "association")))
    diagram: tuple[str, ...] = raw(f"{{{CMMNDI}}}CMMNDI")
    prefixes: tuple[tuple[str | None, str], ...] = ()
    around: tuple[tuple[str, ...], tuple[str, ...]] = field(default=((), ()), compare=False, repr=False)
    literal_references: bool = field(default=False, compare=False)
    tolerant: bool = field(default=False, compare=False)
    location: Location = field(default=Location(), compare=False, repr=False)

    def case(self, case: str | None = None) -> Case:
        """A case by id; the only one where no id is given.

        Raises:
            CmmnError: there is no such case, or the file has several and none is named.
        """
        known = [one.id for one in self.cases]
        if case is None and len(known) == 1:
            return self.cases[0]
        found = next((one for one in self.cases if case is not None and one.id == case), None)
        if found is not None:
            return found
        if case is None and known:
            message, hint = f"The file has {len(known)} cases: {', '.join(known)}.", "Name one of them."
        else:
            message = f"The file has no case {case!r}." if case else "The file has no case."
            hint = nearest(case or "", known)
        raise CmmnError("cmmn.no-case", message, self.location, hint)
